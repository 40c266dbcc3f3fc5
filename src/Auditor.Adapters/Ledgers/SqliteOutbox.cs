using Auditor.Alerts;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>The outbox: what is owed, sent or parked. A claim is a next try that is put off: when it expires, the item is owed again.</summary>
internal static class SqliteOutbox
{
    public static IReadOnlyList<OutboxItem> Owed(SqliteSession session, DateTimeOffset now, int limit) => session.Query(
        """
        SELECT body, tries FROM outbox
        WHERE sent_at IS NULL AND parked = 0 AND (next_try_at IS NULL OR rtrim(next_try_at, 'Z') <= rtrim(?1, 'Z'))
        ORDER BY seq, number LIMIT ?2
        """,
        row => SqliteSession.FromBody<OutboxItem>(row, 0) with { Tries = row.GetInt32(1) },
        now,
        limit);

    public static IReadOnlyList<OutboxItem> Claim(SqliteSession session, DateTimeOffset now, int limit, TimeSpan duration)
    {
        var until = now + duration;
        List<OutboxItem> claimed = [.. Owed(session, now, limit).Select(item => item with { ClaimedUntil = until })];
        claimed.ForEach(item => session.Execute("UPDATE outbox SET next_try_at = ?1 WHERE id = ?2", until, item.Id));
        return claimed;
    }

    public static int Retry(SqliteSession session, string? id) =>
        session.Execute("UPDATE outbox SET parked = 0, tries = 0, next_try_at = NULL WHERE parked = 1 AND sent_at IS NULL AND (?1 IS NULL OR id = ?1)", id);

    /// <summary>All items, oldest commit first.</summary>
    public static List<OutboxRow> All(SqliteSession session) => session.Query(
        "SELECT body, tries, seq, number, next_try_at, sent_at, parked, reason FROM outbox ORDER BY seq, number, id",
        row => new OutboxRow(
            SqliteSession.FromBody<OutboxItem>(row, 0) with { Tries = row.GetInt32(1) },
            row.GetInt64(2),
            row.GetInt32(3),
            SqliteSession.Instant(row, 4),
            SqliteSession.Instant(row, 5),
            row.GetBoolean(6),
            SqliteSession.Text(row, 7)));

    public static int Put(SqliteSession session, OutboxRow row) => session.Execute(
        "INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        row.Item.Id, row.Seq, row.Number, SqliteSession.ToBody(row.Item), row.Item.Tries, row.NextTryAt, row.SentAt, row.IsParked, row.Reason);

    public static int MarkSent(SqliteSession session, OutboxItem item, DateTimeOffset now) =>
        session.Execute("UPDATE outbox SET sent_at = ?1, reason = NULL WHERE id = ?2 AND sent_at IS NULL", now, item.Id);

    public static int MarkFailed(SqliteSession session, OutboxItem item, string reason, DateTimeOffset? nextTryAt) => session.Execute(
        """
        UPDATE outbox SET tries = tries + 1, reason = ?1, next_try_at = ?2, parked = ?3
        WHERE id = ?4 AND sent_at IS NULL AND (?5 IS NULL OR next_try_at = ?5)
        """,
        reason,
        nextTryAt,
        nextTryAt is null,
        item.Id,
        item.ClaimedUntil);
}
