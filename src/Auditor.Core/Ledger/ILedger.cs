using Auditor.Alerts;
using Auditor.Findings;

namespace Auditor.Ledger;

/// <summary>
/// Where nothing is lost: inbox, lease, append-only commits with one head, projections of the same fold, outbox. Every method is durable
/// when it returns. Implementations pass one contract class.
/// </summary>
public interface ILedger : IAsyncDisposable
{
    /// <summary>Keeps an entry under its key; false when that key was seen before, which changes nothing.</summary>
    Task<bool> EnqueueAsync(InboxEntry entry, CancellationToken cancellationToken);

    /// <summary>
    /// Entries that are due at <paramref name="now"/>, in event-time order: those whose time has come, and those that wait for the last
    /// entry of an operation that is among them.
    /// </summary>
    Task<IReadOnlyList<InboxEntry>> PendingAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries are in the inbox, due or waiting.</summary>
    Task<int> InboxDepthAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lease if it is free or expired; null when another holds it. Each new lease has a higher epoch.</summary>
    Task<Lease?> TryLeaseAsync(string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Extends a lease that nobody else has taken since, expired or not; false when it was taken or released.</summary>
    Task<bool> RenewAsync(Lease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken);

    Task ReleaseAsync(Lease lease, CancellationToken cancellationToken);

    Task<Head> HeadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The current state: latest resource versions, coverage, all findings. From the newest snapshot and the commits after it; from the projections
    /// where there is none, or where it is broken, which the state then says.
    /// </summary>
    Task<LedgerState> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Writes the state at the newest commit after which no run is open as a snapshot, which replaces the one before.</summary>
    /// <returns>What it says of itself; null when there is nothing to write, or another writer has a newer one.</returns>
    Task<SnapshotManifest?> SnapshotAsync(CancellationToken cancellationToken);

    /// <summary>The newest snapshot and what is wrong with it, completing "the snapshot …"; null when there is none.</summary>
    Task<SnapshotCheck?> CheckSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what is older than it may be. History before that is "not retained", which is an answer of its own.</summary>
    /// <returns>The number of commits whose content went.</returns>
    Task<long> ForgetAsync(Forgetting what, CancellationToken cancellationToken);

    /// <summary>Where history begins; null when it begins with the first commit.</summary>
    Task<LedgerBase?> BaseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Commits after a sequence number, in order; those of runs that were cut off too (see <see cref="RunGate"/>). Those that were forgotten cannot be
    /// read: whoever wants all begins after the base.
    /// </summary>
    IAsyncEnumerable<Commit> CommitsAsync(long afterSeq, CancellationToken cancellationToken);

    /// <summary>Commits after a sequence number as they are stored, for verification: whatever is wrong with one is said in it, not thrown.</summary>
    IAsyncEnumerable<StoredCommit> StoredAsync(long afterSeq, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a commit with its projections, outbox items and consumed inbox entries, all or nothing. A part of a run is only kept; its last part
    /// makes them all count.
    /// </summary>
    /// <exception cref="LedgerConflictException">The head is not the commit's predecessor, or the lease's epoch is not the newest.</exception>
    Task AppendAsync(Lease lease, Commit commit, CancellationToken cancellationToken);

    /// <summary>Outbox items that are owed at <paramref name="now"/> and that nobody is sending, oldest commit first.</summary>
    Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes items that are owed, to be sent: until <paramref name="duration"/> is over nobody else gets them. Fewer than are owed when others claim at
    /// the same time.
    /// </summary>
    Task<IReadOnlyList<OutboxItem>> ClaimAsync(DateTimeOffset now, int limit, TimeSpan duration, CancellationToken cancellationToken);

    Task MarkSentAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Notes a failed try; a null <paramref name="nextTryAt"/> parks the item. What another has claimed since this one's claim expired stays the
    /// other's.
    /// </summary>
    Task MarkFailedAsync(OutboxItem item, string reason, DateTimeOffset? nextTryAt, CancellationToken cancellationToken);

    /// <summary>The whole outbox, oldest commit first.</summary>
    Task<IReadOnlyList<OutboxRow>> OutboxAsync(CancellationToken cancellationToken);

    /// <summary>Makes parked items due, with all their tries before them: one, or all when <paramref name="id"/> is null.</summary>
    /// <returns>How many were parked.</returns>
    Task<int> RetryAsync(string? id, CancellationToken cancellationToken);

    /// <summary>All transitions, oldest first, of one finding when its id is given.</summary>
    Task<IReadOnlyList<Transition>> HistoryAsync(string? findingId, CancellationToken cancellationToken);

    /// <summary>
    /// Works the projections out from the commits again, and makes a new snapshot of them. Inbox and outbox stay as they are: what was settled or sent
    /// is in no commit.
    /// </summary>
    /// <returns>How many records were not as the commits say; a snapshot is one.</returns>
    Task<int> RebuildAsync(CancellationToken cancellationToken);

    /// <summary>All that the ledger holds, in one order whatever the store: lease, inbox keys, outbox, commits.</summary>
    IAsyncEnumerable<LedgerRecord> ExportAsync(CancellationToken cancellationToken);

    /// <summary>Fills an empty ledger with what another one exported.</summary>
    /// <exception cref="LedgerConflictException">It holds something already.</exception>
    Task ImportAsync(IEnumerable<LedgerRecord> records, CancellationToken cancellationToken);
}

/// <summary>The right to append, until <paramref name="ExpiresAt"/>; <paramref name="Epoch"/> fences late writers.</summary>
public sealed record Lease(string Holder, long Epoch, DateTimeOffset ExpiresAt);

/// <summary>The newest commit: its number (0 before the first), the epoch it was written under, and its hash.</summary>
public sealed record Head(long Seq, long Epoch, string Hash)
{
    public static Head None { get; } = new(0, 0, "");
}

/// <summary>Another writer was faster or the lease was lost; load again and retry.</summary>
public sealed class LedgerConflictException : Exception
{
    public LedgerConflictException(string message)
        : base(message)
    {
    }

    public LedgerConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public LedgerConflictException()
    {
    }
}
