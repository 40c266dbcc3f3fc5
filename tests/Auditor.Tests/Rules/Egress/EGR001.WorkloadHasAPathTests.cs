using Auditor.Rules.Egress;

namespace Auditor.Tests.Rules.Egress;

public sealed class WorkloadHasAPathTests : IntendedPathRuleTest<WorkloadHasAPath>
{
    [Fact]
    public void Passes_ThroughAConnector() => Passes(Healthy(), "10.1.0.5:5432");

    [Fact]
    public void Fails_WithoutAttachment() => Assert.Equal("10.1.0.5:5432 cannot be reached: the workload is attached to no network, and the address is private", Fails(Healthy(), "10.1.0.5:5432", access: null));

    /// <summary>FWL001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheFirewallIsAtFault() => Passes(Healthy().Rule("deny", """ "priority":1,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """), "10.1.0.5:5432");
}
