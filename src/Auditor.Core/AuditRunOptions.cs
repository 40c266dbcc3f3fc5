using Auditor.Ledger;
using Auditor.Rules;

namespace Auditor;

/// <summary>How a run behaves. The defaults need no configuration.</summary>
public sealed record AuditRunOptions
{
    /// <value>Who takes the lease: a name of this process, unique among all that share the ledger.</value>
    public required string Holder { get; init; }

    /// <value>How long a lease lasts unless renewed. 10 seconds to 10 minutes. Default: 1 minute.</value>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <value>How many inbox entries one commit settles at most. 1 to 1,000. Default: 100.</value>
    public int BatchSize { get; init; } = 100;

    /// <value>How much one commit holds; a larger outcome is several. Default: 400 documents, 2,000,000 bytes.</value>
    public CommitBounds CommitBounds { get; init; } = CommitBounds.Default;

    /// <value>After how many commits a new snapshot is taken, from which cold instances start. 1 to 100,000. Default: 200.</value>
    public int SnapshotEvery { get; init; } = 200;

    /// <value>How long the content of commits is kept; a sweep forgets what is older. From 31 days; null keeps all. Default: null.</value>
    public TimeSpan? Retention { get; init; }

    /// <value>How many entries the inbox may hold before senders are asked to wait. 1 to 1,000,000. Default: 10,000.</value>
    public int MaxInboxDepth { get; init; } = 10_000;

    /// <value>
    /// When a read that contradicts a change is repeated: what was created is not there yet, or what was deleted still is. After the last time it is
    /// accepted: it may have been deleted, or created, again. Default: after 15 seconds and after 2 minutes more.
    /// </value>
    public ValueList<TimeSpan> Rechecks { get; init; } = [TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)];

    /// <value>How many times rules may ask for more reads within one batch. 0 to 10. Default: 3.</value>
    public int MaxReadRounds { get; init; } = 3;

    /// <value>
    /// How far this machine's clock and Google's may be apart. A read counts as newer than a change only when it began that much later.
    /// 0 to 10 minutes. Default: 30 seconds.
    /// </value>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>How many tries an alert gets before it is parked. 1 to 100. Default: 10.</value>
    public int MaxTries { get; init; } = 10;

    /// <value>Whether workloads' variables are looked at for endpoints; nothing else of them is kept. Default: true.</value>
    public bool ReadVariables { get; init; } = true;

    /// <value>The knobs of the rules.</value>
    public RuleOptions Rules { get; init; } = RuleOptions.Default;

    /// <value>How long an alert that is being sent is nobody else's; longer than any channel takes. At most 10 minutes. Default: 2 minutes.</value>
    public TimeSpan OutboxLease { get; init; } = TimeSpan.FromMinutes(2);

    /// <value>Where the chance comes from that keeps dispatchers apart.</value>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// When an alert that failed <paramref name="tries"/> times before is tried next: doubling from 5 seconds to an hour, and up to half more by
    /// chance; null parks it.
    /// </summary>
    internal DateTimeOffset? NextTry(int tries, DateTimeOffset now) =>
        tries + 1 >= MaxTries ? null : now + (TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, tries))) * (1 + (Random.NextDouble() / 2)));
}
