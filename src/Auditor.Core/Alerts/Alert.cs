using System.Security.Cryptography;
using System.Text;
using Auditor.Findings;

namespace Auditor.Alerts;

/// <summary>
/// What people are told: one message per cause, with everything that cause did to the findings. Its id follows from its content, so that it
/// is never sent under two.
/// </summary>
public sealed record Alert
{
    public required string Id { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The worst of what it tells.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One sentence.</summary>
    public required string Title { get; init; }

    public required Cause Cause { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The transitions it tells of, worst first; empty in a digest.</summary>
    public ValueList<AlertItem> Items { get; init; }

    /// <summary>How many findings of each severity a digest counts, worst first; empty elsewhere.</summary>
    public ValueList<SeverityCount> Counts { get; init; }

    internal static string IdOf(IEnumerable<Transition> transitions) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', transitions.Select(transition => transition.Id)))).AsSpan(0, 8));
}

/// <summary>What kind of message it is.</summary>
public enum AlertKind
{
    /// <summary>Something became worse.</summary>
    Problem,

    /// <summary>Something was repaired.</summary>
    Recovery,

    /// <summary>The count of what a first sweep found, or what a new set of rules says of what was there already.</summary>
    Baseline,
}

/// <summary>One transition as an alert tells it.</summary>
public sealed record AlertItem(string FindingId, TransitionKind Kind, string RuleId, string RuleTitle, Severity Severity, string Resource, string Discriminator, string Because, string Remediation, ResolveReason? Reason);

/// <summary>How many findings of one severity.</summary>
public sealed record SeverityCount(Severity Severity, int Count);
