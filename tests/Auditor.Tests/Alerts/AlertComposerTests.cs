using Auditor.Alerts;
using Auditor.Findings;
using Auditor.Rules;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Alerts;

public sealed class AlertComposerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Cause s_cause = new(CauseKind.Change, [new ChangeReference { EventKey = "k", OccurredAt = s_now, Method = "m", Principal = "ops@example.com" }]);

    private static readonly Transition s_opened = new()
    {
        FindingId = "f1",
        Number = 0,
        Kind = TransitionKind.Opened,
        RuleId = "CON001",
        Resource = ConnectorName,
        Discriminator = "",
        Severity = Severity.High,
        Because = "the connector is in state ERROR",
        Occurred = Occurrence.At(s_now),
        RecordedAt = s_now,
        Cause = s_cause,
    };

    private static readonly Transition s_worse = s_opened with
    {
        FindingId = "f2",
        RuleId = "CON012",
        Resource = ServiceName,
        Severity = Severity.Critical,
        Because = "it names connector conn, which does not exist",
    };

    [Fact]
    public void Compose_OneMessagePerCause_WorstFirst()
    {
        var alert = Assert.Single(Compose(s_opened, s_worse));
        Assert.Equal("CON012 Cloud Run service shop: it names connector conn, which does not exist (and 1 more)", alert.Title);
        Assert.Equal((AlertKind.Problem, Severity.Critical), (alert.Kind, alert.Severity));
        Assert.Equal(["CON012", "CON001"], alert.Items.Select(item => item.RuleId));
    }

    [Fact]
    public void Compose_ARecoveryIsAMessageOfItsOwn()
    {
        var alerts = Compose(s_worse, s_opened with { Kind = TransitionKind.Resolved, Reason = ResolveReason.Fixed, Number = 1 });
        Assert.Equal([AlertKind.Problem, AlertKind.Recovery], alerts.Select(alert => alert.Kind));
        Assert.Equal("CON001 connector conn is resolved (fixed): Connector is ready", alerts[1].Title);
    }

    [Fact]
    public void Compose_ABaselineIsOneDigest()
    {
        var alert = Assert.Single(Compose([.. new[] { s_opened, s_worse }.Select(transition => transition with { Cause = Cause.Of(CauseKind.Baseline) })]));
        Assert.Equal((AlertKind.Baseline, "first sweep: 2 findings are open; from here on only changes are alerted"), (alert.Kind, alert.Title));
        Assert.Equal([new SeverityCount(Severity.Critical, 1), new SeverityCount(Severity.High, 1)], alert.Counts);
        Assert.Empty(alert.Items);
    }

    [Fact]
    public void Compose_OtherRulesAreOneDigest_BesideWhatTimeDid()
    {
        var alerts = Compose(
            s_opened with { Cause = Cause.Of(CauseKind.RuleChange), Kind = TransitionKind.Resolved, Reason = ResolveReason.RuleChanged },
            s_worse with { Cause = Cause.Of(CauseKind.RuleChange) },
            s_opened with { FindingId = "f3", Cause = Cause.Of(CauseKind.Time) });
        Assert.Equal("other rules or options: 1 findings opened, 1 resolved", alerts[0].Title);
        Assert.Equal([new SeverityCount(Severity.Critical, 1)], alerts[0].Counts);
        Assert.Equal("CON001 connector conn: the connector is in state ERROR", alerts[1].Title);
    }

    [Fact]
    public void Compose_SameTransitionsHaveTheSameIds_WheneverTheyAreRecorded() =>
        Assert.Equal(Compose(s_opened)[0].Id, new AlertComposer(RuleCatalog.All).Compose([s_opened with { RecordedAt = s_now.AddHours(1) }], s_now.AddHours(1))[0].Id);

    [Fact]
    public void Compose_NothingHappened_NothingIsSaid() => Assert.Empty(Compose());

    private static IReadOnlyList<Alert> Compose(params Transition[] transitions) => new AlertComposer(RuleCatalog.All).Compose(transitions, s_now);
}
