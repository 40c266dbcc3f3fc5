using Auditor.Findings;
using Auditor.Rules.Nat;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Nat;

public sealed class FixedAddressIsGivenByHandTests : IntentRuleTest<FixedAddressIsGivenByHand>
{
    private const string Automatic = """ "natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """;
    private const string Manual = $$""" "natIpAllocateOption":"MANUAL_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIps":["{{PathCase.Compute}}regions/europe-west1/addresses/exit"] """;

    [Fact]
    public void Passes_WithAddressesOfItsOwn() => Passes(Judge(Healthy("ALL_TRAFFIC").Nat(Manual), Leaves("exit")));

    [Fact]
    public void Fails_WhereItAllocatesAutomatically()
    {
        var failed = Assert.IsType<Verdict.Failed>(Judge(Healthy("ALL_TRAFFIC").Nat(Automatic), Leaves("exit")));
        Assert.Equal("Cloud NAT nat of router router allocates its addresses automatically", failed.Because);
        Assert.Equal("gcloud compute routers nats update nat --router=router --region=europe-west1 --project=shop --nat-external-ip-pool=ADDRESS", failed.Fix);
        Assert.Equal("the partner", failed.Discriminator);
    }

    [Fact]
    public void Unknown_WhereItIsNotSaidHow() => Assert.Equal(
        "how Cloud NAT nat of router router allocates its addresses is not said", Unknown(Judge(Healthy("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """), Leaves("exit"))));

    /// <summary>EGR004 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_WhereItLeavesPastTheVpc() => Assert.Equal(
        "its egress setting is private-ranges-only, so it leaves for the internet by addresses of Google's, which is EGR004's to say", DoesNotApply(Judge(Healthy().Nat(Automatic), Leaves("exit"))));

    /// <summary>NAT001 is about this, and this rule is not.</summary>
    [Fact]
    public void DoesNotApply_WithoutAnyNat() => Assert.Equal("the internet is not reached: NO_EXTERNAL_ADDRESS by network main", DoesNotApply(Judge(Healthy("ALL_TRAFFIC"), Leaves("exit"))));

    [Fact]
    public void DoesNotApply_WhereNoAddressIsDeclared() => Assert.Equal("no fixed egress address is declared for the workload", DoesNotApply(Judge(Healthy("ALL_TRAFFIC").Nat(Automatic), [])));
}
