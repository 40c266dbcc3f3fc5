using Auditor.Findings;
using Auditor.Rules;
using Auditor.Simulator.Generator;

namespace Auditor.Benchmarks.Harness;

/// <summary>Whether rules find exactly what was planted: no false alarm, no miss, nothing undecided.</summary>
internal static class PlantedGate
{
    public static Gate Of(GeneratedEstate generated, Evaluations evaluations)
    {
        var found = evaluations.All.Where(evaluation => GeneratedEstate.VouchedRules.Contains(evaluation.Rule.Id))
            .SelectMany(evaluation => evaluation.Verdicts.OfType<Verdict.Failed>().Select(failed => new PlantedFault(evaluation.Rule.Id, evaluation.Subject.Value, failed.Discriminator)));
        var undecided = evaluations.All.Count(evaluation => GeneratedEstate.VouchedRules.Contains(evaluation.Rule.Id) && evaluation.Verdicts.Any(verdict => verdict is Verdict.Unknown));
        return Of(generated, found, undecided);
    }

    public static Gate Of(GeneratedEstate generated, IEnumerable<Finding> findings) => Of(
        generated,
        findings.Where(finding => finding.IsOpen && GeneratedEstate.VouchedRules.Contains(finding.RuleId)).Select(finding => new PlantedFault(finding.RuleId, finding.Resource.Value, finding.Discriminator)),
        0);

    private static Gate Of(GeneratedEstate generated, IEnumerable<PlantedFault> found, int undecided)
    {
        var all = found.ToHashSet();
        var missed = generated.Faults.Where(fault => !all.Contains(fault)).ToList();
        all.ExceptWith(generated.Faults);
        var example = all.Order().FirstOrDefault() ?? missed.FirstOrDefault();
        return Gate.Of(
            $"all {generated.Faults.Length} planted faults, no other",
            all.Count == 0 && missed.Count == 0 && undecided == 0,
            $"{all.Count} false alarms, {missed.Count} misses, {undecided} undecided of {generated.Faults.Length} planted{(example is null ? "" : $", such as {example.RuleId} on {example.Resource}")}");
    }
}
