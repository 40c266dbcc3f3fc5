using Auditor.Rules.Routes;

namespace Auditor.Tests.Rules.Routes;

public sealed class NextHopWorksTests : IntendedPathRuleTest<NextHopWorks>
{
    [Fact]
    public void Passes_WithoutNextHopOnTheWay() => Passes(Healthy(), "10.1.0.5:5432");

    [Fact]
    public void Fails_WhereNobodyHasTheNextHopsAddress() => Assert.Equal(
        "10.9.0.5:5432 cannot be reached: the next hop cannot work: ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED, route dead",
        Fails(Healthy().Route("dead", "10.9.0.0/16", """ "nextHopIp":"10.1.0.77" """), "10.9.0.5:5432"));

    [Fact]
    public void Fails_WhereTheNextHopIsStopped() => Assert.Equal(
        "10.9.0.5:5432 cannot be reached: the next hop cannot work: INSTANCE_NOT_RUNNING, route via",
        Fails(Healthy().Machine("fw", "10.1.0.2", "\"status\":\"TERMINATED\",\"canIpForward\":true").Route("via", "10.9.0.0/16", """ "nextHopIp":"10.1.0.2" """), "10.9.0.5:5432"));

    /// <summary>RTE001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WithoutRoute() => Passes(Healthy().Without("routes/default-route"), "10.9.0.5:5432");
}
