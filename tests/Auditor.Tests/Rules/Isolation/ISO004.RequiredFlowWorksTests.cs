using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Auditor.Rules.Isolation;

namespace Auditor.Tests.Rules.Isolation;

public sealed class RequiredFlowWorksTests : IntentRuleTest<RequiredFlowWorks>
{
    private static FlowIntent Must(string to, string? ports = null) => Flow(FlowDemand.Must, to, ports);

    [Theory]
    [InlineData("db", "tcp:5432")]
    [InlineData("db", null)]
    [InlineData("zones/europe-west1-b/instances/db", "tcp:5432,udp:53")]
    [InlineData("10.1.0.5", "tcp:5432")]
    [InlineData("internet", null)]
    [InlineData("googleapis", null)]
    public void Passes_WhereItArrives(string to, string? ports) => Passes(Judge(Healthy(), Must(to, ports)));

    [Fact]
    public void Fails_NamingThePartOfTheSourcesAndWhatDecides() => Assert.Equal(
        "db (10.1.0.5) cannot be reached from 10.8.0.8-10.8.0.13 on tcp:5432: FIREWALL_RULE by firewall rule deny (priority 900) (see FWL001)",
        Fails(Judge(Healthy().Rule("deny", Deny), Must("db", "tcp:5432"))));

    [Fact]
    public void Fails_NamingTheIntentAndTheTarget() => Assert.Equal(
        "the flow -> projects/shop/zones/europe-west1-b/instances/db", Judge(Healthy().Rule("deny", Deny), Must("db", "tcp:5432")).Discriminator);

    [Fact]
    public void Fails_OnThePortsThatAreLost() => Assert.Equal(
        "db (10.1.0.5) cannot be reached on tcp:5432: FIREWALL_RULE by firewall rule deny (priority 900) (see FWL001)",
        Fails(Judge(Healthy().Rule("deny", """ "priority":900,"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """), Must("db", "tcp:5432,tcp:5433"))));

    /// <summary>Without a port, one that works is enough, but for every source.</summary>
    [Fact]
    public void Passes_WithoutPorts_WhereOneWorks() => Passes(Judge(Healthy().Rule("deny", """ "priority":900,"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """), Must("db")));

    [Fact]
    public void Fails_WithoutPorts_WhereNoneWorksForSomeSources() => Assert.Equal(
        "db (10.1.0.5) cannot be reached from 10.8.0.8-10.8.0.13 on any TCP port: FIREWALL_RULE by firewall rule deny (priority 900) (see FWL001)",
        Fails(Judge(Healthy().Rule("deny", Deny), Must("db"))));

    [Fact]
    public void Fails_WithoutAttachment() => Assert.Equal(
        "db (10.1.0.5) cannot be reached on tcp:5432: VPC_CONNECTOR_NOT_SET by Cloud Run service shop (see EGR001)",
        Fails(Judge(Healthy().Service("shop", null), Must("db", "tcp:5432"))));

    [Fact]
    public void Fails_WhereTheTargetIsGone() => Assert.Equal("there is no target db", Fails(Judge(Healthy().Without("db"), Must("db", "tcp:5432"))));

    [Fact]
    public void Unknown_WhereTheTargetMayBeInWhatWasNotRead() => Assert.Equal(
        "there is no target db here, and there may be one: permission compute.instances.list is missing",
        Unknown(Judge(Healthy().Without("db").Estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Instance, "shop"), "permission compute.instances.list is missing")]), new Intents { Flows = [Must("db")] })));

    [Fact]
    public void Unknown_WhereItDependsOnWhatNobodySays() => Assert.Equal(
        "whether private-ranges-only sends this range into the VPC is not documented", Unknown(Judge(Healthy(), Must("240.0.0.9", "tcp:443"))));

    /// <summary>Of a database with several addresses, clients take one that works.</summary>
    [Fact]
    public void Passes_WhereOneOfSeveralAddressesWorks() => Passes(Judge(Healthy().Sql(), Must("orders")));

    [Fact]
    public void Fails_OnTheServicePortOfADatabase() => Assert.Equal(
        "orders (10.60.0.3) cannot be reached on tcp:5432: GOOGLE_MANAGED_SERVICE_NO_PEERING by peering servicenetworking-googleapis-com, which is not active (see RTE004)",
        Fails(Judge(Healthy().Sql(peering: "INACTIVE"), Must("orders"))));

    [Fact]
    public void Passes_ForABlockWhoseOtherAddressesNobodyHas() => Passes(Judge(Healthy(), Must("10.1.0.0/28", "tcp:5432")));

    [Fact]
    public void DoesNotApply_WhereNothingIsDeclared() => Assert.Equal("no such flow is declared for the workload", DoesNotApply(Judge(Healthy(), Flow(FlowDemand.Must, "db", from: "other"))));

    /// <summary>ISO003 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_ToAFlowThatMustNeverExist() => Assert.Equal("no such flow is declared for the workload", DoesNotApply(Judge(Healthy(), Flow(FlowDemand.Never, "db"))));

    [Fact]
    public void EveryTargetIsJudged_AndEveryRevisionThatServes()
    {
        var here = Healthy().Machine("db2", "10.1.0.6").Rule("deny", """ "priority":900,"direction":"EGRESS","destinationRanges":["10.1.0.6/32"],"denied":[{"IPProtocol":"all"}] """);
        var both = new FlowIntent("the flow", FlowDemand.Must, IntentSelector.Any, new IntentTarget.Resources(new IntentSelector(Project: "shop")), [ServicePorts.TryParse("tcp:5432")!], new IntentOrigin("auditor.yaml", 3));
        Assert.Equal(
            ["Passed the flow -> projects/shop/zones/europe-west1-b/instances/db", "Failed the flow -> projects/shop/zones/europe-west1-b/instances/db2"],
            Verdicts(here.Estate, Shop, new RuleOptions { Intents = new Intents { Flows = [both] } }).Select(verdict => $"{verdict.GetType().Name} {verdict.Discriminator}"));
    }
}
