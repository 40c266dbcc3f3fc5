using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Rules;

/// <summary>Good objects that rule tests start from, changing the one thing that matters.</summary>
internal static class Scene
{
    public static readonly ResourceName NetworkName = ResourceName.Of(ResourceKind.Network, "p1", "vpc");
    public static readonly ResourceName ConnectorName = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "conn");
    public static readonly ResourceName SubnetworkName = ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "conn-subnet");
    public static readonly ResourceName ServiceName = ResourceName.Of(ResourceKind.RunService, "p1", "europe-west1", "shop");

    public static readonly Connector TheConnector = new(ConnectorName)
    {
        Network = NetworkName,
        IpCidrRange = IpRange.Parse("10.8.0.0/28"),
        State = ConnectorState.Ready,
        MinInstances = 2,
        MaxInstances = 4,
    };

    /// <summary>The connector on a subnetwork of its own.</summary>
    public static readonly Connector OnSubnetwork = TheConnector with { Network = null, IpCidrRange = null, Subnetwork = SubnetworkName };

    public static readonly Subnetwork TheSubnetwork = new(SubnetworkName) { Network = NetworkName, IpCidrRange = IpRange.Parse("10.8.0.0/28") };

    public static readonly RunService TheService = new(ServiceName) { VpcAccess = new VpcAccess { Connector = ConnectorName } };

    public static readonly RunService AllTraffic = TheService with { VpcAccess = new VpcAccess { Connector = ConnectorName, Egress = VpcEgress.AllTraffic } };
}
