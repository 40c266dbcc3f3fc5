using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL015: no allow is overridden by a deny of its own priority.</summary>
public sealed class EqualPrioritiesAgree : StateRule<VpcNetwork>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL015",
        Title = "Rules of equal priority do not contradict each other",
        Severity = Severity.Medium,
        What = "No VPC rule that allows is overridden, for some packet, by a VPC rule of the same priority that denies. Among equal priorities the deny wins. Only packets that nothing read earlier decides count.",
        WhyItMatters = "Two rules of one number say opposite things; which one holds is known to few. Who adds the allow sees no effect, and who later deletes the deny opens more than meant.",
        Remediation = "Give the two different priorities, in the order that is meant.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --priority=900
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              priority = 900
            }
            """,
        DoesNotApply = "Rules for different target tags do not contradict each other here, although one machine may carry both. Google's managed rules have priority 1000; a deny of that number against them is told by FWL002 and FWL003. Rules of policies have distinct priorities. It is unknown when the network's rules could not be read.",
        Controls = [RuleControl.Nist("CM-6")],
        References = ["https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options)
    {
        if (NetworkRules.WhyUnread(subject, view) is { } unread)
        {
            return [Unknown(unread)];
        }

        var rules = view.Referrers<Firewall>(ResourceKind.Firewall, subject.Name).Items.Where(rule => !rule.Disabled && !ManagedRules.IsManaged(rule)).ToList();
        var contested = rules.GroupBy(rule => (rule.Direction, rule.Priority)).Where(group => group.Any(rule => rule.Action == FirewallAction.Deny) && group.Any(rule => rule.Action == FirewallAction.Allow))
            .Select(group => group.Key).ToHashSet();
        if (contested.Count == 0)
        {
            return [Pass()];
        }

        var verdicts = new SortedDictionary<string, Verdict>(StringComparer.Ordinal);
        foreach (var region in NetworkRules.Regions(subject, view))
        {
            var firewall = EffectiveFirewall.Of(view, subject.Name, region);
            foreach (var direction in contested.Select(key => key.Direction).Distinct())
            {
                foreach (var line in firewall.Lines(direction).Where(line => line is { Action: FirewallAction.Allow, Decider.Kind: FirewallDeciderKind.Rule } && contested.Contains((direction, line.Decider.Priority!.Value))))
                {
                    var denies = Shadowing.Answers(firewall, direction, line).SelectMany(found => found.Answer.Decisions).Where(pair => pair.Decision is { Effect: FirewallEffect.Deny, DecidedBy.Kind: FirewallDeciderKind.Rule } && pair.Decision.DecidedBy.Priority == line.Decider.Priority)
                        .DistinctBy(pair => pair.Decision.DecidedBy).ToList();
                    if (denies.Count > 0)
                    {
                        verdicts.TryAdd(NetworkRules.KeyOf(line.Decider), Fail(
                            $"{line.Decider} allows what {NetworkRules.Words([.. denies.Select(pair => pair.Decision.DecidedBy!)])} of the same priority denies, such as {denies[0].Packets.Witness()}",
                            $"gcloud compute firewall-rules update {line.Decider.Name} --project={line.Decider.Resource!.Value.Project} --priority=NUMBER, below {line.Decider.Priority} if the allow shall hold",
                            discriminator: NetworkRules.KeyOf(line.Decider)));
                    }
                }
            }
        }

        return verdicts.Count > 0 ? verdicts.Values : [Pass()];
    }
}
