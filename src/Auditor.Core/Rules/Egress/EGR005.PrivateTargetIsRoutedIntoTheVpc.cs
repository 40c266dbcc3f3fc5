using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Intended;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Egress;

/// <summary>EGR005: targets of a workload with private-ranges-only have addresses that this setting sends into the VPC.</summary>
public sealed class PrivateTargetIsRoutedIntoTheVpc : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "EGR005",
        Title = "Private targets have addresses that the egress setting sends into the VPC",
        Severity = Severity.High,
        What = "Where a workload's egress setting is private-ranges-only, what it is declared (`intents: must:` in `auditor.yaml`) or configured to call in the VPC has an address of RFC 1918, RFC 6598 or of Private Google Access, the ranges that this setting sends there.",
        WhyItMatters = "Some networks use public addresses privately, for a database or a GKE cluster. With private-ranges-only, packets to those leave for the internet, past the VPC, and end at whoever owns the address there, or nowhere.",
        Remediation = "Send all traffic into the VPC, after Cloud NAT covers it where the internet is needed; or give the target an address of RFC 1918.",
        Gcloud = """
            gcloud run services update SERVICE --region=REGION --vpc-egress=all-traffic
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                vpc_access {
                  egress = "ALL_TRAFFIC"
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads without declared or configured calls, nor to calls by address to something that is not known to be in the VPC. It is unknown for ranges of which Google does not document whether the setting sends them into the VPC.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/run/docs/configuring/connecting-vpc", "https://cloud.google.com/vpc/docs/subnets#valid-ranges"],
    };

    protected override PathStage? UnknownAt => PathStage.Egress;

    protected override string FixOf(ReachFlow flow, PathEnd end) => Fix(flow.Source.Workload);

    protected override string Because(ReachFlow flow, PathEnd end) => Because(flow.Target);

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        var declared = options.Intents.Flows.Where(intent => intent is { Demand: FlowDemand.Must, To: IntentTarget.Resources } && intent.From.Matches(subject)).ToList();
        return declared.Count == 0 || WorkloadScope.WhyOutside(subject, view) is not null ? base.Evaluate(subject, view, options)
            : declared.SelectMany(intent => Judge(intent, subject, view)).Concat(base.Evaluate(subject, view, options).Where(verdict => verdict is not Verdict.NotApplicable)).DistinctBy(verdict => verdict.Discriminator);
    }

    private static IEnumerable<Verdict> Judge(FlowIntent intent, Workload subject, EstateView view)
    {
        var sources = PathSource.Of(subject, view).Where(source => !source.IsUnread).Select(source => PathWalk.Of(view, source)).ToList();
        foreach (var target in intent.To.Find(view, subject.Name.Project).Targets.SelectMany(group => group).Where(target => target.Path is not null).DistinctBy(target => target.Address))
        {
            var name = $"{intent.Name} -> {target.ShortName} ({target.Address!.Value.Address})";
            var ends = sources.SelectMany(walk => walk.Find(target).Parts).Select(part => part.End!).Where(end => end.Stage == PathStage.Egress).ToList();
            yield return ends.Exists(end => end.Reason == PathReason.PrivateTrafficToInternet) ? Fail($"{target.ShortName} cannot be reached: {Because(target)}", Fix(subject), discriminator: name)
                : ends.Find(end => end.Effect == PathEffect.Unknown) is { } unknown ? Unknown(string.Join("; ", unknown.Because), name)
                : new Verdict.Passed { Discriminator = name };
        }
    }

    private static string Because(ReachTarget target) => $"its address {target.Address?.Address} is not one that private-ranges-only sends into the VPC";

    private static string Fix(Workload workload) => workload is RunService ? $"gcloud run services update {workload.Name.Id} --project={workload.Name.Project} --region={workload.Name.Location} --vpc-egress=all-traffic" : "set its egress setting to all-traffic";
}
