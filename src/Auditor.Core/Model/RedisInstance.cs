using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Memorystore for Redis instance. Source: REST Resource projects.locations.instances, redis v1.</summary>
public sealed record RedisInstance(ResourceName Name) : Resource(Name)
{
    /// <summary>Its address in the network; null while it has none.</summary>
    public IpRange? Host { get; init; }

    /// <summary>Null means 6379.</summary>
    public int? Port { get; init; }

    /// <summary>The address of its read replicas; null when it has none.</summary>
    public IpRange? ReadEndpoint { get; init; }

    public int? ReadEndpointPort { get; init; }

    /// <summary>The network it can be reached from; null means the project's default network.</summary>
    public ResourceName? AuthorizedNetwork { get; init; }

    /// <summary>DIRECT_PEERING or PRIVATE_SERVICE_ACCESS; null means DIRECT_PEERING.</summary>
    public string? ConnectMode { get; init; }

    /// <summary>A CIDR block, or the name of an allocated range.</summary>
    public string? ReservedIpRange { get; init; }

    public string? SecondaryIpRange { get; init; }

    /// <summary>BASIC or STANDARD_HA; null when not said.</summary>
    public string? Tier { get; init; }

    public RedisState State { get; init; }

    /// <summary>SERVER_AUTHENTICATION or DISABLED; null means DISABLED.</summary>
    public string? TransitEncryptionMode { get; init; }

    /// <summary>Whether clients must give a password; null means false.</summary>
    public bool? AuthEnabled { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => AuthorizedNetwork is { } network ? [network] : [];

    public override string? Lifecycle => State == RedisState.Unspecified ? null : State.ToGoogleWord();

    internal static RedisInstance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Host = fields.Range("host"),
        Port = fields.Number("port"),
        ReadEndpoint = fields.Range("readEndpoint"),
        ReadEndpointPort = fields.Number("readEndpointPort"),
        AuthorizedNetwork = fields.Reference("authorizedNetwork", ResourceKind.Network),
        ConnectMode = fields.Text("connectMode"),
        ReservedIpRange = fields.Text("reservedIpRange"),
        SecondaryIpRange = fields.Text("secondaryIpRange"),
        Tier = fields.Text("tier"),
        State = fields.Choice("state", RedisState.Unrecognized) ?? RedisState.Unspecified,
        TransitEncryptionMode = fields.Text("transitEncryptionMode"),
        AuthEnabled = fields.Flag("authEnabled"),
        Labels = fields.Map("labels"),
    };
}

/// <summary>States of a Redis instance, with the API's numbers.</summary>
public enum RedisState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Creating = 1,
    Ready = 2,
    Updating = 3,
    Deleting = 4,
    Repairing = 5,
    Maintenance = 6,
    Importing = 8,
    FailingOver = 9,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
