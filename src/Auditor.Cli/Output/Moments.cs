using System.CommandLine;
using System.Globalization;
using Auditor.Ledger;

namespace Auditor.Cli.Output;

/// <summary>The two times of a question about history: when it was so, and when it was known.</summary>
internal static class Moments
{
    public static Option<string?> AsOfOption() => new("--as-of") { Description = "the moment asked about, such as 2026-11-01T12:00:00Z; a day alone is its beginning in UTC" };

    public static Option<string?> KnownAtOption() => new("--known-at") { Description = "leave out what was recorded after this moment" };

    /// <summary>The state of a ledger, now or at the moments: its estate is what every question about resources is asked of.</summary>
    /// <exception cref="UsageException">A moment is not understood, or not retained.</exception>
    public static async Task<LedgerState> StateAsync(ILedger ledger, string? asOf, string? knownAt, CancellationToken cancellationToken) =>
        asOf is null && knownAt is null ? await ledger.LoadAsync(cancellationToken) : (await FoldAsync(ledger, asOf, knownAt, cancellationToken)).State;

    /// <summary>Folds a ledger's commits up to the moments.</summary>
    /// <exception cref="UsageException">A moment is not understood, or not retained.</exception>
    public static async Task<AsOfFold> FoldAsync(ILedger ledger, string? asOf, string? knownAt, CancellationToken cancellationToken)
    {
        var (at, known) = (Parse("--as-of", asOf), Parse("--known-at", knownAt));
        var from = await ledger.BaseAsync(cancellationToken);
        if (from is not null && (at < from.RecordedAt || known < from.RecordedAt))
        {
            throw new UsageException($"not retained: the ledger keeps what was so, and known, from {Timestamps.Format(from.RecordedAt)} on; {(at < from.RecordedAt ? $"--as-of is '{asOf}'" : $"--known-at is '{knownAt}'")}.");
        }

        var fold = new AsOfFold(at, known, from);
        await foreach (var commit in ledger.CommitsAsync(from?.State.Head.Seq ?? 0, cancellationToken))
        {
            if (!fold.Add(commit))
            {
                break;
            }
        }

        return fold;
    }

    private static DateTimeOffset? Parse(string option, string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, default, TimeSpan.Zero)
        : Timestamps.TryParse(text) ?? throw new UsageException($"{option} is '{text}'; a moment such as 2026-11-01T12:00:00Z, or a day such as 2026-11-01, was expected.");
}
