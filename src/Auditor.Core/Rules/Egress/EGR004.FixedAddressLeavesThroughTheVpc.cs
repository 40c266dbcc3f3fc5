using Auditor.Findings;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Egress;

/// <summary>EGR004: a workload that is expected to leave by fixed addresses sends all its traffic into the VPC.</summary>
public sealed class FixedAddressLeavesThroughTheVpc : EgressIntentRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "EGR004",
        Title = "A workload with fixed egress addresses sends all traffic into the VPC",
        Severity = Severity.Medium,
        What = "A workload for which `intents: egress:` in `auditor.yaml` names addresses is attached to a network with egress setting all-traffic, in every revision that serves.",
        WhyItMatters = "With private-ranges-only, packets to external addresses never enter the VPC: they pass by the Cloud NAT with the reserved address, and the partner sees an address of Google's that changes.",
        Remediation = "Set the egress setting to all-traffic, after Cloud NAT covers the subnetwork and Private Google Access is on for it.",
        Gcloud = """
            gcloud run services update SERVICE --region=REGION --vpc-egress=all-traffic
            gcloud functions deploy FUNCTION --region=REGION --vpc-connector=CONNECTOR --egress-settings=all
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                vpc_access {
                  connector = "projects/PROJECT/locations/REGION/connectors/CONNECTOR"
                  egress    = "ALL_TRAFFIC"
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads for which no address is declared. It is unknown where a serving revision was not read.",
        Controls = [RuleControl.Nist("CM-6")],
        References = ["https://cloud.google.com/run/docs/configuring/static-outbound-ip", "https://cloud.google.com/vpc/docs/serverless-vpc-access"],
    };

    protected override Verdict Judge(EgressAnswer answer) => answer.Standing switch
    {
        EgressStanding.Direct => Fail(answer.Because),
        EgressStanding.SettingUnknown => Unknown(answer.Because),
        _ => Pass(),
    };
}
