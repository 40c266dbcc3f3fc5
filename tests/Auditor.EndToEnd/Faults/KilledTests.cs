using System.Collections.Concurrent;
using System.Globalization;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd.Faults;

/// <summary>
/// Design promise 3: a process that is killed at any point loses nothing, and sends no alert under two ids. Each run is killed three times;
/// AUDITOR_SOAK multiplies the runs.
/// </summary>
public abstract class KilledTests(ITestOutputHelper output)
{
    private const int KillsPerRun = 3;

    // Two for each kill, and the number of the entry that leads to the step's alert; what follows are echoes.
    private static readonly (DemoStep Step, int Entry)[] s_steps = [.. DemoScenario.Steps.Take(2 * KillsPerRun).Zip([1, 1, 1, 3, 1, 1])];

    private protected async Task AssertAsync(int runs, Func<string, LedgerHold> ledger)
    {
        await using var undisturbed = await KilledRun.StartAsync(0, ledger);
        foreach (var (step, _) in s_steps)
        {
            await undisturbed.PlayAsync(step);
        }

        var (findings, alerts) = (await undisturbed.FindingsAsync(), undisturbed.Alerts().ToList());
        Assert.True(alerts.Count > s_steps.Length, "A digest, and an alert of every step.");

        var kills = new ConcurrentQueue<KillPoint>();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, runs * Soak.Times),
            new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, _) =>
            {
                var plan = Plan(seed);
                var words = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {string.Join(", ", plan.Select(kill => $"{kill.Value} in step {kill.Key + 1}"))}");
                output.WriteLine(words);
                await using var run = await KilledRun.StartAsync(seed, ledger);
                for (var i = 0; i < s_steps.Length; i++)
                {
                    await run.PlayAsync(s_steps[i].Step, plan.TryGetValue(i, out var point) ? point : null, s_steps[i].Entry);
                }

                await run.EndAsync();
                Assert.Equal((words, findings), (words, await run.FindingsAsync()));
                Assert.Equal((words, string.Join('\n', alerts)), (words, string.Join('\n', run.Alerts())));
                foreach (var point in plan.Values)
                {
                    kills.Enqueue(point);
                }
            });
        Assert.Equal(runs * KillsPerRun * Soak.Times, kills.Count);
        Assert.Equal(Enum.GetValues<KillPoint>(), kills.Distinct().Order());
    }

    // Which points in which steps: all points in turn, in one of two steps each. Only the first two steps have entries for several commits.
    private static Dictionary<int, KillPoint> Plan(int seed)
    {
        var random = new Random(seed);
        var points = Enum.GetValues<KillPoint>();
        return Enumerable.Range(0, KillsPerRun).Select(i => points[((seed * KillsPerRun) + i) % points.Length])
            .OrderBy(point => point != KillPoint.BetweenCommits)
            .Index().ToDictionary(kill => (2 * kill.Index) + random.Next(2), kill => kill.Item);
    }
}

/// <summary>On a file: 30 kills, and 300 when soaked.</summary>
public sealed class KilledOnAFileTests(ITestOutputHelper output) : KilledTests(output)
{
    [Fact]
    public Task KilledAtAnyPoint_EndsAsTheUndisturbedRun_AndNoAlertGoesOutUnderTwoIds() => AssertAsync(10, folder => new LedgerHold.OfFile(Path.Combine(folder, "auditor.db")));
}

/// <summary>On the Firestore emulator: 12 kills, and 120 when soaked.</summary>
public sealed class KilledInFirestoreTests(Emulators emulators, ITestOutputHelper output) : KilledTests(output)
{
    [Fact]
    public async Task KilledAtAnyPoint_EndsAsTheUndisturbedRun_AndNoAlertGoesOutUnderTwoIds()
    {
        await emulators.RequireAsync();
        await AssertAsync(4, _ => new LedgerHold.OfEmulator(emulators.Firestore, emulators.NewLedger()));
    }
}
