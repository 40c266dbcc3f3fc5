using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON013: a workload and its connector are in the same region.</summary>
public sealed class ConnectorIsInRegion : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON013",
        Title = "Connector and workload are in the same region",
        Severity = Severity.High,
        What = "The region in the name of the connector is the region of the workload that names it. App Engine's us-central and europe-west mean us-central1 and europe-west1.",
        WhyItMatters = "A connector serves only its own region. Google refuses such a deployment, but templates, imports and copied configuration carry the name into places where only the next deployment fails.",
        Remediation = "Create a connector in the workload's region and name that one.",
        Gcloud = """
            gcloud compute networks vpc-access connectors create CONNECTOR --region=WORKLOAD_REGION --network=NETWORK --range=FREE_RANGE/28
            gcloud run services update SERVICE --region=WORKLOAD_REGION --vpc-connector=CONNECTOR
            """,
        Terraform = """
            resource "google_vpc_access_connector" "CONNECTOR" {
              name          = "CONNECTOR"
              region        = google_cloud_run_v2_service.SERVICE.location
              network       = "NETWORK"
              ip_cidr_range = "FREE_RANGE/28"
            }
            """,
        DoesNotApply = "It does not apply to workloads without a connector, to stopped App Engine versions, and to the Cloud Run service under a function. It is unknown for an App Engine version whose application was not read.",
        Controls = [RuleControl.Nist("CM-6")],
        References = ["https://cloud.google.com/vpc/docs/serverless-vpc-access", "https://cloud.google.com/appengine/docs/standard/connecting-vpc"],
    };

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        yield return WorkloadScope.WhyOutside(subject, view) is { } because ? DoesNotApply(because)
            : subject.VpcAccess?.Connector is not { } connector ? DoesNotApply("the workload names no connector")
            : Judge(connector, WorkloadScope.RegionOf(subject, view, out var missing), missing);

        Verdict Judge(ResourceName connector, string? region, string? missing) => region switch
        {
            null => Unknown(missing!),
            _ when region == connector.Location => Pass(),
            _ => Fail(
                $"it runs in {region} and its connector {connector.Id} is in {connector.Location}",
                $"create a connector in {region} (gcloud compute networks vpc-access connectors create NAME --region={region} --project={connector.Project} with the network and a free /28) and repoint {KindTable.Of(subject.Name.Kind).Noun} {subject.Name.Id} with --vpc-connector"),
        };
    }
}
