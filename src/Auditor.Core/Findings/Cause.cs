using Auditor.Model;

namespace Auditor.Findings;

/// <summary>What made a finding change.</summary>
/// <param name="Changes">Every change, not yet accounted for, of a resource that the verdict depends on; in event-time order. Empty for other kinds.</param>
public sealed record Cause(CauseKind Kind, ValueList<ChangeReference> Changes)
{
    /// <summary>Whether exactly one change can have done it.</summary>
    public bool Exact => Kind == CauseKind.Change && Changes.Count == 1;

    public static Cause Of(CauseKind kind) => new(kind, []);
}

/// <summary>Where a difference came from.</summary>
public enum CauseKind
{
    /// <summary>Audited changes.</summary>
    Change,

    /// <summary>A sweep found it; no event had told.</summary>
    Sweep,

    /// <summary>The first sweep of a ledger.</summary>
    Baseline,

    /// <summary>Nothing but time passed.</summary>
    Time,

    /// <summary>Other rules or options than when it was last evaluated.</summary>
    RuleChange,
}

/// <summary>The audited change behind a transition: who did what from where.</summary>
public sealed record ChangeReference
{
    /// <summary>Key of the log entry: log name, insert id and timestamp.</summary>
    public required string EventKey { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string Method { get; init; }

    /// <summary>The changed resources.</summary>
    public ValueList<ResourceName> Resources { get; init; }

    /// <summary>Null when Google redacted it.</summary>
    public string? Principal { get; init; }

    public string? CallerIp { get; init; }

    public string? UserAgent { get; init; }

    public string? OperationId { get; init; }
}
