using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL014: no rule of a network is covered by those read before it.</summary>
public sealed class RuleCanDecide : StateRule<VpcNetwork>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL014",
        Title = "Every firewall rule of a network can decide something",
        Severity = Severity.Low,
        What = "No enabled VPC rule and no rule of a network firewall policy matches only packets that rules read before it decide. Worked out exactly: several rules together may cover one, split ranges and port lists are put together, and target and source tags and service accounts are taken into account.",
        WhyItMatters = "A rule that decides nothing misleads: who reads it believes that it blocks or opens something. A deny that is covered by an allow protects nobody.",
        Remediation = "Delete the rule, or move it ahead of those that cover it.",
        Gcloud = """
            gcloud compute firewall-rules delete RULE
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              priority = 900 # below the numbers of the rules that cover it
            }
            """,
        DoesNotApply = "Rules that are covered in part only pass (auditor firewall --shadowed --partly lists them). Disabled rules, Google's managed rules, hierarchical policies (which may decide in other networks) and rules that select by FQDN, geography, secure tags or another thing that firewall data does not say are left out, and so are rules that only an assumed managed rule covers. Of two equal rules the one whose name comes later is reported. It is unknown when the network's rules, policies or connectors could not be read.",
        Controls = [RuleControl.Pci("1.2.7"), RuleControl.Nist("CM-6"), RuleControl.Iso("A.8.9")],
        References = ["https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules", "https://cloud.google.com/network-intelligence-center/docs/firewall-insights/concepts/overview"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options)
    {
        if (NetworkRules.WhyUnread(subject, view) is { } unread)
        {
            return [Unknown(unread)];
        }

        var verdicts = new Dictionary<string, Verdict>(StringComparer.Ordinal);
        foreach (var region in NetworkRules.Regions(subject, view))
        {
            foreach (var shadow in Shadows(view, subject.Name, region).Where(shadow => NetworkRules.IsOfNetwork(shadow.Rule) && !shadow.By.Any(decider => decider.Assumed)))
            {
                var key = NetworkRules.KeyOf(shadow.Rule);
                verdicts.TryAdd(key, Fail($"{shadow.Rule} can never decide: its packets are decided by {NetworkRules.Words(shadow.By)}", NetworkRules.Delete(shadow.Rule), discriminator: key));
            }
        }

        return verdicts.Count > 0 ? verdicts.Values : [Pass()];
    }

    // The same firewall has the same shadows.
    private static Shadow[] Shadows(EstateView view, ResourceName network, string? region) => view.Derive<EffectiveFirewall, Shadow[]>(
        (network, region ?? ""), inner => EffectiveFirewall.Of(inner, network, region), static (firewall, before) => before is { } known && ReferenceEquals(known.Inputs, firewall) ? known.Value : [.. firewall.Shadows()]);
}
