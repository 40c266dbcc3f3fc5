using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Targets;

/// <summary>TGT002: cloud SQL has an address that the workload may use.</summary>
public sealed class SqlLetsClientIn : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "TGT002",
        Title = "Cloud SQL has an address that the workload may use",
        Severity = Severity.High,
        What = "A Cloud SQL instance that a workload is configured to call at its private address lets the workload's range in: clients outside RFC 1918 must stand in its authorised networks.",
        WhyItMatters = "The instance refuses connections from 100.64.0.0/10, 240.0.0.0/4 and privately used public ranges unless they are listed, although the network path is open.",
        Remediation = "Add the exact range of the connector or subnetwork to the authorised networks, or use the Cloud SQL proxy or a language connector.",
        Gcloud = """
            gcloud sql instances patch INSTANCE --authorized-networks=CONNECTOR_RANGE/28
            """,
        Terraform = """
            resource "google_sql_database_instance" "INSTANCE" {
              settings {
                ip_configuration {
                  authorized_networks {
                    value = "CONNECTOR_RANGE/28"
                  }
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port, to clients in RFC 1918 ranges, and to connections through the proxy (port 3307).",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/sql/docs/postgres/authorize-networks"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"gcloud sql instances patch {flow.Target.Resource?.Id} --project={flow.Target.Resource?.Project} --authorized-networks=RANGE_OF_THE_ATTACHMENT";

    protected override string Because(ReachFlow flow, PathEnd end) => $"{flow.WordsOf(end.DecidedBy)} authorises no client outside RFC 1918 from there";
}
