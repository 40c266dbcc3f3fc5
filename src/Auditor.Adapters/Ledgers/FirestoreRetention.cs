using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// What is forgotten, and the state that is kept in its place: the base, a snapshot that stays. The base is written before anything goes; what a
/// process that is killed on the way has left goes the next time. Keys of the inbox go by Firestore's time-to-live policy.
/// </summary>
internal sealed class FirestoreRetention(FirestoreStore store, FirestoreCommits commits, FirestoreSnapshots snapshots)
{
    private const string Gone = "gone";
    private const string Recorded = "recorded";

    /// <exception cref="LedgerDamagedException">The base is broken, and nothing else holds what it held.</exception>
    public async Task<LedgerBase?> BaseAsync(CancellationToken cancellationToken)
    {
        if (await StoredAsync(cancellationToken) is not { } stored)
        {
            return null;
        }

        var (state, problem) = await snapshots.ReadAsync(stored, cancellationToken);
        return state is null
            ? throw commits.Damaged($"the base of what is retained, the snapshot {problem}")
            : new LedgerBase(state, new DateTimeOffset(stored.Fields.Number(Recorded), TimeSpan.Zero));
    }

    /// <summary>Gives the number of commits whose content went.</summary>
    public async Task<long> ForgetAsync(DateTimeOffset? contentBefore, CancellationToken cancellationToken)
    {
        if (contentBefore is not { } before)
        {
            return 0;
        }

        var count = await MoveAsync(before, cancellationToken);
        if (await StoredAsync(cancellationToken) is { } stored && stored.Fields.Number(Gone) is var gone && stored.Fields.Number("seq") is var seq && gone < seq)
        {
            await StripAsync(gone, seq, cancellationToken);
            var done = store.Document(FirestoreFold.State, FirestoreSnapshots.BaseId);
            done.Fields.Add(Gone, Of(seq));
            await store.CommitAsync([Merge(done, new Precondition { Exists = true }, Gone)], cancellationToken);
        }

        return count;
    }

    // Up to the first commit that is young enough; a run is forgotten as a whole.
    private async Task<long> MoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var last = await BaseAsync(cancellationToken);
        var fold = new StateFold(last?.State ?? LedgerState.Empty);
        var (from, end) = (fold.Head.Seq, fold.Head);
        var recordedAt = last?.RecordedAt ?? default;
        await foreach (var commit in commits.ReadAfterAsync(from, cancellationToken))
        {
            if (commit.RecordedAt >= before)
            {
                break;
            }

            fold.Add(commit);
            (end, recordedAt) = commit.Part is { IsLast: false } ? (end, recordedAt) : (fold.Head, commit.RecordedAt);
        }

        if (end.Seq == from)
        {
            return 0;
        }

        // Loading never needs what is about to go.
        await snapshots.TakeAsync(cancellationToken);
        var document = await snapshots.WriteChunksAsync(FirestoreSnapshots.BaseId, Snapshot.Of(fold.State with { Head = end }, store.Limits.BytesPerChunk), cancellationToken);
        document.Fields.Add(Recorded, Of(recordedAt));
        await store.CommitAsync([Merge(document, null, "seq", Recorded, FirestoreBody.Field)], cancellationToken);
        return end.Seq - from;
    }

    private async Task StripAsync(long from, long to, CancellationToken cancellationToken)
    {
        for (var seq = from + 1; seq <= to; seq++)
        {
            var document = await commits.FindAsync(seq, cancellationToken);
            if (document is null || !FirestoreCommits.HasContent(document))
            {
                continue;
            }

            var commit = await commits.ReadAsync(seq, cancellationToken);
            var outbox = await store.GetAsync(commit.Outbox.Select(item => store.NameOf(FirestoreOutbox.Collection, IdOf(item.Id))), cancellationToken, "sent");
            List<Write> deletions =
            [
                .. commits.ChunkNames(document).Concat(commit.Transitions.Select((_, number) => store.NameOf(FirestoreFold.Transitions, FirestoreFold.TransitionId(seq, number))))
                    .Concat(outbox.Values.Where(item => item.Fields.ContainsKey("sent")).Select(item => item.Name)).Select(name => new Write { Delete = name }),
            ];

            // Its content last: as long as it is there, the rest is found again.
            foreach (var call in store.Limits.Deal(deletions.Append(commits.Strip(seq)), reserved: 0))
            {
                await store.CommitAsync(call, cancellationToken);
            }
        }
    }

    private async Task<Document?> StoredAsync(CancellationToken cancellationToken) => (await store.GetAsync(FirestoreFold.State, FirestoreSnapshots.BaseId, null, cancellationToken)).Document;
}
