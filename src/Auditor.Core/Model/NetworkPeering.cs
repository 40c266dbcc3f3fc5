namespace Auditor.Model;

/// <summary>
/// One side of a peering, as its network says it. Each side has its own settings; both must be active. Source: NetworkPeering of REST Resource
/// networks, compute v1. Flags are null when Google does not say; the meaning of that stands at each.
/// </summary>
/// <param name="Name">The peering's name in its network.</param>
public sealed record NetworkPeering(string Name)
{
    /// <summary>The other network.</summary>
    public ResourceName? Network { get; init; }

    public PeeringState State { get; init; }

    /// <summary>Google's sentence about the state.</summary>
    public string? StateDetails { get; init; }

    /// <summary>Old name of <see cref="ExchangeSubnetRoutes"/>.</summary>
    public bool? AutoCreateRoutes { get; init; }

    /// <summary>Always true today; null means true.</summary>
    public bool? ExchangeSubnetRoutes { get; init; }

    /// <summary>Null means false.</summary>
    public bool? ExportCustomRoutes { get; init; }

    /// <summary>Null means false.</summary>
    public bool? ImportCustomRoutes { get; init; }

    /// <summary>Null means true.</summary>
    public bool? ExportSubnetRoutesWithPublicIp { get; init; }

    /// <summary>Null means false.</summary>
    public bool? ImportSubnetRoutesWithPublicIp { get; init; }

    /// <summary>IPV4_ONLY or IPV4_IPV6; null means IPV4_ONLY.</summary>
    public string? StackType { get; init; }

    /// <summary>INDEPENDENT or CONSENSUS; null means INDEPENDENT.</summary>
    public string? UpdateStrategy { get; init; }

    /// <summary>Bytes; null when not said.</summary>
    public int? PeerMtu { get; init; }

    /// <summary>Whether private services access made it.</summary>
    public bool IsPrivateServices => Name == "servicenetworking-googleapis-com";

    internal static NetworkPeering Parse(FieldReader fields) => new(fields.Text("name") ?? "")
    {
        Network = fields.Reference("network", ResourceKind.Network),
        State = fields.Choice("state", PeeringState.Unrecognized) ?? PeeringState.Unspecified,
        StateDetails = fields.Text("stateDetails"),
        AutoCreateRoutes = fields.Flag("autoCreateRoutes"),
        ExchangeSubnetRoutes = fields.Flag("exchangeSubnetRoutes"),
        ExportCustomRoutes = fields.Flag("exportCustomRoutes"),
        ImportCustomRoutes = fields.Flag("importCustomRoutes"),
        ExportSubnetRoutesWithPublicIp = fields.Flag("exportSubnetRoutesWithPublicIp"),
        ImportSubnetRoutesWithPublicIp = fields.Flag("importSubnetRoutesWithPublicIp"),
        StackType = fields.Text("stackType"),
        UpdateStrategy = fields.Text("updateStrategy"),
        PeerMtu = fields.Number("peerMtu"),
    };
}

/// <summary>States of one side of a peering.</summary>
public enum PeeringState
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary>Both sides are configured.</summary>
    Active,

    /// <summary>The other side is not configured.</summary>
    Inactive,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
