using Auditor.Rules.Routes;

namespace Auditor.Tests.Rules.Routes;

public sealed class PeeringIsActiveTests : IntendedPathRuleTest<PeeringIsActive>
{
    [Fact]
    public void Passes_OverAnActivePeering() => Passes(Healthy().Sql(), "10.60.0.3:5432");

    [Fact]
    public void Fails_WhereThePeeringIsInactive() => Assert.Equal(
        "10.60.0.3:5432 cannot be reached: peering servicenetworking-googleapis-com, which is not active, is the only way to it",
        Fails(Healthy().Sql(peering: "INACTIVE"), "10.60.0.3:5432"));

    [Fact]
    public void Fails_WithoutPeering() => Assert.Equal("10.60.0.3:5432 cannot be reached: network main has no peering to it", Fails(Healthy().Sql().OfNetwork("main"), "10.60.0.3:5432"));

    /// <summary>TGT001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheInstanceIsStopped() => Passes(Healthy().Sql(settings: "\"activationPolicy\":\"NEVER\""), "10.60.0.3:5432");
}
