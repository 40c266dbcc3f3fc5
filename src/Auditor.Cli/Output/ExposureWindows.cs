using System.Globalization;
using System.Text.Json;
using Auditor.Findings;
using Auditor.Ledger;
using Spectre.Console;

namespace Auditor.Cli.Output;

/// <summary>How exposure windows are printed.</summary>
internal static class ExposureWindows
{
    public static async Task WriteAsync(IReadOnlyList<ExposureWindow> windows, Format format, CancellationToken cancellationToken)
    {
        var times = RepairTimes.Of(windows);
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, new { Windows = windows, Times = times }, LedgerJson.Options), cancellationToken);
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("opened", "closed", "for", "rule", "resource");
        foreach (var window in windows)
        {
            table.AddRow(
                window.Opened.ToString() + (window.Regression > 0 ? " again" : ""),
                window.Closed is { } closed ? $"{closed} ({window.Reason})" : "open",
                window.Duration is { } duration ? Words(duration) : "",
                window.RuleId,
                Markup.Escape($"{Answers.Describe(window.Resource)}{(window.Discriminator.Length == 0 ? "" : $" · {window.Discriminator}")}"));
        }

        Answers.Out.Write(table);
        Answers.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{windows.Count} windows: {times.Open} open, {times.Repaired} repaired{Took(times)}."));
    }

    private static string Took(RepairTimes times) => times is { Median: { } median, Longest: { } longest } ? $"; time to repair {Words(median)} in the median, {Words(longest)} at most" : "";

    private static string Words(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalDays:0.#} d"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} h"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s"),
    };
}
