using Auditor.Findings;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Findings;

/// <summary>From when to when a finding was open.</summary>
public sealed class ExposureWindowTests
{
    private static readonly Transition s_worse = Opened with { Number = 1, Kind = TransitionKind.SeverityChanged, Severity = Severity.Critical, Occurred = Occurrence.At(Noon.AddMinutes(5)) };
    private static readonly Transition s_milder = s_worse with { Number = 2, Severity = Severity.Low };

    [Fact]
    public void ARegression_IsAWindowOfItsOwn()
    {
        var windows = ExposureWindow.Of([Opened, Resolved, Reopened]);
        Assert.Equal([(0, Opened.Occurred, (Occurrence?)Resolved.Occurred), (1, Reopened.Occurred, null)], windows.Select(window => (window.Regression, window.Opened, window.Closed)));
        Assert.Equal([TimeSpan.FromMinutes(1), (TimeSpan?)null], windows.Select(window => window.Duration));
    }

    [Fact]
    public void Severity_IsTheWorstOfItsTime() => Assert.Equal(Severity.Critical, Assert.Single(ExposureWindow.Of([Opened, s_worse, s_milder])).Severity);

    [Fact]
    public void ADurationIsBounded_WhereOnlyIntervalsAreKnown()
    {
        var opened = Opened with { Occurred = new Occurrence(Noon, Noon.AddMinutes(-10)) };
        var resolved = Resolved with { Occurred = new Occurrence(Noon.AddMinutes(30), Noon.AddMinutes(20)) };
        var window = Assert.Single(ExposureWindow.Of([opened, resolved]));
        Assert.Equal((20, 30, 40), (window.AtLeast!.Value.TotalMinutes, window.Duration!.Value.TotalMinutes, window.AtMost!.Value.TotalMinutes));
        Assert.Null(Assert.Single(ExposureWindow.Of([Opened with { Occurred = new Occurrence(Noon, null) }, resolved])).AtMost);
        Assert.Equal(TimeSpan.Zero, Assert.Single(ExposureWindow.Of([Opened, Resolved with { Occurred = Occurrence.At(Noon.AddMinutes(-1)) }])).Duration);
    }

    [Fact]
    public void RepairTimes_CountWhatWasRepaired_NotWhatOtherRulesClosed()
    {
        var windows = ExposureWindow.Of(
        [
            .. Closed("a", 1, ResolveReason.Fixed), .. Closed("b", 2, ResolveReason.ResourceDeleted), .. Closed("c", 9, ResolveReason.NoLongerApplies), .. Closed("d", 100, ResolveReason.RuleChanged), Opened,
        ]);
        Assert.Equal(new RepairTimes(1, 3, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(9)), RepairTimes.Of([.. windows]));
        Assert.Equal(new RepairTimes(0, 0, null, null), RepairTimes.Of([]));

        static Transition[] Closed(string id, int minutes, ResolveReason reason) =>
            [Opened with { FindingId = id }, Resolved with { FindingId = id, Reason = reason, Occurred = Occurrence.At(Noon.AddMinutes(minutes)) }];
    }
}
