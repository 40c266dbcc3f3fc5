using Auditor.Changes;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Findings;

/// <summary>Finds, for each judgement of one batch, the changes that can have turned its verdict: those of resources it looks at.</summary>
internal sealed class Causes
{
    private readonly List<(Change Change, HashSet<Reference> Keys)> _changes = [];
    private readonly Func<Judgement, IEnumerable<Evaluation?>> _evaluationsOf;
    private readonly Knowledge _before;
    private readonly CauseKind _kind;
    private readonly DateTimeOffset _now;

    public Causes(
        Knowledge before, Estate after, Evaluations evaluations, IReadOnlySet<ResourceName> changed, IReadOnlyList<Change> changes, CauseKind kind, DateTimeOffset now)
    {
        (_before, _kind, _now) = (before, kind, now);
        _evaluationsOf = judgement => [before.Evaluations.Find(judgement), evaluations.Find(judgement)];
        foreach (var change in Operations(changes))
        {
            // A change that altered nothing modelled caused nothing.
            var keys = new HashSet<Reference>();
            foreach (var name in change.Resources.Where(changed.Contains))
            {
                keys.Add(new Reference(name.Kind, name));
                keys.UnionWith(Estate.Keys(before.Estate.Find(name)?.Resource));
                keys.UnionWith(Estate.Keys(after.Find(name)?.Resource));
            }

            if (keys.Count > 0)
            {
                _changes.Add((change, keys));
            }
        }
    }

    public (Cause Cause, Occurrence Occurred) Of(Judgement judgement)
    {
        var dependencies = _evaluationsOf(judgement).OfType<Evaluation>().SelectMany(evaluation => evaluation.Dependencies)
            .Append(new Reference(judgement.Subject.Kind, judgement.Subject)).ToHashSet();
        var related = _changes.Where(pair => pair.Keys.Overlaps(dependencies)).Select(pair => pair.Change).OrderBy(change => change.OccurredAt).ToList();
        if (related.Count == 0)
        {
            // A batch of changes that relates to none of them: a read on the way showed it, as a sweep would have.
            var kind = _kind switch
            {
                CauseKind.Change => CauseKind.Sweep,
                CauseKind.RuleChange when _evaluationsOf(judgement).Any(evaluation => evaluation?.DependsOnTime == true) => CauseKind.Time,
                _ => _kind,
            };
            return (Cause.Of(kind), new Occurrence(_now, LastLook(judgement)));
        }

        var cause = new Cause(CauseKind.Change, related.Select(Refer).ToValueList());
        return (cause, related.Count == 1 ? Occurrence.At(related[0].OccurredAt) : new Occurrence(related[^1].OccurredAt, related[0].OccurredAt));
    }

    // The entries of one operation are one change: it happened when the last one says, and who called often only the first one says.
    public static IEnumerable<Change> Operations(IEnumerable<Change> changes) => changes
        .GroupBy(change => change.OperationId ?? change.DedupKey, StringComparer.Ordinal)
        .Select(group => group.OrderBy(change => change.OccurredAt).Aggregate((first, last) => last with
        {
            Principal = last.Principal ?? first.Principal,
            CallerIp = last.CallerIp ?? first.CallerIp,
            UserAgent = last.UserAgent ?? first.UserAgent,
        }));

    // It happened after the subject was last read as it was before.
    private DateTimeOffset? LastLook(Judgement judgement) => _kind == CauseKind.Baseline ? null : _before.Estate.Find(judgement.Subject)?.ReadAt;

    private static ChangeReference Refer(Change change) => new()
    {
        EventKey = change.EventKey,
        OccurredAt = change.OccurredAt,
        Method = change.MethodName,
        Resources = change.Resources,
        Principal = change.Principal?.ToString(),
        CallerIp = change.CallerIp,
        UserAgent = change.UserAgent,
        OperationId = change.OperationId,
    };
}
