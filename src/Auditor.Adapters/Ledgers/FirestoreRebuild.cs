using Auditor.Ledger;
using Google.Cloud.Firestore.V1;

namespace Auditor.Adapters.Ledgers;

/// <summary>Works the projections out from the commits again, writes what differs, and makes a new snapshot. Readers see the ledger all the time.</summary>
internal sealed class FirestoreRebuild(FirestoreStore store, FirestoreCommits commits, FirestoreFold fold, FirestoreSnapshots snapshots, FirestoreRetention retention)
{
    /// <summary>Gives the number of documents that were not as the commits say; the snapshot is one.</summary>
    /// <exception cref="LedgerConflictException">Others wrote meanwhile.</exception>
    public async Task<int> RebuildAsync(CancellationToken cancellationToken)
    {
        var head = await fold.SettledAsync(cancellationToken);
        var snapshot = await snapshots.CheckAsync(cancellationToken);
        var from = (await retention.BaseAsync(cancellationToken))?.State ?? LedgerState.Empty;
        var (expected, isSnapshotTrue) = await ExpectedAsync(from, head.Head.Seq, snapshot, cancellationToken);
        var stored = await StoredAsync(head, cancellationToken);
        List<Write> writes =
        [
            .. expected.Where(pair => !stored.TryGetValue(pair.Key, out var old) || !AreSame(old, pair.Value, from.Head.Seq)).Select(pair => FirestoreFields.Set(pair.Value)),
            .. stored.Keys.Where(name => !expected.ContainsKey(name)).Select(name => new Write { Delete = name }),
        ];
        var updatedAt = head.UpdatedAt;
        foreach (var call in store.Limits.Deal(writes, reserved: 1))
        {
            // The same number again is but a check that nobody has moved the head.
            var outcome = await store.TryCommitAsync([.. call, FirestoreHead.FoldedTo(store, head.Folded, updatedAt)], cancellationToken);
            updatedAt = outcome is FirestoreOutcome.Done done
                ? done.UpdateTimes[^1]
                : throw new LedgerConflictException($"Others wrote to the ledger {store.Address} while it was rebuilt; it may be free the next time.");
        }

        await snapshots.RemakeAsync(cancellationToken);
        return writes.Count + (isSnapshotTrue ? 0 : 1);
    }

    private async Task<(Dictionary<string, Document> Documents, bool IsSnapshotTrue)> ExpectedAsync(LedgerState from, long upTo, SnapshotCheck? snapshot, CancellationToken cancellationToken)
    {
        var documents = new Dictionary<string, Document>(StringComparer.Ordinal);
        var findings = new Dictionary<string, Document>(StringComparer.Ordinal);
        foreach (var write in fold.ProjectionsOf(from))
        {
            documents[write.Update.Name] = findings[write.Update.Name] = write.Update;
        }

        var gate = new RunGate();
        var state = new StateFold(from);
        var isSnapshotTrue = snapshot is null || (snapshot is { Problem: null } && snapshot.Manifest.Head.Seq == from.Head.Seq);
        for (var seq = from.Head.Seq + 1; seq <= upTo; seq++)
        {
            var commit = await commits.ReadAsync(seq, cancellationToken);
            foreach (var write in gate.Add(commit).SelectMany(counted => fold.ProjectionsOf(counted, findings)))
            {
                documents[write.Update.Name] = write.Update;
            }

            state.Add(commit);
            isSnapshotTrue |= snapshot is { Problem: null } && seq == snapshot.Manifest.Head.Seq && Snapshot.Of(state.State, store.Limits.BytesPerChunk).Manifest == snapshot.Manifest;
        }

        return (documents, isSnapshotTrue);
    }

    // Which of the forgotten commits a record is from, nobody knows any more.
    private static bool AreSame(Document stored, Document expected, long forgotten)
    {
        if (stored.Fields.Number("seq") < forgotten && expected.Fields.Number("seq") == forgotten)
        {
            stored = stored.Clone();
            stored.Fields["seq"] = FirestoreFields.Of(forgotten);
        }

        return stored.Fields.Equals(expected.Fields);
    }

    private async Task<Dictionary<string, Document>> StoredAsync(FirestoreHead head, CancellationToken cancellationToken)
    {
        var documents = new List<Document>();
        foreach (var query in new[] { FirestoreQueries.Resources, FirestoreQueries.Findings, FirestoreQueries.Transitions })
        {
            documents.AddRange(await store.QueryAllAsync(query.With(null), head.ReadAt, cancellationToken));
        }

        if ((await store.GetAsync(FirestoreFold.State, FirestoreFold.CoverageId, head.ReadAt, cancellationToken)).Document is { } coverage)
        {
            documents.Add(coverage);
        }

        return documents.ToDictionary(document => document.Name, StringComparer.Ordinal);
    }
}
