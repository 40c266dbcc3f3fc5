using System.Text.Json;
using Auditor.Findings;
using Auditor.Ledger;

namespace Auditor.EndToEnd;

/// <summary>What a ledger says in bytes that two runs share: sorted, and without times, keys of entries and ids of operations.</summary>
internal static class Canonical
{
    private static readonly JsonSerializerOptions s_json = new(LedgerJson.Options) { WriteIndented = true };

    /// <summary>All findings, each with its transitions and who did what to cause them.</summary>
    public static async Task<string> FindingsAsync(ILedger ledger, CancellationToken cancellationToken)
    {
        var history = (await ledger.HistoryAsync(null, cancellationToken)).ToLookup(transition => transition.FindingId, StringComparer.Ordinal);
        return Text((await ledger.LoadAsync(cancellationToken)).Findings.Values, finding => history[finding.Id].Select(Of));
    }

    private static string Text(IEnumerable<Finding> findings, Func<Finding, IEnumerable<object>> transitions) => JsonSerializer.Serialize(
        findings.OrderBy(finding => finding.Id, StringComparer.Ordinal).Select(finding => new
        {
            finding.Id,
            finding.RuleId,
            finding.Resource,
            finding.Discriminator,
            finding.Severity,
            finding.Because,
            finding.Fix,
            finding.Evidence,
            finding.Resolved,
            finding.Transitions,
            finding.TimesOpened,
            History = transitions(finding),
        }),
        s_json);

    private static object Of(Transition transition) => new
    {
        transition.Id,
        transition.Number,
        transition.Kind,
        transition.Severity,
        transition.Because,
        transition.Fix,
        transition.Reason,
        transition.Evidence,
        transition.Occurred.IsInstant,
        Cause = transition.Cause.Kind,
        Changes = transition.Cause.Changes.Select(change => new { change.Method, change.Resources, change.Principal, change.CallerIp, change.UserAgent }),
    };
}
