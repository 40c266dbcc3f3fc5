using System.Globalization;
using Auditor.Findings;
using Auditor.Rules;

namespace Auditor.Alerts;

/// <summary>Turns the transitions of one commit into alerts: one per cause and direction, or one digest for a baseline.</summary>
public sealed class AlertComposer(RuleCatalog catalog)
{
    /// <summary>The alerts of a commit, worst first. Same transitions, same alerts, same ids.</summary>
    public IReadOnlyList<Alert> Compose(IReadOnlyList<Transition> transitions, DateTimeOffset recordedAt)
    {
        if (transitions.Count == 0)
        {
            return [];
        }

        // A first sweep and a new set of rules say what was there already: counted, not alerted one by one.
        var counted = transitions.Where(transition => transition.Cause.Kind is CauseKind.Baseline or CauseKind.RuleChange).ToList();
        IEnumerable<Alert> digest = counted.Count > 0 ? [Digest(counted, recordedAt)] : [];
        return [.. digest, .. transitions.Where(transition => !counted.Contains(transition))
            .GroupBy(transition => (transition.Cause, IsRecovery: transition.Kind == TransitionKind.Resolved))
            .Select(group => Compose([.. group.OrderByDescending(transition => transition.Severity).ThenBy(transition => transition.RuleId, StringComparer.Ordinal)], group.Key.IsRecovery, recordedAt))
            .OrderBy(alert => alert.Kind).ThenByDescending(alert => alert.Severity)];
    }

    private Alert Compose(Transition[] transitions, bool isRecovery, DateTimeOffset recordedAt)
    {
        var first = transitions[0];
        var rest = transitions.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (and {transitions.Length - 1} more)");
        var title = isRecovery
            ? $"{Words(first)} is resolved ({Words(first.Reason)}): {catalog.Find(first.RuleId)?.Title ?? first.RuleId}{rest}"
            : $"{Words(first)}: {first.Because}{rest}";
        return new Alert
        {
            Id = Alert.IdOf(transitions),
            Kind = isRecovery ? AlertKind.Recovery : AlertKind.Problem,
            Severity = first.Severity,
            Title = title,
            Cause = first.Cause,
            RecordedAt = recordedAt,
            Items = transitions.Select(Item).ToValueList(),
        };
    }

    private static Alert Digest(List<Transition> transitions, DateTimeOffset recordedAt) => new()
    {
        Id = Alert.IdOf(transitions),
        Kind = AlertKind.Baseline,
        Severity = transitions.Max(transition => transition.Severity),
        Title = transitions[0].Cause.Kind == CauseKind.Baseline
            ? string.Create(CultureInfo.InvariantCulture, $"first sweep: {transitions.Count} findings are open; from here on only changes are alerted")
            : string.Create(CultureInfo.InvariantCulture, $"other rules or options: {transitions.Count - Resolved(transitions)} findings opened, {Resolved(transitions)} resolved"),
        Cause = transitions[0].Cause,
        RecordedAt = recordedAt,
        Counts = transitions.Where(transition => transition.Kind != TransitionKind.Resolved).GroupBy(transition => transition.Severity).OrderByDescending(group => group.Key)
            .Select(group => new SeverityCount(group.Key, group.Count())).ToValueList(),
    };

    private static int Resolved(List<Transition> transitions) => transitions.Count(transition => transition.Kind == TransitionKind.Resolved);

    private AlertItem Item(Transition transition)
    {
        var rule = catalog.Find(transition.RuleId);
        return new AlertItem(
            transition.FindingId, transition.Kind, transition.RuleId, rule?.Title ?? transition.RuleId, transition.Severity, transition.Resource.Value,
            transition.Discriminator, transition.Because, transition.Fix ?? rule?.Remediation ?? "", transition.Reason);
    }

    private static string Words(ResolveReason? reason) => reason switch
    {
        ResolveReason.NoLongerApplies => "no longer applies",
        ResolveReason.ResourceDeleted => "resource deleted",
        ResolveReason.RuleChanged => "rule changed",
        _ => "fixed",
    };

    private static string Words(Transition transition) =>
        $"{transition.RuleId} {Model.KindTable.Of(transition.Resource.Kind).Noun} {transition.Resource.Id}{(transition.Discriminator.Length == 0 ? "" : $" ({transition.Discriminator})")}";
}
