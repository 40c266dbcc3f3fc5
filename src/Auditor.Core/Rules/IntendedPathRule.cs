using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Rules;

/// <summary>
/// A rule on one sort of reason for which a connection that a workload is configured to make does not arrive. Each reason is told by one rule: see
/// <see cref="PathReasonRules"/>.
/// </summary>
public abstract class IntendedPathRule : StateRule<Workload>
{
    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    /// <summary>The stage whose unknown answers are this rule's to say; null when it leaves them to others.</summary>
    protected virtual PathStage? UnknownAt => null;

    /// <summary>What to do about it: one sentence or command.</summary>
    protected abstract string FixOf(ReachFlow flow, PathEnd end);

    /// <summary>The sentence on a connection that fails.</summary>
    protected virtual string Because(ReachFlow flow, PathEnd end) => $"{end.Reason}, decided by {flow.WordsOf(end.DecidedBy)}";

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        if (WorkloadScope.WhyOutside(subject, view) is { } outside)
        {
            return [DoesNotApply(outside)];
        }

        var verdicts = IntendedPaths.Of(subject, view).Select(Judge).ToList();
        return verdicts.Count == 0 ? [DoesNotApply("its variables name no private address with a port")] : verdicts;
    }

    private Verdict Judge(ReachFlow flow)
    {
        var name = flow.Target.ShortName;
        var mine = flow.Answer.Parts.Where(part => part.End!.Effect is PathEffect.Blocked or PathEffect.Partial && PathReasonRules.RuleOf(part.End) == Info.Id).ToList();
        if (mine.Count > 0)
        {
            var end = mine[0].End!;
            var from = flow.Answer.Parts.Count > mine.Count && mine[0].Sources is { } sources ? $" from {PathWords.Sources(sources)}" : "";
            return Fail($"{name} cannot be reached{from}: {Because(flow, end)}", FixOf(flow, end), discriminator: name);
        }

        return UnknownAt is { } stage && flow.Answer.Of(PathEffect.Unknown).FirstOrDefault(part => part.End!.Stage == stage) is { End: { } unknown }
            ? Unknown(string.Join("; ", unknown.Because), name)
            : new Verdict.Passed { Discriminator = name };
    }
}
