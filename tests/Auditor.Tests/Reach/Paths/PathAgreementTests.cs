using Auditor.Reach.Paths;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Paths;
using CsCheck;

namespace Auditor.Tests.Reach.Paths;

/// <summary>The engine against a walk through the raw JSON that shares no code with it: what becomes of a packet, at which stage, and what decides. AUDITOR_SOAK multiplies how much is tried.</summary>
public sealed class PathAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void Packets_EndAsByWalkingTheRawAnswers()
    {
        var (packets, effects) = (0L, new long[4]);
        RandomPaths.Estate.Sample(
            estate =>
            {
                var (naive, engine, boundaries) = (new NaivePaths(estate), new PathsUnderTest(estate), new PathBoundaries(estate));
                foreach (var packet in boundaries.Sample(new Random(3), 400))
                {
                    var (expected, actual) = (naive.Answer(packet), engine.Answer(packet));
                    Interlocked.Increment(ref packets);
                    Interlocked.Increment(ref effects[(int)actual.Effect]);
                    Assert.True(Agree(expected, actual), $"{packet}\nengine: {actual} at {actual.Stage}\noracle: {expected}\n{estate}");
                }
            },
            iter: 150 * Soak.Factor);
        output.WriteLine($"{packets} packets: {effects[0]} reachable, {effects[1]} blocked, {effects[2]} partial, {effects[3]} unknown");
        Assert.True(effects[0] > packets / 20 && effects[1] > packets / 10 && effects[3] > packets / 50, "too few of a sort to prove anything");
    }

    [Fact]
    public void NamesOfGoogleApis_GoWherePrivateZonesSendThem()
    {
        var (packets, mapped) = (0L, 0L);
        RandomPaths.WithZones.Sample(
            estate =>
            {
                var (naive, engine, boundaries) = (new NaivePaths(estate), new PathsUnderTest(estate), new PathBoundaries(estate));
                foreach (var packet in boundaries.Sample(new Random(5), 160).Where(packet => packet.GoogleApis))
                {
                    var (expected, actual) = (naive.Answer(packet), engine.Answer(packet));
                    Interlocked.Increment(ref packets);
                    Interlocked.Add(ref mapped, expected == naive.Answer(packet with { GoogleApis = false }) ? 0 : 1);
                    Assert.True(Agree(expected, actual), $"{packet}\nengine: {actual} at {actual.Stage}\noracle: {expected}\n{estate}");
                }
            },
            iter: 150 * Soak.Factor);
        output.WriteLine($"{packets} packets, {mapped} fare otherwise than by address");
        Assert.True(mapped > packets / 20, "too few of a sort to prove anything");
    }

    /// <summary>Where lists are not whole the engine may know less than the walk, which looks at the network's own project alone; it never claims more.</summary>
    [Fact]
    public void Packets_OfEstatesWithGaps_AreNeverJudgedWithoutTheMissing()
    {
        var (packets, unknown) = (0L, 0L);
        RandomPaths.WithGaps.Sample(
            estate =>
            {
                var (naive, engine, boundaries) = (new NaivePaths(estate), new PathsUnderTest(estate), new PathBoundaries(estate));
                foreach (var packet in boundaries.Sample(new Random(4), 200))
                {
                    var (expected, actual) = (naive.Answer(packet), engine.Answer(packet));
                    Interlocked.Increment(ref packets);
                    if (actual.Effect == PathEffect.Unknown)
                    {
                        Interlocked.Increment(ref unknown);
                        continue;
                    }

                    Assert.True(Agree(expected, actual), $"{packet}\nengine: {actual} at {actual.Stage}\noracle: {expected}\n{estate}");
                }
            },
            iter: 60 * Soak.Factor);
        output.WriteLine($"{packets} packets, {unknown} unknown");
        Assert.True(unknown > packets / 20 && unknown < packets / 2, "too few of a sort to prove anything");
    }

    private static bool Agree(Oracles.Paths.PathAnswer expected, PathEnd actual) => Effect(actual.Effect) == expected.Effect
        && (expected.Effect != Oracles.Paths.Effect.Blocked || (actual.Stage.ToWord() == expected.Stage && actual.Reason == expected.Reason
            && (actual.DecidedBy == PathDecider.Sender || expected.MayDecide.Contains(actual.DecidedBy!.Name))));

    private static Effect Effect(PathEffect effect) => effect switch
    {
        PathEffect.Reachable => Oracles.Paths.Effect.Reachable,
        PathEffect.Blocked => Oracles.Paths.Effect.Blocked,
        PathEffect.Partial => Oracles.Paths.Effect.Partial,
        _ => Oracles.Paths.Effect.Unknown,
    };
}
