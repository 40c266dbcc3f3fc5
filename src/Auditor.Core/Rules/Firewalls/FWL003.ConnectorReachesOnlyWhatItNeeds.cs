using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL003: something bounds what a connector reaches in its network.</summary>
public sealed class ConnectorReachesOnlyWhatItNeeds : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL003",
        Title = "Connector does not reach every machine of the network",
        Severity = Severity.Medium,
        What = "A deny ahead of Google's managed allow (priority 1000) takes what comes from the connector, so that the managed allow itself lets no more than a few TCP and UDP ports in to a machine without tags; or egress rules bound where the connector's tag may go within private ranges.",
        WhyItMatters = "A connector grants access, it does not restrict it. Without a deny, one compromised workload behind it can try every port of every machine in the network.",
        Remediation = "Deny what comes from the connector's tag at a number below 1000, and allow the needed ports to the needed targets at a lower number still.",
        Gcloud = """
            gcloud compute firewall-rules create deny-connector --network=NETWORK --direction=INGRESS --priority=990 --source-tags=vpc-connector-REGION-CONNECTOR --action=DENY --rules=all
            gcloud compute firewall-rules create allow-connector-db --network=NETWORK --direction=INGRESS --priority=980 --source-tags=vpc-connector-REGION-CONNECTOR --target-tags=db --action=ALLOW --rules=tcp:5432
            """,
        Terraform = """
            resource "google_compute_firewall" "deny_connector" {
              name        = "deny-connector"
              network     = "NETWORK"
              direction   = "INGRESS"
              priority    = 990
              source_tags = ["vpc-connector-REGION-CONNECTOR"]
              deny {
                protocol = "all"
              }
            }
            """,
        DoesNotApply = "It does not apply to connectors of service projects: Google makes no allow for them. Where the managed rules are not listed they are assumed, and the finding says so. Connectors in ERROR or DELETING are left to CON001. It is unknown while only some of a connector's managed rules are listed, and when firewall rules, policies or subnetworks could not be read.",
        Knobs = [new RuleKnob("FWL003.maxPorts", "10", "1 to 65,535", "How many TCP and UDP ports the managed allow may still let in.")],
        Controls = [RuleControl.Nist("SC-7(5)"), RuleControl.Nist("AC-4(21)"), RuleControl.Nist("AC-6"), RuleControl.Pci("1.2.1"), RuleControl.Pci("1.3.1"), RuleControl.Iso("A.8.22")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#restrict-access"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.WhyIdle(subject) is { } idle
        ? [DoesNotApply(idle)]
        : ConnectorReach.Judge(subject, view, ofServiceProject: false, "the connector is one of a service project, which has no managed allow", reach => Judge(reach, view, options));

    private static Verdict Judge(ConnectorReach reach, EstateView view, RuleOptions options)
    {
        if (reach.WhyManagedRulesAreOpen(view) is { } open)
        {
            return Unknown(open);
        }

        // What is not known counts as open only once it is: then there is no finding.
        var answer = reach.AtPlainMachines();
        var managed = PacketSet.Of(answer.Decisions.Where(pair => pair.Decision is { DecidedBy.Kind: FirewallDeciderKind.ManagedRule, Effect: FirewallEffect.Allow }).SelectMany(pair => pair.Packets.Slices));
        var ports = managed.Traffic.Intervals.Sum(interval => (long)interval.Last - interval.First + 1);
        if (ports <= options.MaxManagedPorts)
        {
            return answer.Unknown.IsEmpty ? Pass() : Unknown(FirewallWords.Unknown(answer));
        }

        return reach.Ask(TrafficDirection.Egress, new FirewallEnd(AddressSet.Private), ConnectorReach.TcpAndUdp).Denied.IsEmpty
            ? Fail(string.Create(CultureInfo.InvariantCulture, $"the managed allow lets it in to every machine of network {reach.Source.Network.Id} on {ports:N0} TCP and UDP ports, and no egress rule bounds it{ConnectorReach.Note(answer)}"))
            : Pass();
    }
}
