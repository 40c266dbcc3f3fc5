namespace Auditor.Findings;

/// <summary>
/// What a state rule says of its subject: it holds, it does not, it has nothing to judge, or it cannot tell. Unknown never resolves a finding.
/// </summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>
    /// Tells several verdicts on one subject apart (a revision, a firewall rule, a subnetwork); empty when there is only one. Stable over runs.
    /// </summary>
    public string Discriminator { get; init; } = "";

    /// <summary>The good state holds.</summary>
    public sealed record Passed : Verdict;

    /// <summary>It does not hold.</summary>
    /// <param name="Because">Completes "…because": lower case, names the value seen, no full stop, the same words for the same facts.</param>
    public sealed record Failed(string Because) : Verdict
    {
        /// <summary>Replaces the rule's severity where the effect is worse or milder than usual.</summary>
        public Severity? Severity { get; init; }

        /// <summary>The repair for exactly this case, as commands or a sentence; null leaves the rule's general one.</summary>
        public string? Fix { get; init; }
    }

    /// <summary>There is nothing to judge.</summary>
    public sealed record NotApplicable(string Because) : Verdict;

    /// <summary>It cannot be told; <paramref name="Missing"/> names the permission, the unread resource or the unsupported feature.</summary>
    public sealed record Unknown(string Missing) : Verdict;

    /// <summary>It needs something that is not configured, such as metrics. Counted apart; changes nothing.</summary>
    public sealed record NotEvaluated(string Needs) : Verdict;
}
