namespace Auditor.Model;

/// <summary>A Cloud NAT gateway, a part of its router. Source: RouterNat of REST Resource routers, compute v1.</summary>
public sealed record RouterNat(string Name)
{
    /// <summary>PUBLIC or PRIVATE; null means PUBLIC.</summary>
    public string? Type { get; init; }

    /// <summary>AUTO_ONLY or MANUAL_ONLY; null when not said.</summary>
    public string? AllocateOption { get; init; }

    /// <summary>Its addresses, when they are given by hand.</summary>
    public ValueList<ResourceName> Addresses { get; init; }

    /// <summary>Addresses that take no new connections.</summary>
    public ValueList<ResourceName> DrainAddresses { get; init; }

    public NatSourceRanges SourceRanges { get; init; }

    /// <summary>The subnetworks it serves when <see cref="SourceRanges"/> says so.</summary>
    public ValueList<NatSubnetwork> Subnetworks { get; init; }

    /// <summary>ENDPOINT_TYPE_VM, _SWG, _MANAGED_PROXY_LB; empty means VM.</summary>
    public ValueList<string> EndpointTypes { get; init; }

    /// <summary>Null means false.</summary>
    public bool? DynamicPortAllocation { get; init; }

    /// <summary>Null means 64, or 32 with dynamic allocation.</summary>
    public int? MinPortsPerVm { get; init; }

    /// <summary>Dynamic allocation only; null means 65536.</summary>
    public int? MaxPortsPerVm { get; init; }

    /// <summary>Null when not said (false).</summary>
    public bool? EndpointIndependentMapping { get; init; }

    /// <summary>Whether translations or errors are logged; null when not said (false).</summary>
    public bool? Logs { get; init; }

    /// <summary>Rules that give some destinations other addresses, by number.</summary>
    public ValueList<NatRule> Rules { get; init; }

    /// <summary>Whether it translates to public addresses.</summary>
    public bool IsPublic => Type is null or "PUBLIC";

    /// <summary>Whether it serves machines; serverless traffic counts as such.</summary>
    public bool ServesVms => EndpointTypes.IsEmpty || EndpointTypes.Contains("ENDPOINT_TYPE_VM");

    /// <summary>Whether its addresses are given by hand and none takes new connections.</summary>
    public bool HasNoAddressLeft => AllocateOption == "MANUAL_ONLY" && Addresses.All(address => DrainAddresses.Contains(address));

    /// <summary>
    /// Whether packets from the primary range of a subnetwork of its network and region are translated; a null name is a subnetwork that no list
    /// can name (the hidden one of a connector). Null when Google's choice of ranges is not understood.
    /// </summary>
    public bool? CoversPrimaryRangeOf(ResourceName? subnetwork) => SourceRanges switch
    {
        NatSourceRanges.AllSubnetworksAllIpRanges or NatSourceRanges.AllSubnetworksAllPrimaryIpRanges => true,
        NatSourceRanges.ListOfSubnetworks => subnetwork is not null
            && Subnetworks.Any(listed => listed.Subnetwork == subnetwork && listed.SourceRanges.Any(range => range is "ALL_IP_RANGES" or "PRIMARY_IP_RANGE")),
        _ => null,
    };

    internal IEnumerable<ResourceName> References => Subnetworks.Select(subnetwork => subnetwork.Subnetwork).OfType<ResourceName>().Concat(Addresses).Concat(DrainAddresses);

    internal static RouterNat Parse(FieldReader fields) => new(fields.Text("name") ?? "")
    {
        Type = fields.Text("type"),
        AllocateOption = fields.Text("natIpAllocateOption"),
        Addresses = fields.References("natIps", ResourceKind.Address),
        DrainAddresses = fields.References("drainNatIps", ResourceKind.Address),
        SourceRanges = fields.Choice("sourceSubnetworkIpRangesToNat", NatSourceRanges.Unrecognized) ?? NatSourceRanges.Unspecified,
        Subnetworks = fields.Children("subnetworks").Select(subnetwork => new NatSubnetwork(
            subnetwork.Reference("name", ResourceKind.Subnetwork), subnetwork.Texts("sourceIpRangesToNat"), subnetwork.Texts("secondaryIpRangeNames"))).ToValueList(),
        EndpointTypes = fields.Texts("endpointTypes"),
        DynamicPortAllocation = fields.Flag("enableDynamicPortAllocation"),
        MinPortsPerVm = fields.Number("minPortsPerVm"),
        MaxPortsPerVm = fields.Number("maxPortsPerVm"),
        EndpointIndependentMapping = fields.Flag("enableEndpointIndependentMapping"),
        Logs = fields.Child("logConfig")?.Flag("enable"),
        Rules = fields.Children("rules").Select(rule => new NatRule(rule.Number("ruleNumber") ?? 0, rule.Text("match"))).OrderBy(rule => rule.Number).ToValueList(),
    };
}

/// <summary>A subnetwork that a NAT gateway serves.</summary>
/// <param name="SourceRanges">ALL_IP_RANGES, PRIMARY_IP_RANGE, LIST_OF_SECONDARY_IP_RANGES.</param>
/// <param name="SecondaryRangeNames">The secondary ranges meant by the list.</param>
public sealed record NatSubnetwork(ResourceName? Subnetwork, ValueList<string> SourceRanges, ValueList<string> SecondaryRangeNames);

/// <summary>A NAT rule.</summary>
/// <param name="Match">A CEL expression over the destination.</param>
public sealed record NatRule(int Number, string? Match);

/// <summary>Which ranges of the network a NAT gateway translates.</summary>
public enum NatSourceRanges
{
    /// <summary>Not said.</summary>
    Unspecified,
    AllSubnetworksAllIpRanges,
    AllSubnetworksAllPrimaryIpRanges,
    ListOfSubnetworks,

    /// <summary>A choice Google added after this was written.</summary>
    Unrecognized = -1,
}
