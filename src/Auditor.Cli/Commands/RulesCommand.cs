using System.CommandLine;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Rules;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor rules</c>: the catalog.</summary>
internal static class RulesCommand
{
    public static Command Create()
    {
        var format = Answers.FormatOption();
        var command = new Command("rules", "List the rules") { format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(format) == Format.Json)
            {
                await Answers.WriteJsonAsync(Write, cancellationToken);
                return ExitCodes.Clean;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("rule", "severity", "good state");
            foreach (var rule in RuleCatalog.All.Infos)
            {
                table.AddRow($"[bold]{rule.Id}[/]", $"{Answers.Paint(rule.Severity)}{rule.Severity.ToString().ToLowerInvariant()}[/]", Markup.Escape(rule.Title));
            }

            Answers.Out.Write(table);
            return ExitCodes.Clean;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var rule in RuleCatalog.All.Infos)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", rule.Id);
            writer.WriteString("title", rule.Title);
            writer.WriteString("severity", rule.Severity.ToString().ToLowerInvariant());
            writer.WriteString("family", rule.Family);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
