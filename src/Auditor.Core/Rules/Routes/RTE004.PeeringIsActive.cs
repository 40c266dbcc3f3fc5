using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Routes;

/// <summary>RTE004: peerings to what a workload calls are active.</summary>
public sealed class PeeringIsActive : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "RTE004",
        Title = "Peerings to what a workload calls are active",
        Severity = Severity.High,
        What = "Where a workload is configured to call a managed service, the network that it enters has an active peering to that service, and both sides know each other's ranges. Peering is not transitive: a service peered with another network is not reached through it.",
        WhyItMatters = "Cloud SQL, Memorystore, AlloyDB and Filestore with private addresses live in networks of Google's. Without an active peering of the very network there is no way to them, whatever the firewall says.",
        Remediation = "Create the private services connection in the network that the workload enters, or attach the workload to the network that has it.",
        Gcloud = """
            gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --network=NETWORK --ranges=RANGE_NAME
            """,
        Terraform = """
            resource "google_service_networking_connection" "default" {
              network                 = "NETWORK"
              service                 = "servicenetworking.googleapis.com"
              reserved_peering_ranges = ["RANGE_NAME"]
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port. A network that was not read is unknown and RTE001's to say.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/private-services-access", "https://cloud.google.com/vpc/docs/vpc-peering"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --network=NETWORK --project={flow.Source.Workload.Name.Project} --ranges=RANGE_NAME, or attach the workload to the network that has the peering";

    protected override string Because(ReachFlow flow, PathEnd end) => end.Reason == PathReason.NoPeering ? end.DecidedBy!.Words.StartsWith("peering ", StringComparison.Ordinal) ? $"{end.DecidedBy}, is the only way to it" : $"{end.DecidedBy} has no peering to it" : $"it cannot answer: {end.Reason}, {flow.WordsOf(end.DecidedBy)}";
}
