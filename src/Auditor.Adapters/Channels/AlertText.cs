using System.Globalization;
using System.Text;
using Auditor.Alerts;
using Auditor.Findings;

namespace Auditor.Adapters.Channels;

/// <summary>An alert as plain text: severity and title, what happened to each finding with reason and repair, and who did it.</summary>
internal sealed class AlertText(int width, bool colours)
{
    private readonly StringBuilder _text = new();

    public string Write(Alert alert)
    {
        var word = alert.Kind == AlertKind.Recovery ? "RESOLVED" : alert.Severity.ToString().ToUpperInvariant();
        Line($"{Paint(word, alert)}  ", $"{word}  ", "  ", alert.Title);
        foreach (var item in alert.Items)
        {
            Write(item, isOnly: alert.Items.Count == 1);
        }

        foreach (var count in alert.Counts)
        {
            Line("  ", string.Create(CultureInfo.InvariantCulture, $"{count.Severity.ToString().ToLowerInvariant()}: {count.Count}"));
        }

        Line("  cause: ", Describe(alert.Cause));
        return _text.ToString();
    }

    /// <summary>Who did it, how and when; or how else it was found.</summary>
    public static string Describe(Cause cause) => cause switch
    {
        { Kind: CauseKind.Change, Changes: [var change] } => Describe(change),
        { Kind: CauseKind.Change } => $"one of {string.Join("; ", cause.Changes.Select(Describe))}",
        { Kind: CauseKind.Baseline } => "found by the first sweep",
        { Kind: CauseKind.Sweep } => "found by a read that no event announced",
        { Kind: CauseKind.Time } => "the passing of time",
        _ => "other rules or options than before",
    };

    private static string Describe(ChangeReference change) =>
        $"{Printable(change.Principal ?? "a caller whom Google does not name")}, {Printable(change.Method)}, {Timestamps.Format(change.OccurredAt)}{(change.CallerIp is { } address ? $", from {Printable(address)}" : "")}";

    // The title has said already why the only item fails.
    private void Write(AlertItem item, bool isOnly)
    {
        var severity = item.Severity.ToString().ToLowerInvariant();
        var state = item.Kind == TransitionKind.Resolved ? $"resolved: {Words(item.Reason)}" : $"{severity}, {Words(item.Kind)}";
        Line("  ", $"{item.RuleId} {item.RuleTitle} ({state})");
        Line("    on ", $"{item.Resource}{(item.Discriminator.Length == 0 ? "" : $" ({item.Discriminator})")}");
        if (!isOnly || item.Kind == TransitionKind.Resolved)
        {
            Line(item.Kind == TransitionKind.Resolved ? "    until then: " : "    because ", item.Because);
        }

        if (item.Kind != TransitionKind.Resolved && item.Remediation.Length > 0)
        {
            Line("    fix: ", item.Remediation);
        }
    }

    private static string Words(TransitionKind kind) => kind switch
    {
        TransitionKind.Reopened => "open again",
        TransitionKind.SeverityChanged => "other severity than before",
        _ => "open",
    };

    private static string Words(ResolveReason? reason) => reason switch
    {
        ResolveReason.NoLongerApplies => "it no longer applies",
        ResolveReason.ResourceDeleted => "the resource is gone",
        ResolveReason.RuleChanged => "the rule changed",
        _ => "fixed",
    };

    private string Paint(string word, Alert alert) => !colours ? word : $"\e[{(alert.Kind, alert.Severity) switch
    {
        (AlertKind.Recovery, _) => "32",
        (_, Severity.Critical or Severity.High) => "1;31",
        (_, Severity.Medium) => "33",
        _ => "36",
    }}m{word}\e[0m";

    private void Line(string label, string text) => Line(label, label, new string(' ', label.Length - label.TrimStart().Length + 2), text);

    // A word longer than the line stands on a line of its own: resource names stay whole for copying. Commands keep their lines.
    private void Line(string shown, string label, string indent, string text)
    {
        _text.Append(shown);
        var column = label.Length;
        var isFresh = true;
        foreach (var (number, paragraph) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (number > 0)
            {
                Break();
            }

            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Printable))
            {
                if (!isFresh && column + 1 + word.Length > width)
                {
                    Break();
                }

                _text.Append(isFresh ? "" : " ").Append(word);
                column += word.Length + (isFresh ? 0 : 1);
                isFresh = false;
            }
        }

        _text.Append('\n');

        void Break()
        {
            _text.Append('\n').Append(indent);
            column = indent.Length;
            isFresh = true;
        }
    }

    // Names come from logs that anybody may write: no control character reaches the terminal.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
