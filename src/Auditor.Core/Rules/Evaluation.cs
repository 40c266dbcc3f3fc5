using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules;

/// <summary>One rule asked about one subject.</summary>
public readonly record struct Judgement(string RuleId, ResourceName Subject) : IComparable<Judgement>
{
    public int CompareTo(Judgement other) =>
        string.CompareOrdinal(RuleId, other.RuleId) is var byRule and not 0 ? byRule : Subject.CompareTo(other.Subject);
}

/// <summary>What one rule said of one subject, and what it looked at.</summary>
/// <param name="Verdicts">At least one, sorted by discriminator.</param>
/// <param name="Evidence">What was looked up and what was there.</param>
/// <param name="Dependencies">What was looked up; a change in any of it asks again.</param>
/// <param name="Unread">Names that would have helped and have not been read.</param>
/// <param name="RevisitAt">When the verdict may change by time alone; null when it cannot.</param>
public sealed record Evaluation(
    RuleInfo Rule,
    ResourceName Subject,
    ValueList<Verdict> Verdicts,
    ValueList<Evidence> Evidence,
    ValueList<Reference> Dependencies,
    ValueList<ResourceName> Unread,
    DateTimeOffset? RevisitAt)
{
    public Judgement Judgement => new(Rule.Id, Subject);

    /// <summary>Whether the verdicts follow from the moment of evaluation as well.</summary>
    public bool DependsOnTime { get; init; }
}
