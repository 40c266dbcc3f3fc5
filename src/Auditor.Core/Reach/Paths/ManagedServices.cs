using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Services that Google runs in networks of its own: how they are reached, and whether they answer.</summary>
internal static class ManagedServices
{
    // Cloud SQL answers no client in the range of its own Docker bridge. Source: the page on private IP of Cloud SQL.
    private static readonly AddressSet s_dockerBridge = RoutedRanges.Of("172.17.0.0/16");

    /// <summary>Whether it is reached over a peering of the network; not by Private Service Connect.</summary>
    public static bool IsPeered(Resource service) => service is SqlInstance { PrivateNetwork: not null } or RedisInstance;

    /// <summary>The peering by which a network reaches a service; null when it has none.</summary>
    public static NetworkPeering? PeeringTo(Resource service, IEnumerable<NetworkPeering> producers) => producers.Where(peering => service switch
    {
        SqlInstance => IsPrivateServicesAccess(peering) || peering.Name.StartsWith("cloudsql-", StringComparison.Ordinal),
        RedisInstance { ConnectMode: "PRIVATE_SERVICE_ACCESS" } => IsPrivateServicesAccess(peering),
        RedisInstance => peering.Name.StartsWith("redis-peer-", StringComparison.Ordinal),
        _ => IsPrivateServicesAccess(peering),
    }).OrderBy(peering => peering.State == PeeringState.Active ? 0 : 1).ThenBy(peering => peering.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether the service takes the packets.</summary>
    public static void Pass(PathPart part, Occupant.Managed service, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(service.Name);
        var split = new PathSplitter(part, into);
        switch (service.Service)
        {
            case SqlInstance sql:
                Sql(split, sql, by);
                break;
            case RedisInstance redis:
                Redis(split, redis, service.Address, by);
                break;
        }

        NoWayBack(split, AddressSet.Private.Complement(), PeeringTo(service.Service, RoutingTable.Of(walk.View, walk.Source.Network).ProducerPeerings) is { ExportSubnetRoutesWithPublicIp: false } peering
            ? new PathDecider(peering.Name, $"peering {peering.Name}, which does not export subnetworks with public addresses", walk.Source.Network) : null);
        split.All(all => all.Ends(PathEnd.Reachable(PathStage.Target, by)));
    }

    private static void Sql(PathSplitter split, SqlInstance sql, PathDecider by)
    {
        if (sql.State == SqlState.Unspecified || sql.State == SqlState.Unrecognized)
        {
            split.All(all => all.Ends(PathEnd.Unknown(PathStage.Target, PathReason.SqlNotRunning, $"the state of Cloud SQL instance {sql.Name.Id} is not known")));
        }
        else if (!sql.IsRunning)
        {
            split.All(all => all.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlNotRunning, by)));
        }

        var proxy = Port(3307);
        var direct = sql.Port is { } port ? Port(port) : default;
        if (sql.Port is null)
        {
            split.Traffic(Traffic.OfProtocol(IpProtocol.Tcp).Except(proxy), tcp => tcp.Ends(PathEnd.Unknown(PathStage.Target, PathReason.SqlUnsupportedPort, $"the port of Cloud SQL instance {sql.Name.Id} is not known")));
        }

        split.Traffic(direct.Union(proxy).Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlUnsupportedPort, by)));
        if (sql.ConnectorEnforcement == "REQUIRED")
        {
            split.Traffic(direct, plain => plain.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlConnectorRequired, by)));
        }

        // The proxy and the connectors bring their own authorisation.
        var authorized = RoutedRanges.Rfc1918.Union(AddressSet.Of(sql.AuthorizedNetworks.Select(network => network.Range).OfType<IpRange>()));
        split.Sources(authorized.Complement(), direct, outside => outside.Ends(PathEnd.Blocked(PathStage.Target, PathReason.SqlUnauthorized, by)));
        NoWayBack(split, s_dockerBridge, by);
    }

    private static void Redis(PathSplitter split, RedisInstance redis, IpRange address, PathDecider by)
    {
        if (redis.State is RedisState.Unspecified or RedisState.Unrecognized)
        {
            split.All(all => all.Ends(PathEnd.Unknown(PathStage.Target, PathReason.RedisNotRunning, $"the state of Redis instance {redis.Name.Id} is not known")));
        }
        else if (redis.State is RedisState.Creating or RedisState.Deleting or RedisState.Importing)
        {
            split.All(all => all.Ends(PathEnd.Blocked(PathStage.Target, PathReason.RedisNotRunning, by)));
        }

        var port = address == redis.Host ? redis.Port ?? 6379 : redis.ReadEndpointPort ?? redis.Port ?? 6379;
        split.Traffic(Traffic.OfProtocol(IpProtocol.Tcp).Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, PathReason.RedisUnsupportedProtocol, by)))
            .Traffic(Port(port).Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, PathReason.RedisUnsupportedPort, by)))
            .Sources(AddressSet.Private.Complement(), others => others.Ends(PathEnd.Blocked(PathStage.Target, PathReason.RedisFromPublicAddress, by)));
    }

    private static void NoWayBack(PathSplitter split, AddressSet sources, PathDecider? by)
    {
        if (by is not null)
        {
            split.Sources(sources, lost => lost.Ends(PathEnd.Blocked(PathStage.Target, PathReason.NoRouteBack, by)));
        }
    }

    private static IntervalSet<uint> Port(int port) => Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of((ushort)port, (ushort)port));

    private static bool IsPrivateServicesAccess(NetworkPeering peering) => peering.Name == "servicenetworking-googleapis-com";
}
