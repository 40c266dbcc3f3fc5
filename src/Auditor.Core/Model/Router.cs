using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Cloud Router with its NAT gateways. Source: REST Resource routers, compute v1.</summary>
public sealed record Router(ResourceName Name) : Resource(Name)
{
    public ResourceName? Network { get; init; }

    public ValueList<RouterNat> Nats { get; init; }

    /// <summary>DEFAULT (all subnetworks) or CUSTOM; null for a router without BGP.</summary>
    public string? AdvertiseMode { get; init; }

    /// <summary>CUSTOM only: such as ALL_SUBNETS.</summary>
    public ValueList<string> AdvertisedGroups { get; init; }

    /// <summary>CUSTOM only: ranges announced to the peers.</summary>
    public ValueList<IpRange> AdvertisedRanges { get; init; }

    /// <summary>Names of its BGP sessions; without any it learns no routes.</summary>
    public ValueList<string> BgpPeers { get; init; }

    /// <summary>What it has learned and tells its peers; null when not read. Empty for a router without BGP sessions.</summary>
    public RouterStatus? Status { get; init; }

    /// <summary>Why <see cref="Status"/> could not be read; null when it was, or when nobody asked.</summary>
    public string? StatusUnread { get; init; }

    public override IEnumerable<ResourceName> References => Nats.SelectMany(nat => nat.References).Prepend(Network ?? default).Where(name => name != default);

    internal static Router Parse(FieldReader fields)
    {
        var bgp = fields.Child("bgp");
        return new Router(fields.Context.Name)
        {
            Network = fields.Reference("network", ResourceKind.Network),
            Nats = fields.Children("nats").Select(RouterNat.Parse).ToValueList(),
            AdvertiseMode = bgp?.Text("advertiseMode"),
            AdvertisedGroups = bgp?.Texts("advertisedGroups") ?? [],
            AdvertisedRanges = (bgp?.Children("advertisedIpRanges") ?? []).Select(range => range.Range("range")).OfType<IpRange>().ToValueList(),
            BgpPeers = fields.Children("bgpPeers").Select(peer => peer.Text("name")).OfType<string>().ToValueList(),
            Status = fields.Part(ResourcePart.RouterStatus) is { } status ? status.Select(RouterStatus.Parse).FirstOrDefault(new RouterStatus([], [])) : null,
            StatusUnread = fields.Text(ResourcePart.RouterStatus.UnreadField),
        };
    }
}
