using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Findings;

public sealed class FindingDiffTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Judgement s_judgement = new("CON001", ConnectorName);
    private static readonly Connector s_broken = TheConnector with { State = ConnectorState.Error };

    [Fact]
    public void Opens_WhatFailsForTheFirstTime()
    {
        var transition = Assert.Single(Diff([], s_broken));
        Assert.Equal((TransitionKind.Opened, 0, "the connector is in state ERROR", Severity.High), (transition.Kind, transition.Number, transition.Because, transition.Severity));
        Assert.Contains($"object {ConnectorName}", transition.Evidence);
    }

    [Fact]
    public void SaysNothing_WhenNothingChanged() => Assert.Empty(Diff(Open(), s_broken));

    [Fact]
    public void Resolves_AsFixed() => Assert.Equal(ResolveReason.Fixed, Assert.Single(Diff(Open(), TheConnector)).Reason);

    [Fact]
    public void Reopens_AsARegression()
    {
        var open = Open();
        var resolved = Fold(open, Diff(open, TheConnector));
        var again = Assert.Single(Diff(resolved, s_broken));
        Assert.Equal((TransitionKind.Reopened, 2), (again.Kind, again.Number));
        Assert.Equal(2, Fold(resolved, [again]).Values.Single().TimesOpened);
    }

    [Fact]
    public void Resolves_AsDeleted_OnlyWhenAReadProvedIt()
    {
        Assert.Equal(ResolveReason.ResourceDeleted, Assert.Single(Diff(Open(), (Connector?)null)).Reason);
        var hidden = Estate.Empty.With([], ["p1"], [new Gap(new GapScope(ResourceKind.Connector, "p1"), "permission vpcaccess.connectors.list is missing")]);
        Assert.Empty(Diff(Open(), hidden));
    }

    /// <summary>Unknown never resolves a finding (design promise 4).</summary>
    [Theory]
    [InlineData(ConnectorState.Creating)]
    [InlineData(ConnectorState.Unrecognized)]
    public void Keeps_WhatCannotBeTold(ConnectorState state) => Assert.Empty(Diff(Open(), TheConnector with { State = state }));

    [Fact]
    public void ChangedWordsAloneAreNoTransition() => Assert.Empty(Diff(Open(), TheConnector with { State = ConnectorState.Unspecified }));

    [Fact]
    public void ChangesSeverity_WhenTheEffectBecomesWorse()
    {
        var estate = Estate.Empty.With([new EstateEntry(ConnectorName, s_broken), new EstateEntry(ServiceName, TheService)], ["p1"]);
        var transition = Assert.Single(Diff(Open(), estate));
        Assert.Equal((TransitionKind.SeverityChanged, Severity.Critical), (transition.Kind, transition.Severity));
    }

    [Fact]
    public void Ids_FollowFromContent()
    {
        Assert.Equal(Diff([], s_broken).Single().Id, Diff([], s_broken).Single().Id);
        Assert.NotEqual(Finding.IdOf("CON001", ConnectorName, ""), Finding.IdOf("CON001", ConnectorName, "x"));
    }

    private static ImmutableDictionary<string, Finding> Open() => Fold([], Diff([], s_broken));

    private static ImmutableDictionary<string, Finding> Fold(ImmutableDictionary<string, Finding> findings, IEnumerable<Transition> transitions) =>
        transitions.Aggregate(findings, (all, transition) => all.SetItem(transition.FindingId, Finding.Apply(all.GetValueOrDefault(transition.FindingId), transition)));

    private static ImmutableArray<Transition> Diff(ImmutableDictionary<string, Finding> findings, Connector? connector) =>
        Diff(findings, Estate.Empty.With([new EstateEntry(ConnectorName, connector, s_now)], ["p1"]));

    private static ImmutableArray<Transition> Diff(ImmutableDictionary<string, Finding> findings, Estate estate) => FindingDiff.Between(
        findings,
        new Evaluator(RuleCatalog.Of(new ConnectorIsReady()), RuleOptions.Default).Full(estate, s_now),
        [s_judgement],
        estate,
        _ => (Cause.Of(CauseKind.Sweep), Occurrence.At(s_now)),
        s_now);
}
