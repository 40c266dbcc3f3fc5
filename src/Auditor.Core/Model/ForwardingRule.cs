using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A forwarding rule: the front of a load balancer, or a Private Service Connect endpoint. Source: REST Resources forwardingRules and
/// globalForwardingRules, compute v1.
/// </summary>
public sealed record ForwardingRule(ResourceName Name) : Resource(Name)
{
    private const string Compute = "compute.googleapis.com";

    /// <summary>Null when Google names an address resource instead; see <see cref="AddressName"/>.</summary>
    public IpRange? IpAddress { get; init; }

    /// <summary>The address as a resource, where it is written so.</summary>
    public ResourceName? AddressName { get; init; }

    /// <summary>TCP, UDP, L3_DEFAULT, ...; null when not said.</summary>
    public string? Protocol { get; init; }

    /// <summary>Empty for a Private Service Connect endpoint.</summary>
    public LoadBalancingScheme Scheme { get; init; }

    /// <summary>The ports of `ports` or of `portRange`; empty with <see cref="AllPorts"/>, or for protocols without ports.</summary>
    public ValueList<PortInterval> Ports { get; init; }

    /// <summary>Not said is false.</summary>
    public bool AllPorts { get; init; }

    public ResourceName? Network { get; init; }

    public ResourceName? Subnetwork { get; init; }

    /// <summary>Passthrough balancers: where packets go.</summary>
    public ResourceName? BackendService { get; init; }

    /// <summary>Proxy balancers: the proxy. Private Service Connect: the service attachment.</summary>
    public ResourceName? Target { get; init; }

    /// <summary>Private Service Connect for Google APIs: "all-apis" or "vpc-sc".</summary>
    public string? TargetBundle { get; init; }

    /// <summary>Whether clients of other regions may use it; null means false.</summary>
    public bool? AllowGlobalAccess { get; init; }

    /// <summary>The same for a Private Service Connect endpoint; null means false.</summary>
    public bool? AllowPscGlobalAccess { get; init; }

    /// <summary>ACCEPTED, PENDING, REJECTED, CLOSED, NEEDS_ATTENTION; null for anything but an endpoint.</summary>
    public string? PscConnectionStatus { get; init; }

    /// <summary>Its internal DNS name, when it has one.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Clients it serves; empty means all.</summary>
    public ValueList<IpRange> SourceRanges { get; init; }

    /// <summary>Whether it is a Private Service Connect endpoint, for a published service or for Google APIs.</summary>
    public bool IsPscEndpoint => TargetBundle is not null || (Target?.Path.Contains("/serviceAttachments/", StringComparison.Ordinal) ?? false);

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork, BackendService, Target, AddressName }.OfType<ResourceName>();

    internal static ForwardingRule Parse(FieldReader fields)
    {
        var address = fields.Text("IPAddress");
        var range = IpRange.TryParse(address);
        var target = fields.AnyReference("target", Compute);
        return new ForwardingRule(fields.Context.Name)
        {
            IpAddress = range,
            AddressName = range is null ? fields.Context.Resolve(address, ResourceKind.Address) : null,
            Protocol = fields.Text("IPProtocol"),
            Scheme = fields.Text("loadBalancingScheme") is { Length: > 0 }
                ? fields.Choice("loadBalancingScheme", LoadBalancingScheme.Unrecognized)!.Value
                : LoadBalancingScheme.Unspecified,
            Ports = ParsePorts(fields),
            AllPorts = fields.Flag("allPorts") ?? false,
            Network = fields.Reference("network", ResourceKind.Network),
            Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
            BackendService = fields.AnyReference("backendService", Compute),
            Target = target,
            TargetBundle = target is null && fields.Text("target") is { Length: > 0 } bundle ? bundle : null,
            AllowGlobalAccess = fields.Flag("allowGlobalAccess"),
            AllowPscGlobalAccess = fields.Flag("allowPscGlobalAccess"),
            PscConnectionStatus = fields.Text("pscConnectionStatus"),
            ServiceName = fields.Text("serviceName"),
            SourceRanges = fields.Ranges("sourceIpRanges"),
        };
    }

    private static ValueList<PortInterval> ParsePorts(FieldReader fields)
    {
        var ports = PortInterval.ParseList(fields, "ports");
        return ports.IsEmpty && fields.Text("portRange") is { Length: > 0 } range
            ? [PortInterval.TryParse(range) ?? throw fields.NotUnderstood("portRange", $"\"{range}\"", "ports such as 80 or 8080-8090")]
            : ports;
    }
}

/// <summary>What kind of load balancer a forwarding rule belongs to.</summary>
public enum LoadBalancingScheme
{
    /// <summary>Not said: Private Service Connect.</summary>
    Unspecified,
    Internal,
    InternalManaged,
    InternalSelfManaged,
    External,
    ExternalManaged,

    /// <summary>A scheme Google added after this was written.</summary>
    Unrecognized = -1,
}
