using Auditor.Rules.Routes;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Routes;

public sealed class GoogleApisAreReachedTests : ExitRuleTest<GoogleApisAreReached>
{
    private const string OnSubnetwork = """{"name":"projects/shop/locations/europe-west1/connectors/conn","subnet":{"name":"conn-subnet"},"state":"READY"}""";

    [Fact]
    public void Passes_WithPrivateGoogleAccess() => Passes(Connector(access: true));

    [Fact]
    public void Passes_WithNat() => Passes(Connector(access: false).Nat(AllRanges));

    [Fact]
    public void Fails_WithNeither() => Assert.Equal("subnetwork conn-subnet has no Private Google Access, and no Cloud NAT translates", Fails(Connector(access: false)).Because);

    [Fact]
    public void Fails_WithoutARoute() => Assert.Equal("network main has no route to them", Fails(Connector(access: true).Without("routes/default-route")).Because);

    [Fact]
    public void Unknown_WhereAnApplianceTakesThem() => Assert.Equal(
        "VM appliance forwards it as its own configuration says",
        Unknown(Connector(access: true).Machine("appliance", "10.1.0.9", "\"status\":\"RUNNING\",\"canIpForward\":true").Route("default-route", "0.0.0.0/0", $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/appliance" """)));

    [Fact]
    public void Unknown_OfAHiddenSubnetwork() => Assert.Equal("whether the hidden subnetwork of connector conn has Private Google Access is not shown", Unknown(new PathCase(All)));

    [Fact]
    public void DoesNotApply_WhereAFirewallDeniesThem() => Assert.Equal(
        "firewall rule no-internet (priority 900) denies Google APIs",
        DoesNotApply(Connector(access: true).Rule("no-internet", """ "direction":"EGRESS","priority":900,"destinationRanges":["0.0.0.0/0"],"denied":[{"IPProtocol":"all"}] """)));

    /// <summary>DVE006 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_ToADirectVpcSubnetworkWithoutAccess() => Assert.Equal("its subnetwork has no Private Google Access, which is DVE006's to say", DoesNotApply(Direct(access: false)));

    private static PathCase Connector(bool access) => new PathCase(All).With(OnSubnetwork).Subnetwork("conn-subnet", "10.8.0.0/28", fields: $"\"privateIpGoogleAccess\":{(access ? "true" : "false")}").Subnetwork("apps", "10.1.0.0/16");
}
