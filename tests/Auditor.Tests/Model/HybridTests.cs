using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Model;

/// <summary>What leads out of a network by other ways than its own routes: peerings, tunnels, attachments, policy-based routes, published services.</summary>
public sealed class HybridTests
{
    private const string Region = "europe-west1";

    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");
    private static readonly ResourceName s_lake = ResourceName.Of(ResourceKind.Network, "data", "lake");
    private static readonly ResourceName s_hybrid = ResourceName.Of(ResourceKind.Router, "shop", Region, "hybrid");
    private static readonly ResourceName s_yard = ResourceName.Of(ResourceKind.VpnTunnel, "shop", Region, "yard");

    [Fact]
    public void Network_KnowsWhatItsPeeringsBring()
    {
        var hub = ModelFixtures.Parse<VpcNetwork>("/networks/hub");
        Assert.True(Assert.Single(hub.Peerings).IsPrivateServices);
        Assert.Equal(
            [
                new PeeringRouteList(
                    "servicenetworking-googleapis-com", Region,
                    [
                        new PeeringRoute(IpRange.Parse("10.40.0.0/24"), PeeringRouteType.SubnetPeeringRoute, Region, 0, true),
                        new PeeringRoute(IpRange.Parse("10.99.0.0/16"), PeeringRouteType.DynamicPeeringRoute, null, null, false),
                    ]),
            ],
            hub.PeeringRoutes!.Value);
        Assert.Equal([new ServiceConnection("servicenetworking-googleapis-com", "services/servicenetworking.googleapis.com", ["psa", "psa-2"])], hub.ServiceConnections!.Value);
    }

    [Fact]
    public void Network_WhatWasNotRead_IsNotNone()
    {
        var dark = ModelFixtures.Parse<VpcNetwork>("/networks/dark");
        Assert.Equal((null, "permission compute.networks.listPeeringRoutes is missing"), (dark.PeeringRoutes, dark.PeeringRoutesUnread));
        Assert.Equal((null, "permission servicenetworking.services.get is missing"), (dark.ServiceConnections, dark.ServiceConnectionsUnread));
        Assert.Null(ModelFixtures.Parse<VpcNetwork>("/networks/main").PeeringRoutes);
    }

    [Fact]
    public void Router_HasLearnedRoutesAndTellsItsPeers()
    {
        var router = ModelFixtures.Parse<Router>("/routers/hybrid");
        Assert.Equal(["yard"], router.BgpPeers);
        Assert.Equal(
            new RouterStatus([new DynamicRoute(IpRange.Parse("192.168.0.0/16"), 100, new NextHop.VpnTunnel(s_yard))], [new BgpPeerStatus("yard", "UP", [IpRange.Parse("10.8.0.0/28")])]),
            router.Status);
    }

    [Fact]
    public void Router_StatusNotRead_IsNotNothing()
    {
        var router = ModelFixtures.Parse<Router>("/routers/deaf");
        Assert.Equal((null, "compute.googleapis.com answered 503"), (router.Status, router.StatusUnread));
    }

    [Fact]
    public void VpnTunnel_NamesItsRouterAndGateway()
    {
        var yard = ModelFixtures.Parse<VpnTunnel>("/vpnTunnels/yard");
        Assert.Equal((s_hybrid, true, "ESTABLISHED"), (yard.Router!.Value, yard.IsEstablished, yard.Lifecycle));
        Assert.Equal([IpRange.Parse("192.168.0.0/16")], yard.RemoteTrafficSelectors);
        Assert.Equal([s_hybrid, ResourceName.Parse("//compute.googleapis.com/projects/shop/regions/europe-west1/vpnGateways/gw")], yard.References);
        var classic = ModelFixtures.Parse<VpnTunnel>("/vpnTunnels/classic");
        Assert.Equal((VpnTunnelStatus.TsNarrowingNotAllowed, "old"), (classic.Status, classic.Gateway!.Value.Id));
    }

    [Theory]
    [InlineData("{\"adminEnabled\":true,\"operationalStatus\":\"OS_ACTIVE\",\"state\":\"ACTIVE\"}", true)]
    [InlineData("{\"state\":\"ACTIVE\"}", true)]
    [InlineData("{\"adminEnabled\":false,\"operationalStatus\":\"OS_ACTIVE\",\"state\":\"ACTIVE\"}", false)]
    [InlineData("{\"adminEnabled\":true,\"operationalStatus\":\"OS_UNPROVISIONED\",\"state\":\"ACTIVE\"}", false)]
    [InlineData("{\"adminEnabled\":true,\"operationalStatus\":\"OS_ACTIVE\",\"state\":\"PENDING_CUSTOMER\"}", false)]
    public void InterconnectAttachment_IsUsable(string json, bool usable) => Assert.Equal(
        usable, Assert.IsType<InterconnectAttachment>(ModelFixtures.Parse("//compute.googleapis.com/projects/shop/regions/r/interconnectAttachments/a", json).Resource).IsUsable);

    [Fact]
    public void PolicyBasedRoute_MatchesMoreThanDestinations()
    {
        Assert.Equal(
            new PolicyBasedRoute(ResourceName.Of(ResourceKind.PolicyBasedRoute, "shop", "inspect"))
            {
                Network = s_main,
                Priority = 200,
                ProtocolVersion = "IPV4",
                Protocol = "TCP",
                SourceRange = IpRange.Parse("10.20.0.0/24"),
                DestRange = IpRange.Parse("0.0.0.0/0"),
                Tags = ["run"],
                NextHopIlb = IpRange.Parse("10.20.0.9"),
                Warnings = ["RESOURCE_NOT_ACTIVE"],
            },
            ModelFixtures.Parse<PolicyBasedRoute>("/policyBasedRoutes/inspect"));
        var skip = ModelFixtures.Parse<PolicyBasedRoute>("/policyBasedRoutes/skip");
        Assert.Equal((1000, "all", "DEFAULT_ROUTING"), (skip.Priority, skip.InterconnectRegion, skip.NextHopOtherRoutes));
    }

    [Fact]
    public void ServiceAttachment_SaysWhomItLetsIn() => Assert.Equal(
        new ServiceAttachment(ResourceName.Of(ResourceKind.ServiceAttachment, "shop", Region, "feed"))
        {
            TargetService = ResourceName.Of(ResourceKind.ForwardingRule, "shop", Region, "ilb"),
            ConnectionPreference = "ACCEPT_MANUAL",
            NatSubnets = [ResourceName.Of(ResourceKind.Subnetwork, "shop", Region, "psc-nat")],
            ConsumerAcceptLists = [new ConsumerAccept("data", null, 4), new ConsumerAccept(null, s_lake, 1)],
            ConsumerRejectLists = ["evil"],
            ConnectedEndpoints = [new ConnectedEndpoint(ResourceName.Of(ResourceKind.ForwardingRule, "data", Region, "ep1"), "ACCEPTED", s_lake)],
        },
        ModelFixtures.Parse<ServiceAttachment>("/serviceAttachments/feed"));

    [Fact]
    public void VpnTunnel_ThatAnAssetNamesByNumber_HasItsName()
    {
        var builder = new EstateBuilder();
        builder.Add(System.Text.Json.JsonElement.Parse("""{"name":"//compute.googleapis.com/projects/shop/regions/europe-west1/vpnTunnels/9181","asset_type":"compute.googleapis.com/VpnTunnel","resource":{"data":{"id":"9181","name":"yard"}}}"""), "file");
        Assert.Equal(s_yard, Assert.Single(builder.Build().Estate.Entries).Name);
    }
}
