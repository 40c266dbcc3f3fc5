using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// Rules as lines of the engine. Source: REST Resources firewalls and firewallPolicies, compute v1; the pages on VPC firewall rules and on firewall
/// policies for what an absent field means.
/// </summary>
internal static class FirewallLines
{
    private static readonly AddressSet s_anyV4 = AddressSet.Of(IpRange.AnyV4);

    private static readonly byte[] s_carriedOutside = [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmp, IpProtocol.Esp, IpProtocol.Ah, IpProtocol.Sctp, IpProtocol.IpIp, IpProtocol.Gre, IcmpV6];

    private const byte IcmpV6 = 58;

    /// <summary>What Google lets out or blocks whatever the rules say.</summary>
    public static IReadOnlyList<FirewallLine> Platform { get; } =
    [
        new(FirewallDecider.AlwaysAllowed, FirewallAction.Allow, 0, null) { Traffic = Traffic.All, Peers = AddressSet.Of(IpRange.Parse("169.254.169.254")) },
        new(FirewallDecider.AlwaysBlockedMail, FirewallAction.Deny, 1, null) { Traffic = Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(25, 25)), Peers = AddressSet.External },
        new(FirewallDecider.AlwaysBlocked, FirewallAction.Deny, 1, null)
        {
            Traffic = Traffic.All.Except(IntervalSet.Of(s_carriedOutside.SelectMany(protocol => Traffic.OfProtocol(protocol).Intervals))),
            Peers = AddressSet.External,
        },
    ];

    /// <summary>A VPC rule; nothing when it is disabled or for the other direction.</summary>
    public static IEnumerable<FirewallLine> Of(Firewall rule, TrafficDirection direction)
    {
        if (rule.Disabled || (rule.Direction != direction && rule.Direction != TrafficDirection.Unrecognized))
        {
            return [];
        }

        var kind = ManagedRules.IsManaged(rule) ? FirewallDeciderKind.ManagedRule : FirewallDeciderKind.Rule;
        var decider = new FirewallDecider(kind, rule.Name.Id, rule.Name, rule.Priority);
        var doubt = rule.Direction == TrafficDirection.Unrecognized ? $"{decider} has a direction that is not known" : null;
        var (sources, destinations) = (AddressSet.Of(rule.SourceRanges), AddressSet.Of(rule.DestinationRanges));
        var isIngress = direction == TrafficDirection.Ingress;
        var fromAnywhere = rule.SourceRanges.IsEmpty && rule.SourceTags.IsEmpty && rule.SourceServiceAccounts.IsEmpty;

        // An absent range of the peer means any IPv4 address; an absent range of the machine itself asks for nothing.
        return WithTraffic(decider, rule.Action, rule.Priority, doubt, rule.Layer4, (traffic, unsure) => new FirewallLine(decider, rule.Action, rule.Priority, unsure)
        {
            Traffic = traffic,
            Peers = isIngress ? fromAnywhere ? s_anyV4 : sources : rule.DestinationRanges.IsEmpty ? s_anyV4 : destinations,
            PeerTags = isIngress ? rule.SourceTags : [],
            PeerServiceAccounts = isIngress ? rule.SourceServiceAccounts : [],
            Own = isIngress ? rule.DestinationRanges.IsEmpty ? null : destinations : rule.SourceRanges.IsEmpty ? null : sources,
            TargetTags = rule.TargetTags,
            TargetServiceAccounts = rule.TargetServiceAccounts,
        });
    }

    /// <summary>A rule of a policy as it applies to one network; nothing when it is disabled, for another network, or not for machines.</summary>
    /// <param name="doubt">Why it is not known whether the policy applies; null when it does.</param>
    public static IEnumerable<FirewallLine> Of(FirewallPolicy policy, FirewallPolicyRule rule, ResourceName network, TrafficDirection direction, string? doubt = null)
    {
        if (rule.Disabled || (rule.Direction != direction && rule.Direction != TrafficDirection.Unrecognized) || rule.TargetType is not (null or "INSTANCES"))
        {
            return [];
        }

        var decider = DeciderOf(policy, rule);
        if (!rule.TargetResources.IsEmpty && !rule.TargetResources.Contains(network))
        {
            // A project's number that nobody could tell may be this network's project.
            if (!rule.TargetResources.Any(target => target.HasProjectNumber && target.Id == network.Id))
            {
                return [];
            }

            doubt ??= $"{decider} names its networks by a project number that is not known";
        }

        if (!rule.TargetSecureTags.IsEmpty)
        {
            if (rule.TargetSecureTags.All(IsIneffective))
            {
                return [];
            }

            doubt ??= $"{decider} selects machines by secure tags";
        }

        doubt ??= rule.Direction == TrafficDirection.Unrecognized ? $"{decider} has a direction that is not known" : null;
        var source = Selection.OfSource(rule);
        var destination = Selection.OfDestination(rule);
        var (peer, own) = direction == TrafficDirection.Ingress ? (source, destination) : (destination, source);
        return WithTraffic(decider, rule.Action, rule.Priority, doubt, rule.Layer4, (traffic, unsure) => new FirewallLine(decider, rule.Action, rule.Priority, unsure)
        {
            Traffic = traffic,
            Peers = peer.Sure,
            Own = own.IsAny ? null : own.Sure,
            TargetServiceAccounts = rule.TargetServiceAccounts,
        }).Concat(peer.Feature is null && own.Feature is null ? [] : WithTraffic(
            decider, rule.Action, rule.Priority, doubt ?? $"{decider} selects by {string.Join(" and ", new[] { peer.Feature, own.Feature }.OfType<string>().Distinct(StringComparer.Ordinal))}", rule.Layer4, (traffic, unsure) => new FirewallLine(decider, rule.Action, rule.Priority, unsure)
            {
                Traffic = traffic,
                Peers = peer.Possible,
                Own = own.IsAny || own.Possible == AddressSet.All ? null : own.Possible,
                TargetServiceAccounts = rule.TargetServiceAccounts,
            }));
    }

    public static FirewallDecider DeciderOf(FirewallPolicy policy, FirewallPolicyRule rule) =>
        new(FirewallDeciderKind.PolicyRule, FormattableString.Invariant($"{policy.Title}/{rule.Priority}"), policy.Name, rule.Priority);

    /// <summary>A line that leaves everything from here on open.</summary>
    public static FirewallLine Unreadable(string reason) =>
        new(new FirewallDecider(FirewallDeciderKind.Implied, "unread"), FirewallAction.Unrecognized, 0, null, reason) { Traffic = Traffic.All, Peers = AddressSet.All };

    /// <summary>Protocols and ports as a set, and a protocol among them that is neither a name nor a number; null when there is none.</summary>
    public static (IntervalSet<uint> Traffic, string? NotUnderstood) TrafficOf(ValueList<Layer4> layer4)
    {
        var intervals = new List<Interval<uint>>();
        string? notUnderstood = null;
        foreach (var entry in layer4)
        {
            var ports = entry.Ports.IsEmpty ? IntervalSet.All<ushort>() : IntervalSet.Of(entry.Ports.Select(port => new Interval<ushort>((ushort)port.First, (ushort)port.Last)));
            if (entry.Protocol == "all")
            {
                intervals.AddRange(Traffic.All.Intervals);
            }
            else if (IpProtocol.TryParse(entry.Protocol) is { } protocol)
            {
                intervals.AddRange(Traffic.OfPorts(protocol, ports).Intervals);
            }
            else
            {
                notUnderstood = entry.Protocol;
            }
        }

        return (IntervalSet.Of(intervals), notUnderstood);
    }

    private static IEnumerable<FirewallLine> WithTraffic(
        FirewallDecider decider, FirewallAction action, int priority, string? doubt, ValueList<Layer4> layer4, Func<IntervalSet<uint>, string?, FirewallLine> line)
    {
        var (traffic, notUnderstood) = TrafficOf(layer4);
        var lines = new List<FirewallLine> { line(traffic, doubt) };
        if (notUnderstood is not null)
        {
            lines.Add(line(Traffic.All, doubt ?? $"{decider} names the protocol \"{notUnderstood}\""));
        }

        return lines.Where(candidate => candidate.CanMatch);
    }

    private static bool IsIneffective(SecureTag tag) => tag.State == "INEFFECTIVE";

    // One end of a policy's rule. Any of its kinds will do, the kind of network has to fit besides; nothing said is no condition.
    private sealed record Selection(AddressSet Sure, AddressSet Possible, string? Feature)
    {
        public bool IsAny => Sure == AddressSet.All;

        public static Selection OfSource(FirewallPolicyRule rule) => Of(
            rule.SourceRanges, rule.SourceSecureTags, rule.SourceAddressGroups, rule.SourceFqdns, rule.SourceRegionCodes, rule.SourceThreatIntelligences, rule.SourceNetworkType, rule.SourceNetworks);

        public static Selection OfDestination(FirewallPolicyRule rule) => Of(
            rule.DestinationRanges, [], rule.DestinationAddressGroups, rule.DestinationFqdns, rule.DestinationRegionCodes, rule.DestinationThreatIntelligences, rule.DestinationNetworkType, rule.DestinationNetworks);

        private static Selection Of(
            ValueList<IpRange> ranges, ValueList<SecureTag> tags, ValueList<string> groups, ValueList<string> fqdns, ValueList<string> regions, ValueList<string> threats, string? networkType, ValueList<ResourceName> networks)
        {
            var features = new List<string>();
            void Note(bool present, string feature)
            {
                if (present)
                {
                    features.Add(feature);
                }
            }

            // A tag that is not effective is on nobody.
            Note(tags.Any(tag => !IsIneffective(tag)), "secure tags");
            Note(!groups.IsEmpty, "address groups");
            Note(!fqdns.IsEmpty, "FQDN");
            Note(!regions.IsEmpty, "geography");
            Note(!threats.IsEmpty, "threat lists");
            var saysNothing = ranges.IsEmpty && tags.IsEmpty && features.Count == 0;
            var sure = saysNothing ? AddressSet.All : AddressSet.Of(ranges);
            var possible = features.Count > 0 ? AddressSet.All : sure;
            if (networkType is not null || !networks.IsEmpty)
            {
                features.Add("the kind of network");
                sure = AddressSet.None;
            }

            return new Selection(sure, possible, features.Count == 0 ? null : string.Join(", ", features));
        }
    }
}
