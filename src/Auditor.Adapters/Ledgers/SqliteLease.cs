using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>The lease: one row. Its epoch only grows; a released lease has no holder.</summary>
internal static class SqliteLease
{
    public static Lease? TryTake(SqliteSession session, string holder, DateTimeOffset now, TimeSpan duration)
    {
        var expiresAt = now + duration;
        return session.Execute(
            "UPDATE lease SET epoch = epoch + 1, holder = ?1, expires_at = ?2 WHERE holder IS NULL OR rtrim(expires_at, 'Z') <= rtrim(?3, 'Z')", holder, expiresAt, now) == 0
            ? null
            : new Lease(holder, Epoch(session), expiresAt);
    }

    // Late is not lost: as long as nobody took it, the epoch is the newest.
    public static bool Renew(SqliteSession session, Lease lease, DateTimeOffset now, TimeSpan duration) =>
        session.Execute("UPDATE lease SET expires_at = ?1 WHERE epoch = ?2 AND holder IS NOT NULL", now + duration, lease.Epoch) > 0;

    public static int Release(SqliteSession session, Lease lease) => session.Execute("UPDATE lease SET holder = NULL, expires_at = NULL WHERE epoch = ?1", lease.Epoch);

    public static long Epoch(SqliteSession session) => session.Number("SELECT epoch FROM lease");
}
