using Auditor.Adapters.Channels;
using Auditor.Adapters.Google;
using Auditor.Ledger;

namespace Auditor.Adapters;

/// <summary>
/// Everything that can be set, under <c>Auditor</c>: as environment variable <c>AUDITOR__LEDGER__PATH</c> is <c>Auditor:Ledger:Path</c>. The
/// defaults need no configuration. In <c>auditor.yaml</c> it is ledger: path:, beneath the environment. The knobs of the rules stand under <c>Auditor:Rules</c>.
/// </summary>
public sealed class AuditorOptions
{
    /// <summary>The section they are bound from.</summary>
    public const string Section = "Auditor";

    /// <value>The configuration file, whose settings stand beneath those of the environment. Default: auditor.yaml in the working folder, when it is there.</value>
    public string? Config { get; set; }

    public LedgerOptions Ledger { get; } = new();

    public GoogleOptions Google { get; } = new();

    public ChannelOptions Channels { get; } = new();

    /// <value>How many entries the inbox may hold before senders are asked to wait. 1 to 1,000,000. Default: 10,000.</value>
    public int MaxInboxDepth { get; set; } = 10_000;

    /// <value>How many inbox entries one commit settles at most. 1 to 1,000. Default: 100.</value>
    public int BatchSize { get; set; } = 100;

    /// <value>How many records may follow from one commit; a larger outcome is several commits. 10 to 10,000. Default: 400.</value>
    public int MaxCommitDocuments { get; set; } = CommitBounds.Default.Documents;

    /// <value>How many bytes of JSON one commit may have; a larger outcome is several commits. 10,000 to 8,000,000. Default: 2,000,000.</value>
    public int MaxCommitBytes { get; set; } = CommitBounds.Default.Bytes;

    /// <value>After how many commits a new snapshot is taken, from which cold instances start. 1 to 100,000. Default: 200.</value>
    public int SnapshotEvery { get; set; } = 200;

    /// <value>How long a lease lasts unless renewed. 10 seconds to 10 minutes. Default: 1 minute.</value>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <value>How many tries an alert gets before it is parked. 1 to 100. Default: 10.</value>
    public int MaxTries { get; set; } = 10;

    /// <value>
    /// How long an alert that is being sent is nobody else's; should its sender die, it is sent after that. From 15 seconds more than the longest
    /// timeout of a webhook to 10 minutes. Default: 2 minutes.
    /// </value>
    public TimeSpan OutboxLease { get; set; } = TimeSpan.FromMinutes(2);

    /// <value>
    /// Whether environment variables of workloads are looked at for private addresses, host names and Cloud SQL connection names; nothing else of them is
    /// kept in any case. Default: true.
    /// </value>
    public bool ReadVariables { get; set; } = true;

    /// <value>How many times rules may ask for more reads within one batch. 0 to 10. Default: 3.</value>
    public int MaxReadRounds { get; set; } = 3;

    /// <value>How far this machine's clock and Google's may be apart. 0 to 10 minutes. Default: 30 seconds.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What the binder could not read, in its words; null when it could.</summary>
    internal string? NotUnderstood { get; set; }
}

/// <summary>Where the ledger is, under <c>Auditor:Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <value>
    /// A SQLite file, made with its folder when it is not there; or firestore:PROJECT/DATABASE/NAME, of which database and name may be left out
    /// for "(default)" and "auditor". Default: ./.auditor/auditor.db.
    /// </value>
    public string Path { get; set; } = System.IO.Path.Combine(".auditor", "auditor.db");

    /// <value>A file that every new head is appended to, made with its folder when it is not there; <c>auditor verify</c> reads it. Default: none.</value>
    public string? Heads { get; set; }

    /// <value>
    /// How long history is kept, such as 400.00:00:00 for 400 days; each sweep forgets what is older, and answers about it are "not retained". From 31
    /// days. Default: none, which keeps everything.
    /// </value>
    public TimeSpan? Retention { get; set; }
}

/// <summary>Whom alerts go to, under <c>Auditor:Channels</c>.</summary>
public sealed class ChannelOptions
{
    public ConsoleOptions Console { get; } = new();

    /// <value>Signed webhooks. Default: none.</value>
    public IList<WebhookOptions> Webhooks { get; } = [];
}

/// <summary>Alerts on standard output, under <c>Auditor:Channels:Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <value>Whether alerts are written. Default: true.</value>
    public bool Enabled { get; set; } = true;
}
