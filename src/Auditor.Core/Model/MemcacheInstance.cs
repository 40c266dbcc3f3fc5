using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Memorystore for Memcached instance, reached over private services access. Source: REST Resource projects.locations.instances, memcache v1.</summary>
public sealed record MemcacheInstance(ResourceName Name) : Resource(Name)
{
    /// <summary>The port of discovery and of every node that says none.</summary>
    public const int DefaultPort = 11211;

    public MemcacheState State { get; init; }

    /// <summary>The network it can be reached from; null means the project's default network.</summary>
    public ResourceName? AuthorizedNetwork { get; init; }

    /// <summary>Names of the allocated ranges its addresses come from; empty means any of the connection.</summary>
    public ValueList<string> ReservedIpRanges { get; init; }

    /// <summary>Where clients begin, such as "10.0.0.3:11211"; null while it has none.</summary>
    public string? DiscoveryEndpoint { get; init; }

    public ValueList<MemcacheNode> Nodes { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>The address of <see cref="DiscoveryEndpoint"/>; null when it is none.</summary>
    public IpRange? DiscoveryAddress => DiscoveryEndpoint is { } endpoint ? IpRange.TryParse(endpoint.Split(':')[0]) : null;

    public override IEnumerable<ResourceName> References => AuthorizedNetwork is { } network ? [network] : [];

    public override string? Lifecycle => State == MemcacheState.Unspecified ? null : State.ToGoogleWord();

    internal static MemcacheInstance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        State = fields.Choice("state", MemcacheState.Unrecognized) ?? MemcacheState.Unspecified,
        AuthorizedNetwork = fields.Reference("authorizedNetwork", ResourceKind.Network),
        ReservedIpRanges = fields.Texts("reservedIpRangeId"),
        DiscoveryEndpoint = fields.Text("discoveryEndpoint"),
        Nodes = fields.Children("memcacheNodes").Select(MemcacheNode.Parse).ToValueList(),
        Labels = fields.Map("labels"),
    };
}

/// <summary>A node of a Memcached instance; clients talk to every one.</summary>
/// <param name="Port">Null means 11211.</param>
public sealed record MemcacheNode(string? NodeId, IpRange? Host, int? Port, MemcacheNodeState State)
{
    internal static MemcacheNode Parse(FieldReader fields) => new(
        fields.Text("nodeId"), fields.Range("host"), fields.Number("port"), fields.Choice("state", MemcacheNodeState.Unrecognized) ?? MemcacheNodeState.Unspecified);
}

/// <summary>States of a Memcached instance, with the API's numbers.</summary>
public enum MemcacheState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Creating = 1,
    Ready = 2,
    Updating = 3,
    Deleting = 4,
    PerformingMaintenance = 5,
    MemcacheVersionUpgrading = 6,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}

/// <summary>States of a Memcached node, with the API's numbers.</summary>
public enum MemcacheNodeState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Creating = 1,
    Ready = 2,
    Deleting = 3,
    Updating = 4,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
