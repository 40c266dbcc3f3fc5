using System.Security.Cryptography;
using System.Text;
using Auditor.Model;

namespace Auditor.Findings;

/// <summary>A finding opened, closed or changed its severity: the unit of history.</summary>
public sealed record Transition
{
    public required string FindingId { get; init; }

    /// <summary>0 for the first transition of the finding, then counting.</summary>
    public required int Number { get; init; }

    public required TransitionKind Kind { get; init; }

    public required string RuleId { get; init; }

    public required ResourceName Resource { get; init; }

    public required string Discriminator { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>Why it fails; for a resolution, why it failed until then.</summary>
    public required string Because { get; init; }

    public string? Fix { get; init; }

    /// <summary>Only for <see cref="TransitionKind.Resolved"/>.</summary>
    public ResolveReason? Reason { get; init; }

    public required Occurrence Occurred { get; init; }

    /// <summary>When the auditor wrote it down.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    public required Cause Cause { get; init; }

    public ValueList<string> Evidence { get; init; }

    /// <summary>Derived from content: the same transition has the same id however often it is computed.</summary>
    public string Id =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{FindingId}\n{Number}\n{Kind}")).AsSpan(0, 8));
}

/// <summary>What happened to a finding.</summary>
public enum TransitionKind
{
    Opened,

    /// <summary>It opened again after it was resolved: a regression.</summary>
    Reopened,
    Resolved,

    /// <summary>It stays open, with another severity.</summary>
    SeverityChanged,
}

/// <summary>When something happened: an instant, or an interval when only that is known.</summary>
/// <param name="NoLaterThan">The latest moment it can have happened; the instant itself when it is known.</param>
/// <param name="After">It happened after this; null when nothing earlier is known. Equal to <paramref name="NoLaterThan"/> for an instant.</param>
public sealed record Occurrence(DateTimeOffset NoLaterThan, DateTimeOffset? After)
{
    public bool IsInstant => After == NoLaterThan;

    public static Occurrence At(DateTimeOffset instant) => new(instant, instant);

    public override string ToString() => IsInstant ? Timestamps.Format(NoLaterThan) : $"at latest {Timestamps.Format(NoLaterThan)}";
}
