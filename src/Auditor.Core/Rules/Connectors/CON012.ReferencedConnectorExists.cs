using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON012: the connector that a workload names exists.</summary>
public sealed class ReferencedConnectorExists : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON012",
        Title = "Referenced connector exists",
        Severity = Severity.Critical,
        What = "The connector named by a Cloud Run service, job or worker pool, a function or a serving App Engine version exists. For a service, so does the connector of every revision that gets traffic or has a tag URL.",
        WhyItMatters = "Deleting a connector does not ask whether somebody uses it. Its users lose every private target at once, new revisions do not become ready, and the VPC network can no longer be deleted cleanly.",
        Remediation = "Create the connector again under the same name, or point the workload at another one.",
        Gcloud = """
            gcloud compute networks vpc-access connectors create CONNECTOR --region=REGION --network=NETWORK --range=FREE_RANGE/28
            gcloud run services update SERVICE --region=REGION --vpc-connector=CONNECTOR
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                vpc_access {
                  connector = google_vpc_access_connector.CONNECTOR.id
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads without a connector, to stopped App Engine versions, and to the Cloud Run service under a function (the function stands for it). It is unknown when the connector's project was not read or may not be read.",
        Controls = [RuleControl.Nist("CP-10"), RuleControl.Nist("CM-3"), RuleControl.Iso("A.8.32")],
        References =
        [
            "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#delete",
            "https://cloud.google.com/network-intelligence-center/docs/connectivity-tests/states/configuration-analysis-states",
        ],
    };

    // A revision is judged as part of its service: only those that serve count.
    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        if (WorkloadScope.WhyOutside(subject, view) is { } because)
        {
            return [DoesNotApply(because)];
        }

        var named = ServingRevisions.Of(subject, view)
            .Where(serving => serving.Revision?.VpcAccess?.Connector is not null)
            .Select(serving => (Connector: serving.Revision!.VpcAccess!.Connector!.Value, Discriminator: serving.Name.Id))
            .ToList();
        if (subject.VpcAccess?.Connector is { } own)
        {
            // What a revision shares with the template is said once, of the template.
            named.RemoveAll(pair => pair.Connector == own);
            named.Insert(0, (own, ""));
        }

        return named.Count == 0
            ? [DoesNotApply("the workload names no connector")]
            : named.Select(pair => Judge(subject, pair.Connector, pair.Discriminator, view));
    }

    private static Verdict Judge(Workload subject, ResourceName connector, string discriminator, EstateView view) => view.Find<Connector>(connector) switch
    {
        Lookup<Connector>.Found => new Verdict.Passed { Discriminator = discriminator },
        Lookup<Connector>.Unread { Reason: var reason } => Unknown($"connector {connector.Id} of project {connector.Project} in {connector.Location} was not read: {reason}", discriminator),
        _ => Fail(
            $"{(discriminator.Length == 0 ? "it" : "its serving revision")} names connector {connector.Id} of project {connector.Project} in {connector.Location}, which does not exist",
            Repair(subject, connector),
            discriminator: discriminator),
    };

    private static string Repair(Workload subject, ResourceName connector) =>
        $"create connector {connector.Id} again in {connector.Location} (gcloud compute networks vpc-access connectors create {connector.Id} --region={connector.Location} --project={connector.Project} with its network and a free /28), or repoint {KindTable.Of(subject.Name.Kind).Noun} {subject.Name.Id} with --vpc-connector";
}
