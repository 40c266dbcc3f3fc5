using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Auditor.Cli.Output;
using Auditor.Reach.Intended;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor intents test</c>: holds what <c>auditor.yaml</c> declares against exported resources, for pipelines.</summary>
internal static class IntentsCommand
{
    private enum ReportFormat
    {
        Table,
        Json,
        Junit,
    }

    public static Command Create()
    {
        var assets = EstateInput.AssetsOption();
        var partial = EstateInput.PartialOption();
        var config = Settings.ConfigOption();
        var format = new Option<ReportFormat>("--format") { Description = "table for people, json for programs, junit for pipelines", DefaultValueFactory = _ => ReportFormat.Table };
        var test = new Command("test", "Test every intent: exit 0 all hold, 1 one is broken, 2 bad input, 3 one cannot be told") { assets, partial, config, format };
        test.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(assets)!, parsed.GetValue(partial), Settings.Read(parsed.GetValue(config)), parsed.GetValue(format), cancellationToken));
        return new Command("intents", "Flows that must work and must never exist, as auditor.yaml declares them") { test };
    }

    private static async Task<int> RunAsync(string[] paths, bool isPartial, Settings settings, ReportFormat format, CancellationToken cancellationToken)
    {
        if (settings.Rules.Intents.IsEmpty)
        {
            throw new UsageException("no intent is declared; 'intents' in the configuration file declares them, --config names the file.");
        }

        var input = await EstateInput.ReadAsync(paths, isPartial, cancellationToken, settings.ReadVariables);
        var report = IntentReport.Of(settings.Rules.Intents, input.View);
        foreach (var sentence in report.BadInput)
        {
            await Console.Error.WriteLineAsync($"auditor: {sentence}");
        }

        switch (format)
        {
            case ReportFormat.Json:
                await Answers.WriteJsonAsync(writer => Write(writer, report), cancellationToken);
                break;
            case ReportFormat.Junit:
                Console.Out.WriteLine(JUnit(report));
                break;
            default:
                Print(report);
                break;
        }

        var declared = report.Rows.Where(row => !row.IsInferred).ToList();
        return report.BadInput.Count > 0 ? ExitCodes.Usage
            : declared.Exists(row => row.Standing == IntentStanding.Broken) ? ExitCodes.Findings
            : !input.IsClean || declared.Exists(row => row.Standing == IntentStanding.Unknown) ? ExitCodes.Incomplete
            : ExitCodes.Clean;
    }

    private static void Print(IntentReport report)
    {
        foreach (var row in report.Rows)
        {
            Answers.Out.MarkupLine($"{Paint(row.Standing)}{WordOf(row.Standing).ToUpperInvariant()}[/] {row.Kind} [bold]{Markup.Escape(row.Intent)}[/]: {Markup.Escape(From(row))} -> {Markup.Escape(row.Target)} [grey]({Markup.Escape(row.Origin?.ToString() ?? "inferred from a variable")})[/]");
            if (row.Because.Length > 0)
            {
                Wrapped.Write(Answers.Out, "because", row.Because);
            }
        }

        string Count(IntentStanding standing) => report.Rows.Count(row => !row.IsInferred && row.Standing == standing).ToString(CultureInfo.InvariantCulture);
        Console.Out.WriteLine($"{Count(IntentStanding.Holds)} hold, {Count(IntentStanding.Broken)} broken, {Count(IntentStanding.Unknown)} unknown, {Count(IntentStanding.Void)} name nothing; {report.Rows.Count(row => row.IsInferred)} inferred, which do not count");
    }

    private static void Write(Utf8JsonWriter writer, IntentReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("intents");
        foreach (var row in report.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("intent", row.Intent);
            writer.WriteString("kind", row.Kind);
            writer.WriteBoolean("inferred", row.IsInferred);
            writer.WriteString("declaredAt", row.Origin?.ToString());
            writer.WriteString("workload", row.Workload?.Value);
            writer.WriteString("target", row.Target);
            writer.WriteString("standing", WordOf(row.Standing));
            writer.WriteString("because", row.Because);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("badInput");
        foreach (var sentence in report.BadInput)
        {
            writer.WriteStringValue(sentence);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // The shape that CI systems read: a suite a kind, a case an intent, workload and target. What cannot be told is an error: a skipped case would pass unseen.
    private static string JUnit(IntentReport report)
    {
        var suites = report.Rows.GroupBy(row => row.IsInferred ? "inferred" : row.Kind).Select(group => new XElement(
            "testsuite",
            new XAttribute("name", $"intents.{group.Key}"),
            new XAttribute("tests", group.Count()),
            new XAttribute("failures", group.Count(row => !row.IsInferred && row.Standing == IntentStanding.Broken)),
            new XAttribute("errors", group.Count(row => !row.IsInferred && row.Standing is IntentStanding.Unknown or IntentStanding.Void)),
            new XAttribute("skipped", group.Count(row => row.IsInferred && row.Standing != IntentStanding.Holds)),
            group.Select(row => new XElement(
                "testcase",
                new XAttribute("classname", $"intents.{group.Key}"),
                new XAttribute("name", Printable($"{row.Intent}: {From(row)} -> {row.Target}")),
                row.Origin is { } origin ? [new XAttribute("file", origin.File), new XAttribute("line", origin.Line)] : Array.Empty<XAttribute>(),
                row.Standing == IntentStanding.Holds ? null : new XElement(
                    row.IsInferred ? "skipped" : row.Standing == IntentStanding.Broken ? "failure" : "error",
                    new XAttribute("message", Printable($"{WordOf(row.Standing)}: {row.Because}")))))));
        var document = new XElement("testsuites", new XAttribute("name", "auditor intents"), suites);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{Environment.NewLine}{document}";
    }

    // Names come from outside, and XML refuses most control characters.
    private static string Printable(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '?'));

    private static string From(IntentRow row) => row.Workload is { } name ? Answers.Describe(name) : "nobody";

    private static string WordOf(IntentStanding standing) => standing == IntentStanding.Void ? "names nothing" : standing.ToString().ToLowerInvariant();

    private static string Paint(IntentStanding standing) => standing switch
    {
        IntentStanding.Holds => "[green]",
        IntentStanding.Broken => "[bold red]",
        IntentStanding.Unknown => "[grey]",
        _ => "[yellow]",
    };
}
