using Auditor.Alerts;

namespace Auditor.Adapters.Ledgers;

/// <summary>The outbox: what is owed, sent or parked.</summary>
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

    public static int MarkSent(SqliteSession session, OutboxItem item, DateTimeOffset now) =>
        session.Execute("UPDATE outbox SET sent_at = ?1, reason = NULL WHERE id = ?2 AND sent_at IS NULL", now, item.Id);

    public static int MarkFailed(SqliteSession session, OutboxItem item, string reason, DateTimeOffset? nextTryAt) => session.Execute(
        "UPDATE outbox SET tries = tries + 1, reason = ?1, next_try_at = ?2, parked = ?3 WHERE id = ?4 AND sent_at IS NULL", reason, nextTryAt, nextTryAt is null, item.Id);
}
