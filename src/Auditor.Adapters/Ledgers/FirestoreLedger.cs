using Auditor.Alerts;
using Auditor.Findings;
using Auditor.Ledger;
using Grpc.Core;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// A ledger in Firestore, shared by all instances of a function. A call is durable when it returns. Whatever keeps the database from answering is
/// a <see cref="LedgerDamagedException"/>; what is larger than Firestore takes is a <see cref="LedgerLimitException"/>.
/// </summary>
public sealed class FirestoreLedger : ILedger, IDisposable
{
    private readonly IDisposable? _connection;
    private readonly FirestoreStore _store;
    private readonly FirestoreCommits _commits;
    private readonly FirestoreFold _fold;
    private readonly FirestoreInbox _inbox;
    private readonly FirestoreLease _lease;
    private readonly FirestoreOutbox _outbox;
    private readonly FirestoreSnapshots _snapshots;
    private readonly FirestoreRetention _retention;

    internal FirestoreLedger(CallInvoker invoker, FirestoreAddress address, FirestoreLimits limits, TimeProvider time, IDisposable? connection = null)
    {
        _connection = connection;
        _store = new FirestoreStore(invoker, address, limits, time);
        _commits = new FirestoreCommits(_store);
        _fold = new FirestoreFold(_store, _commits);
        _inbox = new FirestoreInbox(_store, _fold);
        _lease = new FirestoreLease(_store);
        _outbox = new FirestoreOutbox(_store, _fold);
        _snapshots = new FirestoreSnapshots(_store, _commits, _fold);
        _retention = new FirestoreRetention(_store, _commits, _snapshots);
    }

    /// <summary>
    /// Opens a ledger; it is made by its first use. With FIRESTORE_EMULATOR_HOST set, the emulator is asked and no credentials are sought;
    /// otherwise Google with the Application Default Credentials.
    /// </summary>
    /// <exception cref="LedgerDamagedException">FIRESTORE_EMULATOR_HOST is not understood.</exception>
    public static FirestoreLedger Open(FirestoreAddress address, TimeProvider time)
    {
        var channel = FirestoreConnection.Open(Environment.GetEnvironmentVariable(FirestoreConnection.EmulatorHost));
        return new FirestoreLedger(FirestoreConnection.InvokerOf(channel, address), address, FirestoreLimits.Default, time, channel);
    }

    public Task<bool> EnqueueAsync(InboxEntry entry, CancellationToken cancellationToken) => _inbox.EnqueueAsync(entry, cancellationToken);

    public Task<IReadOnlyList<InboxEntry>> PendingAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => _inbox.PendingAsync(now, limit, cancellationToken);

    public Task<int> InboxDepthAsync(CancellationToken cancellationToken) => _inbox.DepthAsync(cancellationToken);

    public Task<Lease?> TryLeaseAsync(string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) => _lease.TryTakeAsync(holder, now, duration, cancellationToken);

    public Task<bool> RenewAsync(Lease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) => _lease.RenewAsync(lease, now, duration, cancellationToken);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) => _lease.ReleaseAsync(lease, cancellationToken);

    public async Task<Head> HeadAsync(CancellationToken cancellationToken) => (await _fold.SettledAsync(cancellationToken)).Head;

    public Task<LedgerState> LoadAsync(CancellationToken cancellationToken) => _snapshots.LoadAsync(cancellationToken);

    public Task<SnapshotManifest?> SnapshotAsync(CancellationToken cancellationToken) => _snapshots.TakeAsync(cancellationToken);

    public Task<SnapshotCheck?> CheckSnapshotAsync(CancellationToken cancellationToken) => _snapshots.CheckAsync(cancellationToken);

    public Task<long> ForgetAsync(Forgetting what, CancellationToken cancellationToken) => _retention.ForgetAsync(what.ContentBefore, cancellationToken);

    public Task<LedgerBase?> BaseAsync(CancellationToken cancellationToken) => _retention.BaseAsync(cancellationToken);

    public IAsyncEnumerable<Commit> CommitsAsync(long afterSeq, CancellationToken cancellationToken) => _commits.ReadAfterAsync(afterSeq, cancellationToken);

    public IAsyncEnumerable<StoredCommit> StoredAsync(long afterSeq, CancellationToken cancellationToken) => _commits.StoredAfterAsync(afterSeq, cancellationToken);

    public Task AppendAsync(Lease lease, Commit commit, CancellationToken cancellationToken) => new FirestoreAppend(_store, _commits, _fold).AppendAsync(lease, commit, cancellationToken);

    public Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => _outbox.OwedAsync(now, limit, cancellationToken);

    public Task<IReadOnlyList<OutboxItem>> ClaimAsync(DateTimeOffset now, int limit, TimeSpan duration, CancellationToken cancellationToken) =>
        _outbox.ClaimAsync(now, limit, duration, cancellationToken);

    public async Task<IReadOnlyList<OutboxRow>> OutboxAsync(CancellationToken cancellationToken) =>
        await FirestoreOutbox.AllAsync(_store, (await _fold.SettledAsync(cancellationToken)).ReadAt, cancellationToken);

    public Task<int> RetryAsync(string? id, CancellationToken cancellationToken) => _outbox.RetryAsync(id, cancellationToken);

    public Task MarkSentAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellationToken) => _outbox.MarkSentAsync(item, now, cancellationToken);

    public Task MarkFailedAsync(OutboxItem item, string reason, DateTimeOffset? nextTryAt, CancellationToken cancellationToken) =>
        _outbox.MarkFailedAsync(item, reason, nextTryAt, cancellationToken);

    public async Task<IReadOnlyList<Transition>> HistoryAsync(string? findingId, CancellationToken cancellationToken)
    {
        var readAt = (await _fold.SettledAsync(cancellationToken)).ReadAt;
        var transitions = await _store.QueryAllAsync(
            findingId is null ? FirestoreQueries.Transitions.With(null) : FirestoreQueries.TransitionsOfFinding.With(null, Of(findingId)), readAt, cancellationToken);
        return transitions.ConvertAll(FirestoreBody.Read<Transition>);
    }

    public Task<int> RebuildAsync(CancellationToken cancellationToken) => new FirestoreRebuild(_store, _commits, _fold, _snapshots, _retention).RebuildAsync(cancellationToken);

    public IAsyncEnumerable<LedgerRecord> ExportAsync(CancellationToken cancellationToken) => new FirestoreTransfer(_store, _commits, _fold).ExportAsync(cancellationToken);

    public Task ImportAsync(IEnumerable<LedgerRecord> records, CancellationToken cancellationToken) =>
        new FirestoreTransfer(_store, _commits, _fold).ImportAsync(records, cancellationToken);

    public void Dispose() => _connection?.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
