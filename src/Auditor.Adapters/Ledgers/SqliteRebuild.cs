using System.Security.Cryptography;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.Adapters.Ledgers;

/// <summary>Works the projections out from the commits again, and makes a new snapshot, as one transaction.</summary>
internal static class SqliteRebuild
{
    private static readonly string[] s_projections =
    [
        "SELECT 'resources ' || name, max(seq, ?1), body FROM resources",
        "SELECT 'resource_versions ' || name || ' ' || seq || ' ' || number, body FROM resource_versions",
        "SELECT 'findings ' || id, rule_id, resource, is_open, body FROM findings",
        "SELECT 'transitions ' || seq || ' ' || number, finding_id, body FROM transitions",
        "SELECT 'coverage', max(seq, ?1), body FROM coverage",
    ];

    /// <summary>Gives the number of rows that were not as the commits say; the snapshot is one.</summary>
    public static int Rebuild(SqliteSession session)
    {
        var from = SqliteRetention.Base(session)?.State ?? LedgerState.Empty;
        var before = Fingerprints(session, from.Head.Seq);
        session.Execute("DELETE FROM resources; DELETE FROM resource_versions; DELETE FROM findings; DELETE FROM transitions; DELETE FROM coverage");
        var gate = new RunGate();
        var head = SqliteAppend.Head(session).Seq;
        var snapshot = SqliteSnapshots.Check(session);
        var fold = new StateFold(from);
        var isSnapshotTrue = snapshot is null || (snapshot is { Problem: null } && snapshot.Manifest.Head.Seq == from.Head.Seq);
        SqliteRetention.Restore(session, from);
        for (var seq = from.Head.Seq + 1; seq <= head; seq++)
        {
            var commit = session.Query("SELECT body FROM commits WHERE seq = ?1", row => SqliteSession.FromBody<Commit>(row, 0), seq);
            foreach (var counted in commit.Count == 0 ? throw new FormatException($"commit {seq} is missing") : gate.Add(commit[0]))
            {
                SqliteAppend.FoldProjections(session, counted);
            }

            fold.Add(commit[0]);
            isSnapshotTrue |= snapshot is { Problem: null } && seq == snapshot.Manifest.Head.Seq && Snapshot.Of(fold.State).Manifest == snapshot.Manifest;
        }

        session.Execute("DELETE FROM snapshots WHERE seq > ?1", from.Head.Seq);
        SqliteSnapshots.Take(session);
        var after = Fingerprints(session, from.Head.Seq);
        return after.Keys.Union(before.Keys).Count(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)) + (isSnapshotTrue ? 0 : 1);
    }

    private static Dictionary<string, string> Fingerprints(SqliteSession session, long from) =>
        s_projections.SelectMany(sql => sql.Contains("?1", StringComparison.Ordinal) ? session.Query(sql, Row, from) : session.Query(sql, Row)).ToDictionary(pair => pair.Key, pair => pair.Item2, StringComparer.Ordinal);

    private static (string Key, string) Row(SqliteDataReader row) => (row.GetString(0), Fingerprint(row));

    private static string Fingerprint(SqliteDataReader row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 1; i < row.FieldCount; i++)
        {
            var bytes = row.GetFieldValue<byte[]>(i);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
