using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>What is forgotten, and the state that is kept in its place: the base, a snapshot that stays.</summary>
internal static class SqliteRetention
{
    /// <summary>The commit of the base; 0 when nothing was forgotten.</summary>
    public static long Seq(SqliteSession session) => session.Number("SELECT seq FROM retention");

    /// <exception cref="FormatException">The base is broken, and nothing else holds what it held.</exception>
    public static LedgerBase? Base(SqliteSession session)
    {
        var row = session.Query("SELECT seq, recorded_at FROM retention", row => (Seq: row.GetInt64(0), RecordedAt: SqliteSession.Instant(row, 1)!.Value)).SingleOrDefault();
        if (row.Seq == 0)
        {
            return null;
        }

        var (state, problem) = SqliteSnapshots.Read(session, row.Seq);
        return state is null ? throw new FormatException($"the base of what is retained, the snapshot {problem}") : new LedgerBase(state, row.RecordedAt);
    }

    /// <summary>Gives the number of commits whose content went.</summary>
    public static long Forget(SqliteSession session, Forgetting what)
    {
        session.Execute("DELETE FROM seen WHERE rtrim(enqueued_at, 'Z') < rtrim(?1, 'Z') AND key NOT IN (SELECT key FROM inbox)", what.KeysBefore);
        return what.ContentBefore is { } before ? ForgetContent(session, before) : 0;
    }

    /// <summary>Writes the projections of a base.</summary>
    public static void Restore(SqliteSession session, LedgerState state)
    {
        foreach (var version in state.Resources)
        {
            session.Execute("INSERT INTO resources VALUES (?1, ?2, ?3)", version.Name.Value, state.Head.Seq, SqliteSession.ToBody(version));
        }

        foreach (var finding in state.Findings.Values)
        {
            SqliteAppend.Put(session, finding);
        }

        if (state.Coverage != Coverage.None)
        {
            session.Execute("INSERT INTO coverage VALUES (1, ?1, ?2)", state.Head.Seq, SqliteSession.ToBody(state.Coverage));
        }
    }

    private static long ForgetContent(SqliteSession session, DateTimeOffset before)
    {
        var last = Base(session);
        var fold = new StateFold(last?.State ?? LedgerState.Empty);
        var (from, end) = (fold.Head.Seq, fold.Head);
        var recordedAt = last?.RecordedAt ?? default;

        // Up to the first that is young enough; a run is forgotten as a whole.
        foreach (var seq in session.Query("SELECT seq FROM commits WHERE seq > ?1 ORDER BY seq", row => row.GetInt64(0), from))
        {
            var commit = session.Query("SELECT body FROM commits WHERE seq = ?1", row => SqliteSession.FromBody<Commit>(row, 0), seq)[0];
            if (commit.RecordedAt >= before)
            {
                break;
            }

            fold.Add(commit);
            (end, recordedAt) = commit.Part is { IsLast: false } ? (end, recordedAt) : (fold.Head, commit.RecordedAt);
        }

        if (end.Seq == from)
        {
            return 0;
        }

        // Loading never needs what is about to go.
        SqliteSnapshots.Take(session);
        session.Execute("INSERT OR REPLACE INTO retention VALUES (1, ?1, ?2)", end.Seq, recordedAt);
        SqliteSnapshots.PutBeside(session, Snapshot.Of(fold.State with { Head = end }));
        session.Execute("UPDATE commits SET body = x'' WHERE seq <= ?1", end.Seq);
        session.Execute("DELETE FROM resource_versions WHERE seq <= ?1", end.Seq);
        session.Execute("DELETE FROM transitions WHERE seq <= ?1", end.Seq);
        session.Execute("DELETE FROM outbox WHERE seq <= ?1 AND sent_at IS NOT NULL", end.Seq);
        return end.Seq - from;
    }
}
