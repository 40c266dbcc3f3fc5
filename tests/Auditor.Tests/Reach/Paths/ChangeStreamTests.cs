using Auditor.Model;
using Auditor.Reach.Paths;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Paths;
using CsCheck;

namespace Auditor.Tests.Reach.Paths;

/// <summary>Answers that are carried from one estate to the next are those of an evaluation from nothing, whatever changes and however often.</summary>
public sealed class ChangeStreamTests(ITestOutputHelper output)
{
    private static readonly string[] s_lists =
        ["firewalls", "routes", "subnetworks", "connectors", "instances", "forwardingRules", "routers", "sqlInstances", "redisInstances", "policyBasedRoutes", "vpnTunnels", "backendServices", "networks", "clusters", "managedZones", "services", "revisions", "jobs", "addresses", "firewallPolicies"];

    [Fact]
    public void IncrementalPaths_EqualFullOnes_OverStreamsOfChanges()
    {
        var (changes, touched, differences) = (0L, 0L, 0L);
        Gen.Select(RandomPaths.WithZones, RandomPaths.WithZones, Gen.Select(Gen.OneOf(s_lists), Gen.Int[0, 999], Gen.Int[0, 2]).Array[3, 12]).Sample(
            (first, second, stream) =>
            {
                // Resources come, go and change into those of another estate, one or two at a time.
                var (start, other) = (PathsUnderTest.EstateOf(first), PathsUnderTest.EstateOf(second));
                var documents = EstateDocuments.Of(first).Concat(EstateDocuments.Of(second)).DistinctBy(document => document.FullName).ToLookup(document => document.List, document => ResourceName.Parse(document.FullName));
                var (estate, view) = (start, new EstateView(start, DateTimeOffset.UnixEpoch));
                Reach(view);
                foreach (var (list, pick, kind) in stream)
                {
                    var names = documents[list].ToList();
                    if (names.Count == 0)
                    {
                        continue;
                    }

                    var name = names[pick % names.Count];
                    var next = kind switch { 0 => new EstateEntry(name, null), 1 => other.Find(name) ?? new EstateEntry(name, null), _ => start.Find(name) ?? new EstateEntry(name, null) };
                    var before = estate;
                    estate = estate.With([next]);
                    var after = new EstateView(estate, DateTimeOffset.UnixEpoch);
                    var delta = Words(ReachDelta.Between(view, after));

                    // The same two estates, without anything that was worked out before.
                    var full = Words(ReachDelta.Between(new EstateView(Fresh(before), DateTimeOffset.UnixEpoch), new EstateView(Fresh(estate), DateTimeOffset.UnixEpoch)));
                    Assert.True(full == delta, $"{list} {name} ({kind})\nincremental: {delta}\nfull: {full}");
                    Assert.Equal(Reach(new EstateView(Fresh(estate), DateTimeOffset.UnixEpoch)), Reach(after));
                    Interlocked.Increment(ref changes);
                    Interlocked.Add(ref touched, delta.Length > 0 ? 1 : 0);
                    Interlocked.Add(ref differences, delta.Count(letter => letter == '\n'));
                    view = after;
                }
            },
            iter: 25 * Soak.Factor);
        output.WriteLine($"{changes} changes, {touched} of them changed flows, {differences} differences");
        Assert.True(touched > changes / 10 && touched < changes, "too few of a sort to prove anything");
    }

    private static string Reach(EstateView view) => string.Join('\n', PathSource.All(view).Sources.Where(source => !source.IsUnread)
        .SelectMany(source => AttachmentReach.Of(view, source).Targets.Select(pair => $"{source.Workload.Name} {pair.Target} {string.Join("; ", pair.Answer.Parts.Select(Words).Order(StringComparer.Ordinal))}")));

    private static string Words(IEnumerable<FlowChange> changes) => string.Concat(changes.Select(change =>
        $"{change.Source.Workload.Name} {change.Target} {change.Kind}: {string.Join("; ", change.Packets.Select(pair => $"{Words(pair.Packets)} {pair.Before} {pair.After}").Order(StringComparer.Ordinal))}\n"));

    private static string Words(PathPart part) => $"{part.Sources} {part.Destinations} {string.Join(',', part.Traffic.Intervals)} {part.End}";

    private static Estate Fresh(Estate estate) => Estate.Empty.With(estate.Entries, estate.CoveredProjects, estate.Gaps);
}
