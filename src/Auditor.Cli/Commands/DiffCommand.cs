using System.CommandLine;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Findings;
using Auditor.Network;
using Auditor.Reach.Paths;
using Auditor.Rules;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor diff</c>: which flows and findings differ between two exports.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var before = new Option<string[]>("--before") { Description = "files or folders that show everything as it was; repeatable", Required = true, AllowMultipleArgumentsPerToken = true };
        var after = new Option<string[]>("--after") { Description = "the same as it is", Required = true, AllowMultipleArgumentsPerToken = true };
        var (partial, format) = (EstateInput.PartialOption(), Answers.FormatOption());
        var command = new Command("diff", "Compare two exports: flows opened and closed, findings opened and resolved") { before, after, partial, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var isPartial = parsed.GetValue(partial);
            var old = await EstateInput.ReadAsync(parsed.GetValue(before)!, isPartial, cancellationToken);
            var now = await EstateInput.ReadAsync(parsed.GetValue(after)!, isPartial, cancellationToken);
            var flows = ReachDelta.Between(old.View, now.View);
            var (opened, resolved) = Findings(old, now);
            if (parsed.GetValue(format) == Format.Json)
            {
                await Answers.WriteJsonAsync(writer => Write(writer, flows, opened, resolved), cancellationToken);
            }
            else
            {
                Print(flows, opened, resolved);
            }

            return flows.Count + opened.Count + resolved.Count > 0 ? ExitCodes.Findings : old.IsClean && now.IsClean ? ExitCodes.Clean : ExitCodes.Incomplete;
        });
        return command;
    }

    private static (List<CheckFinding> Opened, List<CheckFinding> Resolved) Findings(EstateInput before, EstateInput after)
    {
        var (old, now) = (Failed(before), Failed(after));
        return ([.. now.Where(pair => !old.ContainsKey(pair.Key)).Select(pair => pair.Value)], [.. old.Where(pair => !now.ContainsKey(pair.Key)).Select(pair => pair.Value)]);

        static SortedDictionary<string, CheckFinding> Failed(EstateInput input)
        {
            var at = TimeProvider.System.GetUtcNow();
            var report = CheckReport.Of(input.Estate, new Evaluator(RuleCatalog.All, RuleOptions.Default).Full(input.Estate, at));
            return new(report.Findings.Where(finding => finding.IsFailed).ToDictionary(finding => $"{finding.Rule.Id} {finding.Resource} {finding.Discriminator}"), StringComparer.Ordinal);
        }
    }

    internal static string Packets(FlowChange change)
    {
        var pieces = change.Packets.SelectMany(pair => pair.Packets.Traffic.Intervals).Distinct().SelectMany(TrafficPiece.Of).Select(piece => piece.ToString()).Distinct(StringComparer.Ordinal).ToList();
        return string.Join(", ", pieces.Take(4)) + (pieces.Count > 4 ? $" and {pieces.Count - 4} more" : "");
    }

    private static string Why(FlowChange change, bool wasBefore)
    {
        var end = (wasBefore ? change.Packets[0].Before : change.Packets[0].After);
        return end is null ? "not there" : end.Effect == PathEffect.Unknown ? string.Join("; ", end.Because) : end.DecidedBy == PathDecider.Sender ? $"{end.Reason} by {change.Source.ShortName}" : end.Effect == PathEffect.Reachable ? "reachable" : $"{end.Reason} by {end.DecidedBy}";
    }

    private static string Word(FlowChangeKind kind) => kind switch
    {
        FlowChangeKind.Opened => "opened",
        FlowChangeKind.Closed => "closed",
        FlowChangeKind.BecameUnknown => "become unknown",
        _ => "become known",
    };

    private static void Print(IReadOnlyList<FlowChange> flows, List<CheckFinding> opened, List<CheckFinding> resolved)
    {
        if (flows.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("flow", "source", "target", "packets", "before", "after");
            foreach (var change in flows)
            {
                table.AddRow(
                    change.Kind switch { FlowChangeKind.Opened => "[yellow]opened[/]", FlowChangeKind.Closed => "[red]closed[/]", _ => Word(change.Kind) },
                    Markup.Escape(change.Source.ShortName),
                    Markup.Escape(change.Target.Resource is not null && change.Target.Address is { } address ? $"{change.Target.ShortName} {address.Address}" : change.Target.ShortName),
                    Markup.Escape(Packets(change)),
                    Markup.Escape(Why(change, wasBefore: true)),
                    Markup.Escape(Why(change, wasBefore: false)));
            }

            Answers.Out.Write(table);
        }

        foreach (var (word, findings) in new[] { ("opened", opened), ("resolved", resolved) })
        {
            foreach (var finding in findings)
            {
                Wrapped.Write(Answers.Out, word, $"{finding.Rule.Id} {finding.Rule.Title}: {finding.Resource.Path}: {finding.Because}");
            }
        }

        Console.Out.WriteLine($"{flows.Count(change => change.Kind == FlowChangeKind.Opened)} flows opened, {flows.Count(change => change.Kind == FlowChangeKind.Closed)} closed, {flows.Count(change => change.Kind == FlowChangeKind.BecameUnknown)} become unknown, "
            + $"{flows.Count(change => change.Kind == FlowChangeKind.BecameKnown)} become known; {opened.Count} findings opened, {resolved.Count} resolved");
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<FlowChange> flows, List<CheckFinding> opened, List<CheckFinding> resolved)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("flows");
        foreach (var change in flows)
        {
            writer.WriteStartObject();
            writer.WriteString("change", Word(change.Kind));
            writer.WriteString("source", change.Source.ShortName);
            writer.WriteString("sourceName", change.Source.Workload.Name.Value);
            writer.WriteString("target", change.Target.ShortName);
            writer.WriteString("targetName", change.Target.Resource?.Value);
            writer.WriteString("address", change.Target.Address?.Address);
            writer.WriteStartArray("packets");
            foreach (var (packets, was, isNow) in change.Packets)
            {
                writer.WriteStartObject();
                Texts(writer, "traffic", packets.Traffic.Intervals.SelectMany(TrafficPiece.Of).Select(piece => piece.ToString()));
                Texts(writer, "sources", packets.Sources?.ToRanges().Select(range => range.ToString()) ?? []);
                End(writer, "before", was, change);
                End(writer, "after", isNow, change);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        foreach (var (name, findings) in new[] { ("opened", opened), ("resolved", resolved) })
        {
            writer.WriteStartArray(name);
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("rule", finding.Rule.Id);
                writer.WriteString("resource", finding.Resource.Value);
                writer.WriteString("discriminator", finding.Discriminator);
                writer.WriteString("because", finding.Because);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void End(Utf8JsonWriter writer, string name, PathEnd? end, FlowChange change)
    {
        if (end is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("disposition", end.Effect.ToWord());
        writer.WriteString("stage", end.Stage.ToWord());
        writer.WriteString("reason", end.Reason.Length > 0 ? end.Reason : null);
        writer.WriteString("decidedBy", end.DecidedBy == PathDecider.Sender ? change.Source.ShortName : end.DecidedBy?.Name);
        writer.WriteEndObject();
    }
}
