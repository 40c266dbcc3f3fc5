using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules;

/// <summary>
/// Asks every rule about every subject. Incremental evaluation gives the same result as a full one: a judgement is asked again exactly when
/// something it looked at changed, its time has come, or its subject is new.
/// </summary>
public sealed class Evaluator(RuleCatalog catalog, RuleOptions options)
{
    private readonly ImmutableArray<StateRule> _rules = [.. catalog.StateRules.Where(rule => options.MayJudge(rule.Info.Id))];

    /// <summary>How many judgements have been asked so far; lets tests prove that evaluation is incremental.</summary>
    public long Asked { get; private set; }

    /// <summary>Evaluates the whole estate.</summary>
    public Evaluations Full(Estate estate, DateTimeOffset evaluatedAt)
    {
        var asked = new List<Evaluation>();
        foreach (var resource in estate.Resources.OrderBy(resource => resource.Name))
        {
            asked.AddRange(Ask(resource, estate, evaluatedAt));
        }

        return Evaluations.Of(asked);
    }

    /// <summary>Evaluates what the difference between two estates can have touched, and what is due by time.</summary>
    /// <returns>The next evaluations and the judgements that were asked again or fell away with their subject.</returns>
    public (Evaluations Next, ImmutableArray<Judgement> Touched) Incremental(Evaluations previous, Estate before, Estate after, IEnumerable<ResourceName> changed, DateTimeOffset evaluatedAt)
    {
        var keys = new HashSet<Reference>();
        var subjects = new SortedSet<ResourceName>();
        foreach (var name in changed)
        {
            subjects.Add(name);
            keys.Add(new Reference(name.Kind, name));
            keys.UnionWith(Estate.Keys(before.Find(name)?.Resource));
            keys.UnionWith(Estate.Keys(after.Find(name)?.Resource));
        }

        var touched = new SortedSet<Judgement>(keys.SelectMany(previous.DependingOn));
        touched.UnionWith(previous.Due(evaluatedAt));
        touched.UnionWith(subjects.SelectMany(previous.About));
        if (!before.Gaps.SequenceEqual(after.Gaps) || !before.CoveredProjects.SetEquals(after.CoveredProjects))
        {
            touched.UnionWith(previous.All.Select(evaluation => evaluation.Judgement));
        }

        var asked = new List<Evaluation>();
        foreach (var subject in subjects)
        {
            if (after.Find(subject)?.Resource is { } resource)
            {
                asked.AddRange(Ask(resource, after, evaluatedAt));
            }
        }

        foreach (var judgement in touched.Where(judgement => !subjects.Contains(judgement.Subject)))
        {
            if (after.Find(judgement.Subject)?.Resource is { } resource)
            {
                asked.Add(Ask(_rules.First(rule => rule.Info.Id == judgement.RuleId), resource, after, evaluatedAt));
            }
        }

        touched.UnionWith(asked.Select(evaluation => evaluation.Judgement));
        return (previous.With(touched, asked), [.. touched]);
    }

    private IEnumerable<Evaluation> Ask(Resource subject, Estate estate, DateTimeOffset evaluatedAt) =>
        _rules.Where(rule => rule.Judges(subject)).Select(rule => Ask(rule, subject, estate, evaluatedAt));

    private Evaluation Ask(StateRule rule, Resource subject, Estate estate, DateTimeOffset evaluatedAt)
    {
        Asked++;
        var view = new EstateView(estate, evaluatedAt);
        ValueList<Verdict> verdicts;
        try
        {
            verdicts = view.Find<Resource>(subject.Name) is Lookup<Resource>.Unread stale
                ? [new Verdict.Unknown(stale.Reason)]
                : Judge(rule, subject, view).OrderBy(verdict => verdict.Discriminator, StringComparer.Ordinal).ToValueList();
            if (verdicts.Select(verdict => verdict.Discriminator).Distinct(StringComparer.Ordinal).Count() != verdicts.Count)
            {
                throw new InvalidOperationException("two verdicts have one discriminator");
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One broken rule must not silence the others, and it must not look like a pass.
            verdicts = [new Verdict.Unknown($"the rule itself failed: {e.GetType().Name}: {e.Message}")];
        }

        // A moment that has passed was taken into account just now.
        var revisitAt = view.RevisitAt > evaluatedAt ? view.RevisitAt : null;
        return new Evaluation(
            rule.Info, subject.Name, verdicts, view.Evidence.ToValueList(), view.Dependencies.ToValueList(), view.Unread.ToValueList(), revisitAt)
        {
            DependsOnTime = view.DependsOnTime,
        };
    }

    private IEnumerable<Verdict> Judge(StateRule rule, Resource subject, EstateView view)
    {
        var choice = RuleChoice.Of(rule.Info.Id, subject, view, options);
        return choice.Missing is { } missing ? [new Verdict.Unknown(missing)]
            : choice.OffBecause is { } because ? [new Verdict.NotApplicable(because)]
            : rule.Evaluate(subject, view, choice.Options).Select(verdict => verdict is Verdict.Failed failed && choice.Severity is { } severity ? failed with { Severity = severity } : verdict);
    }
}
