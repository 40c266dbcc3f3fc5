using Auditor.Rules;
using Auditor.Rules.Nat;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Nat;

public sealed class DefaultRouteLeadsToTheInternetTests : ExitRuleTest<DefaultRouteLeadsToTheInternet>
{
    private const string Appliance = $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/appliance" """;
    private const string Gateway = $$""" "nextHopGateway":"{{PathCase.Compute}}global/gateways/default-internet-gateway" """;

    [Fact]
    public void Passes_WithTheDefaultRoute() => Passes(new PathCase(All));

    [Fact]
    public void Passes_WhereAPartnerIsBehindAnAppliance() => Passes(WithAppliance("partner", "203.0.113.0/24"));

    [Fact]
    public void Passes_WhereATagHasABetterOne() => Passes(WithAppliance("nva", "0.0.0.0/0", "\"priority\":500").Route("tagged", "0.0.0.0/0", Gateway, "\"priority\":100,\"tags\":[\"vpc-connector\"]"));

    [Fact]
    public void Fails_WithoutDefaultRoute() => Assert.Equal("network main has no default route", Fails(new PathCase(All).Without("routes/default-route")).Because);

    [Fact]
    public void Fails_WhereAnApplianceTakesIt() => Assert.Equal(
        "the default route of network main does not lead to the internet gateway: VM appliance forwards it as its own configuration says", Fails(WithAppliance("nva", "0.0.0.0/0", "\"priority\":500")).Because);

    [Fact]
    public void Passes_WhereTheApplianceIsMeant() => Passes(WithAppliance("nva", "0.0.0.0/0", "\"priority\":500"), new RuleOptions { ApplianceIsMeant = true });

    [Fact]
    public void Fails_WhereTheNextHopIsDown() => Assert.Equal(
        "the default route of network main leads nowhere: ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED, decided by route default-route",
        Fails(new PathCase(All).Route("default-route", "0.0.0.0/0", """ "nextHopIp":"10.1.0.77" """), new RuleOptions { ApplianceIsMeant = true }).Because);

    [Fact]
    public void Unknown_WhereWhatARouterLearnedWasNotRead() => Assert.Equal("what router edge of network main has learned was not read", Unknown(new PathCase(All).With($$"""
        {"name":"edge","selfLink":"{{PathCase.Compute}}regions/europe-west1/routers/edge","network":"{{PathCase.Network}}","bgpPeers":[{"name":"peer"}]}
        """)));

    /// <summary>NAT001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WithoutNat() => Passes(Direct(access: true));

    private static PathCase WithAppliance(string route, string range, string fields = "\"priority\":1000") =>
        new PathCase(All).Subnetwork("apps", "10.1.0.0/16").Machine("appliance", "10.1.0.9", "\"status\":\"RUNNING\",\"canIpForward\":true").Route(route, range, Appliance, fields);
}
