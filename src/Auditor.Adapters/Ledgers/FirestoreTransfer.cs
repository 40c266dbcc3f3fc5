using System.Runtime.CompilerServices;
using System.Text.Json;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>All that goes from one ledger to another, and how it comes in.</summary>
internal sealed class FirestoreTransfer(FirestoreStore store, FirestoreCommits commits, FirestoreFold fold)
{
    public async IAsyncEnumerable<LedgerRecord> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = await fold.SettledAsync(cancellationToken);
        yield return new LedgerRecord.Leased(head.Fence);
        var entries = await store.QueryAllAsync(FirestoreQueries.Inbox.With(null), head.ReadAt, cancellationToken);
        foreach (var entry in entries.OrderBy(entry => entry.Fields.ContainsKey("pending")).ThenBy(entry => entry.Fields.Text("key"), StringComparer.Ordinal))
        {
            yield return entry.Fields.ContainsKey("pending")
                ? new LedgerRecord.Waiting(FirestoreBody.Read<InboxEntry>(entry))
                : new LedgerRecord.Settled(entry.Fields.Text("key")!, new DateTimeOffset(entry.Fields.Number("enqueued"), TimeSpan.Zero));
        }

        foreach (var row in await FirestoreOutbox.AllAsync(store, head.ReadAt, cancellationToken))
        {
            yield return new LedgerRecord.Alerting(row);
        }

        await foreach (var commit in commits.StoredAfterAsync(0, cancellationToken))
        {
            yield return new LedgerRecord.Committed(commit);
        }
    }

    /// <summary>Inbox and outbox first: the fold of the commits then leaves alone what was settled or sent.</summary>
    public async Task ImportAsync(IEnumerable<LedgerRecord> records, CancellationToken cancellationToken)
    {
        if ((await fold.SettledAsync(cancellationToken)).UpdatedAt is not null || await store.CountAsync(FirestoreQueries.Inbox.With(null), null, cancellationToken) > 0)
        {
            throw new LedgerConflictException($"The ledger {store.Address} holds something already; only an empty one can be filled.");
        }

        var (newest, epoch) = (0L, 0L);
        var gathered = new List<Write>();
        foreach (var record in records)
        {
            switch (record)
            {
                case LedgerRecord.Leased leased:
                    newest = leased.Epoch;
                    break;
                case LedgerRecord.Committed { Commit: var stored }:
                    await FlushAsync(gathered, cancellationToken);
                    epoch = await AppendAsync(JsonSerializer.Deserialize<Commit>(stored.Bytes.Span, LedgerJson.Options)!, epoch, cancellationToken);
                    break;
                default:
                    gathered.Add(Put(record));
                    break;
            }

            if (gathered.Count == store.Limits.WritesPerCall)
            {
                await FlushAsync(gathered, cancellationToken);
            }
        }

        await FlushAsync(gathered, cancellationToken);
        await LeasedAsync(Math.Max(newest, epoch), cancellationToken);
    }

    private Write Put(LedgerRecord record) => record switch
    {
        LedgerRecord.Settled settled => Create(FirestoreInbox.Settled(store, settled.Key, settled.EnqueuedAt)),
        LedgerRecord.Waiting waiting => Create(FirestoreInbox.Waiting(store, waiting.Entry)),
        LedgerRecord.Alerting alerting => FirestoreOutbox.Put(store, alerting.Row),
        _ => throw new InvalidOperationException("No such record."),
    };

    private async Task FlushAsync(List<Write> gathered, CancellationToken cancellationToken)
    {
        foreach (var call in store.Limits.Deal(gathered, reserved: 0))
        {
            await store.CommitAsync(call, cancellationToken);
        }

        gathered.Clear();
    }

    // Under the epoch it was first appended under; gives that.
    private async Task<long> AppendAsync(Commit commit, long epoch, CancellationToken cancellationToken)
    {
        if (commit.Epoch != epoch)
        {
            await store.CommitAsync([FirestoreHead.FenceAt(store, commit.Epoch)], cancellationToken);
        }

        await new FirestoreAppend(store, commits, fold).AppendAsync(new Lease("import", commit.Epoch, default), commit, cancellationToken);
        return commit.Epoch;
    }

    private Task LeasedAsync(long epoch, CancellationToken cancellationToken) =>
        epoch == 0 ? Task.CompletedTask : store.CommitAsync([FirestoreLease.Left(store, epoch), FirestoreHead.FenceAt(store, epoch)], cancellationToken);
}
