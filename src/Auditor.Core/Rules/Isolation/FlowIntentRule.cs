using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Isolation;

/// <summary>A rule on declared flows of one demand, judged on the workload that they come from.</summary>
public abstract class FlowIntentRule : StateRule<Workload>
{
    /// <summary>Which flows are this rule's.</summary>
    protected abstract FlowDemand Demand { get; }

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        var mine = options.Intents.Flows.Where(intent => intent.Demand == Demand && intent.From.Matches(subject)).ToList();
        if (mine.Count == 0)
        {
            return [DoesNotApply("no such flow is declared for the workload")];
        }

        return WorkloadScope.WhyOutside(subject, view) is { } outside ? [DoesNotApply(outside)] : mine.SelectMany(intent => intent.Judge(subject, view)).Select(Verdict);
    }

    /// <summary>The sentence on a flow that is not as declared.</summary>
    protected virtual string Because(IntentAnswer answer) => answer.Because;

    private Verdict Verdict(IntentAnswer answer) => answer.Standing switch
    {
        IntentStanding.Broken => Fail(Because(answer), discriminator: answer.Intent),
        IntentStanding.Unknown => Unknown(answer.Because, answer.Intent),
        IntentStanding.Void => new Verdict.NotApplicable(answer.Because) { Discriminator = answer.Intent },
        _ => new Verdict.Passed { Discriminator = answer.Intent },
    };
}
