using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Rules.DirectVpc;

/// <summary>DVE003: no ingress rule relies on tags or service account of a Direct VPC workload as its source.</summary>
public sealed class IngressRulesDoNotNameTheWorkload : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "DVE003",
        Title = "No ingress rule relies on tags or service account of a Direct VPC workload",
        Severity = Severity.Medium,
        What = "What an ingress allow opens for a network tag or the service account of a workload with Direct VPC egress, other rules open for the range of its subnetwork as well.",
        WhyItMatters = "Google documents network tags of Direct VPC egress for egress rules only; as the source of ingress rules neither they nor the service account are supported. Such a rule may let nothing in although it looks exactly right, and Connectivity Tests answer that it is not supported.",
        Remediation = "Give the rule the range of the workload's subnetwork as its source.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --source-ranges=SUBNET_RANGE
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              source_ranges = [google_compute_subnetwork.SUBNET.ip_cidr_range]
            }
            """,
        DoesNotApply = "It does not apply to workloads with a connector, whose tags count, nor where no ingress rule names a tag or the service account of the workload. It is unknown where rules could not be read, or where it depends on a target's address whether the range is let in.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("AC-4")],
        References = ["https://cloud.google.com/run/docs/configuring/vpc-direct-vpc", "https://cloud.google.com/network-intelligence-center/docs/connectivity-tests/states/configuration-analysis-states"],
    };

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options) =>
        WorkloadScope.WhyOutside(subject, view) is { } outside ? [DoesNotApply(outside)]
        : PathSource.Of(subject, view).SelectMany(source => Judge(source, view)).GroupBy(verdict => verdict.Discriminator, StringComparer.Ordinal)
            .Select(group => group.MinBy(verdict => verdict switch { Verdict.Failed => 0, Verdict.Unknown => 1, Verdict.Passed => 2, _ => 3 })!).ToList() is var all && all.Exists(verdict => verdict.Discriminator.Length > 0)
            ? all.FindAll(verdict => verdict.Discriminator.Length > 0 || verdict is Verdict.Unknown) : all;

    private static IEnumerable<Verdict> Judge(PathSource workload, EstateView view)
    {
        if (workload.IsUnread)
        {
            return [Unknown(workload.Missing!)];
        }

        if (workload.Workload.VpcAccess is not { Connector: null } access)
        {
            return [DoesNotApply("the workload has no Direct VPC egress")];
        }

        var (source, missing, isGone) = FlowSource.Of(access, workload.Region, view);
        if (source is null)
        {
            return [isGone ? DoesNotApply(missing!) : Unknown(missing!)];
        }

        var rules = view.Referrers<Firewall>(ResourceKind.Firewall, source.Network);
        var named = rules.Items.Where(rule => rule is { Direction: TrafficDirection.Ingress, Action: FirewallAction.Allow, Disabled: not true }
            && (rule.SourceTags.Any(tag => access.Tags.Contains(tag)) || (workload.Workload.ServiceAccount is { } account && rule.SourceServiceAccounts.Contains(account)))).ToList();
        return named.Count == 0 ? [rules.Incomplete is { } some ? Unknown($"firewall rules of network {source.Network.Id} could not all be listed: {some}") : DoesNotApply("no ingress rule names a tag or the service account of the workload")]
            : named.Select(rule => Judge(rule, source, workload.Workload, view));
    }

    // Machines that the rule is for are told apart by one of its target tags or service accounts at a time.
    private static Verdict Judge(Firewall rule, FlowSource source, Workload workload, EstateView view)
    {
        var traffic = IntervalSet.Of(FirewallLines.Of(rule, TrafficDirection.Ingress).SelectMany(line => line.Traffic.Intervals));
        var machines = rule.TargetTags.Select(tag => FirewallEnd.Anywhere with { Tags = [tag] }).Concat(rule.TargetServiceAccounts.Select(account => FirewallEnd.Anywhere with { ServiceAccount = account })).DefaultIfEmpty(FirewallEnd.Anywhere);
        var answers = machines.Select(machine => EffectiveFirewall.Of(view, source.Network, source.Region).Answer(TrafficDirection.Ingress, machine, source.Peer, traffic)).ToList();
        var name = rule.Name.Id;
        return answers.Exists(answer => answer.Decisions.Any(pair => pair.Decision is { Effect: FirewallEffect.Deny, DecidedBy.Kind: FirewallDeciderKind.Implied }))
            ? Fail(
                $"firewall rule {name} allows {(rule.SourceTags.Any(tag => workload.VpcAccess!.Tags.Contains(tag)) ? $"tag {rule.SourceTags.First(tag => workload.VpcAccess!.Tags.Contains(tag))}" : "its service account")} of the workload, which Direct VPC egress does not support as a source, and no other rule lets all of that in from {source.What}",
                rule.SourceRanges.IsEmpty ? $"gcloud compute firewall-rules update {name} --project={rule.Name.Project} --source-ranges=RANGE_OF_{source.Subnetwork?.Id}" : null,
                discriminator: name)
            : answers.SelectMany(answer => answer.Decisions).FirstOrDefault(pair => pair.Decision.Effect == FirewallEffect.Unknown) is { Decision: { } unknown } ? Unknown(string.Join("; ", unknown.Because), name)
            : new Verdict.Passed { Discriminator = name };
    }
}
