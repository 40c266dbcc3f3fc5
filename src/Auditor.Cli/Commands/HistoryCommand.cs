using System.CommandLine;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Findings;
using Auditor.Ledger;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor history</c>: every transition, or those of one finding, rule or resource.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.Option();
        var about = new Argument<string?>("about") { Description = "a finding's id, a rule's id, or part of a resource's name", Arity = ArgumentArity.ZeroOrOne };
        var windows = new Option<bool>("--windows") { Description = "from when to when each finding was open, and how long repairs took" };
        var format = Answers.FormatOption();
        var command = new Command("history", "Tell what opened and closed, when, and who did it") { about, windows, ledger, format };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(ledger)!, parsed.GetValue(about), parsed.GetValue(windows), parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? about, bool windows, Format format, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var transitions = (await ledger.HistoryAsync(null, cancellationToken)).Where(transition => about is null
            || transition.FindingId == about
            || transition.RuleId.Equals(about, StringComparison.OrdinalIgnoreCase)
            || transition.Resource.Value.Contains(about, StringComparison.Ordinal)).ToList();
        if (about is not null && transitions.Count == 0)
        {
            throw new UsageException($"nothing in {path} is about '{about}'; a finding's id, a rule's id or part of a resource's name was expected.");
        }

        if (await ledger.BaseAsync(cancellationToken) is { } from)
        {
            await Console.Error.WriteLineAsync($"auditor: not retained: what was recorded before {Timestamps.Format(from.RecordedAt)}.");
        }

        if (windows)
        {
            await ExposureWindows.WriteAsync(ExposureWindow.Of(transitions), format, cancellationToken);
            return ExitCodes.Clean;
        }

        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => JsonSerializer.Serialize(writer, transitions, LedgerJson.Options), cancellationToken);
            return ExitCodes.Clean;
        }

        foreach (var transition in transitions)
        {
            Print(transition);
        }

        return ExitCodes.Clean;
    }

    private static void Print(Transition transition)
    {
        var word = transition.Kind == TransitionKind.Resolved ? $"[green]resolved ({transition.Reason})[/]" : $"{Answers.Paint(transition.Severity)}{transition.Kind.ToString().ToLowerInvariant()}[/]";
        Answers.Out.MarkupLine($"{transition.Occurred} {word} [bold]{transition.RuleId}[/] {Markup.Escape(Answers.Describe(transition.Resource))}{(transition.Discriminator.Length == 0 ? "" : $" · {Markup.Escape(transition.Discriminator)}")}  [grey]{transition.FindingId}[/]");
        Detail(transition.Kind == TransitionKind.Resolved ? $"until then: {transition.Because}" : transition.Because);
        Detail(transition.Cause switch
        {
            { Kind: CauseKind.Change, Changes: [var change] } => $"by {change.Principal ?? "an unnamed caller"}: {change.Method}{(change.CallerIp is { } ip ? $" from {ip}" : "")}",
            { Kind: CauseKind.Change, Changes: var changes } => $"by one of: {string.Join("; ", changes.Select(change => $"{change.Principal ?? "an unnamed caller"}: {change.Method}"))}",
            { Kind: CauseKind.Baseline } => "found by the first sweep",
            { Kind: CauseKind.Sweep } => "found by a read that no event announced",
            { Kind: CauseKind.Time } => "by the passing of time",
            _ => "by a change of rules",
        });

        static void Detail(string text) => Wrapped.Write(Answers.Out, "", 2, text);
    }
}
