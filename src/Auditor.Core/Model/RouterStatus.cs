using Auditor.Network;

namespace Auditor.Model;

/// <summary>What a router has learned and tells its peers at the moment it was read. It changes without audit entries. Source: routers.getRouterStatus, compute v1.</summary>
/// <param name="BestRoutes">The dynamic routes of the router's network in its region, from all of its routers.</param>
/// <param name="Peers">Its BGP sessions.</param>
public sealed record RouterStatus(ValueList<DynamicRoute> BestRoutes, ValueList<BgpPeerStatus> Peers)
{
    internal static RouterStatus Parse(FieldReader fields) => new(
        fields.Children("bestRoutes").Select(route => new DynamicRoute(route.Range("destRange"), route.Number("priority"), NextHop.Parse(route))).ToValueList(),
        fields.Children("bgpPeerStatus").Select(peer => new BgpPeerStatus(
            peer.Text("name"), peer.Text("status"), peer.Children("advertisedRoutes").Select(route => route.Range("destRange")).OfType<IpRange>().ToValueList())).ToValueList());
}

/// <summary>A route that a router learned over BGP.</summary>
/// <param name="Priority">The lowest wins among equal prefixes; null when not said.</param>
/// <param name="NextHop">A tunnel, an attachment or an address; null when not said.</param>
public sealed record DynamicRoute(IpRange? DestRange, int? Priority, NextHop? NextHop);

/// <summary>A BGP session of a router.</summary>
/// <param name="Status">UP, DOWN or UNKNOWN; null when not said.</param>
/// <param name="AdvertisedRoutes">What the peer is told.</param>
public sealed record BgpPeerStatus(string? Name, string? Status, ValueList<IpRange> AdvertisedRoutes);
