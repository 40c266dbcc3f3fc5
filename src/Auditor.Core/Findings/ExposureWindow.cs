using Auditor.Model;

namespace Auditor.Findings;

/// <summary>A time through which a finding was open. A finding that regressed has several.</summary>
/// <param name="Severity">The worst it had in that time.</param>
/// <param name="Closed">Null while it is open.</param>
/// <param name="Regression">0 for the first time it opened, then counting.</param>
public sealed record ExposureWindow(
    string FindingId, string RuleId, ResourceName Resource, string Discriminator, Severity Severity, string Because, Occurrence Opened, Occurrence? Closed, ResolveReason? Reason, int Regression)
{
    /// <summary>Whether it was closed because something was done; another rule or option repairs nothing.</summary>
    public bool IsRepaired => Reason is not (null or ResolveReason.RuleChanged);

    /// <summary>How long it was surely open; never below zero. Null while it is open.</summary>
    public TimeSpan? AtLeast => Closed is null ? null : Positive((Closed.After ?? Closed.NoLaterThan) - Opened.NoLaterThan);

    /// <summary>How long it can have been open; null while it is open, and where nothing is known of its beginning.</summary>
    public TimeSpan? AtMost => Closed is null || Opened.After is null ? null : Positive(Closed.NoLaterThan - Opened.After.Value);

    /// <summary>From when it was open at the latest to when it was closed at the latest.</summary>
    public TimeSpan? Duration => Closed is null ? null : Positive(Closed.NoLaterThan - Opened.NoLaterThan);

    /// <summary>The windows of a history, oldest first by number of transition.</summary>
    /// <param name="transitions">All transitions of the findings, oldest first.</param>
    public static IReadOnlyList<ExposureWindow> Of(IEnumerable<Transition> transitions)
    {
        var windows = new List<ExposureWindow>();
        var latest = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var transition in transitions)
        {
            var index = latest.GetValueOrDefault(transition.FindingId, -1);
            if (transition.Kind is TransitionKind.Opened or TransitionKind.Reopened)
            {
                latest[transition.FindingId] = windows.Count;
                windows.Add(new ExposureWindow(
                    transition.FindingId, transition.RuleId, transition.Resource, transition.Discriminator, transition.Severity, transition.Because, transition.Occurred, null, null,
                    index < 0 ? 0 : windows[index].Regression + 1));
            }
            else if (index >= 0)
            {
                windows[index] = transition.Kind == TransitionKind.Resolved
                    ? windows[index] with { Closed = transition.Occurred, Reason = transition.Reason }
                    : windows[index] with { Severity = transition.Severity > windows[index].Severity ? transition.Severity : windows[index].Severity };
            }
        }

        return windows;
    }

    private static TimeSpan Positive(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
}

/// <summary>How long repairs took.</summary>
/// <param name="Median">Null when nothing was repaired; so is <paramref name="Longest"/>.</param>
public sealed record RepairTimes(int Open, int Repaired, TimeSpan? Median, TimeSpan? Longest)
{
    /// <summary>The times of windows; what closed by another rule or option counts as neither open nor repaired.</summary>
    public static RepairTimes Of(IReadOnlyCollection<ExposureWindow> windows)
    {
        TimeSpan[] times = [.. windows.Where(window => window.IsRepaired).Select(window => window.Duration!.Value).Order()];
        return new RepairTimes(windows.Count(window => window.Closed is null), times.Length, times.Length == 0 ? null : times[(times.Length - 1) / 2], times.Length == 0 ? null : times[^1]);
    }
}
