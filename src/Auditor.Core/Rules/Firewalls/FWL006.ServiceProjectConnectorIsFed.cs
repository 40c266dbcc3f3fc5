using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL006: a connector of a service project is reached by the serverless infrastructure.</summary>
public sealed class ServiceProjectConnectorIsFed : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL006",
        Title = "Service-project connector receives serverless traffic",
        Severity = Severity.Critical,
        What = "A connector of a service project is reached from 35.199.224.0/19 on tcp:667, udp:665-666 and icmp: the host network's rules let all of it in to the connector's VMs.",
        WhyItMatters = "For these connectors Google makes no rules. Without this one no packet of any workload enters the connector.",
        Remediation = "Let the host project's administrator add the ingress rule for the connector's tag.",
        Gcloud = """
            gcloud compute firewall-rules create serverless-to-vpc-connector --project=HOST_PROJECT --network=NETWORK --direction=INGRESS --action=ALLOW --rules=tcp:667,udp:665-666,icmp --source-ranges=35.199.224.0/19 --target-tags=vpc-connector
            """,
        Terraform = """
            resource "google_compute_firewall" "serverless_to_vpc_connector" {
              name    = "serverless-to-vpc-connector"
              project = "HOST_PROJECT"
              network = "NETWORK"
              direction     = "INGRESS"
              source_ranges = ["35.199.224.0/19"]
              target_tags   = ["vpc-connector"]
              allow {
                protocol = "tcp"
                ports    = ["667"]
              }
              allow {
                protocol = "udp"
                ports    = ["665-666"]
              }
              allow {
                protocol = "icmp"
              }
            }
            """,
        DoesNotApply = "It does not apply to connectors of stand-alone and host projects, for which Google makes the rule. It is unknown when firewall rules or policies of the host network, or the connector's subnetwork, could not be read.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#service-projects"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.Judge(
        subject, view, ofServiceProject: true, "Google makes the rule for a connector in the network's own project",
        reach => reach.Needs(TrafficDirection.Ingress, ConnectorReach.Serverless, ConnectorReach.ServerlessTraffic, "serverless traffic does not reach the connector", "serverless-to-vpc-connector", "--direction=INGRESS --rules=tcp:667,udp:665-666,icmp --source-ranges=35.199.224.0/19"));
}
