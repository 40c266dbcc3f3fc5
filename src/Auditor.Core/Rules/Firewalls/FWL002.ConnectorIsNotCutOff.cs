using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL002: no deny takes away all that the managed allow gives a connector.</summary>
public sealed class ConnectorIsNotCutOff : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL002",
        Title = "Connector's managed allow is not overridden altogether",
        Severity = Severity.High,
        What = "Google lets a connector in to every VM of its network by a managed rule of priority 1000. Neither a VPC deny of that number or a lower one (a deny wins the tie at 1000) nor a deny of a firewall policy ahead of it takes all of this away: at least one rule still lets some TCP or UDP packet of the connector in to some machine.",
        WhyItMatters = "A broad deny that was added for another purpose silently cuts every workload behind the connector off from every machine of the network.",
        Remediation = "Put an allow for the connector's range and the needed ports ahead of the deny, or narrow the deny.",
        Gcloud = """
            gcloud compute firewall-rules create allow-connector --network=NETWORK --direction=INGRESS --priority=900 --source-ranges=CONNECTOR_RANGE/28 --target-tags=TARGET --action=ALLOW --rules=tcp:PORT
            """,
        Terraform = """
            resource "google_compute_firewall" "allow_connector" {
              name          = "allow-connector"
              network       = "NETWORK"
              direction     = "INGRESS"
              priority      = 900
              source_ranges = ["CONNECTOR_RANGE/28"]
              target_tags   = ["TARGET"]
              allow {
                protocol = "tcp"
                ports    = ["5432"]
              }
            }
            """,
        DoesNotApply = "It does not apply to connectors of service projects, for which Google makes no managed rule (FWL009). A deny that leaves single ports or targets open passes: that is how access is restricted (FWL003). Where the variables of a workload name what it calls and just that is blocked, FWL001 tells it on the workload. Connectors in ERROR or DELETING are left to CON001. It is unknown while only some of a connector's managed rules are listed, and when firewall rules, policies or subnetworks could not be read.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#restrict-access", "https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.WhyIdle(subject) is { } idle
        ? [DoesNotApply(idle)]
        : ConnectorReach.Judge(subject, view, ofServiceProject: false, "the connector is one of a service project, which has no managed rule", reach => Judge(reach, view));

    private static Verdict Judge(ConnectorReach reach, EstateView view)
    {
        if (reach.WhyManagedRulesAreOpen(view) is { } open)
        {
            return Unknown(open);
        }

        var letsIn = reach.LetsIn();
        if (letsIn != false)
        {
            return letsIn is null ? Unknown(FirewallWords.Unknown(reach.AtPlainMachines())) : Pass();
        }

        var deciders = string.Join(" and ", reach.AtPlainMachines().Decisions.Select(pair => pair.Decision.DecidedBy).OfType<FirewallDecider>()
            .Where(decider => decider.Kind != FirewallDeciderKind.Implied).DefaultIfEmpty(FirewallDecider.ImpliedDeny));
        return Fail(
            $"no machine of network {reach.Source.Network.Id} takes a TCP or UDP packet of the connector: {deciders} comes before the managed allow",
            $"put an allow for {reach.Connector.Name.Id}'s range and the needed ports at a lower number than that of {deciders}, or narrow it");
    }
}
