using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Rules.Isolation;

namespace Auditor.Tests.Rules.Isolation;

public sealed class ForbiddenFlowDoesNotExistTests : IntentRuleTest<ForbiddenFlowDoesNotExist>
{
    private const string DenyAll = """ "priority":900,"denied":[{"IPProtocol":"all"}] """;

    private static FlowIntent Never(string to, string? ports = null) => Flow(FlowDemand.Never, to, ports);

    [Fact]
    public void Fails_WithOnePacketAndEveryObjectThatLetsIt() => Assert.Equal(
        "tcp from 10.8.0.2 to 10.1.0.5:5432 (db) arrives: egress private-ranges-only: into the VPC; attachment enters network main through connector conn; egress-firewall allowed by the implied egress allow; route to subnetwork apps; ingress-firewall allowed by managed rule aet-europewest1-conn-sbntfw (priority 1000, assumed); target running by VM instance db",
        Fails(Judge(Healthy(), Never("db", "tcp:5432"))));

    [Fact]
    public void Fails_WithAPacketOfThePartThatArrives() => Assert.StartsWith(
        "tcp from 10.8.0.2 to 10.1.0.5:5432 (db) arrives: ", Fails(Judge(Healthy().Rule("deny", Deny), Never("db", "tcp:5432"))), StringComparison.Ordinal);

    [Fact]
    public void Fails_WhereOnlyTheLastSourcesArrive() => Assert.StartsWith(
        "tcp from 10.8.0.8 to 10.1.0.5:5432 (db) arrives: ",
        Fails(Judge(Healthy().Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/29"],"denied":[{"IPProtocol":"all"}] """), Never("db", "tcp:5432"))), StringComparison.Ordinal);

    /// <summary>Without ports, any packet is one too many.</summary>
    [Fact]
    public void Fails_OnAnyPortThatIsOpen() => Assert.StartsWith(
        "udp from 10.8.0.2 to 10.1.0.5:53 (db) arrives: ",
        Fails(Judge(Healthy().Rule("deny", DenyAll).Rule("dns", """ "priority":890,"allowed":[{"IPProtocol":"udp","ports":["53"]}] """), Never("db"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("internet")]
    [InlineData("34.1.2.3")]
    public void Fails_WhereItLeavesPastTheVpc(string to) => Assert.EndsWith(
        "arrives: egress leaves directly, not through a VPC; internet delivered by Google", Fails(Judge(Healthy(), Never(to, "tcp:443"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("db")]
    [InlineData("10.1.0.0/16")]
    public void Passes_WhereNothingArrives(string to) => Passes(Judge(Healthy().Rule("deny", DenyAll), Never(to)));

    [Fact]
    public void Passes_WhereTheWorkloadHasNoWayIn() => Passes(Judge(Healthy().Service("shop", null), Never("db")));

    [Fact]
    public void Passes_OnAnotherPort() => Passes(Judge(Healthy().Rule("deny", """ "priority":900,"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """), Never("db", "tcp:5432")));

    [Fact]
    public void Unknown_WhereSomePacketMayArrive() => Assert.Equal(
        "whether private-ranges-only sends this range into the VPC is not documented", Unknown(Judge(Healthy(), Never("240.0.0.9", "tcp:443"))));

    [Fact]
    public void DoesNotApply_WhereNobodyBearsTheName() => Assert.Equal("there is no target hr", DoesNotApply(Judge(Healthy(), Never("hr"))));

    [Fact]
    public void Unknown_WhereSomebodyMayBearTheName() => Assert.Equal(
        "there is no target hr here, and there may be one: permission compute.instances.list is missing",
        Unknown(Judge(Healthy().Estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Instance, "shop"), "permission compute.instances.list is missing")]), new Intents { Flows = [Never("hr")] })));

    /// <summary>ISO004 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_ToAFlowThatMustWork() => Assert.Equal(
        "no such flow is declared for the workload", DoesNotApply(Judge(Healthy().Rule("deny", DenyAll), Flow(FlowDemand.Must, "db", "tcp:5432"))));
}
