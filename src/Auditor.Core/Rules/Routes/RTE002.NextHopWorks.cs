using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Routes;

/// <summary>RTE002: next hops on the way to private addresses work.</summary>
public sealed class NextHopWorks : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "RTE002",
        Title = "Next hops on the way to private addresses work",
        Severity = Severity.High,
        What = "The route that wins for a private address in a workload's environment variables has a next hop that can work: the VM exists, runs, forwards packets of others and is in the network; the address belongs to a VM or an internal load balancer; the tunnel is established.",
        WhyItMatters = "A route whose next hop is gone still wins: Google drops the packets and takes no less specific route instead.",
        Remediation = "Start or replace the next hop, or delete the route.",
        Gcloud = """
            gcloud compute instances start VM --zone=ZONE
            gcloud compute routes delete ROUTE
            """,
        Terraform = """
            resource "google_compute_instance" "VM" {
              can_ip_forward = true
              desired_status = "RUNNING"
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port.",
        Controls = [RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/vpc/docs/static-routes"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"check the next hop: gcloud compute routes list --project={flow.Source.Workload.Name.Project} --filter=\"name={end.DecidedBy?.Name}\"";

    protected override string Because(ReachFlow flow, PathEnd end) => $"the next hop cannot work: {end.Reason}, {flow.WordsOf(end.DecidedBy)}";
}
