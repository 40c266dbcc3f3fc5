using Auditor.Rules.Egress;

namespace Auditor.Tests.Rules.Egress;

public sealed class FixedAddressLeavesThroughTheVpcTests : IntentRuleTest<FixedAddressLeavesThroughTheVpc>
{
    [Fact]
    public void Passes_WithAllTraffic() => Passes(Judge(Healthy("ALL_TRAFFIC").Nat(""" "natIpAllocateOption":"MANUAL_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """), Leaves("203.0.113.7")));

    [Fact]
    public void Fails_WithPrivateRangesOnly() => Assert.Equal(
        "its egress setting is private-ranges-only, so it leaves for the internet by addresses of Google's", Fails(Judge(Healthy(), Leaves("203.0.113.7"))));

    [Fact]
    public void Fails_WithoutAttachment() => Assert.Equal(
        "the workload is attached to no network and leaves by addresses of Google's", Fails(Judge(Healthy().Service("shop", null), Leaves("203.0.113.7"))));

    [Fact]
    public void Fails_ForAnOldRevisionThatStillServes() => Assert.Equal(
        "of revision shop-00001-old: its egress setting is private-ranges-only, so it leaves for the internet by addresses of Google's",
        Fails(Judge(
            Healthy().With("""{"name":"projects/shop/locations/europe-west1/services/shop/revisions/shop-00001-old","vpcAccess":{"connector":"projects/shop/locations/europe-west1/connectors/conn"}}""")
                .With("""{"name":"projects/shop/locations/europe-west1/services/shop","latestReadyRevision":"projects/shop/locations/europe-west1/services/shop/revisions/shop-00002-new","latestCreatedRevision":"projects/shop/locations/europe-west1/services/shop/revisions/shop-00002-new","template":{"vpcAccess":{"connector":"projects/shop/locations/europe-west1/connectors/conn","egress":"ALL_TRAFFIC"}},"trafficStatuses":[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","revision":"shop-00001-old","percent":10},{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST","percent":90}]}"""),
            Leaves("203.0.113.7"))));

    [Fact]
    public void Unknown_WithASettingOfTomorrow() => Assert.Equal("the egress setting is not recognised", Unknown(Judge(Healthy("SOME_TRAFFIC"), Leaves("203.0.113.7"))));

    [Fact]
    public void DoesNotApply_WhereNoAddressIsDeclared() => Assert.Equal("no fixed egress address is declared for the workload", DoesNotApply(Judge(Healthy(), [])));

    /// <summary>NAT004 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheNatIsAtFault() => Passes(Judge(Healthy("ALL_TRAFFIC").Nat(""" "natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """), Leaves("203.0.113.7")));
}
