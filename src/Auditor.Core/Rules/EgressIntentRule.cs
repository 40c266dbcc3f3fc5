using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Intended;

namespace Auditor.Rules;

/// <summary>A rule on one way in which workloads do not leave by the addresses that are expected of them. What another of these rules tells, it does not.</summary>
public abstract class EgressIntentRule : StateRule<Workload>
{
    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        var mine = options.Intents.Egress.Where(intent => intent.From.Matches(subject)).ToList();
        return mine.Count == 0 ? [DoesNotApply("no fixed egress address is declared for the workload")]
            : WorkloadScope.WhyOutside(subject, view) is { } outside ? [DoesNotApply(outside)]
            : mine.Select(intent => Judge(intent.Judge(subject, view)) with { Discriminator = intent.Name });
    }

    protected abstract Verdict Judge(EgressAnswer answer);

    /// <summary>The verdict where the answer is not this rule's to give.</summary>
    protected static Verdict NotMine(EgressAnswer answer) => answer.Standing switch
    {
        EgressStanding.SettingUnknown or EgressStanding.ExitUnknown or EgressStanding.AddressesUnknown => Unknown(answer.Because),
        EgressStanding.Direct => DoesNotApply($"{answer.Because}, which is EGR004's to say"),
        EgressStanding.Automatic => DoesNotApply($"{answer.Because}, which is NAT004's to say"),
        EgressStanding.Lost => DoesNotApply(answer.Because),
        _ => Pass(),
    };

    /// <summary>The command that gives a Cloud NAT its addresses by hand.</summary>
    protected static string? FixOf(EgressAnswer answer) => answer.Nat is not { } nat ? null
        : $"gcloud compute routers nats update {nat.Name} --router={nat.Router.Id} --region={nat.Router.Location} --project={nat.Router.Project} --nat-external-ip-pool=ADDRESS";
}
