using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON001: a connector is READY. A state that lasts only for a time is judged when it has lasted too long.</summary>
public sealed class ConnectorIsReady : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON001",
        Title = "Connector is ready",
        Severity = Severity.High,
        What = "A Serverless VPC Access connector is in state READY. CREATING, UPDATING and DELETING are accepted for a limited time, counted from the first audit entry of the operation or else from the first read that showed the state. A connector that a workload uses makes the finding critical.",
        WhyItMatters = "Only a READY connector forwards traffic reliably. Through any other, requests to private addresses time out without an error that names the connector. A connector in ERROR never recovers by itself.",
        Remediation = "Delete the connector and create it again with the cause fixed: an overlapping range, a missing role of the service agent, or an organisation policy on images are the usual ones.",
        Gcloud = """
            gcloud compute networks vpc-access connectors describe CONNECTOR --region=REGION
            gcloud compute networks vpc-access connectors delete CONNECTOR --region=REGION
            gcloud compute networks vpc-access connectors create CONNECTOR --region=REGION --network=NETWORK --range=FREE_RANGE/28
            """,
        Terraform = """
            # A connector in ERROR is replaced: terraform apply -replace=google_vpc_access_connector.CONNECTOR
            resource "google_vpc_access_connector" "CONNECTOR" {
              name          = "CONNECTOR"
              region        = "REGION"
              network       = "NETWORK"
              ip_cidr_range = "FREE_RANGE/28"
              min_instances = 2
              max_instances = 3
            }
            """,
        DoesNotApply = "It applies to every connector. It is unknown while a connector is being created, updated or deleted within the limit, and in a state that this release does not know.",
        Knobs = [new RuleKnob("CON001.transitionLimit", "00:15:00", "1 minute to 24 hours", "How long a connector may be CREATING, UPDATING or DELETING.")],
        Controls = [RuleControl.Nist("SI-4"), RuleControl.Nist("CP-10"), RuleControl.Iso("A.8.6"), RuleControl.Iso("A.8.16")],
        References =
        [
            "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access",
            "https://cloud.google.com/vpc/docs/reference/vpcaccess/rest/v1/projects.locations.connectors#State",
        ],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        yield return subject.State switch
        {
            ConnectorState.Ready => Pass(),
            ConnectorState.Error => FailAs("the connector is in state ERROR"),
            ConnectorState.Unspecified => FailAs("the connector is in state STATE_UNSPECIFIED"),
            ConnectorState.Unrecognized => Unknown("the connector is in a state that this release does not know"),
            _ => Settling(),
        };

        Verdict Settling()
        {
            var state = subject.State.ToString().ToUpperInvariant();
            if (view.LifecycleSince(subject.Name) is not { } since)
            {
                return Unknown($"the connector is {state}, and nothing says since when");
            }

            var limit = since + options.ConnectorTransitionLimit;
            if (limit <= view.EvaluatedAt)
            {
                return FailAs($"the connector has been {state} since {Timestamps.Format(since)}");
            }

            view.Revisit(limit);
            return Unknown($"the connector is {state} since {Timestamps.Format(since)}, which may last until {Timestamps.Format(limit)}");
        }

        Verdict FailAs(string because)
        {
            var isUsed = ConnectorUsers.Of(view, subject.Name).Items.Count > 0;
            return Fail(because, Repair(subject), isUsed ? Severity.Critical : null);
        }
    }

    private static string Repair(Connector connector) =>
        $"gcloud compute networks vpc-access connectors delete {connector.Name.Id} --region={connector.Name.Location} --project={connector.Name.Project}, then create it again with the cause fixed (overlapping range, service agent role, image policy)";
}
