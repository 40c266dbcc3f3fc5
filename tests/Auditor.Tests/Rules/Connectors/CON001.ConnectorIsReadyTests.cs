using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorIsReadyTests : RuleTest<ConnectorIsReady>
{
    [Fact]
    public void Passes_WhenReady() => Passes(TheConnector);

    [Fact]
    public void Fails_WhenInError() => Assert.Equal("the connector is in state ERROR", Fails(TheConnector with { State = ConnectorState.Error }));

    [Fact]
    public void Fails_WhenNoStateIsSaid() => Assert.Equal("the connector is in state STATE_UNSPECIFIED", Fails(TheConnector with { State = ConnectorState.Unspecified }));

    [Fact]
    public void Fails_CriticallyWhenAWorkloadUsesIt() => Assert.Equal(Severity.Critical, Failed(TheConnector with { State = ConnectorState.Error }, TheService).Severity);

    [Fact]
    public void Fails_WithTheUsualSeverityWhenNobodyUsesIt() => Assert.Null(Failed(TheConnector with { State = ConnectorState.Error }).Severity);

    [Fact]
    public void Fails_NamingTheCommandThatRepairs() => Assert.Equal(
        "gcloud compute networks vpc-access connectors delete conn --region=europe-west1 --project=p1, then create it again with the cause fixed (overlapping range, service agent role, image policy)",
        Failed(TheConnector with { State = ConnectorState.Error }).Fix);

    [Theory]
    [InlineData(ConnectorState.Creating, "CREATING")]
    [InlineData(ConnectorState.Updating, "UPDATING")]
    [InlineData(ConnectorState.Deleting, "DELETING")]
    public void Fails_WhenATransitionLastsTooLong(ConnectorState state, string word)
    {
        var failed = Assert.IsType<Verdict.Failed>(Assert.Single(Verdicts(Since(state, Now.AddMinutes(-15)), ConnectorName)));
        Assert.Equal($"the connector has been {word} since 2026-11-01T11:45:00Z", failed.Because);
    }

    [Fact]
    public void Unknown_WhileATransitionMayStillEnd()
    {
        var evaluation = new Evaluator(RuleCatalog.Of(new ConnectorIsReady()), RuleOptions.Default).Full(Since(ConnectorState.Creating, Now.AddMinutes(-14)), Now).All.Single();
        Assert.Equal(
            "the connector is CREATING since 2026-11-01T11:46:00Z, which may last until 2026-11-01T12:01:00Z",
            Assert.IsType<Verdict.Unknown>(Assert.Single(evaluation.Verdicts)).Missing);
        Assert.Equal(Now.AddMinutes(1), evaluation.RevisitAt);
    }

    [Fact]
    public void Unknown_WhenNothingSaysSinceWhen() =>
        Assert.Equal("the connector is CREATING, and nothing says since when", Unknown(TheConnector with { State = ConnectorState.Creating }));

    [Fact]
    public void Unknown_InAStateGoogleAddedLater() =>
        Assert.Equal("the connector is in a state that this release does not know", Unknown(TheConnector with { State = ConnectorState.Unrecognized }));

    [Fact]
    public void Unknown_WhenTheLastReadFailed() => Assert.Equal(
        "permission vpcaccess.connectors.get is missing",
        Unknown(new Gap(new GapScope(Resource: ConnectorName), "permission vpcaccess.connectors.get is missing"), TheConnector with { State = ConnectorState.Error }));

    [Fact]
    public void Limit_IsAnOption() => Assert.IsType<Verdict.Unknown>(Assert.Single(
        Verdicts(Since(ConnectorState.Creating, Now.AddMinutes(-15)), ConnectorName, new RuleOptions { ConnectorTransitionLimit = TimeSpan.FromHours(1) })));

    private static Estate Since(ConnectorState state, DateTimeOffset since) =>
        Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector with { State = state }, Now, since)], ["p1"]);
}
