using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Ledger;

/// <summary>What a ledger says at one head, ready to judge with: the estate, the answers of all rules on it, and all findings.</summary>
public sealed record Knowledge(Head Head, Estate Estate, Evaluations Evaluations, ImmutableDictionary<string, Finding> Findings)
{
    /// <summary>Whether nothing was ever swept or read: the next sweep is the baseline.</summary>
    public bool IsBlank => Estate.Count == 0 && Estate.CoveredProjects.Count == 0 && Findings.IsEmpty;

    /// <summary>Rebuilds it from what is stored.</summary>
    public static Knowledge From(LedgerState state, Evaluator evaluator, DateTimeOffset now)
    {
        var estate = state.ToEstate();
        return new Knowledge(state.Head, estate, evaluator.Full(estate, now), state.Findings);
    }

    /// <summary>What is known after a commit of transitions.</summary>
    public Knowledge After(Head head, Estate estate, Evaluations evaluations, IEnumerable<Transition> transitions)
    {
        var findings = Findings.ToBuilder();
        foreach (var transition in transitions)
        {
            findings[transition.FindingId] = Finding.Apply(findings.GetValueOrDefault(transition.FindingId), transition);
        }

        return new Knowledge(head, estate, evaluations, findings.ToImmutable());
    }
}
