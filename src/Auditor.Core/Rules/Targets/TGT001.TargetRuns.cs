using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Targets;

/// <summary>TGT001: what a workload calls is running.</summary>
public sealed class TargetRuns : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "TGT001",
        Title = "What a workload calls is running",
        Severity = Severity.High,
        What = "The VM, load balancer backend or managed service at every private address in a workload's environment variables runs: a VM is RUNNING, a Cloud SQL instance RUNNABLE and not stopped by its activation policy, a load balancer has backends.",
        WhyItMatters = "The whole path is open and nobody answers. It looks like a network fault, and time is lost on rules and routes.",
        Remediation = "Start the target, or repoint the workload.",
        Gcloud = """
            gcloud sql instances patch INSTANCE --activation-policy=ALWAYS
            gcloud compute instances start VM --zone=ZONE
            """,
        Terraform = """
            resource "google_sql_database_instance" "INSTANCE" {
              settings {
                activation_policy = "ALWAYS"
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port, and to addresses that nothing known has. It is unknown where the target's state was not read.",
        Controls = [RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/sql/docs/postgres/start-stop-restart-instance"],
    };

    protected override PathStage? UnknownAt => PathStage.Target;

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"start {flow.WordsOf(end.DecidedBy)}, or repoint the workload";

    protected override string Because(ReachFlow flow, PathEnd end) => $"{flow.WordsOf(end.DecidedBy)} is not running ({end.Reason})";
}
