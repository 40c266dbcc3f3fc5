using System.Globalization;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>The head document: the newest commit, the newest lease, and how far the projections have come.</summary>
/// <param name="Fence">Epoch of the newest lease; 0 before the first.</param>
/// <param name="Folded">The commit that the projections show.</param>
/// <param name="Complete">The last commit that does not wait for the end of its run: what the projections should show.</param>
/// <param name="UpdatedAt">Version of the document, for preconditions; null when there is none yet.</param>
/// <param name="ReadAt">When it was read: other documents read at that time belong to it.</param>
internal sealed record FirestoreHead(Head Head, long Fence, long Folded, long Complete, Timestamp? UpdatedAt, Timestamp ReadAt)
{
    private const string Id = "head";

    // What documents look like. A release that changes it brings older ledgers along.
    private const long Layout = 1;

    public bool IsBehind => Folded < Complete;

    public static async Task<FirestoreHead> ReadAsync(FirestoreStore store, CancellationToken cancellationToken)
    {
        var (document, readAt) = await store.GetAsync(FirestoreFold.State, Id, null, cancellationToken);
        if (document is null)
        {
            return new FirestoreHead(Ledger.Head.None, 0, 0, 0, null, readAt);
        }

        var fields = document.Fields;
        // The release before knows no parts: the head it leaves has moved on from where a part was the last.
        var seq = fields.Number("seq");
        var complete = fields.Number("openAt") == seq && seq > 0 ? fields.Number("open") - 1 : seq;
        return fields.Number("layout") is var layout && layout > Layout
            ? throw new LedgerDamagedException(string.Create(
                CultureInfo.InvariantCulture, $"The ledger {store.Address} has layout {layout}; this release reads layouts up to {Layout}, so a newer release is needed."))
            : new FirestoreHead(new Head(seq, fields.Number("epoch"), fields.Text("hash") ?? ""), fields.Number("fence"), fields.Number("folded"), complete, document.UpdateTime, readAt);
    }

    /// <summary>Shuts out all leases before this one.</summary>
    public static Write FenceAt(FirestoreStore store, long epoch)
    {
        var document = store.Document(FirestoreFold.State, Id);
        document.Fields.Add("fence", Of(epoch));
        document.Fields.Add("layout", Of(Layout));
        return Merge(document, null, "fence", "layout");
    }

    /// <summary>Moves the head to a commit, which may be a part that waits for the end of its run, if nobody has moved it and nobody has taken the lease since it was read.</summary>
    public Write MoveTo(FirestoreStore store, Commit commit, string hash, bool isFolded)
    {
        var document = store.Document(FirestoreFold.State, Id);
        document.Fields.Add("seq", Of(commit.Seq));
        document.Fields.Add("epoch", Of(commit.Epoch));
        document.Fields.Add("hash", Of(hash));
        document.Fields.Add("folded", Of(isFolded ? commit.Seq : Folded));
        if (commit.Part is { IsLast: false } part)
        {
            document.Fields.Add("open", Of(part.First));
            document.Fields.Add("openAt", Of(commit.Seq));
        }

        return Merge(document, Unchanged(UpdatedAt), "seq", "epoch", "hash", "folded", "open", "openAt");
    }

    /// <summary>Says how far the projections have come, if the head is still the one of a version. The same number again is but a check.</summary>
    public static Write FoldedTo(FirestoreStore store, long seq, Timestamp? updatedAt)
    {
        var document = store.Document(FirestoreFold.State, Id);
        document.Fields.Add("folded", Of(seq));
        return Merge(document, Unchanged(updatedAt), "folded");
    }

    private static Precondition Unchanged(Timestamp? updatedAt) => updatedAt is null ? new Precondition { Exists = false } : new Precondition { UpdateTime = updatedAt };
}
