using System.Text.Json;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>What goes from one ledger to another besides the commits, and how it comes in.</summary>
internal static class SqliteTransfer
{
    public static IReadOnlyList<LedgerRecord> Export(SqliteSession session)
    {
        var settled = session.Query(
            "SELECT key, enqueued_at FROM seen WHERE key NOT IN (SELECT key FROM inbox)", row => new LedgerRecord.Settled(row.GetString(0), SqliteSession.Instant(row, 1)!.Value));
        var waiting = session.Query("SELECT body FROM inbox", row => new LedgerRecord.Waiting(SqliteSession.FromBody<InboxEntry>(row, 0)));
        return
        [
            new LedgerRecord.Leased(SqliteLease.Epoch(session)),
            .. settled.OrderBy(one => one.Key, StringComparer.Ordinal),
            .. waiting.OrderBy(one => one.Entry.Key, StringComparer.Ordinal),
            .. SqliteOutbox.All(session).OrderBy(row => row.Seq).ThenBy(row => row.Number).ThenBy(row => row.Item.Id, StringComparer.Ordinal).Select(row => new LedgerRecord.Alerting(row)),
        ];
    }

    public static int Import(SqliteSession session, IEnumerable<LedgerRecord> records, CancellationToken cancellationToken)
    {
        if (SqliteAppend.Head(session) != Head.None || SqliteLease.Epoch(session) > 0 || session.Number("SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM outbox)") > 0)
        {
            throw new LedgerConflictException("The ledger holds something already; only an empty one can be filled.");
        }

        foreach (var record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Put(session, record);
        }

        // A lease that is taken while others export is in no line.
        return session.Execute("UPDATE lease SET epoch = max(epoch, (SELECT coalesce(max(epoch), 0) FROM commits))");
    }

    private static int Put(SqliteSession session, LedgerRecord record) => record switch
    {
        LedgerRecord.Leased leased => session.Execute("UPDATE lease SET epoch = ?1", leased.Epoch),
        LedgerRecord.Settled settled => session.Execute("INSERT INTO seen VALUES (?1, ?2)", settled.Key, settled.EnqueuedAt),
        LedgerRecord.Waiting waiting => SqliteInbox.Enqueue(session, waiting.Entry) ? 1 : 0,
        LedgerRecord.Alerting alerting => SqliteOutbox.Put(session, alerting.Row),
        LedgerRecord.Committed { Commit: var commit } => SqliteAppend.Append(session, JsonSerializer.Deserialize<Commit>(commit.Bytes.Span, LedgerJson.Options)!),
        _ => throw new InvalidOperationException("No such record."),
    };
}
