using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>The inbox: entries not yet settled, and the keys of all entries ever taken.</summary>
internal static class SqliteInbox
{
    public static bool Enqueue(SqliteSession session, InboxEntry entry)
    {
        if (session.Execute("INSERT OR IGNORE INTO seen VALUES (?1, ?2)", entry.Key, entry.EnqueuedAt) == 0)
        {
            return false;
        }

        session.Execute(
            "INSERT INTO inbox VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            entry.Key, entry.Change.OccurredAt, entry.DueAt, entry.Change.OperationId, entry.Change.IsLast, SqliteSession.ToBody(entry));
        return true;
    }

    /// <summary>
    /// Due entries in event-time order. The last entry of an operation brings along those that wait for it, also over the limit: they are
    /// settled together or not at all.
    /// </summary>
    public static IReadOnlyList<InboxEntry> Pending(SqliteSession session, DateTimeOffset now, int limit)
    {
        var pending = new List<InboxEntry>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var due in session.Query(
            "SELECT body FROM inbox WHERE rtrim(due_at, 'Z') <= rtrim(?1, 'Z') ORDER BY rtrim(occurred_at, 'Z'), key LIMIT ?2", row => SqliteSession.FromBody<InboxEntry>(row, 0), now, limit))
        {
            List<InboxEntry> waiting = due.Change is { IsLast: true, OperationId: { } operation }
                ? session.Query("SELECT body FROM inbox WHERE operation_id = ?1 AND rtrim(due_at, 'Z') > rtrim(?2, 'Z')", row => SqliteSession.FromBody<InboxEntry>(row, 0), operation, now)
                : [];
            List<InboxEntry> group = [.. waiting.Append(due).Where(entry => !taken.Contains(entry.Key))];
            if (taken.Count > 0 && taken.Count + group.Count > limit)
            {
                break;
            }

            taken.UnionWith(group.Select(entry => entry.Key));
            pending.AddRange(group);
        }

        return [.. pending.OrderBy(entry => entry.Change.OccurredAt).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }
}
