namespace Auditor.Model;

/// <summary>A Memorystore for Valkey instance, reached over Private Service Connect. Source: REST Resource projects.locations.instances, memorystore v1.</summary>
public sealed record MemorystoreInstance(ResourceName Name) : Resource(Name)
{
    /// <summary>The port where a connection says none.</summary>
    public const int DefaultPort = 6379;

    public MemorystoreState State { get; init; }

    /// <summary>STANDALONE, CLUSTER or CLUSTER_DISABLED; null when not said.</summary>
    public string? Mode { get; init; }

    /// <summary>Every connection, also those the user made.</summary>
    public ValueList<PscConnection> Connections { get; init; }

    /// <summary>Where clients begin; Google prefers <see cref="Connections"/> of type discovery.</summary>
    public ValueList<DiscoveryEndpoint> DiscoveryEndpoints { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => Connections.SelectMany(connection => connection.References).Concat(DiscoveryEndpoints.Select(endpoint => endpoint.Network).OfType<ResourceName>());

    public override string? Lifecycle => State == MemorystoreState.Unspecified ? null : State.ToGoogleWord();

    internal static MemorystoreInstance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        State = fields.Choice("state", MemorystoreState.Unrecognized) ?? MemorystoreState.Unspecified,
        Mode = fields.Text("mode"),
        Connections = ParseConnections(fields),
        DiscoveryEndpoints = fields.Children("discoveryEndpoints").Select(DiscoveryEndpoint.Parse).ToValueList(),
        Labels = fields.Map("labels"),
    };

    // The older field repeats what the endpoints say.
    private static ValueList<PscConnection> ParseConnections(FieldReader fields)
    {
        var connections = PscConnection.OfEndpoints(fields, "endpoints").ToValueList();
        return connections.IsEmpty ? fields.Children("pscAutoConnections").Select(PscConnection.Parse).ToValueList() : connections;
    }
}

/// <summary>States of a Valkey instance, with the API's numbers.</summary>
public enum MemorystoreState
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
