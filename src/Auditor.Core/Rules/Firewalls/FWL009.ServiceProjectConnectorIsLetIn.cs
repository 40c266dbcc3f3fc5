using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL009: a connector of a service project is let in somewhere.</summary>
public sealed class ServiceProjectConnectorIsLetIn : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL009",
        Title = "Service-project connector is let in to some machine",
        Severity = Severity.High,
        What = "For a connector of a service project, some ingress rule of the host network lets some TCP or UDP packet from its range or network tag in to some machine.",
        WhyItMatters = "For these connectors Google makes no rule that lets them in anywhere. Without one of your own nothing in the network can be reached through the connector but managed services behind a peering.",
        Remediation = "Allow the connector's tag to the targets and ports that its workloads need.",
        Gcloud = """
            gcloud compute firewall-rules create allow-vpc-connector --project=HOST_PROJECT --network=NETWORK --direction=INGRESS --source-tags=vpc-connector --target-tags=TARGET --action=ALLOW --rules=tcp:PORT
            """,
        Terraform = """
            resource "google_compute_firewall" "allow_vpc_connector" {
              name    = "allow-vpc-connector"
              project = "HOST_PROJECT"
              network = "NETWORK"
              direction   = "INGRESS"
              source_tags = ["vpc-connector"]
              target_tags = ["TARGET"]
              allow {
                protocol = "tcp"
                ports    = ["5432"]
              }
            }
            """,
        DoesNotApply = "It does not apply to connectors of stand-alone and host projects, which a managed rule lets in (FWL002), nor where the network has no VM: managed services need no ingress rule. It is unknown when firewall rules or policies of the host network, or its VMs, could not be read.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#service-projects"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => ConnectorReach.Judge(
        subject, view, ofServiceProject: true, "a managed rule lets a connector in the network's own project in", reach => Judge(reach, view));

    private static Verdict Judge(ConnectorReach reach, EstateView view)
    {
        var network = reach.Source.Network;
        var machines = view.Referrers<Instance>(ResourceKind.Instance, network);
        if (machines.Items.Count == 0)
        {
            return machines.Incomplete is { } incomplete ? Unknown($"VMs of network {network.Id} could not all be listed: {incomplete}") : DoesNotApply($"network {network.Id} has no VM");
        }

        return reach.LetsIn() switch
        {
            true => Pass(),
            false => Fail(
                $"no rule of network {network.Id} lets a TCP or UDP packet of the connector in to any machine",
                $"gcloud compute firewall-rules create allow-{reach.Connector.Name.Id} --project={network.Project} --network={network.Id} --direction=INGRESS --source-tags={reach.Connector.UniqueNetworkTag} --target-tags=TARGET --action=ALLOW --rules=tcp:PORT"),
            null => Unknown(FirewallWords.Unknown(reach.AtPlainMachines())),
        };
    }
}
