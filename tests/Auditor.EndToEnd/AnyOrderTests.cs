using System.Text.Json;
using Auditor.Cli.Hosting;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Simulator;
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
            var findings = (await demo.Ledger.LoadAsync(token)).Findings.Values.Where(finding => finding.IsOpen)
                .Select(finding => $"{finding.RuleId} {finding.Resource} [{finding.Discriminator}]").Order(StringComparer.Ordinal);
            Assert.Equal(FullEvaluation(demo), findings);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The final cloud judged from scratch: no event, no ledger.
    private static IEnumerable<string> FullEvaluation(Demonstration demo)
    {
        var builder = new EstateBuilder();
        foreach (var line in AssetExport.Write(demo.Cloud).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            builder.Add(json.RootElement, "the simulated cloud");
        }

        var estate = builder.Build(complete: true).Estate;
        return new Evaluator(RuleCatalog.All, RuleOptions.Default).Full(estate, TimeProvider.System.GetUtcNow()).All
            .SelectMany(evaluation => evaluation.Verdicts.OfType<Verdict.Failed>().Select(failed => $"{evaluation.Rule.Id} {evaluation.Subject} [{failed.Discriminator}]"))
            .Order(StringComparer.Ordinal);
    }
}
