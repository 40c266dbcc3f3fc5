using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Flows;

/// <summary>Where a workload's packets enter a network: the VMs of its connector, or its own interface on a subnetwork.</summary>
/// <param name="End">Usable addresses, and the tags that egress rules match. A connector's VMs have no service account of the user's.</param>
/// <param name="Peer">The same as ingress rules of other machines see it: tags of a Direct VPC interface are no source there.</param>
/// <param name="What">In words: "connector c".</param>
/// <param name="Subnetwork">Null for a connector with a range of its own, whose hidden subnetwork no list can name.</param>
public sealed record FlowSource(ResourceName Network, string? Region, FirewallEnd End, FirewallEnd Peer, string What, ResourceName? Subnetwork)
{
    /// <summary>The tag that every connector's VMs carry.</summary>
    public const string UniversalConnectorTag = "vpc-connector";

    // Network, gateway, second to last and broadcast address of a primary range.
    private const int ReservedAtEachEnd = 2;

    /// <summary>The usable addresses.</summary>
    public AddressSet Addresses => End.Addresses ?? AddressSet.None;

    /// <summary>Where a connector's packets come from; null where that is not known, and then why. Whether that is because something does not exist.</summary>
    public static (FlowSource? Source, string? Missing, bool IsGone) Of(Connector connector, EstateView view)
    {
        var place = ConnectorPlace.Of(connector, view);
        return place is { Range: { } range, Network: { } network }
            ? (new FlowSource(network, connector.Name.Location, ConnectorEnd(connector, range), ConnectorEnd(connector, range), $"connector {connector.Name.Id}", place.Subnetwork), null, false)
            : (null, place.Missing ?? "the connector names no network", false);
    }

    /// <summary>Where a workload's packets enter a network. Both null when it is attached to none.</summary>
    public static (FlowSource? Source, string? Missing, bool IsGone) Of(Workload workload, EstateView view) => workload.VpcAccess is { } access ? Of(access, workload.Region, view) : (null, null, false);

    /// <summary>Where packets of a workload of a region enter a network.</summary>
    public static (FlowSource? Source, string? Missing, bool IsGone) Of(VpcAccess access, string? region, EstateView view)
    {
        if (access.Connector is { } name)
        {
            return view.Find<Connector>(name) switch
            {
                Lookup<Connector>.Found { Resource: var connector } => Of(connector, view),
                Lookup<Connector>.Unread { Reason: var reason } => (null, $"connector {name.Id} was not read: {reason}", false),
                _ => (null, $"connector {name.Id} does not exist", true),
            };
        }

        return SubnetworkOf(access, region) is not { } on ? (null, "the Direct VPC interface names neither a network nor a subnetwork", false) : view.Find<Subnetwork>(on) switch
        {
            Lookup<Subnetwork>.Found { Resource: { IpCidrRange: { } range, Network: { } inNetwork } } => (
                new FlowSource(inNetwork, on.Location, new FirewallEnd(Usable(range), access.Tags), new FirewallEnd(Usable(range)), $"subnetwork {on.Id}", on), null, false),
            Lookup<Subnetwork>.Found => (null, $"subnetwork {on.Id} names no IPv4 range or no network", false),
            Lookup<Subnetwork>.Unread { Reason: var reason } => (null, $"subnetwork {on.Id} was not read: {reason}", false),
            _ => (null, $"subnetwork {on.Id} does not exist", true),
        };
    }

    /// <summary>The subnetwork of a Direct VPC interface; where only the network is named, Google takes the subnetwork of the same name. Null when that cannot be told.</summary>
    public static ResourceName? SubnetworkOf(VpcAccess access, string? region) =>
        access.Subnetwork ?? (access.Network is { Project: { } project } network && region is not null ? ResourceName.Of(ResourceKind.Subnetwork, project, region, network.Id) : null);

    /// <summary>The addresses of a primary range that machines can have.</summary>
    public static AddressSet Usable(IpRange range) => range.PrefixLength > 29 ? AddressSet.Of(range)
        : AddressSet.Of(IntervalSet.Of((uint)range.First + ReservedAtEachEnd, (uint)range.Last - ReservedAtEachEnd), default);

    private static FirewallEnd ConnectorEnd(Connector connector, IpRange range) => new(Usable(range), [UniversalConnectorTag, connector.UniqueNetworkTag]);
}
