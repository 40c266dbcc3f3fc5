using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Egress;

/// <summary>EGR008: every serving revision of a service leaves for the VPC as its current template says.</summary>
public sealed class ServingRevisionsLeaveAlike : StateRule<RunService>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "EGR008",
        Title = "Serving revisions leave for the VPC as the service says",
        Severity = Severity.High,
        What = "Every revision of a Cloud Run service that gets traffic, or that has a tag URL, has the same connector, Direct VPC interface, tags and egress setting as the service's current template.",
        WhyItMatters = "The setting belongs to the revision, not to the service. After a change, an old revision with a share of the traffic or a forgotten tag URL goes on as before: past the NAT whose address a partner expects, or into a network that it should have left.",
        Remediation = "Move all traffic to a revision with the current setting and remove the tags of the others.",
        Gcloud = """
            gcloud run services update-traffic SERVICE --region=REGION --to-latest
            gcloud run services update-traffic SERVICE --region=REGION --remove-tags=TAG
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              traffic {
                type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
                percent = 100
              }
            }
            """,
        DoesNotApply = "It applies to every Cloud Run service; one whose traffic all goes to the latest revision passes. It is unknown for a revision that was not read.",
        Controls = [RuleControl.Nist("CM-2"), RuleControl.Nist("CM-6"), RuleControl.Iso("A.8.9"), RuleControl.Iso("A.8.32")],
        References = ["https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration", "https://cloud.google.com/run/docs/configuring/vpc-connectors"],
    };

    protected override IEnumerable<Verdict> Evaluate(RunService subject, EstateView view, RuleOptions options)
    {
        var verdicts = ServingRevisions.Of(subject, view).Select(serving => Judge(subject, serving)).ToList();
        return verdicts.Count > 0 ? verdicts : [Pass()];
    }

    private static Verdict Judge(RunService subject, ServingRevision serving)
    {
        var share = serving.Percent > 0 ? string.Create(CultureInfo.InvariantCulture, $"gets {serving.Percent} % of the traffic") : $"has the tag URL {serving.Tag}";
        if (serving.Revision is not { } revision)
        {
            return Unknown($"revision {serving.Name.Id} {share} and was not read: {serving.Missing}", serving.Name.Id);
        }

        return Alike(revision.VpcAccess, subject.VpcAccess)
            ? new Verdict.Passed { Discriminator = serving.Name.Id }
            : Fail(
                $"revision {serving.Name.Id} {share} with {Words(revision.VpcAccess)}, and the service now has {Words(subject.VpcAccess)}",
                $"gcloud run services update-traffic {subject.Name.Id} --region={subject.Name.Location} --project={subject.Name.Project} {(serving.Percent > 0 ? "--to-latest" : $"--remove-tags={serving.Tag}")}",
                discriminator: serving.Name.Id);
    }

    // Of a Direct VPC interface the template may name only the network or only the subnetwork; the revision then has both.
    private static bool Alike(VpcAccess? left, VpcAccess? right) => left is null || right is null
        ? left == right
        : left.Connector == right.Connector && left.Egress == right.Egress && left.Tags == right.Tags
            && (left.Network is null || right.Network is null || left.Network == right.Network)
            && (left.Subnetwork is null || right.Subnetwork is null || left.Subnetwork == right.Subnetwork);

    private static string Words(VpcAccess? access) => access?.Describe() ?? "no VPC access";
}
