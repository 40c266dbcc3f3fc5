using System.CommandLine;
using System.Text.Json;
using Auditor.Adapters.Exports;
using Auditor.Cli.Output;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor check</c>: judges files of resources; nothing is deployed and nothing is stored.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var assets = new Option<string[]>("--assets")
        {
            Description = "files or folders: asset exports, gcloud --format=json output, REST answers; repeatable",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var complete = new Option<bool>("--complete") { Description = "the files show everything: what they do not hold does not exist" };
        var at = new Option<string?>("--at") { Description = "judge as of this RFC 3339 moment; now by default" };
        var config = Settings.ConfigOption();
        var profile = Settings.ProfileOption();
        var format = Answers.FormatOption();
        var command = new Command("check", "Judge exported resources: findings by severity, with reason, evidence and fix") { assets, complete, at, config, profile, format };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(assets)!, parsed.GetValue(complete), parsed.GetValue(at), Settings.Read(parsed.GetValue(config)).With(parsed.GetValue(profile)), parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, bool complete, string? at, Settings settings, Format format, CancellationToken cancellationToken)
    {
        var evaluatedAt = at is null
            ? TimeProvider.System.GetUtcNow()
            : Timestamps.TryParse(at) ?? throw new UsageException($"--at is '{at}'; an RFC 3339 moment such as 2026-11-01T12:00:00Z was expected.");
        using var progress = new ReadingProgress(Console.Error);
        var read = await ExportReader.ReadAsync(paths, complete, progress, cancellationToken, readVariables: settings.ReadVariables);
        progress.Finish();
        foreach (var problem in read.Problems)
        {
            await Console.Error.WriteLineAsync($"auditor: {problem}");
        }

        if (read.Estate.Count == 0)
        {
            var reasons = read.Estate.Gaps.Select(gap => gap.Reason).Distinct(StringComparer.Ordinal).ToList();
            throw new UsageException(
                reasons.Count > 0 ? $"nothing in {string.Join(", ", paths)} could be judged: {string.Join("; ", reasons.Take(3))}{(reasons.Count > 3 ? "; and more" : "")}."
                : read.Problems.Count > 0 ? "nothing in the input could be used."
                : $"no resource the auditor models is in {string.Join(", ", paths)}.");
        }

        var nothing = IntentCheck.NamesNothing(settings.Rules.Intents, new EstateView(read.Estate, evaluatedAt)).ToList();
        foreach (var sentence in nothing)
        {
            await Console.Error.WriteLineAsync($"auditor: {sentence}");
        }

        var report = CheckReport.Of(read.Estate, new Evaluator(RuleCatalog.All, settings.Rules).Full(read.Estate, evaluatedAt));
        if (format == Format.Json)
        {
            await Answers.WriteJsonAsync(writer => Write(writer, report), cancellationToken);
        }
        else
        {
            Print(report);
            PrintProfile(settings);
        }

        return report.ExitCode == ExitCodes.Clean && read.Problems.Count + nothing.Count > 0 ? ExitCodes.Incomplete : report.ExitCode;
    }

    private static void Write(Utf8JsonWriter writer, CheckReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", finding.Rule.Id);
            writer.WriteString("title", finding.Rule.Title);
            writer.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            writer.WriteString("resource", finding.Resource.Value);
            writer.WriteString("discriminator", finding.Discriminator);
            writer.WriteString("outcome", finding.IsFailed ? "failed" : "unknown");
            writer.WriteString("because", finding.Because);
            writer.WriteString("remediation", finding.Remediation);
            writer.WriteStartArray("evidence");
            foreach (var item in finding.Evidence)
            {
                writer.WriteStringValue(item);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("gaps");
        foreach (var gap in report.Gaps)
        {
            writer.WriteStartObject();
            writer.WriteString("scope", gap.Scope.ToString());
            writer.WriteString("reason", gap.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("summary");
        writer.WriteNumber("resources", report.Summary.Resources);
        writer.WriteNumber("passed", report.Summary.Passed);
        writer.WriteNumber("failed", report.Summary.Failed);
        writer.WriteNumber("unknown", report.Summary.Unknown);
        writer.WriteNumber("notApplicable", report.Summary.NotApplicable);
        writer.WriteNumber("notEvaluated", report.Summary.NotEvaluated);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Whoever reads that nothing failed should know what was not asked.
    private static void PrintProfile(Settings settings)
    {
        var rules = RuleCatalog.All.Infos.ToList();
        var off = rules.Where(rule => !settings.Rules.MayJudge(rule.Id)).Select(rule => rule.Id).ToList();
        if (off.Count > 0)
        {
            Console.Out.WriteLine($"Not asked: {string.Join(", ", off.Take(6))}{(off.Count > 6 ? $" and {off.Count - 6} more" : "")}; --profile all asks every rule");
        }
    }

    private static void Print(CheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            var head = finding.IsFailed ? finding.Severity.ToString().ToUpperInvariant() : "UNKNOWN";
            Answers.Out.MarkupLine($"{(finding.IsFailed ? Answers.Paint(finding.Severity) : "[grey]")}{head}[/] [bold]{finding.Rule.Id}[/] {Markup.Escape(Answers.Describe(finding.Resource))}{(finding.Discriminator.Length == 0 ? "" : $" {Markup.Escape($"· {finding.Discriminator}")}")}");
            Wrapped.Write(Answers.Out, "because", finding.Because);
            if (finding.IsFailed)
            {
                Wrapped.Write(Answers.Out, "fix", finding.Remediation);
            }

            Wrapped.Write(Answers.Out, "seen", finding.Evidence);
            Answers.Out.WriteLine();
        }

        foreach (var gap in report.Gaps)
        {
            Answers.Out.MarkupLine($"[yellow]GAP[/] {Markup.Escape(gap.Scope.ToString())}");
            Wrapped.Write(Answers.Out, "because", gap.Reason);
        }

        if (report.Gaps.Length > 0)
        {
            Answers.Out.WriteLine();
        }

        var summary = report.Summary;
        Console.Out.WriteLine($"{summary.Resources} resources: {summary.Failed} failed, {summary.Unknown} unknown, {summary.Passed} passed, {summary.NotApplicable} not applicable, {summary.NotEvaluated} not evaluated; {report.Gaps.Length} gaps");
        if (report.Findings.FirstOrDefault() is { } first)
        {
            Console.Out.WriteLine($"More on a rule: auditor explain {first.Rule.Id}");
        }
    }
}
