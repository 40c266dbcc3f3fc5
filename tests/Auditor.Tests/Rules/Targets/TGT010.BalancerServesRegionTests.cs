using Auditor.Rules.Targets;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Targets;

public sealed class BalancerServesRegionTests : IntendedPathRuleTest<BalancerServesRegion>
{
    private static PathCase Balanced(string more) => Healthy().Subnetwork("us", "10.3.0.0/16", region: "us-east1")
        .With($$"""{"name":"ilb","selfLink":"{{PathCase.Compute}}regions/us-east1/forwardingRules/ilb","network":"{{PathCase.Network}}","IPAddress":"10.3.0.9","IPProtocol":"TCP","ports":["8080"],"loadBalancingScheme":"INTERNAL",{{more}}"backendService":"{{PathCase.Compute}}regions/us-east1/backendServices/bs"}""");

    [Fact]
    public void Passes_WithGlobalAccess() => Passes(Balanced("\"allowGlobalAccess\":true,"), "10.3.0.9:8080");

    [Fact]
    public void Fails_WithoutIt() => Assert.Equal("10.3.0.9:8080 cannot be reached: forwarding rule ilb is in us-east1 and does not allow global access", Fails(Balanced(""), "10.3.0.9:8080"));

    /// <summary>EGR001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WithoutAttachment() => Passes(Balanced(""), "10.3.0.9:8080", access: null);
}
