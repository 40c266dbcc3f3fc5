using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL007: a connector of a service project may answer the serverless infrastructure.</summary>
public sealed class ServiceProjectConnectorAnswers : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL007",
        Title = "Service-project connector may answer serverless traffic",
        Severity = Severity.Critical,
        What = "A connector of a service project may send to 35.199.224.0/19 on tcp:667, udp:665-666 and icmp: no egress rule that applies to its network tags denies any of it.",
        WhyItMatters = "An egress deny baseline of the host network cuts the connector off from the infrastructure that it serves: every request through it times out.",
        Remediation = "Allow egress to 35.199.224.0/19 for the connector's tag ahead of the deny.",
        Gcloud = """
            gcloud compute firewall-rules create vpc-connector-to-serverless --project=HOST_PROJECT --network=NETWORK --direction=EGRESS --action=ALLOW --rules=tcp:667,udp:665-666,icmp --destination-ranges=35.199.224.0/19 --target-tags=vpc-connector
            """,
        Terraform = """
            resource "google_compute_firewall" "vpc_connector_to_serverless" {
              name    = "vpc-connector-to-serverless"
              project = "HOST_PROJECT"
              network = "NETWORK"
              direction          = "EGRESS"
              destination_ranges = ["35.199.224.0/19"]
              target_tags        = ["vpc-connector"]
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
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#service-projects"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.Judge(
        subject, view, ofServiceProject: true, "Google makes the rule for a connector in the network's own project",
        reach => reach.Needs(TrafficDirection.Egress, ConnectorReach.Serverless, ConnectorReach.ServerlessTraffic, "the connector cannot answer the serverless infrastructure", "vpc-connector-to-serverless", "--direction=EGRESS --rules=tcp:667,udp:665-666,icmp --destination-ranges=35.199.224.0/19"));
}
