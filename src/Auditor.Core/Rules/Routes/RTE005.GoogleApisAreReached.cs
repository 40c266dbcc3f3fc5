using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Routes;

/// <summary>RTE005: a workload that sends all traffic into the VPC reaches Google APIs from there.</summary>
public sealed class GoogleApisAreReached : ExitRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "RTE005",
        Title = "Google APIs are reached through the VPC",
        Severity = Severity.High,
        What = "Packets of a workload with egress setting all-traffic reach Google APIs: by Private Google Access of the subnetwork where they enter and a route to the internet gateway, by addresses for private access that a private zone names, or by Cloud NAT.",
        WhyItMatters = "With all-traffic, calls to Cloud Storage, Secret Manager or Pub/Sub go through the VPC too. Where its default route leads to an appliance or is gone, or Private Google Access is off and no NAT translates, they time out, and the workload often cannot even start.",
        Remediation = "Turn Private Google Access on for the subnetwork; where the default route does not lead to the internet gateway, add routes for 199.36.153.8/30 (private.googleapis.com) or 199.36.153.4/30 (restricted.googleapis.com) to it, and a private zone for googleapis.com that names them.",
        Gcloud = """
            gcloud compute networks subnets update SUBNET --region=REGION --enable-private-ip-google-access
            gcloud compute routes create private-googleapis --network=NETWORK --destination-range=199.36.153.8/30 --next-hop-gateway=default-internet-gateway
            """,
        Terraform = """
            resource "google_compute_route" "private_googleapis" {
              name             = "private-googleapis"
              network          = "NETWORK"
              dest_range       = "199.36.153.8/30"
              next_hop_gateway = "default-internet-gateway"
            }
            """,
        DoesNotApply = "It does not apply to workloads that send only private ranges into the VPC, nor where a firewall denies Google APIs. A Direct VPC subnetwork without Private Google Access is DVE006's. It is unknown where an appliance or a tunnel takes the packets, where routes could not be read, and for the hidden subnetwork of a connector when no list shows whether it has Private Google Access.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/configure-private-google-access", "https://cloud.google.com/run/docs/configuring/connecting-vpc"],
    };

    private protected override Verdict Judge(Workload subject, PathWalk walk, RuleOptions options)
    {
        if (walk.Attachment is { Access.Connector: null, PrivateGoogleAccess: false })
        {
            return DoesNotApply("its subnetwork has no Private Google Access, which is DVE006's to say");
        }

        var answer = walk.Find(ReachTarget.GoogleApis);
        if (answer.Of(PathEffect.Reachable).Any())
        {
            return Pass();
        }

        var end = answer.Telling.End!;
        return end.Stage == PathStage.EgressFirewall && end.Effect == PathEffect.Blocked ? DoesNotApply($"{end.DecidedBy} denies Google APIs")
            : end.Effect == PathEffect.Unknown ? Unknown(string.Join("; ", end.Because))
            : Fail(end.Reason switch
            {
                PathReason.NoRoute => $"network {walk.Source.Network.Id} has no route to them",
                PathReason.PrivateGoogleAccessDisallowed => $"{end.DecidedBy} has no Private Google Access, and no Cloud NAT translates",
                _ => $"{end.Reason}, decided by {end.DecidedBy}",
            });
    }
}
