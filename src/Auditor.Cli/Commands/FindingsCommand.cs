using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Findings;
using Auditor.Ledger;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor findings</c>: what the ledger holds open, or held open at a moment.</summary>
internal static class FindingsCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.Option();
        var all = new Option<bool>("--all") { Description = "resolved findings too" };
        var asOf = Moments.AsOfOption();
        var knownAt = Moments.KnownAtOption();
        var format = Answers.FormatOption();
        var command = new Command("findings", "List the findings of a ledger, now or at a moment") { asOf, knownAt, ledger, all, format };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(asOf) is null && parsed.GetValue(knownAt) is null
            ? RunAsync(parsed.GetValue(ledger)!, parsed.GetValue(all), parsed.GetValue(format), cancellationToken)
            : RunAsOfAsync(parsed.GetValue(ledger)!, parsed.GetValue(asOf), parsed.GetValue(knownAt), parsed.GetValue(all), parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool all, Format format, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var state = await ledger.LoadAsync(cancellationToken);
        var findings = Sorted(state, all);
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, findings, LedgerJson.Options), cancellationToken);
        }
        else
        {
            Print(findings);
        }

        return findings.Exists(finding => finding.IsOpen) ? ExitCodes.Findings : ExitCodes.Clean;
    }

    // Nothing open is only clean when nothing can have been.
    private static async Task<int> RunAsOfAsync(string path, string? asOf, string? knownAt, bool all, Format format, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var fold = await Moments.FoldAsync(ledger, asOf, knownAt, cancellationToken);
        var findings = Sorted(fold.State, all);
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, new { AsOf = asOf, KnownAt = knownAt, fold.Begins, Findings = findings, fold.Undecided }, LedgerJson.Options), cancellationToken);
        }
        else
        {
            Print(findings);
            PrintUndecided(fold);
        }

        return findings.Exists(finding => finding.IsOpen) ? ExitCodes.Findings : fold.Undecided.IsEmpty ? ExitCodes.Clean : ExitCodes.Incomplete;
    }

    private static List<Finding> Sorted(LedgerState state, bool all) =>
    [
        .. state.Findings.Values.Where(finding => all || finding.IsOpen)
            .OrderByDescending(finding => finding.IsOpen).ThenByDescending(finding => finding.Severity).ThenBy(finding => finding.RuleId, StringComparer.Ordinal)
            .ThenBy(finding => finding.Resource).ThenBy(finding => finding.Discriminator, StringComparer.Ordinal),
    ];

    private static void PrintUndecided(AsOfFold fold)
    {
        Answers.Out.WriteLine(fold.Begins is { } begins ? $"The ledger begins at {Timestamps.Format(begins)}." : "Nothing was recorded by then.");
        foreach (var transition in fold.Undecided)
        {
            Answers.Out.WriteLine($"May have been so already: {transition.RuleId} {Answers.Describe(transition.Resource)}{(transition.Discriminator.Length == 0 ? "" : $" · {transition.Discriminator}")}, {transition.Kind.ToString().ToLowerInvariant()} {transition.Occurred}.");
        }
    }

    private static void Print(List<Finding> findings)
    {
        if (findings.Count == 0)
        {
            Answers.Out.WriteLine("No findings are open.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("finding", "severity", "rule", "resource", "since", "because");
        table.Columns[0].NoWrap = true;
        foreach (var finding in findings)
        {
            table.AddRow(
                finding.Id,
                $"{Answers.Paint(finding.Severity)}{finding.Severity.ToString().ToLowerInvariant()}[/]",
                finding.RuleId,
                Markup.Escape($"{Answers.Describe(finding.Resource)}{(finding.Discriminator.Length == 0 ? "" : $" · {finding.Discriminator}")}"),
                Short(finding.Opened.NoLaterThan) + (finding.TimesOpened > 1 ? string.Create(CultureInfo.InvariantCulture, $" (opened {finding.TimesOpened} times)") : ""),
                Markup.Escape(finding.IsOpen ? finding.Because : $"resolved {Short(finding.Closed!.NoLaterThan)}: {finding.Resolved}"));
        }

        Answers.Out.Write(table);
        Answers.Out.WriteLine($"{findings.Count(finding => finding.IsOpen)} open. The story of one: auditor history {findings[0].Id}");
    }

    private static string Short(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
