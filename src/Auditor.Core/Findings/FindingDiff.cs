using System.Collections.Immutable;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Findings;

/// <summary>Compares the findings that are known with what the rules say now.</summary>
public static class FindingDiff
{
    /// <summary>
    /// The transitions that the touched judgements call for, sorted by rule, subject and discriminator. Unknown keeps a finding as it is, and
    /// so does a subject that is missing from the estate without proof.
    /// </summary>
    /// <param name="findings">All known findings by id, resolved ones included (they may regress).</param>
    /// <param name="causeOf">What made a judgement's verdict change, and when.</param>
    public static ImmutableArray<Transition> Between(
        ImmutableDictionary<string, Finding> findings,
        Evaluations evaluations,
        IEnumerable<Judgement> touched,
        Estate estate,
        Func<Judgement, (Cause Cause, Occurrence Occurred)> causeOf,
        DateTimeOffset recordedAt)
    {
        var judgements = touched.ToImmutableSortedSet();
        var open = findings.Values.Where(finding => finding.IsOpen)
            .Select(finding => (Key: new Judgement(finding.RuleId, finding.Resource), Finding: finding))
            .Where(pair => judgements.Contains(pair.Key))
            .ToLookup(pair => pair.Key, pair => pair.Finding);
        var transitions = ImmutableArray.CreateBuilder<Transition>();
        foreach (var judgement in judgements)
        {
            var evaluation = evaluations.Find(judgement);
            var failed = evaluation?.Verdicts.OfType<Verdict.Failed>().ToDictionary(verdict => verdict.Discriminator, StringComparer.Ordinal) ?? [];
            foreach (var (discriminator, verdict) in failed.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                var id = Finding.IdOf(judgement.RuleId, judgement.Subject, discriminator);
                var known = findings.GetValueOrDefault(id);
                var severity = verdict.Severity ?? evaluation!.Rule.Severity;
                TransitionKind? kind = known switch
                {
                    null => TransitionKind.Opened,
                    { IsOpen: false } => TransitionKind.Reopened,
                    _ when known.Severity != severity => TransitionKind.SeverityChanged,
                    _ => null,
                };
                if (kind is { } happened)
                {
                    var (cause, occurred) = causeOf(judgement);
                    transitions.Add(new Transition
                    {
                        FindingId = id,
                        Number = known?.Transitions ?? 0,
                        Kind = happened,
                        RuleId = judgement.RuleId,
                        Resource = judgement.Subject,
                        Discriminator = discriminator,
                        Severity = severity,
                        Because = verdict.Because,
                        Fix = verdict.Fix,
                        Occurred = occurred,
                        RecordedAt = recordedAt,
                        Cause = cause,
                        Evidence = Evidence.Describe(evaluation!.Evidence),
                    });
                }
            }

            foreach (var finding in open[judgement].Where(finding => !failed.ContainsKey(finding.Discriminator)).OrderBy(finding => finding.Discriminator, StringComparer.Ordinal))
            {
                if (WhyResolved(finding, evaluation, estate) is { } reason)
                {
                    var (cause, occurred) = causeOf(judgement);
                    if (cause.Kind == CauseKind.RuleChange && reason != ResolveReason.ResourceDeleted)
                    {
                        reason = ResolveReason.RuleChanged;
                    }

                    transitions.Add(new Transition
                    {
                        FindingId = finding.Id,
                        Number = finding.Transitions,
                        Kind = TransitionKind.Resolved,
                        RuleId = finding.RuleId,
                        Resource = finding.Resource,
                        Discriminator = finding.Discriminator,
                        Severity = finding.Severity,
                        Because = finding.Because,
                        Fix = finding.Fix,
                        Reason = reason,
                        Occurred = occurred,
                        RecordedAt = recordedAt,
                        Cause = cause,
                        Evidence = evaluation is null ? [] : Evidence.Describe(evaluation.Evidence),
                    });
                }
            }
        }

        return transitions.ToImmutable();
    }

    // Null keeps the finding open.
    private static ResolveReason? WhyResolved(Finding finding, Evaluation? evaluation, Estate estate)
    {
        if (evaluation is null)
        {
            return estate.Find(finding.Resource)?.Resource is not null ? ResolveReason.NoLongerApplies
                : estate.WhyUnread(finding.Resource) is null ? ResolveReason.ResourceDeleted
                : null;
        }

        if (evaluation.Verdicts.Any(verdict => verdict is Verdict.Unknown or Verdict.NotEvaluated
            && (verdict.Discriminator.Length == 0 || verdict.Discriminator == finding.Discriminator)))
        {
            return null;
        }

        return evaluation.Verdicts.All(verdict => verdict is Verdict.NotApplicable) ? ResolveReason.NoLongerApplies : ResolveReason.Fixed;
    }
}
