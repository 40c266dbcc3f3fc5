using System.Globalization;
using Auditor.Findings;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// What follows from a commit: projections, outbox, settled inbox entries. Usually written with it in one call. What one call cannot hold is
/// written after the head has moved, by the writer or, should it die, by whoever reads next; no projection is shown before that is done.
/// </summary>
internal sealed class FirestoreFold(FirestoreStore store, FirestoreCommits commits)
{
    public const string State = "state";
    public const string Resources = "resources";
    public const string Findings = "findings";
    public const string Transitions = "transitions";

    private const string CoverageId = "coverage";

    /// <summary>The head, once the projections show it.</summary>
    public Task<FirestoreHead> SettledAsync(CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            while (true)
            {
                var head = await FirestoreHead.ReadAsync(store, cancellationToken);
                if (!head.IsBehind)
                {
                    return (null, head);
                }

                var commit = await commits.ReadAsync(head.Folded + 1, cancellationToken);
                var outcome = await WriteAsync(commit.Seq, await PlanAsync(commit, cancellationToken), head.UpdatedAt, cancellationToken);
                if (outcome is not FirestoreOutcome.Done)
                {
                    return (outcome, head);
                }
            }
        },
        cancellationToken);

    /// <summary>The writes that follow from a commit. Made again after some of them were done, they come to the same.</summary>
    /// <exception cref="InvalidOperationException">The commit's transitions do not fit the findings.</exception>
    public async Task<IReadOnlyList<Write>> PlanAsync(Commit commit, CancellationToken cancellationToken)
    {
        var there = await Task.WhenAll(
            store.GetAsync(commit.Transitions.Select(transition => store.NameOf(Findings, transition.FindingId)), cancellationToken),
            store.GetAsync(commit.Consumed.Select(key => store.NameOf(FirestoreInbox.Collection, IdOf(key))), cancellationToken, "pending"),
            store.GetAsync(commit.Outbox.Select(item => store.NameOf(FirestoreOutbox.Collection, IdOf(item.Id))), cancellationToken, "seq"));
        var (findings, entries, items) = (there[0], there[1], there[2]);
        return
        [
            .. entries.Values.Where(entry => entry.Fields.ContainsKey("pending")).Select(entry => FirestoreInbox.Settle(entry, commit.Seq)),
            .. ResourcesOf(commit),
            .. FindingsOf(commit, findings),
            .. commit.Transitions.Select((transition, number) => TransitionOf(commit.Seq, number, transition)),
            .. commit.Coverage is { } coverage ? [CoverageOf(commit.Seq, coverage)] : Array.Empty<Write>(),
            .. commit.Outbox.Select((item, number) => (item, number)).DistinctBy(pair => pair.item.Id, StringComparer.Ordinal)
                .Where(pair => !items.ContainsKey(store.NameOf(FirestoreOutbox.Collection, IdOf(pair.item.Id))))
                .Select(pair => FirestoreOutbox.Owe(store, commit.Seq, pair.number, pair.item)),
        ];
    }

    /// <summary>Writes a plan call by call, the last one with the word that it is done. Each holds only as long as nobody else touched the head.</summary>
    public async Task<FirestoreOutcome> WriteAsync(long seq, IReadOnlyList<Write> plan, Timestamp? headUpdatedAt, CancellationToken cancellationToken)
    {
        List<List<Write>> calls = [.. store.Limits.Deal(plan, reserved: 1)];
        for (var i = 0; ; i++)
        {
            var isLast = i >= calls.Count - 1;
            var outcome = await store.TryCommitAsync([.. calls.ElementAtOrDefault(i) ?? [], FirestoreHead.FoldedTo(store, isLast ? seq : seq - 1, headUpdatedAt)], cancellationToken);
            if (isLast || outcome is not FirestoreOutcome.Done done)
            {
                return outcome;
            }

            headUpdatedAt = done.UpdateTimes[^1];
        }
    }

    /// <summary>The coverage at a time.</summary>
    public async Task<Coverage> CoverageAsync(Timestamp readAt, CancellationToken cancellationToken) =>
        (await store.GetAsync(State, CoverageId, readAt, cancellationToken)).Document is { } document ? FirestoreBody.Read<Coverage>(document) : Coverage.None;

    // The latest version of a resource wins.
    private IEnumerable<Write> ResourcesOf(Commit commit) => commit.Resources.GroupBy(version => version.Name).Select(versions => versions.Last()).Select(version =>
    {
        var document = store.Document(Resources, IdOf(version.Name.Value));
        document.Fields.Add("name", Of(version.Name.Value));
        document.Fields.Add("seq", Of(commit.Seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(version)));
        return Set(store.Limits.Check($"The resource {version.Name.Value}", document));
    });

    private IEnumerable<Write> FindingsOf(Commit commit, Dictionary<string, Document> before)
    {
        foreach (var transitions in commit.Transitions.GroupBy(transition => transition.FindingId, StringComparer.Ordinal))
        {
            var old = before.GetValueOrDefault(store.NameOf(Findings, transitions.Key));
            if (old is not null && old.Fields.Number("seq") >= commit.Seq)
            {
                continue;
            }

            var finding = transitions.Aggregate(old is null ? null : FirestoreBody.Read<Finding>(old), Finding.Apply)!;
            var document = store.Document(Findings, finding.Id);
            document.Fields.Add("seq", Of(commit.Seq));
            document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(finding)));
            yield return Set(store.Limits.Check($"The finding {finding.Id}", document));
        }
    }

    private Write TransitionOf(long seq, int number, Transition transition)
    {
        var document = store.Document(Transitions, string.Create(CultureInfo.InvariantCulture, $"{FirestoreCommits.IdOf(seq)}-{number:D6}"));
        document.Fields.Add("finding", Of(transition.FindingId));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(transition)));
        return Set(store.Limits.Check($"The transition {transition.Id}", document));
    }

    private Write CoverageOf(long seq, Coverage coverage)
    {
        var document = store.Document(State, CoverageId);
        document.Fields.Add("seq", Of(seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(coverage)));
        return Set(store.Limits.Check("The coverage", document));
    }
}
