using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Targets;

/// <summary>TGT010: internal load balancers that are called from another region allow global access.</summary>
public sealed class BalancerServesRegion : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "TGT010",
        Title = "Internal load balancers that are called from another region allow global access",
        Severity = Severity.High,
        What = "An internal load balancer or endpoint that a workload is configured to call is in the workload's region, or allows access from all regions.",
        WhyItMatters = "Without global access a load balancer drops packets that come from another region, although routes and firewall let them through.",
        Remediation = "Allow global access on the forwarding rule.",
        Gcloud = """
            gcloud compute forwarding-rules update RULE --region=REGION --allow-global-access
            """,
        Terraform = """
            resource "google_compute_forwarding_rule" "RULE" {
              allow_global_access = true
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port.",
        Controls = [RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/load-balancing/docs/internal"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"gcloud compute forwarding-rules update {end.DecidedBy?.Name} --project={end.DecidedBy?.Resource?.Project} --region={end.DecidedBy?.Resource?.Location} --allow-global-access";

    protected override string Because(ReachFlow flow, PathEnd end) => $"{flow.WordsOf(end.DecidedBy)} is in {end.DecidedBy?.Resource?.Location} and does not allow global access";
}
