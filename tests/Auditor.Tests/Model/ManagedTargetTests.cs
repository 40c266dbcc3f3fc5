using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Model;

/// <summary>Databases, caches and file servers as the engine asks of them: address, port, network, state.</summary>
public sealed class ManagedTargetTests
{
    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");

    [Fact]
    public void SqlInstance_SaysWhoIsLetInOverPrivateServiceConnect()
    {
        var instance = ModelFixtures.Parse<SqlInstance>("/instances/orders");
        var lake = ResourceName.Of(ResourceKind.Network, "data", "lake");
        Assert.Equal(["data"], instance.PscAllowedConsumerProjects);
        Assert.Equal([new PscAutoConnection(lake, "data", IpRange.Parse("10.50.0.7"), "ACTIVE")], instance.PscAutoConnections);
        Assert.Equal("REQUIRED", instance.ConnectorEnforcement);
        Assert.Equal([s_main, lake], instance.References);
    }

    [Fact]
    public void RedisCluster_IsReachedThroughItsEndpoints()
    {
        var cluster = ModelFixtures.Parse<RedisCluster>("/clusters/sessions");
        Assert.Equal([new DiscoveryEndpoint(IpRange.Parse("10.20.0.30"), 6379, s_main)], cluster.DiscoveryEndpoints);
        Assert.Equal(
            [
                new PscConnection
                {
                    Address = IpRange.Parse("10.20.0.30"),
                    Network = s_main,
                    ConsumerProject = "shop",
                    ForwardingRule = ResourceName.Of(ResourceKind.ForwardingRule, "shop", "europe-west1", "sca-1"),
                    ServiceAttachment = ResourceName.Parse("//compute.googleapis.com/projects/999/regions/europe-west1/serviceAttachments/gcp-memorystore-1"),
                    Status = PscConnectionState.Active,
                    Type = PscConnectionType.Discovery,
                },
            ],
            cluster.Connections);
        Assert.Equal("ACTIVE", cluster.Lifecycle);
        Assert.Contains(s_main, cluster.References);
    }

    [Fact]
    public void RedisCluster_EnumsByNumberAndConnectionsOfEndpoints_AreRead()
    {
        var cluster = ModelFixtures.Parse<RedisCluster>("/clusters/older");
        Assert.Equal(RedisClusterState.Deleting, cluster.State);
        Assert.Equal(
            [
                new PscConnection { Address = IpRange.Parse("10.20.0.31"), Network = s_main, Status = PscConnectionState.NotFound, Type = PscConnectionType.Reader },
                new PscConnection { Address = IpRange.Parse("10.20.0.32"), Port = 6380, Network = s_main },
            ],
            cluster.Connections);
    }

    [Fact]
    public void MemcacheInstance_HasDiscoveryAndNodes()
    {
        var instance = ModelFixtures.Parse<MemcacheInstance>("/instances/pages");
        Assert.Equal(IpRange.Parse("10.40.2.2"), instance.DiscoveryAddress);
        Assert.Equal([new MemcacheNode("node-a-1", IpRange.Parse("10.40.2.3"), 11211, MemcacheNodeState.Ready)], instance.Nodes);
        Assert.Equal(["psa"], instance.ReservedIpRanges);
        Assert.Equal("PERFORMING_MAINTENANCE", instance.Lifecycle);
        Assert.Equal([s_main], instance.References);
    }

    [Fact]
    public void MemorystoreInstance_EndpointsCountRatherThanTheOlderField()
    {
        var connection = Assert.Single(ModelFixtures.Parse<MemorystoreInstance>("/instances/carts").Connections);
        Assert.Equal((IpRange.Parse("10.20.0.40"), 6379, s_main, PscConnectionState.Active, PscConnectionType.Primary), (connection.Address!.Value, connection.Port!.Value, connection.Network!.Value, connection.Status, connection.Type));
        Assert.Equal(
            [new PscConnection { Address = IpRange.Parse("10.20.0.41"), Network = s_main, Status = PscConnectionState.Active }],
            ModelFixtures.Parse<MemorystoreInstance>("memorystore.googleapis.com/projects/shop/locations/europe-west1/instances/old").Connections);
    }

    [Fact]
    public void AlloyDbCluster_NetworkStandsInEitherField()
    {
        Assert.Equal(s_main, ModelFixtures.Parse<AlloyDbCluster>("/clusters/ledger").Network);
        Assert.Equal((s_main, "MAINTENANCE"), ModelFixtures.Parse<AlloyDbCluster>("/clusters/first") is var first ? (first.Network!.Value, first.Lifecycle) : default);
    }

    [Fact]
    public void AlloyDbInstance_BelongsToItsCluster()
    {
        var instance = ModelFixtures.Parse<AlloyDbInstance>("/clusters/ledger/instances/main");
        Assert.Equal(ResourceName.Of(ResourceKind.AlloyDbCluster, "shop", "europe-west1", "ledger"), instance.Cluster);
        Assert.Contains(instance.Cluster, instance.References);
        Assert.Equal((IpRange.Parse("10.40.3.2"), IpRange.Parse("34.1.2.3"), true), (instance.IpAddress!.Value, instance.PublicIpAddress!.Value, instance.RequireConnectors!.Value));
        Assert.Equal([IpRange.Parse("198.51.100.0/24")], instance.AuthorizedExternalNetworks);
        Assert.Equal(s_main, Assert.Single(instance.PscAutoConnections).ConsumerNetwork);
    }

    [Fact]
    public void FilestoreInstance_ShortNetworkNameIsOfItsProject()
    {
        var instance = ModelFixtures.Parse<FilestoreInstance>("/instances/media");
        Assert.Equal([new FilestoreNetwork(s_main, [IpRange.Parse("10.41.0.2")], "10.41.0.0/29", FilestoreConnectMode.PrivateServiceAccess)], instance.Networks);
        Assert.Equal([new FilestoreShare("vol1", [IpRange.Parse("10.8.0.0/28")])], instance.Shares);
    }

    [Fact]
    public void FilestoreInstance_ConnectModeNotSaid_IsDirectPeering()
    {
        var instance = ModelFixtures.Parse<FilestoreInstance>("/instances/region");
        Assert.Equal((FilestoreConnectMode.DirectPeering, FilestoreState.Error), (Assert.Single(instance.Networks).ConnectMode, instance.State));
    }

    [Fact]
    public void Parse_AStateGoogleAddedLater_IsUnrecognised() =>
        Assert.Equal(RedisClusterState.Unrecognized, Assert.IsType<RedisCluster>(ModelFixtures.Parse("//redis.googleapis.com/projects/shop/locations/r/clusters/c", """{"state":"HIBERNATING"}""").Resource).State);
}
