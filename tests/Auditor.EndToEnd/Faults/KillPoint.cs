namespace Auditor.EndToEnd.Faults;

/// <summary>Where a function is when it is killed.</summary>
internal enum KillPoint
{
    /// <summary>A first entry is durable and answered; it waits for the last.</summary>
    AfterInbox,

    /// <summary>It holds the lease, and Google Cloud has not answered yet.</summary>
    BeforeRead,

    /// <summary>Everything is read and judged; the ledger cannot be written.</summary>
    AfterEvaluation,

    /// <summary>The first batch of a drain is committed; the second is read.</summary>
    BetweenCommits,

    /// <summary>The head has just moved.</summary>
    AfterCommit,

    /// <summary>The commit is there; the snapshot that follows it is half written.</summary>
    DuringSnapshot,

    /// <summary>Some moment within a quarter of a second.</summary>
    AnyTime,

    /// <summary>The receiver has an alert and has not answered.</summary>
    DuringDispatch,

    /// <summary>The receiver has just answered.</summary>
    AfterDispatch,
}
