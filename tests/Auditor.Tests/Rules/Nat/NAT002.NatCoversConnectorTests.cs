using Auditor.Model;
using Auditor.Rules.Nat;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Nat;

public sealed class NatCoversConnectorTests : RuleTest<NatCoversConnector>
{
    private static readonly ResourceName s_apps = ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "apps");

    [Fact]
    public void Passes_WhenTheNatServesAllSubnetworks() => Passes(TheConnector, AllTraffic, Router(Nat() with { SourceRanges = NatSourceRanges.AllSubnetworksAllIpRanges }));

    [Fact]
    public void Passes_WhenPrimaryRangesAreServed() => Passes(TheConnector, AllTraffic, Router(Nat() with { SourceRanges = NatSourceRanges.AllSubnetworksAllPrimaryIpRanges }));

    [Theory]
    [InlineData("ALL_IP_RANGES")]
    [InlineData("PRIMARY_IP_RANGE")]
    public void Passes_WhenTheListNamesItsSubnetwork(string ranges) => Passes(OnSubnetwork, TheSubnetwork, AllTraffic, Router(Nat(SubnetworkName, ranges)));

    [Fact]
    public void Passes_WhenAnotherNatOfTheRegionCoversIt() =>
        Passes(TheConnector, AllTraffic, Router(Nat(s_apps), new RouterNat("all") { SourceRanges = NatSourceRanges.AllSubnetworksAllIpRanges }));

    [Fact]
    public void Fails_WhenTheListLeavesItOut() => Assert.Equal(
        "nat1 of router r1 covers only listed subnetworks, and conn-subnet is not among them",
        Fails(OnSubnetwork, TheSubnetwork, AllTraffic, Router(Nat(s_apps))));

    [Fact]
    public void Fails_WhenOnlySecondaryRangesAreListed() => Assert.Equal(
        "nat1 of router r1 covers only listed subnetworks, and conn-subnet is not among them",
        Fails(OnSubnetwork, TheSubnetwork, AllTraffic, Router(Nat(SubnetworkName, "LIST_OF_SECONDARY_IP_RANGES"))));

    [Fact]
    public void Fails_ForAHiddenSubnetworkWhateverTheListSays() => Assert.Equal(
        "nat1 of router r1 covers only listed subnetworks, and the hidden subnetwork of a connector with a custom range can stand in no list",
        Fails(TheConnector, AllTraffic, Router(Nat(s_apps))));

    [Fact]
    public void Fails_NamingTheCommandThatRepairs() => Assert.Equal(
        "gcloud compute routers nats update nat1 --router=r1 --region=europe-west1 --project=p1 --nat-all-subnet-ip-ranges",
        Failed(TheConnector, AllTraffic, Router(Nat(s_apps))).Fix);

    [Fact]
    public void Unknown_WhenRoutersCouldNotBeListed() => Assert.Equal(
        "routers of vpc could not all be listed: permission compute.routers.list is missing",
        Unknown(new Gap(new GapScope(ResourceKind.Router, "p1"), "permission compute.routers.list is missing"), TheConnector, AllTraffic));

    [Fact]
    public void DoesNotApply_WithoutAllTraffic() => Assert.Equal("no workload sends all its traffic through the connector", DoesNotApply(TheConnector, TheService, Router(Nat(s_apps))));

    /// <summary>NAT001 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_WithoutAnyNat() => Assert.Equal(
        "no public Cloud NAT serves vpc in europe-west1, which is NAT001's to say",
        DoesNotApply(TheConnector, AllTraffic, Router(Nat(s_apps) with { Type = "PRIVATE" })));

    [Fact]
    public void DoesNotApply_WhenTheNatIsInAnotherRegion() => Assert.Equal(
        "no public Cloud NAT serves vpc in europe-west1, which is NAT001's to say",
        DoesNotApply(TheConnector, AllTraffic, Router(Nat(s_apps)) with { Name = ResourceName.Of(ResourceKind.Router, "p1", "us-central1", "r1") }));

    private static Router Router(params RouterNat[] nats) =>
        new(ResourceName.Of(ResourceKind.Router, "p1", "europe-west1", "r1")) { Network = NetworkName, Nats = nats.ToValueList() };

    private static RouterNat Nat(ResourceName? listed = null, string ranges = "ALL_IP_RANGES") => new("nat1")
    {
        SourceRanges = NatSourceRanges.ListOfSubnetworks,
        Subnetworks = listed is null ? [] : [new NatSubnetwork(listed, [ranges], [])],
    };
}
