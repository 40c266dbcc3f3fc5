using System.Globalization;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The tables of a ledger file and their versions. Instants are texts as <see cref="Timestamps.Format"/> writes them; these sort by time once the
/// final Z is gone (.5Z comes before Z), hence the rtrim wherever they are compared.
/// </summary>
internal static class SqliteSchema
{
    // "AUDT": tells a ledger from any other SQLite file.
    private const int ApplicationId = 0x41554454;

    /// <summary>
    /// What each version added; version n is reached by the first n. While a release is rolled out, the one before writes to the same file: a version
    /// that only adds tables leaves user_version alone, which says what a release must know at least. The table "schema" has the version itself.
    /// </summary>
    private static readonly (string Sql, bool OnlyAdds)[] s_versions =
    [
        ("""
        CREATE TABLE commits (seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, hash TEXT NOT NULL, previous_hash TEXT NOT NULL, recorded_at TEXT NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, holder TEXT, expires_at TEXT) STRICT;
        INSERT INTO lease VALUES (1, 0, NULL, NULL);
        CREATE TABLE seen (key TEXT PRIMARY KEY, enqueued_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE inbox (key TEXT PRIMARY KEY, occurred_at TEXT NOT NULL, due_at TEXT NOT NULL, operation_id TEXT, is_last INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE INDEX inbox_by_time ON inbox (rtrim(occurred_at, 'Z'), key);
        CREATE INDEX inbox_by_operation ON inbox (operation_id) WHERE operation_id IS NOT NULL;
        CREATE TABLE resources (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE resource_versions (name TEXT NOT NULL, seq INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (name, seq, number)) STRICT;
        CREATE TABLE findings (id TEXT PRIMARY KEY, rule_id TEXT NOT NULL, resource TEXT NOT NULL, is_open INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE transitions (seq INTEGER NOT NULL, number INTEGER NOT NULL, finding_id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (seq, number)) STRICT;
        CREATE INDEX transitions_by_finding ON transitions (finding_id);
        CREATE TABLE coverage (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE outbox (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, tries INTEGER NOT NULL, next_try_at TEXT,
          sent_at TEXT, parked INTEGER NOT NULL, reason TEXT) STRICT;
        CREATE INDEX outbox_owed ON outbox (seq, number) WHERE sent_at IS NULL AND parked = 0;
        """, false),
        ("""
        CREATE TABLE schema (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT;
        INSERT INTO schema VALUES (1, 2);
        CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE retention (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, recorded_at TEXT NOT NULL) STRICT;
        CREATE TABLE snapshot_chunks (seq INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (seq, number)) STRICT;
        """, true),
    ];

    /// <summary>The version this release writes.</summary>
    public static int Version => s_versions.Length;

    // What a release must know at least to use what this one writes.
    private static int Readable { get; } = 1 + Array.FindLastIndex(s_versions, version => !version.OnlyAdds);

    /// <summary>The version of a file; 0 when there is nothing in it.</summary>
    public static int VersionOf(SqliteSession session) => (int)(session.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'schema'") > 0
        ? session.Number("SELECT version FROM schema")
        : session.Number("PRAGMA user_version"));

    /// <summary>Brings a file to this release's version; a new file gets everything, and one that a later release added to stays as it is.</summary>
    public static void Apply(SqliteSession session, string path)
    {
        var needed = session.Number("PRAGMA user_version");
        if (needed > Version)
        {
            throw new LedgerDamagedException(string.Create(
                CultureInfo.InvariantCulture, $"The ledger {path} has schema version {needed}; this release reads versions up to {Version}, so a newer release is needed."));
        }

        if (needed == 0 ? session.Number("SELECT count(*) FROM sqlite_schema") > 0 : session.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new LedgerDamagedException($"{path} is a SQLite database, but not a ledger of the auditor; another path was expected under Auditor:Ledger:Path.");
        }

        var version = VersionOf(session);
        for (var next = version; next < Version; next++)
        {
            session.Execute(s_versions[next].Sql);
        }

        if (version < Version)
        {
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE schema SET version = {Version}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Readable}"));
        }
    }
}
