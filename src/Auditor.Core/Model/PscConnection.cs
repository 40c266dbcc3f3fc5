using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A Private Service Connect connection of a managed service: the address in a consumer's network behind which it answers. Source: PscConnection
/// and PscAutoConnection of redis v1 and memorystore v1.
/// </summary>
public sealed record PscConnection
{
    /// <summary>The address in the consumer's network; null while it has none.</summary>
    public IpRange? Address { get; init; }

    /// <summary>The port; null means the service's usual one.</summary>
    public int? Port { get; init; }

    /// <summary>The consumer's network.</summary>
    public ResourceName? Network { get; init; }

    /// <summary>The consumer's project, id or number as written; null when not said.</summary>
    public string? ConsumerProject { get; init; }

    /// <summary>The consumer's endpoint.</summary>
    public ResourceName? ForwardingRule { get; init; }

    /// <summary>The producer's side.</summary>
    public ResourceName? ServiceAttachment { get; init; }

    public PscConnectionState Status { get; init; }

    /// <summary>What clients find behind it.</summary>
    public PscConnectionType Type { get; init; }

    /// <summary>Every other resource it names.</summary>
    internal IEnumerable<ResourceName> References => new[] { Network, ForwardingRule, ServiceAttachment }.OfType<ResourceName>();

    internal static PscConnection Parse(FieldReader fields) => new()
    {
        Address = fields.Range(fields.Has("ipAddress") ? "ipAddress" : "address"),
        Port = fields.Number("port"),
        Network = fields.Reference("network", ResourceKind.Network),
        ConsumerProject = fields.Text("projectId"),
        ForwardingRule = fields.Reference("forwardingRule", ResourceKind.ForwardingRule),
        ServiceAttachment = fields.AnyReference("serviceAttachment", "compute.googleapis.com"),
        Status = fields.Choice("pscConnectionStatus", PscConnectionState.Unrecognized, "PSC_CONNECTION_STATUS_") ?? PscConnectionState.Unspecified,
        Type = fields.Choice("connectionType", PscConnectionType.Unrecognized, "CONNECTION_TYPE_") ?? PscConnectionType.Unspecified,
    };

    /// <summary>The connections of endpoints: endpoints[].connections[], each made by Google or by the user.</summary>
    internal static IEnumerable<PscConnection> OfEndpoints(FieldReader fields, string name) =>
        from endpoint in fields.Children(name)
        from connection in endpoint.Children("connections")
        from detail in new[] { connection.Child("pscAutoConnection"), connection.Child("pscConnection") }.OfType<FieldReader>()
        select Parse(detail);
}

/// <summary>Whether a connection of a managed service exists, with the API's numbers.</summary>
public enum PscConnectionState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Active = 1,

    /// <summary>The endpoint is gone.</summary>
    NotFound = 2,

    /// <summary>A status Google added after this was written.</summary>
    Unrecognized = -1,
}

/// <summary>What clients find behind a connection, with the API's numbers.</summary>
public enum PscConnectionType
{
    /// <summary>Not said: anything.</summary>
    Unspecified = 0,
    Discovery = 1,
    Primary = 2,
    Reader = 3,

    /// <summary>A type Google added after this was written.</summary>
    Unrecognized = -1,
}
