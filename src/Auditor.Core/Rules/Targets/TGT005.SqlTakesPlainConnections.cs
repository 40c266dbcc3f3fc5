using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Targets;

/// <summary>TGT005: Cloud SQL that requires connectors is called through them.</summary>
public sealed class SqlTakesPlainConnections : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "TGT005",
        Title = "Cloud SQL that requires connectors is called through them",
        Severity = Severity.Medium,
        What = "A Cloud SQL instance with connector enforcement is called through the Cloud SQL proxy or a language connector (port 3307), not at its database port.",
        WhyItMatters = "The instance refuses plain connections. The path is open, and the client sees a reset.",
        Remediation = "Connect through the proxy or a language connector, or lift the requirement.",
        Gcloud = """
            gcloud sql instances patch INSTANCE --connector-enforcement=NOT_REQUIRED
            """,
        Terraform = """
            resource "google_sql_database_instance" "INSTANCE" {
              settings {
                connector_enforcement = "NOT_REQUIRED"
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port, nor to instances without connector enforcement.",
        Controls = [RuleControl.Nist("IA-3")],
        References = ["https://cloud.google.com/sql/docs/postgres/connect-overview"],
    };

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"connect through the Cloud SQL proxy or a language connector, or: gcloud sql instances patch {flow.Target.Resource?.Id} --project={flow.Target.Resource?.Project} --connector-enforcement=NOT_REQUIRED";

    protected override string Because(ReachFlow flow, PathEnd end) => $"{flow.WordsOf(end.DecidedBy)} takes connections through its proxy or connectors only";
}
