using Auditor.Findings;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Auditor.Rules.Nat;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Nat;

public sealed class AllTrafficFindsTheInternetTests : ExitRuleTest<AllTrafficFindsTheInternet>
{
    private const string OtherSubnetwork = $$""" "sourceSubnetworkIpRangesToNat":"LIST_OF_SUBNETWORKS","subnetworks":[{"name":"{{PathCase.Compute}}regions/europe-west1/subnetworks/other","sourceIpRangesToNat":["ALL_IP_RANGES"]}] """;

    [Fact]
    public void Passes_WithANatForAll() => Passes(new PathCase(All).Nat(AllRanges));

    [Fact]
    public void Passes_DirectVpcWithANatForItsSubnetwork() => Passes(Direct(access: true).Nat(OtherSubnetwork.Replace("/other", "/direct", StringComparison.Ordinal)));

    [Fact]
    public void Fails_WithoutNat()
    {
        var failed = Fails(new PathCase(All));
        Assert.Equal("all its traffic enters network main through connector conn, and no public Cloud NAT serves that network in europe-west1", failed.Because);
        Assert.Null(failed.Severity);
    }

    [Fact]
    public void Fails_WithANatOfAnotherRegion() => Assert.Contains("no public Cloud NAT", Fails(new PathCase(All).Nat(AllRanges, "us-central1")).Because, StringComparison.Ordinal);

    [Fact]
    public void Fails_DirectVpcBesideANatForOthers() => Assert.Equal(
        "all its traffic enters network main through subnetwork direct, and Cloud NAT nat of router router covers other subnetworks only", Fails(Direct(access: true).Nat(OtherSubnetwork)).Because);

    [Fact]
    public void Fails_Critically_WhereTheInternetIsDeclared()
    {
        var intent = new FlowIntent("pay", FlowDemand.Must, new IntentSelector("shop"), new IntentTarget.Internet(), [], new IntentOrigin("auditor.yaml", 1));
        Assert.Equal(Severity.Critical, Fails(new PathCase(All), new RuleOptions { Intents = new Intents { Flows = [intent] } }).Severity);
    }

    /// <summary>NAT002 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_WhereANatOfTheRegionLeavesTheConnectorOut() => Assert.Equal(
        "Cloud NAT nat of router router leaves connector conn out, which is NAT002's to say", DoesNotApply(new PathCase(All).Nat(OtherSubnetwork)));

    /// <summary>NAT007 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_WithoutDefaultRoute() => Assert.Equal("packets for the internet do not come to the internet gateway", DoesNotApply(new PathCase(All).Without("routes/default-route")));

    [Fact]
    public void DoesNotApply_WhereAFirewallKeepsItFromTheInternet() => Assert.Equal(
        "packets for the internet do not come to the internet gateway", DoesNotApply(new PathCase(All).Rule("no-internet", """ "direction":"EGRESS","priority":900,"destinationRanges":["0.0.0.0/0"],"denied":[{"IPProtocol":"all"}] """)));

    [Fact]
    public void Unknown_WhereARevisionWasNotRead() => Assert.Contains("shop-00001-abc", Unknown(new PathCase(All).With("""
        {"name":"projects/shop/locations/europe-west1/services/shop","latestReadyRevision":"projects/shop/locations/europe-west1/services/shop/revisions/shop-00002-abc",
         "trafficStatuses":[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","revision":"shop-00001-abc","percent":100}],"template":{}}
        """)), StringComparison.Ordinal);
}
