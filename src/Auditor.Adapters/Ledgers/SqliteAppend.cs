using System.Globalization;
using Auditor.Findings;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.Adapters.Ledgers;

/// <summary>Writes one commit and all that follows from it.</summary>
internal static class SqliteAppend
{
    public static int Append(SqliteSession session, Lease lease, Commit commit)
    {
        Check(session, lease, commit);
        return Append(session, commit);
    }

    /// <summary>Appends a commit that was checked.</summary>
    public static int Append(SqliteSession session, Commit commit)
    {
        var bytes = commit.ToBytes();
        session.Execute(
            "INSERT INTO commits VALUES (?1, ?2, ?3, ?4, ?5, ?6)", commit.Seq, commit.Epoch, Commit.HashOf(bytes), commit.PreviousHash, commit.RecordedAt, bytes);
        foreach (var counted in Run(session, commit))
        {
            Fold(session, counted);
        }

        return 0;
    }

    /// <summary>What follows from a commit that counts.</summary>
    private static void Fold(SqliteSession session, Commit commit)
    {
        foreach (var key in commit.Consumed)
        {
            session.Execute("DELETE FROM inbox WHERE key = ?1", key);
        }

        FoldProjections(session, commit);
        for (var i = 0; i < commit.Outbox.Count; i++)
        {
            var item = commit.Outbox[i];
            session.Execute(
                "INSERT OR IGNORE INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, 0, NULL)", item.Id, commit.Seq, i, SqliteSession.ToBody(item), item.Tries);
        }
    }

    // The parts before are there already; none count when this one is not the last.
    private static IReadOnlyList<Commit> Run(SqliteSession session, Commit commit)
    {
        var gate = new RunGate();
        foreach (var part in commit.Part is { IsLast: true, First: var first } ? session.Query("SELECT body FROM commits WHERE seq >= ?1 AND seq < ?2 ORDER BY seq", row => SqliteSession.FromBody<Commit>(row, 0), first, commit.Seq) : [])
        {
            gate.Add(part);
        }

        return gate.Add(commit);
    }

    /// <summary>A commit from its body and number.</summary>
    /// <exception cref="FormatException">It was forgotten, or is not understood.</exception>
    public static Commit Read(SqliteDataReader row) => row.GetBytes(0, 0, null, 0, 0) == 0
        ? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"commit {row.GetInt64(1)} has no content"))
        : SqliteSession.FromBody<Commit>(row, 0);

    public static Head Head(SqliteSession session) => session
        .Query("SELECT seq, epoch, hash FROM commits ORDER BY seq DESC LIMIT 1", row => new Head(row.GetInt64(0), row.GetInt64(1), row.GetString(2))).SingleOrDefault() ?? Ledger.Head.None;

    private static void Check(SqliteSession session, Lease lease, Commit commit)
    {
        if (commit.Epoch != lease.Epoch)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The commit has epoch {commit.Epoch}; the lease's, {lease.Epoch}, was expected."), nameof(commit));
        }

        var epoch = SqliteLease.Epoch(session);
        if (epoch != lease.Epoch)
        {
            throw new LedgerConflictException(string.Create(CultureInfo.InvariantCulture, $"The lease has epoch {lease.Epoch}; a newer one, {epoch}, was given out."));
        }

        var head = Head(session);
        if (commit.Seq != head.Seq + 1 || commit.PreviousHash != head.Hash)
        {
            throw new LedgerConflictException(string.Create(CultureInfo.InvariantCulture, $"Commit {commit.Seq} does not follow the head, commit {head.Seq}."));
        }
    }

    /// <summary>What follows from a commit that counts, but for inbox and outbox.</summary>
    public static void FoldProjections(SqliteSession session, Commit commit)
    {
        FoldResources(session, commit);
        FoldFindings(session, commit);
        if (commit.Coverage is { } coverage)
        {
            session.Execute("INSERT OR REPLACE INTO coverage VALUES (1, ?1, ?2)", commit.Seq, SqliteSession.ToBody(coverage));
        }
    }

    public static void Put(SqliteSession session, Finding finding) => session.Execute(
        "INSERT OR REPLACE INTO findings VALUES (?1, ?2, ?3, ?4, ?5)", finding.Id, finding.RuleId, finding.Resource.Value, finding.IsOpen, SqliteSession.ToBody(finding));

    private static void FoldResources(SqliteSession session, Commit commit)
    {
        for (var i = 0; i < commit.Resources.Count; i++)
        {
            var version = commit.Resources[i];
            var body = SqliteSession.ToBody(version);
            session.Execute("INSERT OR REPLACE INTO resources VALUES (?1, ?2, ?3)", version.Name.Value, commit.Seq, body);
            session.Execute("INSERT INTO resource_versions VALUES (?1, ?2, ?3, ?4)", version.Name.Value, commit.Seq, i, body);
        }
    }

    private static void FoldFindings(SqliteSession session, Commit commit)
    {
        for (var i = 0; i < commit.Transitions.Count; i++)
        {
            var transition = commit.Transitions[i];
            var before = session.Query("SELECT body FROM findings WHERE id = ?1", row => SqliteSession.FromBody<Finding>(row, 0), transition.FindingId).SingleOrDefault();
            var finding = Finding.Apply(before, transition);
            Put(session, finding);
            session.Execute("INSERT INTO transitions VALUES (?1, ?2, ?3, ?4)", commit.Seq, i, transition.FindingId, SqliteSession.ToBody(transition));
        }
    }
}
