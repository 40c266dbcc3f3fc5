using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Memorystore for Redis Cluster, reached over Private Service Connect. Source: REST Resource projects.locations.clusters, redis v1.</summary>
public sealed record RedisCluster(ResourceName Name) : Resource(Name)
{
    /// <summary>The port of discovery and of every node.</summary>
    public const int DefaultPort = 6379;

    public RedisClusterState State { get; init; }

    /// <summary>Networks for which Google makes endpoints.</summary>
    public ValueList<ResourceName> PscNetworks { get; init; }

    /// <summary>Where clients begin.</summary>
    public ValueList<DiscoveryEndpoint> DiscoveryEndpoints { get; init; }

    /// <summary>Every connection, also those the user made.</summary>
    public ValueList<PscConnection> Connections { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => PscNetworks.Concat(DiscoveryEndpoints.Select(endpoint => endpoint.Network).OfType<ResourceName>()).Concat(Connections.SelectMany(connection => connection.References));

    public override string? Lifecycle => State == RedisClusterState.Unspecified ? null : State.ToGoogleWord();

    internal static RedisCluster Parse(FieldReader fields) => new(fields.Context.Name)
    {
        State = fields.Choice("state", RedisClusterState.Unrecognized) ?? RedisClusterState.Unspecified,
        PscNetworks = fields.Children("pscConfigs").Select(config => config.Reference("network", ResourceKind.Network)).OfType<ResourceName>().ToValueList(),
        DiscoveryEndpoints = fields.Children("discoveryEndpoints").Select(DiscoveryEndpoint.Parse).ToValueList(),
        Connections = fields.Children("pscConnections").Select(PscConnection.Parse).Concat(PscConnection.OfEndpoints(fields, "clusterEndpoints")).ToValueList(),
        Labels = fields.Map("labels"),
    };
}

/// <summary>Where clients of a cluster begin.</summary>
/// <param name="Port">Null means the service's usual one.</param>
/// <param name="Network">The network the address is in; null when not said.</param>
public sealed record DiscoveryEndpoint(IpRange? Address, int? Port, ResourceName? Network)
{
    // Redis clusters say the network in pscConfig, Valkey instances beside the address.
    internal static DiscoveryEndpoint Parse(FieldReader fields) => new(
        fields.Range("address"), fields.Number("port"), fields.Child("pscConfig")?.Reference("network", ResourceKind.Network) ?? fields.Reference("network", ResourceKind.Network));
}

/// <summary>States of a Redis cluster, with the API's numbers.</summary>
public enum RedisClusterState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Creating = 1,
    Active = 2,
    Updating = 3,
    Deleting = 4,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
