namespace Auditor.Model;

/// <summary>
/// Something of a resource that Google does not write into it but tells in another call, such as the members of an instance group. It is kept as
/// a field that Google does not have, whose name begins with "auditor"; absent means that the other call was not made, never that there is nothing.
/// </summary>
/// <param name="Kind">The kind of resource it is a part of.</param>
/// <param name="Field">The field's name; with "Unread" behind it stands why the other call failed.</param>
public sealed record ResourcePart(ResourceKind Kind, string Field)
{
    /// <summary>The field that says why the part is not known.</summary>
    public string UnreadField => $"{Field}Unread";

    /// <summary>The VMs of an instance group: items of instanceGroups.listInstances.</summary>
    public static ResourcePart Members { get; } = new(ResourceKind.InstanceGroup, "auditorMembers");

    /// <summary>The endpoints of a network endpoint group: items of networkEndpointGroups.listNetworkEndpoints.</summary>
    public static ResourcePart Endpoints { get; } = new(ResourceKind.NetworkEndpointGroup, "auditorNetworkEndpoints");

    /// <summary>
    /// The routes a network has from its peerings: one item {peering, region, routes} for each networks.listPeeringRoutes. Asked of active peerings
    /// that import custom routes or whose network is not monitored, in the regions where the network has subnetworks.
    /// </summary>
    public static ResourcePart PeeringRoutes { get; } = new(ResourceKind.Network, "auditorPeeringRoutes");

    /// <summary>The private services connections of a network: connections of servicenetworking's services.connections.</summary>
    public static ResourcePart ServiceConnections { get; } = new(ResourceKind.Network, "auditorServiceConnections");

    /// <summary>What a router has learned: the result of routers.getRouterStatus. None for a router without BGP peers.</summary>
    public static ResourcePart RouterStatus { get; } = new(ResourceKind.Router, "auditorRouterStatus");

    /// <summary>The records of a zone that lead to addresses: rrsets of resourceRecordSets.list.</summary>
    public static ResourcePart Records { get; } = new(ResourceKind.ManagedZone, "auditorRecords");

    /// <summary>The rules of a response policy: responsePolicyRules of responsePolicyRules.list.</summary>
    public static ResourcePart Rules { get; } = new(ResourceKind.ResponsePolicy, "auditorRules");

    /// <summary>All parts.</summary>
    public static ValueList<ResourcePart> All { get; } = [Members, Endpoints, PeeringRoutes, ServiceConnections, RouterStatus, Records, Rules];

    /// <summary>Whether resources of a kind have parts.</summary>
    public static bool IsIn(ResourceKind kind) => All.Any(part => part.Kind == kind);
}
