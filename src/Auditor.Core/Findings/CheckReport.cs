using System.Collections.Immutable;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Findings;

/// <summary>What a full evaluation of one estate says: what fails or cannot be told, what could not be seen, and how much was looked at.</summary>
/// <param name="Findings">Worst first, then by rule, resource and discriminator.</param>
/// <param name="Gaps">Sorted by scope and reason.</param>
public sealed record CheckReport(ImmutableArray<CheckFinding> Findings, ImmutableArray<Gap> Gaps, CheckSummary Summary)
{
    /// <summary>The report of an estate. Same estate and moment, same report.</summary>
    public static CheckReport Of(Estate estate, Evaluations evaluations)
    {
        var findings = new List<CheckFinding>();
        var counts = new Dictionary<Type, int>();
        foreach (var evaluation in evaluations.Sorted)
        {
            foreach (var verdict in evaluation.Verdicts)
            {
                counts[verdict.GetType()] = counts.GetValueOrDefault(verdict.GetType()) + 1;
                if (verdict is Verdict.Failed failed)
                {
                    findings.Add(new CheckFinding(
                        evaluation.Rule, failed.Severity ?? evaluation.Rule.Severity, evaluation.Subject, failed.Discriminator, true, failed.Because,
                        failed.Fix ?? evaluation.Rule.Remediation, Evidence.Describe(evaluation.Evidence)));
                }
                else if (verdict is Verdict.Unknown unknown)
                {
                    findings.Add(new CheckFinding(
                        evaluation.Rule, evaluation.Rule.Severity, evaluation.Subject, unknown.Discriminator, false, unknown.Missing, evaluation.Rule.Remediation, Evidence.Describe(evaluation.Evidence)));
                }
            }
        }

        return new CheckReport(
            [.. findings.OrderByDescending(finding => finding.IsFailed).ThenByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal)
                .ThenBy(finding => finding.Resource).ThenBy(finding => finding.Discriminator, StringComparer.Ordinal)],
            [.. estate.Gaps.OrderBy(gap => gap.Scope.ToString(), StringComparer.Ordinal).ThenBy(gap => gap.Reason, StringComparer.Ordinal)],
            new CheckSummary(
                estate.Count, Count<Verdict.Passed>(), Count<Verdict.Failed>(), Count<Verdict.Unknown>(), Count<Verdict.NotApplicable>(), Count<Verdict.NotEvaluated>()));

        int Count<T>() => counts.GetValueOrDefault(typeof(T));
    }

    /// <summary>0 clean and complete, 1 something fails, 3 nothing fails but something could not be read or decided.</summary>
    public int ExitCode => Summary.Failed > 0 ? 1 : Summary.Unknown > 0 || !Gaps.IsEmpty ? 3 : 0;
}

/// <summary>One verdict that people should see.</summary>
/// <param name="IsFailed">False when it could not be told; then <paramref name="Because"/> says what is missing.</param>
public sealed record CheckFinding(
    RuleInfo Rule, Severity Severity, ResourceName Resource, string Discriminator, bool IsFailed, string Because, string Remediation, ValueList<string> Evidence);

/// <summary>How much was looked at, and how the verdicts fell.</summary>
public sealed record CheckSummary(int Resources, int Passed, int Failed, int Unknown, int NotApplicable, int NotEvaluated);
