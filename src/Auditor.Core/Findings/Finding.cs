using System.Security.Cryptography;
using System.Text;
using Auditor.Model;

namespace Auditor.Findings;

/// <summary>
/// A fault that was found: a rule, a resource and a discriminator, the same over all runs. Built only by folding transitions
/// (<see cref="Apply"/>), so that every ledger shows the same.
/// </summary>
public sealed record Finding
{
    /// <summary>Derived from rule, resource and discriminator; 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required string RuleId { get; init; }

    public required ResourceName Resource { get; init; }

    /// <summary>Empty when the rule says one thing of a resource.</summary>
    public required string Discriminator { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>Completes "…because".</summary>
    public required string Because { get; init; }

    /// <summary>The repair for this case; null leaves the rule's general one.</summary>
    public string? Fix { get; init; }

    public ValueList<string> Evidence { get; init; }

    /// <summary>Null while open.</summary>
    public ResolveReason? Resolved { get; init; }

    /// <summary>When it last became true.</summary>
    public required Occurrence Opened { get; init; }

    /// <summary>When it last stopped being true; null while open.</summary>
    public Occurrence? Closed { get; init; }

    /// <summary>How many transitions it has seen; the next one's number.</summary>
    public int Transitions { get; init; }

    /// <summary>How often it opened; above one it has regressed.</summary>
    public int TimesOpened { get; init; }

    public bool IsOpen => Resolved is null;

    /// <summary>The id of the finding of a rule on a resource.</summary>
    public static string IdOf(string ruleId, ResourceName resource, string discriminator) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ruleId}\n{resource}\n{discriminator}")).AsSpan(0, 8));

    /// <summary>The finding after one more transition; <paramref name="before"/> is null for the first.</summary>
    public static Finding Apply(Finding? before, Transition transition) => transition.Kind switch
    {
        TransitionKind.Resolved when before is not null => before with
        {
            Resolved = transition.Reason,
            Closed = transition.Occurred,
            Transitions = transition.Number + 1,
        },
        TransitionKind.SeverityChanged when before is not null => before with
        {
            Severity = transition.Severity,
            Because = transition.Because,
            Fix = transition.Fix,
            Evidence = transition.Evidence,
            Transitions = transition.Number + 1,
        },
        TransitionKind.Opened or TransitionKind.Reopened => new Finding
        {
            Id = transition.FindingId,
            RuleId = transition.RuleId,
            Resource = transition.Resource,
            Discriminator = transition.Discriminator,
            Severity = transition.Severity,
            Because = transition.Because,
            Fix = transition.Fix,
            Evidence = transition.Evidence,
            Opened = transition.Occurred,
            Transitions = transition.Number + 1,
            TimesOpened = (before?.TimesOpened ?? 0) + 1,
        },
        _ => throw new InvalidOperationException($"Transition {transition.Kind} of finding {transition.FindingId} has no finding before it."),
    };
}

/// <summary>Why a finding is no longer open; exactly one per resolution.</summary>
public enum ResolveReason
{
    /// <summary>The same check ran on the same resource and now passes.</summary>
    Fixed,

    /// <summary>The resource exists but the check has no subject any more.</summary>
    NoLongerApplies,

    /// <summary>A read proved the resource gone.</summary>
    ResourceDeleted,

    /// <summary>Same facts, other rule or option.</summary>
    RuleChanged,
}
