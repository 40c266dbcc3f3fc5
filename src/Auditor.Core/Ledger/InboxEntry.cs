using Auditor.Changes;

namespace Auditor.Ledger;

/// <summary>A change that is durable and not yet accounted for.</summary>
/// <param name="Key">Log name, insert id and timestamp: the same entry delivered twice has the same key.</param>
/// <param name="DueAt">When it is to be handled: at once, or when an operation that logs no last entry is taken as settled.</param>
/// <param name="EnqueuedAt">When it became durable.</param>
public sealed record InboxEntry(string Key, Change Change, DateTimeOffset DueAt, DateTimeOffset EnqueuedAt);
