using System.Collections.Immutable;
using System.Text;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules;

/// <summary>The current answer of every rule on every subject, with an index of what each depends on. Immutable.</summary>
public sealed class Evaluations
{
    private readonly ImmutableDictionary<Judgement, Evaluation> _byJudgement;
    private Index? _index;

    private Evaluations(ImmutableDictionary<Judgement, Evaluation> byJudgement, Index? index) => (_byJudgement, _index) = (byJudgement, index);

    public static Evaluations Empty { get; } = new(ImmutableDictionary<Judgement, Evaluation>.Empty, null);

    /// <summary>All evaluations, in no order.</summary>
    public IEnumerable<Evaluation> All => _byJudgement.Values;

    /// <summary>All evaluations by rule and subject.</summary>
    public IEnumerable<Evaluation> Sorted => _byJudgement.Values.OrderBy(evaluation => evaluation.Judgement);

    /// <summary>The earliest moment at which a verdict may change by time alone; null when none can.</summary>
    public DateTimeOffset? NextRevisit => Indexed.Timed.IsEmpty ? null : Indexed.Timed.Min.At;

    // Who only asks once, as a check of files does, never pays for it.
    private Index Indexed => _index ??= Index.Of(_byJudgement.Values);

    public Evaluation? Find(Judgement judgement) => _byJudgement.GetValueOrDefault(judgement);

    /// <summary>The verdicts as sorted lines: two evaluations agree exactly when these bytes do. Times, causes and evidence are left out.</summary>
    public byte[] ToCanonicalBytes()
    {
        var text = new StringBuilder();
        foreach (var evaluation in Sorted)
        {
            foreach (var verdict in evaluation.Verdicts)
            {
                text.Append(evaluation.Rule.Id).Append('\t').Append(evaluation.Subject).Append('\t').Append(verdict.Discriminator).Append('\t').Append(verdict switch
                {
                    Verdict.Passed => "passed",
                    Verdict.Failed failed => $"failed\t{failed.Severity ?? evaluation.Rule.Severity}\t{failed.Because}",
                    Verdict.NotApplicable other => $"notApplicable\t{other.Because}",
                    Verdict.Unknown unknown => $"unknown\t{unknown.Missing}",
                    Verdict.NotEvaluated idle => $"notEvaluated\t{idle.Needs}",
                    _ => throw new InvalidOperationException($"No such verdict: {verdict}."),
                }).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    internal IEnumerable<Judgement> DependingOn(Reference key) => Indexed.Dependents.GetValueOrDefault(key, []);

    internal IEnumerable<Judgement> About(ResourceName subject) => Indexed.BySubject.GetValueOrDefault(subject, []);

    internal IEnumerable<Judgement> Due(DateTimeOffset at) => Indexed.Timed.TakeWhile(timed => timed.At <= at).Select(timed => timed.Judgement);

    internal static Evaluations Of(IEnumerable<Evaluation> evaluations) =>
        new(evaluations.ToImmutableDictionary(evaluation => evaluation.Judgement), null);

    internal Evaluations With(IEnumerable<Judgement> removed, IEnumerable<Evaluation> added)
    {
        var byJudgement = _byJudgement.ToBuilder();
        var index = new Index.Builder(Indexed);
        foreach (var judgement in removed)
        {
            if (byJudgement.Remove(judgement, out var old))
            {
                index.Remove(old);
            }
        }

        foreach (var evaluation in added)
        {
            byJudgement[evaluation.Judgement] = evaluation;
            index.Add(evaluation);
        }

        return new Evaluations(byJudgement.ToImmutable(), index.ToIndex());
    }

    // What each object and list is looked at by, what is asked of each subject, and what is due when.
    private sealed record Index(
        ImmutableDictionary<Reference, ImmutableHashSet<Judgement>> Dependents,
        ImmutableDictionary<ResourceName, ImmutableHashSet<Judgement>> BySubject,
        ImmutableSortedSet<(DateTimeOffset At, Judgement Judgement)> Timed)
    {
        public static Index Of(IEnumerable<Evaluation> evaluations)
        {
            var all = evaluations.ToList();
            return new Index(
                all.SelectMany(evaluation => evaluation.Dependencies, (evaluation, key) => (key, evaluation.Judgement))
                    .GroupBy(pair => pair.key, pair => pair.Judgement).ToImmutableDictionary(group => group.Key, group => group.ToImmutableHashSet()),
                all.GroupBy(evaluation => evaluation.Subject, evaluation => evaluation.Judgement).ToImmutableDictionary(group => group.Key, group => group.ToImmutableHashSet()),
                [.. all.Where(evaluation => evaluation.RevisitAt is not null).Select(evaluation => (evaluation.RevisitAt!.Value, evaluation.Judgement))]);
        }

        public sealed class Builder(Index index)
        {
            private readonly ImmutableDictionary<Reference, ImmutableHashSet<Judgement>>.Builder _dependents = index.Dependents.ToBuilder();
            private readonly ImmutableDictionary<ResourceName, ImmutableHashSet<Judgement>>.Builder _bySubject = index.BySubject.ToBuilder();
            private readonly ImmutableSortedSet<(DateTimeOffset At, Judgement Judgement)>.Builder _timed = index.Timed.ToBuilder();

            public void Add(Evaluation evaluation)
            {
                Put(_bySubject, evaluation.Subject, evaluation.Judgement);
                foreach (var key in evaluation.Dependencies)
                {
                    Put(_dependents, key, evaluation.Judgement);
                }

                if (evaluation.RevisitAt is { } at)
                {
                    _timed.Add((at, evaluation.Judgement));
                }
            }

            public void Remove(Evaluation evaluation)
            {
                Drop(_bySubject, evaluation.Subject, evaluation.Judgement);
                foreach (var key in evaluation.Dependencies)
                {
                    Drop(_dependents, key, evaluation.Judgement);
                }

                if (evaluation.RevisitAt is { } at)
                {
                    _timed.Remove((at, evaluation.Judgement));
                }
            }

            public Index ToIndex() => new(_dependents.ToImmutable(), _bySubject.ToImmutable(), _timed.ToImmutable());
        }
    }

    private static void Put<T>(ImmutableDictionary<T, ImmutableHashSet<Judgement>>.Builder index, T key, Judgement judgement)
        where T : notnull => index[key] = (index.TryGetValue(key, out var set) ? set : []).Add(judgement);

    private static void Drop<T>(ImmutableDictionary<T, ImmutableHashSet<Judgement>>.Builder index, T key, Judgement judgement)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var set))
        {
            return;
        }

        set = set.Remove(judgement);
        if (set.IsEmpty)
        {
            index.Remove(key);
        }
        else
        {
            index[key] = set;
        }
    }
}
