using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Auditor.Rules.Connectors;

namespace Auditor.Tests.Rules;

public sealed class RuleSettingTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Connector s_broken = Scene.TheConnector with { State = ConnectorState.Error };
    private static readonly Project s_project = new(ResourceName.Of(ResourceKind.Project, "p1")) { ProjectId = "p1", Labels = [new("env", "dev")] };

    [Fact]
    public void WithoutSettings_TheRuleIsJudgedAsItIs() => Assert.Equal(Severity.High, SeverityOf(Judge(RuleOptions.Default)));

    [Fact]
    public void OutsideTheProfile_NobodyAsks() => Assert.Empty(Evaluate(new RuleOptions { Judged = ["FWL004"] }).All);

    [Fact]
    public void OutsideTheProfile_APlaceMaySwitchItOn()
    {
        var options = new RuleOptions { Judged = [], Settings = [Setting("p1") with { IsOn = true }] };
        Assert.IsType<Verdict.Failed>(Judge(options));
        Assert.Equal("the rule is not in the profile", Assert.IsType<Verdict.NotApplicable>(Judge(options with { Settings = [Setting("p2") with { IsOn = true }] })).Because);
    }

    [Fact]
    public void SwitchedOffInAProject_ItDoesNotApply()
    {
        Assert.Equal("the rule is switched off by auditor.yaml:3", Assert.IsType<Verdict.NotApplicable>(Judge(With(Setting("p1") with { IsOn = false }))).Because);
        Assert.IsType<Verdict.Failed>(Judge(With(Setting("p2") with { IsOn = false })));
    }

    [Fact]
    public void TheSeverity_IsTheOneSet() => Assert.Equal(Severity.Low, SeverityOf(Judge(With(Setting("p1") with { Severity = Severity.Low }))));

    [Fact]
    public void TheFirstThatHolds_Decides() => Assert.Equal(
        Severity.Info, SeverityOf(Judge(With(Setting("p2") with { Severity = Severity.Low }, Setting("p1") with { Severity = Severity.Info }, Setting("p1") with { IsOn = false }))));

    /// <summary>A connector has no labels: its project's count.</summary>
    [Theory]
    [InlineData("dev", false)]
    [InlineData("prod", true)]
    public void ALabel_MayBeTheProjects(string value, bool isJudged) =>
        Assert.Equal(isJudged, Judge(With(Labelled(value) with { IsOn = false })) is Verdict.Failed);

    [Fact]
    public void ALabelThatWasNotRead_IsUnknown()
    {
        var estate = Estate.Empty.With([new EstateEntry(s_broken.Name, s_broken, s_now)], []);
        var verdict = Assert.Single(Assert.Single(new Evaluator(Catalog, With(Labelled("dev") with { IsOn = false })).Full(estate, s_now).All).Verdicts);
        Assert.StartsWith("whether auditor.yaml:3 holds here depends on label env of project p1: ", Assert.IsType<Verdict.Unknown>(verdict).Missing, StringComparison.Ordinal);
    }

    /// <summary>Another label of the project asks the rule again, though the connector is the same.</summary>
    [Fact]
    public void ALabelThatChanges_IsFollowed()
    {
        var evaluator = new Evaluator(Catalog, With(Labelled("dev") with { IsOn = false }));
        var before = Estate;
        var changed = s_project with { Labels = [new("env", "prod")] };
        var after = before.With([new EstateEntry(changed.Name, changed, s_now)]);
        var (next, _) = evaluator.Incremental(evaluator.Full(before, s_now), before, after, [changed.Name], s_now);
        Assert.IsType<Verdict.Failed>(Assert.Single(Assert.Single(next.All).Verdicts));
    }

    [Fact]
    public void AKnob_IsTheOneSetThere()
    {
        var creating = Scene.TheConnector with { State = ConnectorState.Creating };
        var estate = Estate.Empty.With([new EstateEntry(creating.Name, creating, s_now, s_now - TimeSpan.FromMinutes(30)), new EstateEntry(s_project.Name, s_project, s_now)], ["p1"]);
        Assert.IsType<Verdict.Failed>(Verdict(RuleOptions.Default));
        Assert.IsNotType<Verdict.Failed>(Verdict(With(Setting("p1") with { Options = new RuleOptions { ConnectorTransitionLimit = TimeSpan.FromHours(1) } })));

        Verdict Verdict(RuleOptions options) => Assert.Single(Assert.Single(new Evaluator(Catalog, options).Full(estate, s_now).All).Verdicts);
    }

    [Fact]
    public void TheCoreProfile_HasTheSixtySix() => Assert.Equal(66, Profile.CoreRules.Count);

    private static RuleCatalog Catalog => RuleCatalog.Of(new ConnectorIsReady());

    private static Estate Estate => Auditor.Model.Estate.Empty.With([new EstateEntry(s_broken.Name, s_broken, s_now), new EstateEntry(s_project.Name, s_project, s_now)], ["p1"]);

    private static RuleSetting Setting(string project) => new("CON001", project, null, new IntentOrigin("auditor.yaml", 3));

    private static RuleSetting Labelled(string value) => new("CON001", null, new("env", value), new IntentOrigin("auditor.yaml", 3));

    private static RuleOptions With(params RuleSetting[] settings) => new() { Settings = settings.ToValueList() };

    private static Evaluations Evaluate(RuleOptions options) => new Evaluator(Catalog, options).Full(Estate, s_now);

    private static Verdict Judge(RuleOptions options) => Assert.Single(Assert.Single(Evaluate(options).All).Verdicts);

    private static Severity SeverityOf(Verdict verdict) => Assert.IsType<Verdict.Failed>(verdict).Severity ?? new ConnectorIsReady().Info.Severity;
}
