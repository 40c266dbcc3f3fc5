using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Whether next hops can be used, and where they lead. What forwards by its own configuration leads to where nobody can see.</summary>
internal static class NextHops
{
    /// <param name="network">The route's network.</param>
    /// <param name="by">The route.</param>
    public static RouteHop Of(NextHop hop, ResourceName network, PathDecider by, EstateView view) => hop switch
    {
        NextHop.Gateway { IsDefaultInternet: true } => new RouteHop.Usable(new RouteChoice.Gateway(by)),
        NextHop.Vm { Instance: var name } => Machine(name, network, by, view),
        NextHop.Ip { Address: var address } => At(address, network, by, view),
        NextHop.Ilb { ForwardingRule: { } name } => Balancer(name, view),
        NextHop.Ilb { Address: { } address } => BalancerAt(address, network, by, view),
        NextHop.Hub { Name: var hub } => Elsewhere(PathReason.NccHub, $"Network Connectivity Center hub {hub[(hub.LastIndexOf('/') + 1)..]} decides where it goes"),
        NextHop.VpnTunnel { Tunnel: var tunnel } => Hybrid<VpnTunnel>(tunnel, view, found => found.Status switch
        {
            VpnTunnelStatus.Established => Elsewhere(PathReason.VpnGateway, $"VPN tunnel {tunnel.Id} takes it out of Google Cloud"),
            VpnTunnelStatus.Unspecified or VpnTunnelStatus.Unrecognized => new RouteHop.Unread($"whether VPN tunnel {tunnel.Id} is established is not known"),
            _ => new RouteHop.Dead(PathReason.HopTunnelNotEstablished),
        }),
        NextHop.InterconnectAttachment { Attachment: var attachment } => Hybrid<InterconnectAttachment>(attachment, view, found =>
            found.IsUsable ? Elsewhere(PathReason.Interconnect, $"interconnect attachment {attachment.Id} takes it out of Google Cloud")
            : found.State is InterconnectAttachmentState.Unspecified or InterconnectAttachmentState.Unrecognized ? new RouteHop.Unread($"whether interconnect attachment {attachment.Id} is active is not known")
            : new RouteHop.Dead(PathReason.HopNotFound)),
        _ => new RouteHop.Unread($"{by} has a next hop that is not known"),
    };

    private static RouteHop Hybrid<T>(ResourceName name, EstateView view, Func<T, RouteHop> judge)
        where T : Resource => view.Find<T>(name) switch
        {
            Lookup<T>.Found { Resource: var found } => judge(found),
            Lookup<T>.Unread { Reason: var reason } => new RouteHop.Unread($"{PathDecider.Of(name)} was not read: {reason}"),
            _ => new RouteHop.Dead(PathReason.HopNotFound),
        };

    private static RouteHop Machine(ResourceName name, ResourceName network, PathDecider by, EstateView view) => view.Find<Instance>(name) switch
    {
        Lookup<Instance>.Found { Resource: var machine } => Machine(machine, network),
        Lookup<Instance>.Unread { Reason: var reason } => new RouteHop.Unread($"next hop {name.Id} of {by} was not read: {reason}"),
        _ => new RouteHop.Dead(PathReason.HopNotFound),
    };

    private static RouteHop Machine(Instance machine, ResourceName network) =>
        machine.Status is not (null or "RUNNING") ? new RouteHop.Dead(PathReason.InstanceNotRunning)
        : !machine.NetworkInterfaces.Any(nic => nic.Network == network) ? new RouteHop.Dead(PathReason.HopWrongNetwork)
        : !machine.CanIpForward ? new RouteHop.Usable(new RouteChoice.Ended(PathEnd.Blocked(PathStage.Route, PathReason.ForeignIpDisallowed, PathDecider.Of(machine.Name))))
        : Elsewhere(PathReason.Unsupported, $"VM {machine.Name.Id} forwards it as its own configuration says");

    private static RouteHop At(IpRange address, ResourceName network, PathDecider by, EstateView view) => AddressBook.Of(view, network) is var book && book.Find(address) is { } occupant
        ? occupant switch
        {
            Occupant.Machine { Instance: var machine, Address: not null } => Machine(machine, network),
            Occupant.Front { Rules: var rules } when rules.Any(rule => rule.Scheme == LoadBalancingScheme.Internal) => Forwarded(rules[0].Name),
            _ => new RouteHop.Dead(PathReason.HopAddressNotResolved),
        }
        : book.WhyUnread is { } missing ? new RouteHop.Unread($"next hop {address.Address} of {by} is not known: {missing}") : new RouteHop.Dead(PathReason.HopAddressNotResolved);

    private static RouteHop BalancerAt(IpRange address, ResourceName network, PathDecider by, EstateView view) => AddressBook.Of(view, network) is var book && book.Find(address) is Occupant.Front { Rules: var rules }
        ? rules.FirstOrDefault(rule => rule.Scheme == LoadBalancingScheme.Internal) is { } passthrough ? Forwarded(passthrough.Name) : new RouteHop.Dead(PathReason.HopForwardingRuleType)
        : book.WhyUnread is { } missing ? new RouteHop.Unread($"next hop {address.Address} of {by} is not known: {missing}")
        : new RouteHop.Dead(PathReason.HopNotFound);

    private static RouteHop Balancer(ResourceName name, EstateView view) => view.Find<ForwardingRule>(name) switch
    {
        Lookup<ForwardingRule>.Found { Resource.Scheme: LoadBalancingScheme.Internal } => Forwarded(name),
        Lookup<ForwardingRule>.Found => new RouteHop.Dead(PathReason.HopForwardingRuleType),
        Lookup<ForwardingRule>.Unread { Reason: var reason } => new RouteHop.Unread($"forwarding rule {name.Id} was not read: {reason}"),
        _ => new RouteHop.Dead(PathReason.HopNotFound),
    };

    private static RouteHop.Usable Forwarded(ResourceName rule) => Elsewhere(PathReason.Unsupported, $"the machines behind forwarding rule {rule.Id} forward it as their own configuration says");

    private static RouteHop.Usable Elsewhere(string reason, string because) => new(new RouteChoice.Ended(PathEnd.Unknown(PathStage.Route, reason, because)));
}
