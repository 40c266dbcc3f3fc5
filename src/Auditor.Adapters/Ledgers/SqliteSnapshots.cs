using System.Collections.Immutable;
using System.Globalization;
using Auditor.Findings;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>The current state, from the newest snapshot and the commits after it or from the projections; and how snapshots are written.</summary>
internal static class SqliteSnapshots
{
    public static LedgerState Load(SqliteSession session)
    {
        var (state, problem) = Newest(session) is { } manifest ? Read(session, manifest) : (null, null);
        if (state is null)
        {
            return Projected(session) with { SnapshotProblem = problem };
        }

        var fold = new StateFold(state);
        foreach (var commit in session.Query("SELECT body, seq FROM commits WHERE seq > ?1 ORDER BY seq", SqliteAppend.Read, state.Head.Seq))
        {
            fold.Add(commit);
        }

        return fold.State;
    }

    /// <summary>What the projections say.</summary>
    public static LedgerState Projected(SqliteSession session) => new(
        SqliteAppend.Head(session),
        [.. session.Query("SELECT body FROM resources ORDER BY name", row => SqliteSession.FromBody<ResourceVersion>(row, 0))],
        session.Query("SELECT body FROM coverage", row => SqliteSession.FromBody<Coverage>(row, 0)).SingleOrDefault() ?? Coverage.None,
        session.Query("SELECT body FROM findings", row => SqliteSession.FromBody<Finding>(row, 0)).ToImmutableDictionary(finding => finding.Id, StringComparer.Ordinal));

    /// <summary>Replaces the snapshot by one of the state that is loaded; null when there is nothing new.</summary>
    public static SnapshotManifest? Take(SqliteSession session)
    {
        var state = Load(session);
        var complete = Complete(session, state.Head);
        return complete.Seq == 0 || complete.Seq == state.SnapshotSeq ? null : Put(session, Snapshot.Of(state with { Head = complete }));
    }

    /// <summary>Keeps a snapshot as the newest, and of others only the base of what is retained.</summary>
    public static SnapshotManifest Put(SqliteSession session, Snapshot snapshot)
    {
        var kept = SqliteRetention.Seq(session);
        session.Execute("DELETE FROM snapshots WHERE seq <> ?1", kept);
        session.Execute("DELETE FROM snapshot_chunks WHERE seq <> ?1", kept);
        return PutBeside(session, snapshot);
    }

    /// <summary>Keeps a snapshot beside others; those between the base and the newest go with the next one.</summary>
    public static SnapshotManifest PutBeside(SqliteSession session, Snapshot snapshot)
    {
        var seq = snapshot.Manifest.Head.Seq;
        session.Execute("DELETE FROM snapshot_chunks WHERE seq = ?1", seq);
        session.Execute("INSERT OR REPLACE INTO snapshots VALUES (?1, ?2)", seq, SqliteSession.ToBody(snapshot.Manifest));
        for (var i = 0; i < snapshot.Chunks.Count; i++)
        {
            session.Execute("INSERT INTO snapshot_chunks VALUES (?1, ?2, ?3)", seq, i, snapshot.Chunks[i].ToArray());
        }

        return snapshot.Manifest;
    }

    public static SnapshotCheck? Check(SqliteSession session) => Newest(session) is { } manifest ? new SnapshotCheck(manifest, Read(session, manifest).Problem) : null;

    /// <summary>The state of the snapshot of a commit, or what is wrong with it.</summary>
    public static (LedgerState? State, string? Problem) Read(SqliteSession session, long seq) =>
        session.Query("SELECT body FROM snapshots WHERE seq = ?1", row => SnapshotManifest.Parse(row.GetFieldValue<byte[]>(0)), seq).SingleOrDefault() is { } manifest
            ? Read(session, manifest)
            : (null, string.Create(CultureInfo.InvariantCulture, $"of commit {seq} is missing"));

    /// <summary>The newest commit after which no run is open: a part that is not the last of its run waits.</summary>
    public static Head Complete(SqliteSession session, Head head)
    {
        // What was forgotten was whole.
        var part = session.Query("SELECT body, seq FROM commits WHERE seq = ?1 AND length(body) > 0", SqliteAppend.Read, head.Seq).SingleOrDefault()?.Part;
        return part is not { IsLast: false } ? head
            : session.Query("SELECT seq, epoch, hash FROM commits WHERE seq = ?1", row => new Head(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), part.First - 1).SingleOrDefault() ?? Head.None;
    }

    private static (LedgerState? State, string? Problem) Read(SqliteSession session, SnapshotManifest manifest)
    {
        var chunks = session.Query("SELECT number, body FROM snapshot_chunks WHERE seq = ?1", row => (Number: row.GetInt32(0), Body: row.GetFieldValue<byte[]>(1)), manifest.Head.Seq)
            .ToDictionary(chunk => chunk.Number, chunk => chunk.Body);
        var hash = session.Query("SELECT hash FROM commits WHERE seq = ?1", row => row.GetString(0), manifest.Head.Seq).SingleOrDefault();
        return Snapshot.Read(manifest, hash, [.. Enumerable.Range(0, manifest.Chunks.Count).Select(i => chunks.TryGetValue(i, out var body) ? body : (ReadOnlyMemory<byte>?)null)]);
    }

    private static SnapshotManifest? Newest(SqliteSession session) =>
        session.Query("SELECT body FROM snapshots ORDER BY seq DESC LIMIT 1", row => SnapshotManifest.Parse(row.GetFieldValue<byte[]>(0))).SingleOrDefault();
}
