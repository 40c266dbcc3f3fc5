using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The lease: one document. Its epoch only grows; a released lease has no holder. Whoever takes it writes the epoch to the head as well, in the
/// same call: that is what fences late writers off.
/// </summary>
internal sealed class FirestoreLease(FirestoreStore store)
{
    private const string Id = "lease";

    public Task<Lease?> TryTakeAsync(string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) => store.RepeatAsync<Lease?>(
        async () =>
        {
            var (held, _) = await store.GetAsync(FirestoreFold.State, Id, null, cancellationToken);
            if (held?.Fields.Text("holder") is not null && held.Fields.Number("expires") > now.UtcTicks)
            {
                return (null, null);
            }

            var lease = new Lease(holder, (held?.Fields.Number("epoch") ?? 0) + 1, now + duration);
            var document = store.Document(FirestoreFold.State, Id);
            document.Fields.Add("epoch", Of(lease.Epoch));
            document.Fields.Add("holder", Of(holder));
            document.Fields.Add("expires", Of(lease.ExpiresAt));
            var taken = new Write { Update = document, CurrentDocument = held is null ? new Precondition { Exists = false } : new Precondition { UpdateTime = held.UpdateTime } };
            return (await store.TryCommitAsync([taken, FirestoreHead.FenceAt(store, lease.Epoch)], cancellationToken), lease);
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
        ChangeAsync(lease, document => document.Fields.Add("expires", Of(now + duration)), ["expires"], cancellationToken);

    public Task<bool> ReleaseAsync(Lease lease, CancellationToken cancellationToken) => ChangeAsync(lease, _ => { }, ["holder", "expires"], cancellationToken);

    // False when it is no longer held under this epoch.
    private Task<bool> ChangeAsync(Lease lease, Action<Document> change, string[] fields, CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            var (held, _) = await store.GetAsync(FirestoreFold.State, Id, null, cancellationToken);
            if (held?.Fields.Text("holder") is null || held.Fields.Number("epoch") != lease.Epoch)
            {
                return (null, false);
            }

            var document = store.Document(FirestoreFold.State, Id);
            change(document);
            return (await store.TryCommitAsync([Merge(document, new Precondition { UpdateTime = held.UpdateTime }, fields)], cancellationToken), true);
        },
        cancellationToken);
}
