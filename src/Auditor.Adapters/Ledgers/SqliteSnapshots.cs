using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>The current state, from the newest snapshot and the commits after it or from the projections; and how snapshots are written.</summary>
internal static class SqliteSnapshots
{
    public static LedgerState Load(SqliteSession session)
    {
        var (state, problem) = Read(session);
        if (state is null)
        {
            return Projected(session) with { SnapshotProblem = problem };
        }

        var fold = new StateFold(state);
        foreach (var commit in session.Query("SELECT body FROM commits WHERE seq > ?1 ORDER BY seq", row => SqliteSession.FromBody<Commit>(row, 0), state.Head.Seq))
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

    public static SnapshotManifest Put(SqliteSession session, Snapshot snapshot)
    {
        session.Execute("DELETE FROM snapshots; DELETE FROM snapshot_chunks");
        session.Execute("INSERT INTO snapshots VALUES (?1, ?2)", snapshot.Manifest.Head.Seq, SqliteSession.ToBody(snapshot.Manifest));
        for (var i = 0; i < snapshot.Chunks.Count; i++)
        {
            session.Execute("INSERT INTO snapshot_chunks VALUES (?1, ?2, ?3)", snapshot.Manifest.Head.Seq, i, snapshot.Chunks[i].ToArray());
        }

        return snapshot.Manifest;
    }

    public static SnapshotCheck? Check(SqliteSession session) => Manifest(session) is { } manifest ? new SnapshotCheck(manifest, Read(session).Problem) : null;

    /// <summary>The newest commit after which no run is open: a part that is not the last of its run waits.</summary>
    public static Head Complete(SqliteSession session, Head head)
    {
        var part = session.Query("SELECT body FROM commits WHERE seq = ?1", row => SqliteSession.FromBody<Commit>(row, 0), head.Seq).SingleOrDefault()?.Part;
        return part is not { IsLast: false } ? head
            : session.Query("SELECT seq, epoch, hash FROM commits WHERE seq = ?1", row => new Head(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), part.First - 1).SingleOrDefault() ?? Head.None;
    }

    private static (LedgerState? State, string? Problem) Read(SqliteSession session)
    {
        if (Manifest(session) is not { } manifest)
        {
            return (null, null);
        }

        var chunks = session.Query("SELECT number, body FROM snapshot_chunks WHERE seq = ?1", row => (Number: row.GetInt32(0), Body: row.GetFieldValue<byte[]>(1)), manifest.Head.Seq)
            .ToDictionary(chunk => chunk.Number, chunk => chunk.Body);
        var hash = session.Query("SELECT hash FROM commits WHERE seq = ?1", row => row.GetString(0), manifest.Head.Seq).SingleOrDefault();
        return Snapshot.Read(manifest, hash, [.. Enumerable.Range(0, manifest.Chunks.Count).Select(i => chunks.TryGetValue(i, out var body) ? body : (ReadOnlyMemory<byte>?)null)]);
    }

    private static SnapshotManifest? Manifest(SqliteSession session) =>
        session.Query("SELECT body FROM snapshots ORDER BY seq DESC LIMIT 1", row => SnapshotManifest.Parse(row.GetFieldValue<byte[]>(0))).SingleOrDefault();
}
