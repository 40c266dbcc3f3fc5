using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// The routes that a network has from one of its peerings, as they hold in one region. Source: networks.listPeeringRoutes, direction INCOMING,
/// compute v1.
/// </summary>
/// <param name="Peering">The peering's name in its network.</param>
public sealed record PeeringRouteList(string Peering, string Region, ValueList<PeeringRoute> Routes)
{
    internal static PeeringRouteList Parse(FieldReader fields) =>
        new(fields.Text("peering") ?? "", fields.Text("region") ?? "", fields.Children("routes").Select(PeeringRoute.Parse).ToValueList());
}

/// <summary>A route of a peering.</summary>
/// <param name="NextHopRegion">The region it leads to; null when not said.</param>
/// <param name="Priority">The lowest wins among equal prefixes; null when not said.</param>
/// <param name="IsImported">Whether the network uses it; one that it does not import is listed all the same.</param>
public sealed record PeeringRoute(IpRange? DestRange, PeeringRouteType Type, string? NextHopRegion, int? Priority, bool IsImported)
{
    internal static PeeringRoute Parse(FieldReader fields) => new(
        fields.Range("destRange"),
        fields.Choice("type", PeeringRouteType.Unrecognized) ?? PeeringRouteType.Unspecified,
        fields.Text("nextHopRegion"),
        fields.Number("priority"),
        fields.Flag("imported") ?? false);
}

/// <summary>What a route of a peering is in the other network.</summary>
public enum PeeringRouteType
{
    /// <summary>Not said.</summary>
    Unspecified,
    SubnetPeeringRoute,
    StaticPeeringRoute,
    DynamicPeeringRoute,

    /// <summary>A type Google added after this was written.</summary>
    Unrecognized = -1,
}
