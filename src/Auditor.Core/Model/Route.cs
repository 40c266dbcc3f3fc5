using Auditor.Network;

namespace Auditor.Model;

/// <summary>A route of a network. Source: REST Resource routes, compute v1.</summary>
public sealed record Route(ResourceName Name) : Resource(Name)
{
    public const int DefaultPriority = 1000;

    public ResourceName? Network { get; init; }

    public IpRange? DestRange { get; init; }

    /// <summary>0..65535, the lowest wins among equal prefixes; not said is 1000.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>Tags of the instances it applies to; empty means all.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>Where packets go; null when Google names no next hop that is modelled.</summary>
    public NextHop? NextHop { get; init; }

    /// <summary>STATIC, BGP, SUBNET or TRANSIT; null when not said.</summary>
    public string? RouteType { get; init; }

    /// <summary>ACTIVE, DROPPED, INACTIVE or PENDING; null when not said (static routes), which means it is used.</summary>
    public string? RouteStatus { get; init; }

    /// <summary>Codes of Google's warnings, such as NEXT_HOP_NOT_RUNNING.</summary>
    public ValueList<string> Warnings { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Network, NextHop?.Target }.OfType<ResourceName>();

    internal static Route Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Network = fields.Reference("network", ResourceKind.Network),
        DestRange = fields.Range("destRange"),
        Priority = fields.Number("priority") ?? DefaultPriority,
        Tags = fields.Texts("tags"),
        NextHop = NextHop.Parse(fields),
        RouteType = fields.Text("routeType"),
        RouteStatus = fields.Text("routeStatus"),
        Warnings = fields.Children("warnings").Select(warning => warning.Text("code")).OfType<string>().ToValueList(),
    };
}
