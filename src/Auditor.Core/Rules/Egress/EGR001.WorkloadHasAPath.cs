using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Egress;

/// <summary>EGR001: a workload that calls private addresses is attached to a network.</summary>
public sealed class WorkloadHasAPath : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "EGR001",
        Title = "A workload that calls private addresses is attached to a network",
        Severity = Severity.High,
        What = "A workload whose environment variables name a private address with a port has a Serverless VPC Access connector or Direct VPC egress.",
        WhyItMatters = "Without an attachment the workload runs outside every VPC: packets to private addresses go nowhere, and the application sees a timeout that names no cause.",
        Remediation = "Attach the workload to the network of its target by Direct VPC egress or by a connector of its region.",
        Gcloud = """
            gcloud run services update SERVICE --region=REGION --network=NETWORK --subnet=SUBNET --vpc-egress=private-ranges-only
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                vpc_access {
                  network_interfaces {
                    network    = "NETWORK"
                    subnetwork = "SUBNET"
                  }
                  egress = "PRIVATE_RANGES_ONLY"
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port. A connector that is named and does not exist is CON012's to say.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/run/docs/configuring/connecting-vpc"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"attach it to the network of {flow.Target.Address?.Address}: gcloud run services update {flow.Source.Workload.Name.Id} --project={flow.Source.Workload.Name.Project} --region={flow.Source.Workload.Name.Location} --network=NETWORK --subnet=SUBNET --vpc-egress=private-ranges-only";

    protected override string Because(ReachFlow flow, PathEnd end) => "the workload is attached to no network, and the address is private";
}
