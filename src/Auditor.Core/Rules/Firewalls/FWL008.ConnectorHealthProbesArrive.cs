using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL008: health probes reach a connector of a service project.</summary>
public sealed class ConnectorHealthProbesArrive : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL008",
        Title = "Health probes reach a service-project connector",
        Severity = Severity.High,
        What = "A connector of a service project is reached by Google's health probes: tcp:667 from 35.191.0.0/16, 35.191.192.0/18 and 130.211.0.0/22 is let in to its VMs.",
        WhyItMatters = "A connector whose probes are blocked is taken for unhealthy, and goes to ERROR when it is created or grows.",
        Remediation = "Let the host project's administrator allow the probe ranges to the connector's tag.",
        Gcloud = """
            gcloud compute firewall-rules create vpc-connector-health-checks --project=HOST_PROJECT --network=NETWORK --direction=INGRESS --action=ALLOW --rules=tcp:667 --source-ranges=35.191.0.0/16,35.191.192.0/18,130.211.0.0/22 --target-tags=vpc-connector
            """,
        Terraform = """
            resource "google_compute_firewall" "vpc_connector_health_checks" {
              name    = "vpc-connector-health-checks"
              project = "HOST_PROJECT"
              network = "NETWORK"
              direction     = "INGRESS"
              source_ranges = ["35.191.0.0/16", "35.191.192.0/18", "130.211.0.0/22"]
              target_tags   = ["vpc-connector"]
              allow {
                protocol = "tcp"
                ports    = ["667"]
              }
            }
            """,
        DoesNotApply = "It does not apply to connectors of stand-alone and host projects, for which Google makes the rule. It is unknown when firewall rules or policies of the host network, or the connector's subnetwork, could not be read.",
        Controls = [RuleControl.Nist("SI-13")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#service-projects"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.Judge(
        subject, view, ofServiceProject: true, "Google makes the rule for a connector in the network's own project",
        reach => reach.Needs(TrafficDirection.Ingress, ConnectorReach.HealthProbes, Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(667, 667)), "health probes do not reach the connector", "vpc-connector-health-checks", "--direction=INGRESS --rules=tcp:667 --source-ranges=35.191.0.0/16,35.191.192.0/18,130.211.0.0/22"));
}
