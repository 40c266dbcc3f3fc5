using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Tests.Rules;

/// <summary>Asks one rule about one subject in a small estate whose projects were read in whole.</summary>
public abstract class RuleTest<TRule>
    where TRule : StateRule, new()
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>All verdicts on the first resource.</summary>
    protected static ValueList<Verdict> Verdicts(params Resource[] resources) => Verdicts([], resources);

    protected static ValueList<Verdict> Verdicts(IEnumerable<Gap> gaps, params Resource[] resources) =>
        Verdicts(EstateOf(resources).With([], gaps: gaps), resources[0].Name);

    protected static ValueList<Verdict> Verdicts(Estate estate, ResourceName subject, RuleOptions? options = null) =>
        new Evaluator(RuleCatalog.Of(new TRule()), options ?? RuleOptions.Default).Full(estate, Now).All.Single(evaluation => evaluation.Subject == subject).Verdicts;

    /// <summary>The because-sentence; fails the test when there is not exactly one failed verdict and nothing else but passes.</summary>
    protected static string Fails(params Resource[] resources) => Failed(resources).Because;

    protected static Verdict.Failed Failed(params Resource[] resources) =>
        Assert.Single(Verdicts(resources).Where(verdict => verdict is not Verdict.Passed).Select(Assert.IsType<Verdict.Failed>));

    protected static void Passes(params Resource[] resources) => Assert.All(Verdicts(resources), verdict => Assert.IsType<Verdict.Passed>(verdict));

    protected static string DoesNotApply(params Resource[] resources) => Assert.IsType<Verdict.NotApplicable>(Assert.Single(Verdicts(resources))).Because;

    protected static string Unknown(params Resource[] resources) => Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(resources))).Missing;

    protected static string Unknown(Gap gap, params Resource[] resources) => Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts([gap], resources))).Missing;

    protected static Estate EstateOf(params Resource[] resources) =>
        Estate.Empty.With(resources.Select(resource => new EstateEntry(resource.Name, resource, Now)), resources.Select(resource => resource.Project).OfType<string>().Distinct());
}
