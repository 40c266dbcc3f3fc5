namespace Auditor.Benchmarks.Harness;

/// <summary>One number, what bounds it on this machine, and whether what was measured also did its work.</summary>
/// <param name="Limit">In the same unit, measured in the same run; null where nothing bounds it.</param>
/// <param name="LimitIs">What was measured for the limit.</param>
/// <param name="Gate">What was checked, and why it failed when it did.</param>
internal sealed record Row(string What, string Size, double Measured, string Unit, double? Limit, string LimitIs, Gate Gate)
{
    /// <summary>How far from the limit: 1 is as good as it gets, whichever way the unit counts.</summary>
    public double? Ratio => Limit is not { } limit || Measured <= 0 || limit <= 0 ? null
        : Unit.EndsWith("/s", StringComparison.Ordinal) ? Measured / limit
        : limit / Measured;
}

/// <summary>A check that the measured work was right.</summary>
/// <param name="Problem">Null when it was.</param>
internal sealed record Gate(string Checked, string? Problem)
{
    public bool IsPassed => Problem is null;

    public static Gate Of(string what, bool holds, string problem) => new(what, holds ? null : problem);

    public override string ToString() => IsPassed ? Checked : $"FAILED: {Problem}";
}
