using System.Globalization;

namespace Auditor.Model;

/// <summary>
/// What a load balancer sends packets to: groups of VMs or endpoints. Global or of a region. Source: REST Resources backendServices and
/// regionBackendServices, compute v1.
/// </summary>
public sealed record BackendService(ResourceName Name) : Resource(Name)
{
    private const string Compute = "compute.googleapis.com";

    public LoadBalancingScheme Scheme { get; init; }

    /// <summary>TCP, UDP, HTTP, HTTP2, UNSPECIFIED, ...; null when not said.</summary>
    public string? Protocol { get; init; }

    /// <summary>Proxy balancers: the named port of instance groups; null when not said.</summary>
    public string? PortName { get; init; }

    /// <summary>Usually null: the network is the forwarding rule's.</summary>
    public ResourceName? Network { get; init; }

    /// <summary>None or one.</summary>
    public ValueList<ResourceName> HealthChecks { get; init; }

    public ValueList<Backend> Backends { get; init; }

    public override IEnumerable<ResourceName> References => Backends.Select(backend => backend.Group).Prepend(Network).OfType<ResourceName>().Concat(HealthChecks);

    internal static BackendService Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Scheme = fields.Choice("loadBalancingScheme", LoadBalancingScheme.Unrecognized) ?? LoadBalancingScheme.Unspecified,
        Protocol = fields.Text("protocol"),
        PortName = fields.Text("portName"),
        Network = fields.Reference("network", ResourceKind.Network),
        HealthChecks = fields.Texts("healthChecks").Select(check => fields.Context.ResolveAny(check, Compute)).OfType<ResourceName>().ToValueList(),
        Backends = fields.Children("backends").Select(backend => new Backend(
            backend.AnyReference("group", Compute), backend.Text("balancingMode"), CapacityOf(backend), backend.Flag("failover") ?? false)).ToValueList(),
    };

    private static decimal? CapacityOf(FieldReader backend) => backend.Text("capacityScaler") is not { } text ? null
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var capacity) ? capacity
        : throw backend.NotUnderstood("capacityScaler", $"\"{text}\"", "a number");
}

/// <summary>A group behind a backend service.</summary>
/// <param name="Group">An instance group or a network endpoint group; its kind says which.</param>
/// <param name="BalancingMode">UTILIZATION, RATE or CONNECTION; null when not said.</param>
/// <param name="CapacityScaler">0 means drained: it gets nothing new; null means 1.</param>
/// <param name="IsFailover">Whether it serves only when the others do not.</param>
public sealed record Backend(ResourceName? Group, string? BalancingMode, decimal? CapacityScaler, bool IsFailover)
{
    public bool IsDrained => CapacityScaler == 0;
}
