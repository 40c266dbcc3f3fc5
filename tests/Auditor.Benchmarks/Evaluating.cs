using Auditor.Benchmarks.Harness;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Benchmarks;

/// <summary>Every rule on every subject.</summary>
internal static class Evaluating
{
    private static readonly DateTimeOffset s_evaluatedAt = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Row>> MeasureAsync(EstateFile file, int rounds, CancellationToken cancellationToken)
    {
        var estate = (await file.ReadAsync(cancellationToken)).Estate;
        var evaluations = Evaluations.Empty;
        var asked = 0L;
        var full = Sample.Of(rounds > 1 ? 1 : 0, rounds, () =>
        {
            var evaluator = new Evaluator(RuleCatalog.All, RuleOptions.Default);
            evaluations = evaluator.Full(estate, s_evaluatedAt);
            asked = evaluator.Asked;
        });
        var touched = 0;
        var touch = Sample.Of(1, Math.Max(3, rounds), () => touched = Touch(estate));
        var gate = PlantedGate.Of(file.Generated, evaluations);
        var size = $"{file.SizeWord}, {file.ShapeWord}";
        return
        [
            new Row("full evaluation", size, full.Median.TotalMilliseconds, "ms", touch.Median.TotalMilliseconds, "every resource and reference seen once", gate),
            new Row("judgements", size, asked / full.Median.TotalSeconds, "judgements/s", touched / touch.Median.TotalSeconds, "references seen", Gate.Of($"{asked:N0} asked", asked == evaluations.All.LongCount(), "not every judgement has an answer")),
        ];
    }

    private static int Touch(Estate estate) => estate.Resources.Sum(resource => 1 + resource.References.Count(reference => reference.Kind != ResourceKind.Other));
}
