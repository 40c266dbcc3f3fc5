using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Targets;

/// <summary>TGT008: memorystore is called from its network, at its port.</summary>
public sealed class RedisIsCalledRight : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "TGT008",
        Title = "Memorystore is called from its network, at its port",
        Severity = Severity.High,
        What = "A Memorystore instance or cluster that a workload is configured to call is called at the ports it serves, over TCP, and from private ranges.",
        WhyItMatters = "Memorystore answers nobody else, and never says why.",
        Remediation = "Correct the port, or move the connector to a private range.",
        Gcloud = """
            gcloud redis instances describe INSTANCE --region=REGION --format="value(host,port)"
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                containers {
                  env {
                    name  = "REDIS_PORT"
                    value = google_redis_instance.INSTANCE.port
                  }
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port. An instance of another network is RTE004's to say.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/memorystore/docs/redis/connect-redis-instance"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"call {flow.WordsOf(end.DecidedBy)} at the port it serves: gcloud redis instances describe {flow.Target.Resource?.Id} --project={flow.Target.Resource?.Project} --region={flow.Target.Resource?.Location}";

    protected override string Because(ReachFlow flow, PathEnd end) => $"{flow.WordsOf(end.DecidedBy)} does not take such a connection ({end.Reason})";
}
