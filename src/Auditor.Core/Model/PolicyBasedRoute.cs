using Auditor.Network;

namespace Auditor.Model;

/// <summary>A policy-based route: matches packets by more than their destination and wins over every other route. Source: REST Resource projects.locations.global.policyBasedRoutes, networkconnectivity v1.</summary>
public sealed record PolicyBasedRoute(ResourceName Name) : Resource(Name)
{
    public const int DefaultPriority = 1000;

    public ResourceName? Network { get; init; }

    /// <summary>The lowest wins; not said is 1000.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>IPV4 or IPV6; null when not said.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>A protocol's name or number; null means any.</summary>
    public string? Protocol { get; init; }

    /// <summary>Null means any.</summary>
    public IpRange? SourceRange { get; init; }

    /// <summary>Null means any.</summary>
    public IpRange? DestRange { get; init; }

    /// <summary>VMs it applies to, by network tag; empty with <see cref="InterconnectRegion"/> null means everything in the network.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>The region whose VLAN attachments it applies to, or "all"; null when it is not for attachments.</summary>
    public string? InterconnectRegion { get; init; }

    /// <summary>The address of an internal load balancer; null when packets go by the other routes.</summary>
    public IpRange? NextHopIlb { get; init; }

    /// <summary>DEFAULT_ROUTING: matching packets skip other policy-based routes; null with <see cref="NextHopIlb"/>.</summary>
    public string? NextHopOtherRoutes { get; init; }

    /// <summary>Codes of Google's warnings, such as RESOURCE_NOT_ACTIVE.</summary>
    public ValueList<string> Warnings { get; init; }

    public override IEnumerable<ResourceName> References => Network is { } network ? [network] : [];

    internal static PolicyBasedRoute Parse(FieldReader fields)
    {
        var filter = fields.Child("filter");
        return new PolicyBasedRoute(fields.Context.Name)
        {
            Network = fields.Reference("network", ResourceKind.Network),
            Priority = fields.Number("priority") ?? DefaultPriority,
            ProtocolVersion = filter?.Text("protocolVersion"),
            Protocol = filter?.Text("ipProtocol"),
            SourceRange = filter?.Range("srcRange"),
            DestRange = filter?.Range("destRange"),
            Tags = fields.Child("virtualMachine")?.Texts("tags") ?? [],
            InterconnectRegion = fields.Child("interconnectAttachment")?.Text("region"),
            NextHopIlb = fields.Range("nextHopIlbIp"),
            NextHopOtherRoutes = fields.Text("nextHopOtherRoutes"),
            Warnings = fields.Children("warnings").Select(warning => warning.Text("code")).OfType<string>().ToValueList(),
        };
    }
}
