using System.Globalization;
using Auditor.Model;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>The smallest VPC rule that opens a blocked flow, proved on the firewall with it; or what must change where no VPC rule can help.</summary>
internal static class FlowRepair
{
    /// <summary>One sentence or command.</summary>
    public static string Of(IntendedFlow flow, FlowOutcome outcome, Func<string?, EffectiveFirewall> firewall)
    {
        var denied = outcome.Reasons.Where(reason => reason.Decision.Effect == FirewallEffect.Deny).ToList();
        var rules = denied.Select(reason => reason.Side).Distinct(StringComparer.Ordinal)
            .Select(side => Rule(flow, side == "egress", denied.Where(reason => reason.Side == side).Min(reason => Before(reason.Decision.DecidedBy!)))).ToList();
        var repaired = flow.Judge(region => rules.Aggregate(firewall(region), (current, rule) => current.With(null, rule)));
        if (repaired.Blocked.IsEmpty)
        {
            return string.Join(" and ", rules.Select(Command));
        }

        var above = repaired.Reasons.Select(reason => reason.Decision.DecidedBy).OfType<FirewallDecider>().Select(decider => decider.ToString()).Distinct(StringComparer.Ordinal);
        return $"no VPC rule can open it: {string.Join(" and ", above)} must change";
    }

    // One number ahead of what denies; a policy or the implied deny leaves Google's default.
    private static int Before(FirewallDecider decider) => decider.Kind is FirewallDeciderKind.Rule or FirewallDeciderKind.ManagedRule && decider.Priority is { } priority ? Math.Max(0, Math.Min(priority, Firewall.DefaultPriority) - 1) : Firewall.DefaultPriority;

    private static Firewall Rule(IntendedFlow flow, bool isEgress, int priority)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"allow-{flow.Source.What.Split(' ')[^1]}-{(isEgress ? "out" : "in")}-{flow.Port}");
        var rule = new Firewall(ResourceName.Of(ResourceKind.Firewall, flow.Source.Network.Project!, id))
        {
            Network = flow.Source.Network,
            Direction = isEgress ? TrafficDirection.Egress : TrafficDirection.Ingress,
            Priority = priority,
            Action = FirewallAction.Allow,
            Layer4 = [new Layer4("tcp", [new PortInterval(flow.Port, flow.Port)])],
        };
        var sources = flow.Source.Addresses.EnclosingV4;
        return isEgress
            ? rule with { DestinationRanges = [flow.Address], TargetTags = flow.Source.End.Tags.Count > 0 ? [flow.Source.End.Tags[^1]] : [], SourceRanges = flow.Source.End.Tags.IsEmpty ? [sources] : [] }
            : rule with { SourceRanges = [sources], TargetTags = flow.Target is { Tags.IsEmpty: false } vm ? [vm.Tags[0]] : [], DestinationRanges = flow.Target is { Tags.IsEmpty: false } ? [] : [flow.Address] };
    }

    private static string Command(Firewall rule)
    {
        var isEgress = rule.Direction == TrafficDirection.Egress;
        var parts = new List<string>
        {
            $"gcloud compute firewall-rules create {rule.Name.Id} --project={rule.Name.Project} --network={rule.Network!.Value.Id} --direction={(isEgress ? "EGRESS" : "INGRESS")}",
            string.Create(CultureInfo.InvariantCulture, $"--priority={rule.Priority} --action=ALLOW --rules=tcp:{rule.Layer4[0].Ports[0]}"),
        };
        Add("source-ranges", rule.SourceRanges.Select(range => range.ToString()));
        Add("destination-ranges", rule.DestinationRanges.Select(range => range.ToString()));
        Add("target-tags", rule.TargetTags);
        return string.Join(' ', parts);

        void Add(string flag, IEnumerable<string> values)
        {
            if (values.Any())
            {
                parts.Add($"--{flag}={string.Join(',', values)}");
            }
        }
    }
}
