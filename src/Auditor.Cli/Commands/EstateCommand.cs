using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Ledger;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor estate</c>: the resources of a ledger, now or at a moment.</summary>
internal static class EstateCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.Option();
        var asOf = Moments.AsOfOption();
        var knownAt = Moments.KnownAtOption();
        var format = Answers.FormatOption();
        var command = new Command("estate", "List the resources of a ledger as they were last read, now or at a moment") { asOf, knownAt, ledger, format };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(ledger)!, parsed.GetValue(asOf), parsed.GetValue(knownAt), parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? asOf, string? knownAt, Format format, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var state = await Moments.StateAsync(ledger, asOf, knownAt, cancellationToken);
        var there = state.Resources.Where(version => version.Json is not null).ToList();
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, new { state.Coverage, Resources = there }, LedgerJson.Options), cancellationToken);
        }
        else
        {
            Print(there);
        }

        foreach (var gap in state.Coverage.Gaps)
        {
            await Console.Error.WriteLineAsync($"auditor: not seen: {gap.Scope}: {gap.Reason}");
        }

        return state.Coverage.Gaps.IsEmpty ? ExitCodes.Clean : ExitCodes.Incomplete;
    }

    private static void Print(List<ResourceVersion> versions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("resource", "as read");
        foreach (var version in versions)
        {
            table.AddRow(Markup.Escape(Answers.Describe(version.Name)), version.ReadAt is { } at ? Timestamps.Format(at) : "");
        }

        Answers.Out.Write(table);
        Answers.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{versions.Count} resources. --format json shows what was read."));
    }
}
