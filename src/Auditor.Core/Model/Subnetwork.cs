using Auditor.Network;

namespace Auditor.Model;

/// <summary>A subnetwork of a VPC network in one region. Source: REST Resource subnetworks, compute v1.</summary>
public sealed record Subnetwork(ResourceName Name) : Resource(Name)
{
    public ResourceName? Network { get; init; }

    /// <summary>The primary range; null for an IPv6-only subnetwork.</summary>
    public IpRange? IpCidrRange { get; init; }

    public ValueList<SecondaryRange> SecondaryRanges { get; init; }

    /// <summary>External or internal IPv6 prefixes, when there are any.</summary>
    public IpRange? Ipv6CidrRange { get; init; }

    /// <summary>Whether machines without external address reach Google APIs; not said is false.</summary>
    public bool PrivateIpGoogleAccess { get; init; }

    public SubnetworkPurpose Purpose { get; init; }

    /// <summary>ACTIVE or BACKUP, for proxy-only subnetworks; null elsewhere.</summary>
    public string? Role { get; init; }

    /// <summary>IPV4_ONLY, IPV4_IPV6 or IPV6_ONLY; null means IPV4_ONLY.</summary>
    public string? StackType { get; init; }

    /// <summary>READY or DRAINING; null when not said.</summary>
    public string? State { get; init; }

    /// <summary>Whether routes may overlap the range; null means they may not.</summary>
    public bool? AllowSubnetCidrRoutesOverlap { get; init; }

    /// <summary>Internal range resource the primary range comes from, as Google writes it.</summary>
    public string? ReservedInternalRange { get; init; }

    /// <summary>Whether VPC flow logs are on; null when not said (off).</summary>
    public bool? FlowLogs { get; init; }

    /// <summary>Free and allocated addresses per range, when the reader asked for them.</summary>
    public ValueList<RangeUtilization> Utilization { get; init; }

    /// <summary>Primary and secondary IPv4 ranges.</summary>
    public IEnumerable<IpRange> AllRanges => SecondaryRanges.Select(range => range.IpCidrRange).Prepend(IpCidrRange).OfType<IpRange>();

    public override IEnumerable<ResourceName> References => Network is { } network ? [network] : [];

    internal static Subnetwork Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Network = fields.Reference("network", ResourceKind.Network),
        IpCidrRange = fields.Range("ipCidrRange"),
        SecondaryRanges = fields.Children("secondaryIpRanges").Select(range => new SecondaryRange(range.Text("rangeName") ?? "", range.Range("ipCidrRange"))).ToValueList(),
        Ipv6CidrRange = fields.Range("ipv6CidrRange"),
        PrivateIpGoogleAccess = fields.Flag("privateIpGoogleAccess") ?? false,
        Purpose = fields.Choice("purpose", SubnetworkPurpose.Unrecognized) ?? SubnetworkPurpose.Private,
        Role = fields.Text("role"),
        StackType = fields.Text("stackType"),
        State = fields.Text("state"),
        AllowSubnetCidrRoutesOverlap = fields.Flag("allowSubnetCidrRoutesOverlap"),
        ReservedInternalRange = fields.Text("reservedInternalRange"),
        FlowLogs = fields.Child("logConfig")?.Flag("enable") ?? fields.Flag("enableFlowLogs"),
        Utilization = (fields.Child("utilizationDetails")?.Children("ipv4Utilizations") ?? [])
            .Select(range => new RangeUtilization(range.Text("rangeName"), range.LargeNumber("totalAllocatedIp"), range.LargeNumber("totalFreeIp"))).ToValueList(),
    };
}

/// <summary>A named secondary (alias) range of a subnetwork.</summary>
public sealed record SecondaryRange(string Name, IpRange? IpCidrRange);

/// <summary>How full a range of a subnetwork is.</summary>
/// <param name="RangeName">Null for the primary range.</param>
public sealed record RangeUtilization(string? RangeName, long? Allocated, long? Free);

/// <summary>What a subnetwork is for.</summary>
public enum SubnetworkPurpose
{
    /// <summary>PRIVATE: machines; also when nothing is said.</summary>
    Private,

    /// <summary>PRIVATE_RFC_1918, the old word for PRIVATE.</summary>
    PrivateRfc1918,
    RegionalManagedProxy,
    GlobalManagedProxy,

    /// <summary>Old word for REGIONAL_MANAGED_PROXY.</summary>
    InternalHttpsLoadBalancer,
    PrivateServiceConnect,
    PrivateNat,
    PeerMigration,

    /// <summary>A purpose Google added after this was written.</summary>
    Unrecognized = -1,
}
