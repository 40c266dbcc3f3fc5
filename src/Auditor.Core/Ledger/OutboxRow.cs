using System.Text.Json.Serialization;
using Auditor.Alerts;

namespace Auditor.Ledger;

/// <summary>An item of the outbox and how far it has come.</summary>
/// <param name="Seq">The commit it is from, <paramref name="Number"/> its place there.</param>
/// <param name="NextTryAt">Not before this; null for at once, and when it is parked.</param>
/// <param name="Reason">Why the last try failed; null when none did or when it was sent.</param>
public sealed record OutboxRow(OutboxItem Item, long Seq, int Number, DateTimeOffset? NextTryAt, DateTimeOffset? SentAt, bool IsParked, string? Reason)
{
    [JsonIgnore]
    public OutboxState State => SentAt is not null ? OutboxState.Sent : IsParked ? OutboxState.Parked : OutboxState.Owed;
}

/// <summary>How far an item of the outbox has come.</summary>
public enum OutboxState
{
    /// <summary>It is to be sent, now or at its next try.</summary>
    Owed,

    /// <summary>Its channel took it.</summary>
    Sent,

    /// <summary>It failed as often as it may; nobody tries again unless told to.</summary>
    Parked,
}
