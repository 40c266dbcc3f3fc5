namespace Auditor.Ledger;

/// <summary>What a ledger is to forget.</summary>
/// <param name="ContentBefore">
/// Of commits recorded before, only the links of the chain stay; the state after the last of them is kept as the base of all later answers. Null
/// keeps everything.
/// </param>
/// <param name="KeysBefore">Keys of settled inbox entries that were taken before.</param>
public sealed record Forgetting(DateTimeOffset? ContentBefore, DateTimeOffset KeysBefore)
{
    /// <summary>
    /// How long the key of a settled entry is known: longer than Pub/Sub keeps a message (7 days) and its dead letter keeps it after that (7 days), so
    /// that no delivery of it is taken for new.
    /// </summary>
    public static TimeSpan KeysKept { get; } = TimeSpan.FromDays(31);

    /// <summary>What is to be forgotten at a moment.</summary>
    /// <param name="retention">How long content is kept; null for ever.</param>
    public static Forgetting At(DateTimeOffset now, TimeSpan? retention) => new(now - retention, now - KeysKept);
}

/// <summary>The state after the last commit whose content is not retained any more.</summary>
/// <param name="RecordedAt">When that commit was recorded: of what was before, nothing is known.</param>
public sealed record LedgerBase(LedgerState State, DateTimeOffset RecordedAt);
