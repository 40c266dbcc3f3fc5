using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Ledger;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor outbox</c>: alerts that are owed or parked; <c>auditor outbox retry</c> makes parked ones due.</summary>
internal static class OutboxCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.Option();
        var all = new Option<bool>("--all") { Description = "alerts that were sent too" };
        var format = Answers.FormatOption();
        var command = new Command("outbox", "List the alerts that are owed to channels, or parked after too many failures") { all, ledger, format, CreateRetry() };
        command.SetAction((parsed, cancellationToken) => ListAsync(parsed.GetValue(ledger)!, parsed.GetValue(all), parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static Command CreateRetry()
    {
        var id = new Argument<string?>("id") { Description = "an alert's id, as the list shows it", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "every parked alert" };
        var ledger = LedgerFile.Option();
        var command = new Command("retry", "Make parked alerts due, with all their tries before them; the next dispatch sends them") { id, all, ledger };
        command.SetAction((parsed, cancellationToken) => RetryAsync(parsed.GetValue(ledger)!, parsed.GetValue(id), parsed.GetValue(all), cancellationToken));
        return command;
    }

    private static async Task<int> ListAsync(string path, bool all, Format format, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var rows = (await ledger.OutboxAsync(cancellationToken)).Where(row => all || row.State != OutboxState.Sent).ToList();
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, rows.ConvertAll(row => new { row.Item.Id, row.State, Row = row }), LedgerJson.Options), cancellationToken);
        }
        else
        {
            Print(rows);
        }

        return rows.Exists(row => row.State == OutboxState.Parked) ? ExitCodes.Findings : ExitCodes.Clean;
    }

    private static void Print(List<OutboxRow> rows)
    {
        if (rows.Count == 0)
        {
            Answers.Out.WriteLine("The outbox owes nothing.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("alert", "state", "tries", "not before", "title", "last failure");
        table.Columns[0].NoWrap = true;
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Item.Id),
                row.State.ToString().ToLowerInvariant(),
                row.Item.Tries.ToString(CultureInfo.InvariantCulture),
                row.State == OutboxState.Owed && row.NextTryAt is { } at ? Timestamps.Format(at) : "",
                Markup.Escape(row.Item.Alert.Title),
                Markup.Escape(row.Reason ?? ""));
        }

        Answers.Out.Write(table);
        Answers.Out.WriteLine($"{rows.Count(row => row.State == OutboxState.Owed)} owed, {rows.Count(row => row.State == OutboxState.Parked)} parked. auditor outbox retry ID, or --all, makes parked ones due.");
    }

    private static async Task<int> RetryAsync(string path, string? id, bool all, CancellationToken cancellationToken)
    {
        if (id is null != all)
        {
            throw new UsageException("either an alert's id or --all was expected.");
        }

        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var count = await ledger.RetryAsync(id, cancellationToken);
        if (id is not null && count == 0)
        {
            throw new UsageException($"no alert {id} is parked; 'auditor outbox' lists those that are.");
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} alerts are due."));
        return ExitCodes.Clean;
    }
}
