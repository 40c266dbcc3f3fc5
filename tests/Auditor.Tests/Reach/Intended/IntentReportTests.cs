using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Intended;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Reach.Intended;

public sealed class IntentReportTests
{
    private const string Connector = "\"connector\":\"projects/shop/locations/europe-west1/connectors/conn\"";

    [Fact]
    public void EveryIntentHasARow_AndInferredOnesAreMarked() => Assert.Equal(
        [
            "must shop -> db Holds",
            "never shop -> db Broken",
            "egress shop -> 203.0.113.7 Broken",
            "must shop -> 10.1.0.5:5432 Holds inferred",
        ],
        Words(Report(Here.Caller("10.1.0.5:5432", Connector), [Flow(FlowDemand.Must, "shop", "db", "tcp:5432"), Flow(FlowDemand.Never, "shop", "db", "tcp:22")], [Leaves("shop")])));

    [Fact]
    public void WhatIsInferred_IsJudgedTheSame() => Assert.Equal(
        ["must shop -> 10.1.0.5:5432 Broken inferred"],
        Words(Report(Here.Caller("10.1.0.5:5432", Connector).Rule("deny", """ "priority":900,"denied":[{"IPProtocol":"all"}] """), [])));

    [Fact]
    public void WhatNamesNothing_IsBadInput_WithALikeName()
    {
        var report = Report(Here, [Flow(FlowDemand.Must, "shp", "db", "tcp:5432"), Flow(FlowDemand.Never, "shop", "dbs")], [Leaves("nobody")]);
        Assert.Equal(
            [
                "auditor.yaml:3: 'from' of shp-db-Must is 'shp', which is no workload here; did you mean shop.",
                "auditor.yaml:5: 'from' of partner is 'nobody', which is no workload here.",
                "auditor.yaml:3: 'to' of shop-dbs-Never is 'dbs', which is no target here; did you mean db.",
            ],
            report.BadInput);
        Assert.Equal(["must - -> db Void", "never shop -> dbs Void", "egress - -> 203.0.113.7 Void"], Words(report));
    }

    [Fact]
    public void WhatContradictsItselfHere_IsBadInput() => Assert.Equal(
        ["auditor.yaml:3: shop-db-Must must work, and by auditor.yaml:3 (shop-10.1.0.0/16-Never) it must never: both are about shop and db at tcp:5432; one of the two is wanted."],
        Report(Here, [Flow(FlowDemand.Must, "shop", "db", "tcp:5432"), Flow(FlowDemand.Never, "shop", "10.1.0.0/16")]).BadInput);

    [Fact]
    public void WhatTouchesElsewhere_DoesNotContradict() => Assert.Empty(
        Report(Here, [Flow(FlowDemand.Must, "shop", "db", "tcp:5432"), Flow(FlowDemand.Never, "shop", "10.1.0.0/16", "tcp:22"), Flow(FlowDemand.Never, "shop", "10.2.0.0/16")]).BadInput);

    private static PathCase Here => new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5");

    private static FlowIntent Flow(FlowDemand demand, string from, string to, params string[] ports) => new(
        $"{from}-{to}-{demand}", demand, new IntentSelector(from), IpRange.TryParse(to) is { } range ? new IntentTarget.Addresses(range) : new IntentTarget.Resources(new IntentSelector(to)),
        ports.Select(port => ServicePorts.TryParse(port)!).ToValueList(), new IntentOrigin("auditor.yaml", 3));

    private static EgressIntent Leaves(string from) => new("partner", new IntentSelector(from), [new ExpectedAddress("203.0.113.7")], new IntentOrigin("auditor.yaml", 5));

    private static IntentReport Report(PathCase here, IEnumerable<FlowIntent> flows, params IEnumerable<EgressIntent> egress) => IntentReport.Of(
        new Intents { Flows = flows.ToValueList(), Egress = egress.ToValueList() }, new EstateView(here.Estate, new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)));

    private static IEnumerable<string> Words(IntentReport report) =>
        report.Rows.Select(row => $"{row.Kind} {row.Workload?.Id ?? "-"} -> {row.Target} {row.Standing}{(row.IsInferred ? " inferred" : "")}");
}
