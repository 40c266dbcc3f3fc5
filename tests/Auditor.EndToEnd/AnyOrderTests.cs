using Auditor.Cli.Hosting;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary>Design promise 2: any order, duplication, delay or loss of events, followed by a sweep, ends in the findings of a full evaluation.</summary>
public sealed class AnyOrderTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyPermutationAndDuplication_FollowedByASweep_EndsInTheSameFindings(int seed)
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("auditor-order-").FullName;
        try
        {
            await using var demo = await Demonstration.StartAsync(Path.Combine(folder, "auditor.db"), token);
            if (seed % 2 == 0)
            {
                await demo.SweepAsync(token);
            }

            // Some entries come with their step, the others in any order after all steps; some twice, some never.
            var late = new List<byte[]>();
            foreach (var step in DemoScenario.Steps)
            {
                step.Apply(demo.Cloud);
                foreach (var entry in step.LogEntries(demo.Entries))
                {
                    switch (random.Next(5))
                    {
                        case 0:
                            break;
                        case 1:
                            await demo.PushAsync(entry, token);
                            late.Add(entry);
                            break;
                        case 2:
                            await demo.PushAsync(entry, token);
                            break;
                        default:
                            late.Add(entry);
                            break;
                    }
                }
            }

            var shuffled = late.ToArray();
            random.Shuffle(shuffled);
            foreach (var entry in shuffled)
            {
                await demo.PushAsync(entry, token);
            }

            await demo.SweepAsync(token);
            Assert.Equal(FullEvaluation.Of(demo.Cloud), FullEvaluation.Lines((await demo.Ledger.LoadAsync(token)).Findings.Values));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
