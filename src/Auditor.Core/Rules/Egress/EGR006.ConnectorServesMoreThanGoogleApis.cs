using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Egress;

/// <summary>EGR006: a workload with a connector is known to call something besides Google APIs.</summary>
public sealed class ConnectorServesMoreThanGoogleApis : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "EGR006",
        Title = "A workload with a connector calls more than Google APIs",
        Severity = Severity.Low,
        What = "A workload whose connector takes private ranges only is known to call something besides Google APIs: by its environment variables, or by the flows and egress addresses that `auditor.yaml` declares for it.",
        WhyItMatters = "Cloud Run, functions and App Engine reach Google APIs without any VPC. A connector that carries nothing else costs the same as a busy one, and opens a way into the network that nobody needs.",
        Remediation = "Detach the workload from the connector, and delete the connector when nobody else uses it. Private Google Access is for VMs without external address.",
        Gcloud = """
            gcloud run services update SERVICE --region=REGION --clear-vpc-connector
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                # without vpc_access
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads without connector, to those with all-traffic (what else they send into the VPC is nowhere said), to those of which nothing says what they call, and where a name that they call may be a private one, or one of private.googleapis.com or restricted.googleapis.com, which are reached through the VPC on purpose. A private zone that sends Google APIs there is not looked at.",
        Controls = [RuleControl.Iso("A.8.6")],
        References = ["https://cloud.google.com/vpc/docs/serverless-vpc-access", "https://cloud.google.com/vpc/docs/private-google-access"],
    };

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        yield return WorkloadScope.WhyOutside(subject, view) is { } outside ? DoesNotApply(outside)
            : subject.VpcAccess is not { Connector: { } connector } access ? DoesNotApply("the workload uses no connector")
            : access.Egress != VpcEgress.PrivateRangesOnly ? DoesNotApply("the workload sends more than private ranges into the VPC")
            : Judge(subject, connector, options.Intents);
    }

    private static Verdict Judge(Workload subject, ResourceName connector, Intents intents)
    {
        if (intents.Egress.Any(intent => intent.From.Matches(subject)))
        {
            return Pass();
        }

        var flows = intents.Flows.Where(intent => intent.Demand == FlowDemand.Must && intent.From.Matches(subject)).Select(intent => intent.To).ToList();
        if (flows.Exists(to => to is IntentTarget.Resources or IntentTarget.Addresses) || subject.Endpoints.Any(endpoint => endpoint.Address is not null || endpoint.Port is null))
        {
            return Pass();
        }

        var hosts = subject.Endpoints.Select(endpoint => endpoint.Host).Distinct(StringComparer.Ordinal).ToList();
        return hosts.Find(host => !IsPublicGoogleApi(host)) is { } other ? DoesNotApply($"it calls {other}, which may be a private name")
            : flows.Exists(to => to is IntentTarget.Internet) ? DoesNotApply("it calls the internet as well")
            : hosts.Count == 0 && !flows.Exists(to => to is IntentTarget.GoogleApis) ? DoesNotApply("nothing says what the workload calls")
            : Fail(
                $"all that it is known to call are Google APIs ({string.Join(", ", hosts.Order(StringComparer.Ordinal).DefaultIfEmpty("googleapis"))}), which need no connector, and it uses connector {connector.Id}",
                subject is RunService ? $"gcloud run services update {subject.Name.Id} --region={subject.Name.Location} --project={subject.Name.Project} --clear-vpc-connector" : null);
    }

    private static bool IsPublicGoogleApi(string host) => host.EndsWith(".googleapis.com", StringComparison.Ordinal)
        && !host.EndsWith("private.googleapis.com", StringComparison.Ordinal) && !host.EndsWith("restricted.googleapis.com", StringComparison.Ordinal);
}
