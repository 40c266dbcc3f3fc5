using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Paths;

namespace Auditor.Rules.DirectVpc;

/// <summary>DVE006: the subnetwork of a Direct VPC workload that sends all traffic into the VPC has Private Google Access.</summary>
public sealed class PrivateGoogleAccessIsOn : ExitRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "DVE006",
        Title = "Private Google Access is on for the Direct VPC subnetwork",
        Severity = Severity.High,
        What = "The subnetwork into which a workload sends all its traffic by Direct VPC egress has Private Google Access. Medium where a Cloud NAT covers the subnetwork: Google APIs are then reached, through translation.",
        WhyItMatters = "With all-traffic, calls to Google APIs go through the subnetwork. Without Private Google Access and without Cloud NAT they time out; with Cloud NAT they are paid for and use up its ports.",
        Remediation = "Turn Private Google Access on for the subnetwork. Nothing restarts, and machines with external addresses are not affected.",
        Gcloud = """
            gcloud compute networks subnets update SUBNET --region=REGION --enable-private-ip-google-access
            """,
        Terraform = """
            resource "google_compute_subnetwork" "SUBNET" {
              private_ip_google_access = true
            }
            """,
        DoesNotApply = "It does not apply to connectors (RTE005), nor to workloads that send only private ranges into the VPC: Google APIs by their default names do not go through it then.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.21")],
        References = ["https://cloud.google.com/run/docs/configuring/vpc-direct-vpc", "https://cloud.google.com/vpc/docs/configure-private-google-access"],
    };

    private protected override Verdict Judge(Workload subject, PathWalk walk, RuleOptions options)
    {
        if (walk.Attachment is not { Access.Connector: null, Subnetwork: { } subnetwork } attachment)
        {
            return DoesNotApply("the workload leaves through a connector");
        }

        var fix = $"gcloud compute networks subnets update {subnetwork.Id} --project={subnetwork.Project} --region={subnetwork.Location} --enable-private-ip-google-access";
        return attachment.PrivateGoogleAccess == true ? Pass()
            : walk.Nat is { Nat: { } nat, HasNoAddress: false } ? Fail($"subnetwork {subnetwork.Id} has no Private Google Access, and Google APIs are reached through {nat} only", fix, Severity.Medium)
            : walk.Nat.Missing is { } missing ? Fail($"subnetwork {subnetwork.Id} has no Private Google Access, and whether Cloud NAT translates is not known ({missing})", fix, Severity.Medium)
            : Fail($"subnetwork {subnetwork.Id} has no Private Google Access, and no Cloud NAT translates: Google APIs are not reached", fix);
    }
}
