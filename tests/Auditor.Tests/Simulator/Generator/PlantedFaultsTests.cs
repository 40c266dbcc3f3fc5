using System.Text.Json;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Simulator.Generator;

namespace Auditor.Tests.Simulator.Generator;

/// <summary>The rules that the generator vouches for find what it planted, and nothing else.</summary>
public sealed class PlantedFaultsTests
{
    private static readonly DateTimeOffset s_evaluatedAt = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RuleShape.Random, 7)]
    [InlineData(RuleShape.Random, 8)]
    [InlineData(RuleShape.EarlyDeny, 7)]
    [InlineData(RuleShape.FallThrough, 7)]
    public void Rules_FindExactlyThePlanted(RuleShape shape, ulong seed)
    {
        var generated = new Generated(EstateSize.Small, shape, seed);
        var builder = new EstateBuilder();
        foreach (var line in generated.Lines)
        {
            using var json = JsonDocument.Parse(line);
            builder.Add(json.RootElement, "generated");
        }

        var build = builder.Build(complete: true);
        var vouched = new Evaluator(RuleCatalog.All, RuleOptions.Default).Full(build.Estate, s_evaluatedAt).All
            .Where(evaluation => GeneratedEstate.VouchedRules.Contains(evaluation.Rule.Id)).ToList();
        var found = vouched.SelectMany(evaluation => evaluation.Verdicts.OfType<Verdict.Failed>()
            .Select(failed => new PlantedFault(evaluation.Rule.Id, evaluation.Subject.Value, failed.Discriminator)));

        Assert.Empty(build.Problems);
        Assert.Empty(build.Estate.Gaps);
        Assert.Equal(generated.Said.Faults, found.Order());
        Assert.DoesNotContain(vouched, evaluation => evaluation.Verdicts.Any(verdict => verdict is Verdict.Unknown));
    }
}
