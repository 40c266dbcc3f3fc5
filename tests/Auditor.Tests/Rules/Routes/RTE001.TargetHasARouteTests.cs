using Auditor.Rules.Routes;

namespace Auditor.Tests.Rules.Routes;

public sealed class TargetHasARouteTests : IntendedPathRuleTest<TargetHasARoute>
{
    [Fact]
    public void Passes_ToASubnetwork() => Passes(Healthy(), "10.1.0.5:5432");

    [Fact]
    public void Fails_WithoutRoute() => Assert.Equal("10.9.0.5:5432 cannot be reached: network main has no route to it", Fails(Healthy().Without("routes/default-route"), "10.9.0.5:5432"));

    [Fact]
    public void Fails_WhereOnlyTheInternetGatewayTakesIt() => Assert.Equal("10.9.0.5:5432 cannot be reached: route default-route sends it to the internet gateway, which drops private traffic", Fails(Healthy(), "10.9.0.5:5432"));

    [Fact]
    public void Unknown_WhereAPeerWasNotRead() => Assert.Equal(
        "it may end in network theirs of project other, which was not read",
        Unknown(Healthy().OfNetwork("main", """ "peerings":[{"name":"to-other","network":"https://www.googleapis.com/compute/v1/projects/other/global/networks/theirs","state":"ACTIVE"}] """), "10.9.0.5:5432"));

    /// <summary>RTE002 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheNextHopIsGone() => Passes(Healthy().Route("dead", "10.9.0.0/16", """ "nextHopIp":"10.1.0.77" """), "10.9.0.5:5432");
}
