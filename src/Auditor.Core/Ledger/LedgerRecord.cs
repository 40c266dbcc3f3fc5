namespace Auditor.Ledger;

/// <summary>One line of an export: together they are all that a ledger holds and cannot work out from its commits, and the commits.</summary>
public abstract record LedgerRecord
{
    private LedgerRecord()
    {
    }

    /// <summary>The epoch of the newest lease; the next one has a higher one.</summary>
    public sealed record Leased(long Epoch) : LedgerRecord;

    /// <summary>An inbox key that was taken and is settled.</summary>
    public sealed record Settled(string Key, DateTimeOffset EnqueuedAt) : LedgerRecord;

    /// <summary>An entry of the inbox that is not settled.</summary>
    public sealed record Waiting(InboxEntry Entry) : LedgerRecord;

    /// <summary>An item of the outbox: owed, sent or parked.</summary>
    public sealed record Alerting(OutboxRow Row) : LedgerRecord;

    public sealed record Committed(StoredCommit Commit) : LedgerRecord;
}
