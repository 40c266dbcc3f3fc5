using System.Text.Json;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Simulator;

namespace Auditor.EndToEnd;

/// <summary>A cloud judged from scratch: no event, no ledger.</summary>
internal static class FullEvaluation
{
    /// <summary>What fails, sorted; not why, since a finding keeps the words under which it opened.</summary>
    public static IEnumerable<string> Of(SimulatedCloud cloud)
    {
        var builder = new EstateBuilder();
        foreach (var line in AssetExport.Write(cloud).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            builder.Add(json.RootElement, "the simulated cloud");
        }

        var estate = builder.Build(complete: true).Estate;
        return new Evaluator(RuleCatalog.All, RuleOptions.Default).Full(estate, TimeProvider.System.GetUtcNow()).All
            .SelectMany(evaluation => evaluation.Verdicts.OfType<Verdict.Failed>().Select(failed => $"{evaluation.Rule.Id} {evaluation.Subject} [{failed.Discriminator}]"))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The open ones of a ledger's findings, written alike.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Finding> findings) => findings.Where(finding => finding.IsOpen)
        .Select(finding => $"{finding.RuleId} {finding.Resource} [{finding.Discriminator}]").Order(StringComparer.Ordinal);
}
