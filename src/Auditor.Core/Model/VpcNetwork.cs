using Auditor.Network;

namespace Auditor.Model;

/// <summary>A VPC network with its peerings. Source: REST Resource networks, compute v1.</summary>
public sealed record VpcNetwork(ResourceName Name) : Resource(Name)
{
    /// <summary>Whether Google makes a subnetwork in each region; null for a legacy network.</summary>
    public bool? AutoCreateSubnetworks { get; init; }

    /// <summary>The one range of a legacy network, which connectors cannot use; null for every other network.</summary>
    public IpRange? LegacyRange { get; init; }

    /// <summary>Bytes; null means 1460, Google's default.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether VPC rules are read before the network policies (the default) or after.</summary>
    public FirewallEnforcementOrder EnforcementOrder { get; init; }

    /// <summary>The global network firewall policy associated with it; null when there is none.</summary>
    public ResourceName? FirewallPolicy { get; init; }

    /// <summary>REGIONAL or GLOBAL: how far dynamic routes reach; null means REGIONAL.</summary>
    public string? RoutingMode { get; init; }

    public ValueList<NetworkPeering> Peerings { get; init; }

    /// <summary>
    /// What its peerings bring, per peering and region; null when not read. A peering that is not in it was not asked: its network is monitored, and
    /// nothing but that network's own routes can come from it.
    /// </summary>
    public ValueList<PeeringRouteList>? PeeringRoutes { get; init; }

    /// <summary>Why <see cref="PeeringRoutes"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? PeeringRoutesUnread { get; init; }

    /// <summary>Its private services connections; null when not read.</summary>
    public ValueList<ServiceConnection>? ServiceConnections { get; init; }

    /// <summary>Why <see cref="ServiceConnections"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? ServiceConnectionsUnread { get; init; }

    public bool IsLegacy => LegacyRange is not null;

    public override IEnumerable<ResourceName> References => Peerings.Select(peering => peering.Network).Append(FirewallPolicy).OfType<ResourceName>();

    internal static VpcNetwork Parse(FieldReader fields) => new(fields.Context.Name)
    {
        AutoCreateSubnetworks = fields.Flag("autoCreateSubnetworks"),
        LegacyRange = fields.Range("IPv4Range"),
        Mtu = fields.Number("mtu"),
        EnforcementOrder = fields.Choice("networkFirewallPolicyEnforcementOrder", FirewallEnforcementOrder.Unrecognized) ?? FirewallEnforcementOrder.AfterClassicFirewall,
        FirewallPolicy = fields.Reference("firewallPolicy", ResourceKind.FirewallPolicy),
        RoutingMode = fields.Child("routingConfig")?.Text("routingMode"),
        Peerings = fields.Children("peerings").Select(NetworkPeering.Parse).ToValueList(),
        PeeringRoutes = fields.Part(ResourcePart.PeeringRoutes)?.Select(PeeringRouteList.Parse).ToValueList(),
        PeeringRoutesUnread = fields.Text(ResourcePart.PeeringRoutes.UnreadField),
        ServiceConnections = fields.Part(ResourcePart.ServiceConnections)?.Select(ServiceConnection.Parse).ToValueList(),
        ServiceConnectionsUnread = fields.Text(ResourcePart.ServiceConnections.UnreadField),
    };
}

/// <summary>Which comes first in a network: VPC firewall rules or network firewall policies.</summary>
public enum FirewallEnforcementOrder
{
    /// <summary>VPC rules first; also when nothing is said.</summary>
    AfterClassicFirewall,

    /// <summary>Network policies first.</summary>
    BeforeClassicFirewall,

    /// <summary>An order Google added after this was written.</summary>
    Unrecognized = -1,
}
