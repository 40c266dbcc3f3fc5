using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// The rules that Google manages for connectors of a network's own project: aet-REGION-CONNECTOR-SUFFIX. They may or may not be listed; where none
/// of a connector is, the two that let it in to every machine are assumed. A connector of a service project has none.
/// Source: the page on restricting a connector's access; how the name is written (hyphens dropped in the region, doubled in the connector) is observed.
/// </summary>
public static class ManagedRules
{
    /// <summary>Priority of the rules that let a connector in to every machine.</summary>
    public const int AllowPriority = 1000;

    private static readonly string[] s_suffixes = ["-hcfw", "-rsgfw", "-earfw", "-egrfw", "-sbntfw", "-tagfw"];

    private static readonly IntervalSet<uint> s_letIn = IntervalSet.Of(((byte[])[IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmp]).SelectMany(protocol => Traffic.OfProtocol(protocol).Intervals));

    /// <summary>Whether Google manages the rule.</summary>
    public static bool IsManaged(Firewall rule) => rule.Name.Id.StartsWith("aet-", StringComparison.Ordinal) && Array.Exists(s_suffixes, suffix => rule.Name.Id.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>Whether a listed rule is one of a connector's.</summary>
    public static bool IsOf(Firewall rule, Connector connector)
    {
        if (!IsManaged(rule))
        {
            return false;
        }

        var middle = rule.Name.Id["aet-".Length..rule.Name.Id.LastIndexOf('-')];
        return Squeezed(middle) == Squeezed(connector.Name.Location + connector.Name.Id);
    }

    /// <summary>Whether Google makes rules for the connector in this network: only where the two belong to one project.</summary>
    public static bool AppliesTo(Connector connector, ResourceName network) => connector.Name.Project == network.Project;

    /// <summary>The ingress lines of a connector none of whose rules is listed.</summary>
    internal static IEnumerable<FirewallLine> Assumed(ResourceName connector, IpRange range)
    {
        var name = $"aet-{Squeezed(connector.Location!)}-{connector.Id.Replace("-", "--", StringComparison.Ordinal)}";
        yield return new FirewallLine(Decider("sbntfw"), FirewallAction.Allow, AllowPriority, null) { Traffic = s_letIn, Peers = AddressSet.Of(range) };
        yield return new FirewallLine(Decider("tagfw"), FirewallAction.Allow, AllowPriority, null) { Traffic = s_letIn, PeerTags = [new Connector(connector).UniqueNetworkTag] };

        FirewallDecider Decider(string suffix) => new(FirewallDeciderKind.ManagedRule, $"{name}-{suffix}", null, AllowPriority, Assumed: true);
    }

    /// <summary>
    /// What Google lets through between a connector's VMs and its own infrastructure, where none of the connector's rules is listed: hcfw, rsgfw and earfw
    /// on tcp:667. Under names of their own, so that they can be put into a firewall.
    /// </summary>
    internal static IEnumerable<Firewall> ForInfrastructure(Connector connector, ResourceName network, AddressSet serverless, AddressSet healthProbes)
    {
        const int Priority = 100;
        yield return Rule("serverless-in", TrafficDirection.Ingress) with { SourceRanges = serverless.ToRanges().ToValueList() };
        yield return Rule("health-in", TrafficDirection.Ingress) with { SourceRanges = healthProbes.ToRanges().ToValueList() };
        yield return Rule("serverless-out", TrafficDirection.Egress) with { DestinationRanges = serverless.ToRanges().ToValueList() };

        Firewall Rule(string what, TrafficDirection direction) => new(ResourceName.Of(ResourceKind.Firewall, network.Project!, $"{connector.UniqueNetworkTag}-{what}"))
        {
            Network = network,
            Direction = direction,
            Priority = Priority,
            Action = FirewallAction.Allow,
            Layer4 = [new Layer4("tcp", [new PortInterval(667, 667)])],
            TargetTags = [connector.UniqueNetworkTag],
        };
    }

    /// <summary>Where not every connector is known: some rule of one that is not may let private addresses in.</summary>
    internal static FirewallLine Unlisted(string reason) => new(new FirewallDecider(FirewallDeciderKind.ManagedRule, "aet-unlisted", null, AllowPriority, Assumed: true), FirewallAction.Allow, AllowPriority, reason)
    {
        Traffic = s_letIn,
        Peers = AddressSet.Private,
    };

    // Doubled and dropped hyphens are written differently from page to page: compared without them.
    private static string Squeezed(string text) => text.Replace("-", "", StringComparison.Ordinal);
}
