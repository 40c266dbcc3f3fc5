using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>How clients of a network get to a managed service.</summary>
internal enum ServiceWay
{
    /// <summary>Over the peering of private services access.</summary>
    PrivateServicesAccess,

    /// <summary>Over a peering that the service made for itself.</summary>
    DirectPeering,

    /// <summary>By an endpoint in the network.</summary>
    PrivateServiceConnect,

    /// <summary>By an address in a subnetwork of the network, which the service took itself.</summary>
    OwnAddress,
}

/// <summary>An address at which a service that Google runs answers clients of one network.</summary>
/// <param name="Ports">TCP ports; empty when they are not known.</param>
/// <param name="Serves">Whether it answers; null when that is not known.</param>
/// <param name="IsConnected">Private Service Connect: whether the connection stands; null when that is not known.</param>
internal sealed record ManagedEndpoint(Resource Service, ResourceName Network, IpRange Address, ServiceWay Way, ValueList<Interval<ushort>> Ports, bool? Serves, bool? IsConnected = true)
{
    private static readonly Interval<ushort> s_sqlProxy = Port(3307);
    private static readonly Interval<ushort> s_clusterNodes = new(11000, 13047);

    /// <summary>Whether a peering leads there: no subnetwork of the network has the address.</summary>
    public bool IsPeered => Way is ServiceWay.PrivateServicesAccess or ServiceWay.DirectPeering;

    /// <summary>The port that clients begin with; null when it is not known.</summary>
    public ushort? UsualPort => Ports.IsEmpty ? null : Ports[0].First;

    public IntervalSet<uint> Traffic => Auditor.Network.Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of(Ports));

    /// <summary>The service by the words of the reason codes.</summary>
    public (string NotRunning, string Port, string Protocol) Reasons => Service switch
    {
        SqlInstance => (PathReason.SqlNotRunning, PathReason.SqlUnsupportedPort, PathReason.SqlUnsupportedPort),
        RedisInstance => (PathReason.RedisNotRunning, PathReason.RedisUnsupportedPort, PathReason.RedisUnsupportedProtocol),
        GkeCluster => (PathReason.GkeNotRunning, PathReason.ServiceUnsupportedPort, PathReason.ServiceUnsupportedPort),
        RedisCluster => (PathReason.RedisClusterNotRunning, PathReason.RedisClusterUnsupportedPort, PathReason.RedisClusterUnsupportedProtocol),
        _ => (PathReason.ServiceNotRunning, PathReason.ServiceUnsupportedPort, PathReason.ServiceUnsupportedPort),
    };

    /// <summary>Every address of a service, IPv4.</summary>
    public static IEnumerable<ManagedEndpoint> Of(Resource service, EstateView view) => Each(service, view).Where(endpoint => !endpoint.Address.IsV6).Distinct();

    /// <summary>Every address at which clients of a network find a service.</summary>
    public static IEnumerable<ManagedEndpoint> In(EstateView view, ResourceName network) => Kinds.SelectMany(kind => kind == ResourceKind.AlloyDbInstance
            ? view.Referrers<AlloyDbCluster>(ResourceKind.AlloyDbCluster, network).Items.SelectMany(cluster => view.Referrers<Resource>(kind, cluster.Name).Items)
            : view.Referrers<Resource>(kind, network).Items)
        .SelectMany(service => Of(service, view)).Where(endpoint => endpoint.Network == network);

    /// <summary>The kinds that have such addresses.</summary>
    public static readonly ResourceKind[] Kinds =
        [ResourceKind.SqlInstance, ResourceKind.RedisInstance, ResourceKind.RedisCluster, ResourceKind.MemcacheInstance, ResourceKind.MemorystoreInstance, ResourceKind.AlloyDbInstance, ResourceKind.FilestoreInstance,
            ResourceKind.GkeCluster];

    private static IEnumerable<ManagedEndpoint> Each(Resource service, EstateView view)
    {
        switch (service)
        {
            case SqlInstance { PrivateNetwork: { } network, PrivateAddress: { } address } sql:
                yield return new ManagedEndpoint(sql, network, address, ServiceWay.PrivateServicesAccess, SqlPorts(sql), SqlServes(sql));
                break;
            case RedisInstance redis when (redis.AuthorizedNetwork ?? DefaultNetwork(redis)) is { } network:
                var way = redis.ConnectMode == "PRIVATE_SERVICE_ACCESS" ? ServiceWay.PrivateServicesAccess : ServiceWay.DirectPeering;
                bool? answers = redis.State switch
                {
                    RedisState.Unspecified or RedisState.Unrecognized => null,
                    RedisState.Creating or RedisState.Deleting or RedisState.Importing => false,
                    _ => true,
                };
                foreach (var (at, port) in new[] { (redis.Host, redis.Port ?? 6379), (redis.ReadEndpoint, redis.ReadEndpointPort ?? 6379) })
                {
                    if (at is { } address)
                    {
                        yield return new ManagedEndpoint(redis, network, address, way, [Port(port)], answers);
                    }
                }

                break;
            case MemcacheInstance memcache when (memcache.AuthorizedNetwork ?? DefaultNetwork(memcache)) is { } network:
                bool? runs = memcache.State switch { MemcacheState.Unspecified or MemcacheState.Unrecognized => null, MemcacheState.Creating or MemcacheState.Deleting => false, _ => true };
                foreach (var (at, port) in memcache.Nodes.Select(node => (node.Host, node.Port ?? MemcacheInstance.DefaultPort)).Prepend((memcache.DiscoveryAddress, MemcacheInstance.DefaultPort)))
                {
                    if (at is { } address)
                    {
                        yield return new ManagedEndpoint(memcache, network, address, ServiceWay.PrivateServicesAccess, [Port(port)], runs);
                    }
                }

                break;
            case AlloyDbInstance { IpAddress: { } address } alloy when view.Find<AlloyDbCluster>(alloy.Cluster) is Lookup<AlloyDbCluster>.Found { Resource.Network: { } network }:
                bool? ready = alloy.State is AlloyDbInstanceState.Unspecified or AlloyDbInstanceState.Unrecognized ? null
                    : alloy.State is AlloyDbInstanceState.Ready or AlloyDbInstanceState.Maintenance or AlloyDbInstanceState.Promoting && alloy.ActivationPolicy != "NEVER";
                yield return new ManagedEndpoint(alloy, network, address, ServiceWay.PrivateServicesAccess, [Port(AlloyDbInstance.Port), Port(5433)], ready);
                break;
            case FilestoreInstance filestore:
                bool? shares = filestore.State is FilestoreState.Unspecified or FilestoreState.Unrecognized ? null : filestore.State is FilestoreState.Ready or FilestoreState.Repairing or FilestoreState.Promoting;
                foreach (var at in filestore.Networks.Where(at => at.Network is not null))
                {
                    var means = at.ConnectMode switch
                    {
                        FilestoreConnectMode.PrivateServiceAccess => ServiceWay.PrivateServicesAccess,
                        FilestoreConnectMode.PrivateServiceConnect => ServiceWay.PrivateServiceConnect,
                        _ => ServiceWay.DirectPeering,
                    };
                    foreach (var address in at.IpAddresses)
                    {
                        yield return new ManagedEndpoint(filestore, at.Network!.Value, address, means, [Port(FilestoreInstance.Port), Port(111)], shares);
                    }
                }

                break;
            case GkeCluster { PrivateEndpoint: { } address, Network: { } network } gke:
                bool? controls = gke.Status switch
                {
                    GkeClusterStatus.Running or GkeClusterStatus.Reconciling or GkeClusterStatus.Degraded => true,
                    GkeClusterStatus.Provisioning or GkeClusterStatus.Stopping => false,
                    _ => null,
                };
                yield return new ManagedEndpoint(gke, network, address, gke.PeeringName is null && gke.MasterRange is null ? ServiceWay.OwnAddress : ServiceWay.DirectPeering, [Port(443)], controls);
                break;
            case RedisCluster cluster:
                bool? active = cluster.State is RedisClusterState.Unspecified or RedisClusterState.Unrecognized ? null : cluster.State is RedisClusterState.Active or RedisClusterState.Updating;
                foreach (var endpoint in Connected(cluster, cluster.Connections, cluster.DiscoveryEndpoints, active, RedisCluster.DefaultPort))
                {
                    yield return endpoint with { Ports = [.. endpoint.Ports, s_clusterNodes] };
                }

                break;
            case MemorystoreInstance valkey:
                bool? up = valkey.State is MemorystoreState.Unspecified or MemorystoreState.Unrecognized ? null : valkey.State is MemorystoreState.Active or MemorystoreState.Updating;
                foreach (var endpoint in Connected(valkey, valkey.Connections, valkey.DiscoveryEndpoints, up, MemorystoreInstance.DefaultPort))
                {
                    yield return endpoint with { Ports = [.. endpoint.Ports, s_clusterNodes] };
                }

                break;
        }
    }

    /// <summary>The ports of a Cloud SQL instance: its engine's first, then the proxy's; empty when the engine is not known.</summary>
    public static ValueList<Interval<ushort>> SqlPorts(SqlInstance sql) => sql.Port is { } port ? [Port(port), s_sqlProxy] : [];

    /// <summary>Whether a Cloud SQL instance answers; null when that is not known.</summary>
    public static bool? SqlServes(SqlInstance sql) => sql.ActivationPolicy == "NEVER" ? false : sql.State is SqlState.Unspecified or SqlState.Unrecognized ? null : sql.IsRunning;

    private static IEnumerable<ManagedEndpoint> Connected(Resource service, ValueList<PscConnection> connections, ValueList<DiscoveryEndpoint> discovery, bool? serves, int usualPort)
    {
        foreach (var connection in connections)
        {
            if (connection is { Network: { } network, Address: { } address })
            {
                bool? stands = connection.Status switch { PscConnectionState.Active => true, PscConnectionState.NotFound => false, _ => null };
                yield return new ManagedEndpoint(service, network, address, ServiceWay.PrivateServiceConnect, [Port(connection.Port ?? usualPort)], serves, stands);
            }
        }

        foreach (var endpoint in discovery)
        {
            if (endpoint is { Network: { } network, Address: { } address } && !connections.Any(connection => connection.Address == address && connection.Network == network))
            {
                yield return new ManagedEndpoint(service, network, address, ServiceWay.PrivateServiceConnect, [Port(endpoint.Port ?? usualPort)], serves);
            }
        }
    }

    private static ResourceName? DefaultNetwork(Resource service) => service.Name.Project is { } project ? ResourceName.Of(ResourceKind.Network, project, "default") : null;

    private static Interval<ushort> Port(int port) => new((ushort)port, (ushort)port);
}
