using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A VPN tunnel, of an HA gateway or a classic one. Its network is its router's or its gateway's. Its status changes without an audit entry.
/// Source: REST Resource vpnTunnels, compute v1.
/// </summary>
public sealed record VpnTunnel(ResourceName Name) : Resource(Name)
{
    private const string Compute = "compute.googleapis.com";

    /// <summary>The router that learns routes through it; null for a tunnel with static routes.</summary>
    public ResourceName? Router { get; init; }

    /// <summary>Its gateway, of either sort; null when not said.</summary>
    public ResourceName? Gateway { get; init; }

    /// <summary>The other end; null when that is a gateway of Google's.</summary>
    public IpRange? PeerIp { get; init; }

    /// <summary>Ranges it takes from this side; empty means not said.</summary>
    public ValueList<IpRange> LocalTrafficSelectors { get; init; }

    /// <summary>Ranges it takes from the other side; empty means not said.</summary>
    public ValueList<IpRange> RemoteTrafficSelectors { get; init; }

    public VpnTunnelStatus Status { get; init; }

    /// <summary>Whether it carries packets.</summary>
    public bool IsEstablished => Status == VpnTunnelStatus.Established;

    public override IEnumerable<ResourceName> References => new[] { Router, Gateway }.OfType<ResourceName>();

    public override string? Lifecycle => Status == VpnTunnelStatus.Unspecified ? null : Status.ToGoogleWord();

    internal static VpnTunnel Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Router = fields.Reference("router", ResourceKind.Router),
        Gateway = fields.AnyReference("vpnGateway", Compute) ?? fields.AnyReference("targetVpnGateway", Compute),
        PeerIp = fields.Range("peerIp"),
        LocalTrafficSelectors = fields.Ranges("localTrafficSelector"),
        RemoteTrafficSelectors = fields.Ranges("remoteTrafficSelector"),
        Status = fields.Choice("status", VpnTunnelStatus.Unrecognized) ?? VpnTunnelStatus.Unspecified,
    };
}

/// <summary>States of a VPN tunnel; only an established one carries packets.</summary>
public enum VpnTunnelStatus
{
    /// <summary>Not said.</summary>
    Unspecified,
    Established,
    Provisioning,
    AllocatingResources,
    WaitingForFullConfig,
    FirstHandshake,
    NoIncomingPackets,

    /// <summary>Old word for <see cref="NoIncomingPackets"/>.</summary>
    NetworkError,
    AuthorizationError,
    NegotiationFailure,
    PeerIdentityMismatch,
    TsNarrowingNotAllowed,
    Rejected,
    Failed,
    Stopped,
    Deprovisioning,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
