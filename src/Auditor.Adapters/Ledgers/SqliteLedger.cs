using System.Runtime.CompilerServices;
using Auditor.Alerts;
using Auditor.Findings;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// A ledger in one SQLite file, shared by all processes of a machine. Every call is one transaction that is on disk when the call returns
/// (write-ahead log, synchronous = FULL), but for the lease: it need not outlive the machine, and all who share it do not. Whatever is wrong with the file is a <see cref="LedgerDamagedException"/>.
/// </summary>
public sealed class SqliteLedger : ILedger, IDisposable
{
    // Commits are read in pages, so that a long history neither fills the memory nor keeps writers waiting.
    private const int CommitsPerPage = 100;

    private readonly SqliteFile _file;
    private readonly SqliteIntake _intake;

    private SqliteLedger(SqliteFile file) => (_file, _intake) = (file, new SqliteIntake(file));

    /// <summary>Opens a ledger; creates it, and its folder, when it is not there.</summary>
    /// <exception cref="LedgerDamagedException">The file cannot be used; the message says why.</exception>
    public static SqliteLedger Open(string path) => new(SqliteFile.Open(path));

    /// <summary>The schema version that this release writes.</summary>
    public static int SchemaVersion => SqliteSchema.Version;

    /// <summary>The schema version of a file, which opening it would change; null when it is no SQLite database.</summary>
    public static Task<int?> VersionAsync(string path, CancellationToken cancellationToken) => Task.Run(() => SqliteFile.VersionOf(path), cancellationToken);

    /// <summary>As <see cref="Open"/>.</summary>
    public static Task<SqliteLedger> OpenAsync(string path, CancellationToken cancellationToken) => Task.Run(() => Open(path), cancellationToken);

    public Task<bool> EnqueueAsync(InboxEntry entry, CancellationToken cancellationToken) =>
        _intake.EnqueueAsync(entry, cancellationToken);

    public Task<IReadOnlyList<InboxEntry>> PendingAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync(session => SqliteInbox.Pending(session, now, limit), cancellationToken);

    public Task<int> InboxDepthAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(session => (int)session.Number("SELECT count(*) FROM inbox"), cancellationToken);

    public Task<Lease?> TryLeaseAsync(string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) =>
        _file.TransactLooselyAsync(session => SqliteLease.TryTake(session, holder, now, duration), cancellationToken);

    public Task<bool> RenewAsync(Lease lease, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken) =>
        _file.TransactLooselyAsync(session => SqliteLease.Renew(session, lease, now, duration), cancellationToken);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken) =>
        _file.TransactLooselyAsync(session => SqliteLease.Release(session, lease), cancellationToken);

    public Task<Head> HeadAsync(CancellationToken cancellationToken) => _file.ReadAsync(SqliteAppend.Head, cancellationToken);

    public Task<LedgerState> LoadAsync(CancellationToken cancellationToken) => _file.ReadAsync(SqliteSnapshots.Load, cancellationToken);

    public Task<SnapshotManifest?> SnapshotAsync(CancellationToken cancellationToken) => _file.TransactAsync(SqliteSnapshots.Take, cancellationToken);

    public Task<SnapshotCheck?> CheckSnapshotAsync(CancellationToken cancellationToken) => _file.ReadAsync(SqliteSnapshots.Check, cancellationToken);

    public Task<long> ForgetAsync(Forgetting what, CancellationToken cancellationToken) => _file.TransactAsync(session => SqliteRetention.Forget(session, what), cancellationToken);

    public Task<LedgerBase?> BaseAsync(CancellationToken cancellationToken) => _file.ReadAsync(SqliteRetention.Base, cancellationToken);

    public IAsyncEnumerable<Commit> CommitsAsync(long afterSeq, CancellationToken cancellationToken) =>
        PagesAsync("SELECT body, seq FROM commits WHERE seq > ?1 ORDER BY seq LIMIT ?2", SqliteAppend.Read, commit => commit.Seq, afterSeq, cancellationToken);

    public IAsyncEnumerable<StoredCommit> StoredAsync(long afterSeq, CancellationToken cancellationToken) => PagesAsync(
        "SELECT seq, epoch, hash, previous_hash, recorded_at, body FROM commits WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        row => new StoredCommit(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5)),
        commit => commit.Seq,
        afterSeq,
        cancellationToken);

    public Task AppendAsync(Lease lease, Commit commit, CancellationToken cancellationToken) =>
        _file.TransactAsync(session => SqliteAppend.Append(session, lease, commit), cancellationToken);

    public Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        _file.ReadAsync(session => SqliteOutbox.Owed(session, now, limit), cancellationToken);

    public Task<IReadOnlyList<OutboxItem>> ClaimAsync(DateTimeOffset now, int limit, TimeSpan duration, CancellationToken cancellationToken) =>
        _file.TransactAsync(session => SqliteOutbox.Claim(session, now, limit, duration), cancellationToken);

    public Task<IReadOnlyList<OutboxRow>> OutboxAsync(CancellationToken cancellationToken) => _file.ReadAsync(session => (IReadOnlyList<OutboxRow>)SqliteOutbox.All(session), cancellationToken);

    public Task<int> RetryAsync(string? id, CancellationToken cancellationToken) => _file.TransactAsync(session => SqliteOutbox.Retry(session, id), cancellationToken);

    public Task MarkSentAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellationToken) =>
        _file.TransactAsync(session => SqliteOutbox.MarkSent(session, item, now), cancellationToken);

    public Task MarkFailedAsync(OutboxItem item, string reason, DateTimeOffset? nextTryAt, CancellationToken cancellationToken) =>
        _file.TransactAsync(session => SqliteOutbox.MarkFailed(session, item, reason, nextTryAt), cancellationToken);

    public Task<IReadOnlyList<Transition>> HistoryAsync(string? findingId, CancellationToken cancellationToken) => _file.ReadAsync(
        session => (IReadOnlyList<Transition>)(findingId is null
            ? session.Query("SELECT body FROM transitions ORDER BY seq, number", Read)
            : session.Query("SELECT body FROM transitions WHERE finding_id = ?1 ORDER BY seq, number", Read, findingId)),
        cancellationToken);

    public Task<int> RebuildAsync(CancellationToken cancellationToken) => _file.TransactAsync(SqliteRebuild.Rebuild, cancellationToken);

    public async IAsyncEnumerable<LedgerRecord> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in await _file.ReadAsync(SqliteTransfer.Export, cancellationToken))
        {
            yield return record;
        }

        await foreach (var commit in StoredAsync(0, cancellationToken))
        {
            yield return new LedgerRecord.Committed(commit);
        }
    }

    public Task ImportAsync(IEnumerable<LedgerRecord> records, CancellationToken cancellationToken) =>
        _file.TransactAsync(session => SqliteTransfer.Import(session, records, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _intake.Dispose();
        _file.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string sql, Func<SqliteDataReader, T> read, Func<T, long> seqOf, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var after = afterSeq;
            var page = await _file.ReadAsync(session => session.Query(sql, read, after, CommitsPerPage), cancellationToken);
            foreach (var one in page)
            {
                yield return one;
            }

            if (page.Count < CommitsPerPage)
            {
                yield break;
            }

            afterSeq = seqOf(page[^1]);
        }
    }

    private static Transition Read(SqliteDataReader row) => SqliteSession.FromBody<Transition>(row, 0);
}
