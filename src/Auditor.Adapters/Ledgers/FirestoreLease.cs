using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The lease: one document. Its epoch only grows; a released lease has no holder. Whoever takes it writes the epoch to the head as well, in the
/// same call: that is what fences late writers off.
/// </summary>
internal sealed class FirestoreLease(FirestoreStore store)
{
    private const string Id = "lease";

    // What this process wrote there last: as long as nobody else wrote, it need not be read.
    private volatile Written? _written;

    public Task<Lease?> TryTakeAsync(string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) => store.RepeatAsync<Lease?>(
        async () =>
        {
            var last = _written is { IsFree: true } free ? free : await ReadAsync(cancellationToken);
            if (!last.IsFree && last.Expires > now.UtcTicks)
            {
                return (null, null);
            }

            var lease = new Lease(holder, last.Epoch + 1, now + duration);
            var document = store.Document(FirestoreFold.State, Id);
            document.Fields.Add("epoch", Of(lease.Epoch));
            document.Fields.Add("holder", Of(holder));
            document.Fields.Add("expires", Of(lease.ExpiresAt));
            var taken = new Write { Update = document, CurrentDocument = last.Unchanged };
            return (await WriteAsync([taken, FirestoreHead.FenceAt(store, lease.Epoch)], last with { Epoch = lease.Epoch, IsFree = false, Expires = lease.ExpiresAt.UtcTicks }, cancellationToken), lease);
        },
        cancellationToken);

    /// <summary>A lease that was held under an epoch and released.</summary>
    public static Write Left(FirestoreStore store, long epoch)
    {
        var document = store.Document(FirestoreFold.State, Id);
        document.Fields.Add("epoch", Of(epoch));
        return Create(document);
    }

    // Late is not lost: as long as nobody took it, the epoch is the newest.
    public Task<bool> RenewAsync(Lease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) =>
        ChangeAsync(lease, document => document.Fields.Add("expires", Of(now + duration)), ["expires"], last => last with { Expires = (now + duration).UtcTicks }, cancellationToken);

    public Task<bool> ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        ChangeAsync(lease, _ => { }, ["holder", "expires"], last => last with { IsFree = true, Expires = 0 }, cancellationToken);

    // False when it is no longer held under this epoch.
    private Task<bool> ChangeAsync(Lease lease, Action<Document> change, string[] fields, Func<Written, Written> next, CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            var last = _written is { IsFree: false } held && held.Epoch == lease.Epoch ? held : await ReadAsync(cancellationToken);
            if (last.IsFree || last.Epoch != lease.Epoch)
            {
                return (null, false);
            }

            var document = store.Document(FirestoreFold.State, Id);
            change(document);
            return (await WriteAsync([Merge(document, last.Unchanged, fields)], next(last), cancellationToken), true);
        },
        cancellationToken);

    private async Task<Written> ReadAsync(CancellationToken cancellationToken)
    {
        var (held, _) = await store.GetAsync(FirestoreFold.State, Id, null, cancellationToken);
        return new Written(held?.Fields.Number("epoch") ?? 0, held?.Fields.Text("holder") is null, held?.Fields.Number("expires") ?? 0, held?.UpdateTime);
    }

    private async Task<FirestoreOutcome> WriteAsync(IReadOnlyList<Write> writes, Written next, CancellationToken cancellationToken)
    {
        var outcome = await store.TryCommitAsync(writes, cancellationToken);
        _written = outcome is FirestoreOutcome.Done done ? next with { UpdateTime = done.UpdateTimes[0] } : null;
        return outcome;
    }

    private sealed record Written(long Epoch, bool IsFree, long Expires, Timestamp? UpdateTime)
    {
        public Precondition Unchanged => UpdateTime is null ? new Precondition { Exists = false } : new Precondition { UpdateTime = UpdateTime };
    }
}
