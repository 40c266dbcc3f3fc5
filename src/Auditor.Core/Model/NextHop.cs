using Auditor.Network;

namespace Auditor.Model;

/// <summary>Where a route sends packets. Source: the nextHop* fields of REST Resource routes, compute v1.</summary>
public abstract record NextHop
{
    private const string Compute = "compute.googleapis.com";

    private NextHop()
    {
    }

    /// <summary>The other resource it names; null where it is an address or a word.</summary>
    public virtual ResourceName? Target => null;

    /// <summary>A gateway; Google has one, "default-internet-gateway".</summary>
    public sealed record Gateway(string Name) : NextHop
    {
        public bool IsDefaultInternet => Name == "default-internet-gateway";
    }

    /// <summary>A VM that forwards.</summary>
    public sealed record Vm(ResourceName Instance) : NextHop
    {
        public override ResourceName? Target => Instance;
    }

    /// <summary>The address of a VM that forwards.</summary>
    public sealed record Ip(IpRange Address) : NextHop;

    /// <summary>An internal load balancer, by forwarding rule or by address.</summary>
    public sealed record Ilb(ResourceName? ForwardingRule, IpRange? Address) : NextHop
    {
        public override ResourceName? Target => ForwardingRule;
    }

    public sealed record VpnTunnel(ResourceName Tunnel) : NextHop
    {
        public override ResourceName? Target => Tunnel;
    }

    public sealed record InterconnectAttachment(ResourceName Attachment) : NextHop
    {
        public override ResourceName? Target => Attachment;
    }

    /// <summary>A subnetwork of the network itself: delivered directly.</summary>
    public sealed record LocalNetwork(ResourceName Network) : NextHop
    {
        public override ResourceName? Target => Network;
    }

    /// <summary>A peering of the route's network, by name.</summary>
    public sealed record Peering(string Name) : NextHop;

    /// <summary>A Network Connectivity Center hub, as Google writes it.</summary>
    public sealed record Hub(string Name) : NextHop;

    internal static NextHop? Parse(FieldReader fields)
    {
        if (fields.Has("nextHopGateway"))
        {
            var text = fields.Text("nextHopGateway")!;
            return new Gateway(text[(text.LastIndexOf('/') + 1)..]);
        }

        return fields.Has("nextHopInstance") ? fields.Reference("nextHopInstance", ResourceKind.Instance) is { } instance ? new Vm(instance) : null
            : fields.Has("nextHopIlb") ? ParseIlb(fields)
            : fields.Has("nextHopVpnTunnel") ? fields.AnyReference("nextHopVpnTunnel", Compute) is { } tunnel ? new VpnTunnel(tunnel) : null
            : fields.Has("nextHopInterconnectAttachment") ? fields.AnyReference("nextHopInterconnectAttachment", Compute) is { } attachment ? new InterconnectAttachment(attachment) : null
            : fields.Has("nextHopPeering") ? new Peering(fields.Text("nextHopPeering")!)
            : fields.Has("nextHopHub") ? new Hub(fields.Text("nextHopHub")!)
            : fields.Has("nextHopNetwork") ? fields.Reference("nextHopNetwork", ResourceKind.Network) is { } network ? new LocalNetwork(network) : null
            : fields.Range("nextHopIp") is { } address ? new Ip(address)
            : null;
    }

    // A URL of a forwarding rule, or its address.
    private static Ilb ParseIlb(FieldReader fields) => IpRange.TryParse(fields.Text("nextHopIlb")) is { } address
        ? new Ilb(null, address)
        : new Ilb(fields.Reference("nextHopIlb", ResourceKind.ForwardingRule), null);
}
