using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Services that Google runs in networks of its own: how they are reached, and whether they answer. Ingress rules of the network do not meet them.</summary>
internal static class ManagedServices
{
    private const string PrivateServicesAccess = "servicenetworking-googleapis-com";

    // Cloud SQL answers no client in the range of its own Docker bridge. Source: the page on private IP of Cloud SQL.
    private static readonly AddressSet s_dockerBridge = RoutedRanges.Of("172.17.0.0/16");
    private static readonly IntervalSet<uint> s_sqlProxy = Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(3307, 3307));

    /// <summary>The peering by which a network reaches a service; null when it has none.</summary>
    public static NetworkPeering? PeeringTo(ManagedEndpoint endpoint, IEnumerable<NetworkPeering> producers) => producers
        .Where(peering => endpoint.Way == ServiceWay.PrivateServicesAccess
            ? peering.Name == PrivateServicesAccess || (endpoint.Service is SqlInstance && peering.Name.StartsWith("cloudsql-", StringComparison.Ordinal))
            : endpoint.Service is GkeCluster cluster ? endpoint.IsPeered && peering.Name == cluster.PeeringName
            : endpoint.Way == ServiceWay.DirectPeering && peering.Name.StartsWith(endpoint.Service is FilestoreInstance ? "filestore-peer-" : "redis-peer-", StringComparison.Ordinal))
        .OrderBy(peering => peering.State == PeeringState.Active ? 0 : 1).ThenBy(peering => peering.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether the service takes the packets.</summary>
    public static void Pass(PathPart part, ManagedEndpoint endpoint, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(endpoint.Service.Name);
        var split = new PathSplitter(part, into);
        var (notRunning, wrongPort, wrongProtocol) = endpoint.Reasons;
        if (endpoint.IsConnected != true)
        {
            split.All(all => all.Ends(endpoint.IsConnected is null ? PathEnd.Unknown(PathStage.Target, PathReason.PscNotAccepted, $"whether the connection to {by} stands is not said") : PathEnd.Blocked(PathStage.Target, PathReason.PscNotAccepted, by)));
        }
        else if (endpoint.Serves != true)
        {
            split.All(all => all.Ends(endpoint.Serves is null ? PathEnd.Unknown(PathStage.Target, notRunning, $"the state of {by} is not known") : PathEnd.Blocked(PathStage.Target, notRunning, by)));
        }

        split.Traffic(Traffic.OfProtocol(IpProtocol.Tcp).Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, wrongProtocol, by)));
        if (endpoint.Ports.IsEmpty)
        {
            split.Traffic(s_sqlProxy.Complement(), others => others.Ends(PathEnd.Unknown(PathStage.Target, wrongPort, $"the port of {by} is not known")));
        }
        else
        {
            split.Traffic(endpoint.Traffic.Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, wrongPort, by)));
        }

        if (endpoint.Service is SqlInstance sql)
        {
            Sql(split, sql, endpoint.Way, by);
        }
        else if (endpoint.Service is GkeCluster gke)
        {
            ControlPlane(split, gke, walk, by);
        }
        else if (endpoint.Service is RedisInstance)
        {
            split.Sources(AddressSet.Private.Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, PathReason.RedisFromPublicAddress, by)));
        }

        // Google's side learns of such subnetworks only where the peering exports them.
        if (PeeringTo(endpoint, walk.Table.ProducerPeerings) is { ExportSubnetRoutesWithPublicIp: false } peering)
        {
            split.Sources(AddressSet.Private.Complement(), lost => lost.Ends(PathEnd.Blocked(
                PathStage.Target, PathReason.NoRouteBack, new PathDecider(peering.Name, $"peering {peering.Name}, which does not export subnetworks with public addresses", walk.Source.Network))));
        }

        split.All(all => all.Ends(PathEnd.Reachable(PathStage.Target, by)));
    }

    // Other regions need global access. The cluster's own nodes and pods are always let in; whether authorised networks hold for the private endpoint without
    // enforcement depends on how the cluster was made, which it does not say.
    private static void ControlPlane(PathSplitter split, GkeCluster cluster, PathWalk walk, PathDecider by)
    {
        if (cluster.MasterGlobalAccess != true && cluster.Region != walk.Source.Region)
        {
            split.All(all => all.Ends(PathEnd.Blocked(PathStage.Target, PathReason.GkeRegionMismatch, by)));
        }

        if (cluster.AuthorizedNetworksEnabled != true)
        {
            return;
        }

        var nodes = cluster.Subnetwork is { } name && walk.View.Find<Subnetwork>(name) is Lookup<Subnetwork>.Found { Resource.IpCidrRange: { } range } ? range : (IpRange?)null;
        var authorized = AddressSet.Of(cluster.AuthorizedNetworks.Concat(new[] { nodes, cluster.PodRange }.OfType<IpRange>()));
        split.Sources(authorized.Complement(), outside => outside.Ends(cluster.PrivateEndpointEnforcement == true
            ? PathEnd.Blocked(PathStage.Target, PathReason.GkeUnauthorized, by)
            : PathEnd.Unknown(PathStage.Target, PathReason.GkeUnauthorized, $"whether the authorised networks of {by} hold for its private endpoint is not said")));
    }

    private static void Sql(PathSplitter split, SqlInstance sql, ServiceWay way, PathDecider by)
    {
        if (sql.ConnectorEnforcement == "REQUIRED")
        {
            split.Traffic(s_sqlProxy.Complement(), plain => plain.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlConnectorRequired, by)));
        }

        if (way == ServiceWay.PrivateServiceConnect)
        {
            return;
        }

        // The proxy and the connectors bring their own authorisation.
        var authorized = RoutedRanges.Rfc1918.Union(AddressSet.Of(sql.AuthorizedNetworks.Select(network => network.Range).OfType<IpRange>()));
        split.Sources(authorized.Complement(), s_sqlProxy.Complement(), outside => outside.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlUnauthorized, by)))
            .Sources(s_dockerBridge, lost => lost.Ends(PathEnd.Blocked(PathStage.Target, PathReason.NoRouteBack, by)));
    }
}
