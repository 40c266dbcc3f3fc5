using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Model;

public sealed class GkeClusterTests
{
    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");
    private static readonly ResourceName s_apps = ResourceName.Of(ResourceKind.Subnetwork, "shop", "europe-west1", "apps");
    private static readonly ResourceName s_nodes = ResourceName.Of(ResourceKind.InstanceGroup, "shop", "europe-west1-b", "gke-apps-grp");

    [Fact]
    public void Parse_VpcNative() => Assert.Equal(
        new GkeCluster(ResourceName.Of(ResourceKind.GkeCluster, "shop", "europe-west1", "apps"))
        {
            Status = GkeClusterStatus.Running,
            Network = s_main,
            Subnetwork = s_apps,
            UseIpAliases = true,
            PodRange = IpRange.Parse("10.21.0.0/16"),
            ServiceRange = IpRange.Parse("10.22.0.0/20"),
            PodRangeName = "pods",
            AdditionalPodRangeNames = ["pods-2"],
            EnablePrivateNodes = true,
            PrivateEndpoint = IpRange.Parse("172.16.0.2"),
            PublicEndpoint = IpRange.Parse("34.1.1.1"),
            MasterRange = IpRange.Parse("172.16.0.0/28"),
            PeeringName = "gke-n123-peer",
            MasterGlobalAccess = true,
            AuthorizedNetworksEnabled = true,
            AuthorizedNetworks = [IpRange.Parse("198.51.100.0/24")],
            PrivateEndpointEnforcement = true,
            NetworkPolicyEnabled = false,
            DatapathProvider = "ADVANCED_DATAPATH",
            NodePools = [new GkeNodePool("default", [s_nodes], ["apps"], "default", "pods-2")],
            Labels = [KeyValuePair.Create("env", "prod")],
        },
        ModelFixtures.Parse<GkeCluster>("/clusters/apps"));

    [Fact]
    public void References_AreItsNetworkSubnetworkAndGroupsOfNodes() => Assert.Equal([s_main, s_apps, s_nodes], ModelFixtures.Parse<GkeCluster>("/clusters/apps").References);

    [Fact]
    public void Parse_Zonal_ShortNamesAreOfItsRegion()
    {
        var old = ModelFixtures.Parse<GkeCluster>("/clusters/old");
        Assert.Equal((s_main, s_apps, GkeClusterStatus.Degraded), (old.Network!.Value, old.Subnetwork!.Value, old.Status));
    }

    [Fact]
    public void Parse_NewerShapeOfTheControlPlane_IsTheSame()
    {
        var old = ModelFixtures.Parse<GkeCluster>("/clusters/old");
        Assert.Equal((IpRange.Parse("10.20.0.80"), IpRange.Parse("34.1.1.2"), false, true), (old.PrivateEndpoint!.Value, old.PublicEndpoint!.Value, old.MasterGlobalAccess!.Value, old.AuthorizedNetworksEnabled!.Value));
        Assert.Equal([IpRange.Parse("10.0.0.0/8")], old.AuthorizedNetworks);
        Assert.False(old.MayEnforceNetworkPolicy);
    }

    [Theory]
    [InlineData("https://container.googleapis.com/v1/projects/shop/zones/europe-west1-b/clusters/old")]
    [InlineData("//container.googleapis.com/projects/shop/zones/europe-west1-b/clusters/old")]
    [InlineData("//container.googleapis.com/projects/shop/locations/europe-west1-b/clusters/old")]
    public void Name_OfAZonalCluster_HasOneForm(string text) =>
        Assert.Equal(ResourceName.Of(ResourceKind.GkeCluster, "shop", "europe-west1-b", "old"), ResourceName.Parse(text));
}
