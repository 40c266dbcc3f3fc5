using System.CommandLine;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor reach</c>: what every workload can and cannot reach; <c>auditor trace</c>: one path, step by step.</summary>
internal static class ReachCommand
{
    public static Command CreateReach()
    {
        var (estate, format) = (new EstateOptions(), Answers.FormatOption());
        var from = new Option<string?>("--from") { Description = "one workload: its name, or any longer end of its full name" };
        var to = new Option<string?>("--to") { Description = "one target: its name, an address, a host name, project:region:instance, internet or googleapis" };
        var port = new Option<string[]>("--port") { Description = "tcp:5432, udp:53, icmp, all; a target's own service ports by default; repeatable" };
        var command = new Command("reach", "Show what every workload can and cannot reach over its network path, and what decides") { from, to, port, format };
        estate.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = await estate.ReadAsync(parsed, cancellationToken);
            var ports = EstateInput.Ports(parsed.GetValue(port) ?? []);
            var flows = ReachFlow.All(input.View, input.From(parsed.GetValue(from)), input.To(parsed.GetValue(to), ports)).ToList();
            if (parsed.GetValue(format) == Format.Json)
            {
                await Answers.WriteJsonAsync(writer => Write(writer, flows, input.View), cancellationToken);
            }
            else
            {
                PrintAll(flows, input.View);
            }

            return input.IsClean && flows.TrueForAll(flow => flow.Answer.Disposition != PathEffect.Unknown) ? ExitCodes.Clean : ExitCodes.Incomplete;
        });
        return command;
    }

    public static Command CreateTrace()
    {
        var (estate, format) = (new EstateOptions(), Answers.FormatOption());
        var from = new Option<string>("--from") { Description = "the workload: its name, or any longer end of its full name", Required = true };
        var to = new Option<string>("--to") { Description = "the target: its name, an address, a host name, project:region:instance, internet or googleapis", Required = true };
        var port = new Option<string[]>("--port") { Description = "tcp:5432, udp:53, icmp, all; the target's own service ports by default" };
        var command = new Command("trace", "Follow one path step by step, each with the object that decides") { from, to, port, format };
        estate.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = await estate.ReadAsync(parsed, cancellationToken);
            var flows = ReachFlow.All(input.View, input.From(parsed.GetValue(from)), input.To(parsed.GetValue(to), EstateInput.Ports(parsed.GetValue(port) ?? []))).ToList();
            if (parsed.GetValue(format) == Format.Json)
            {
                await Answers.WriteJsonAsync(writer => Write(writer, flows, input.View), cancellationToken);
            }
            else
            {
                flows.ForEach(Print);
                PrintAssumptions(flows, input.View);
            }

            return flows.Exists(flow => flow.Answer.Disposition is PathEffect.Blocked or PathEffect.Partial) ? ExitCodes.Findings
                : input.IsClean && flows.TrueForAll(flow => flow.Answer.Disposition == PathEffect.Reachable) ? ExitCodes.Clean
                : ExitCodes.Incomplete;
        });
        return command;
    }

    /// <summary>The flows as documented JSON.</summary>
    internal static void Write(Utf8JsonWriter writer, IEnumerable<ReachFlow> flows, EstateView view)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("flows");
        foreach (var flow in flows)
        {
            Write(writer, flow, view);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter writer, ReachFlow flow, EstateView view)
    {
        var (access, telling) = (flow.Source.Workload.VpcAccess, flow.Answer.Telling);
        writer.WriteStartObject();
        writer.WriteString("source", flow.Source.ShortName);
        writer.WriteString("attachment", PathWords.Attachment(access));
        writer.WriteString("egress", PathWords.Egress(access));
        writer.WriteString("target", flow.Target.ShortName);
        writer.WriteString("address", flow.Target.Address?.Address);
        writer.WriteString("protocol", flow.Target.Protocol is { } protocol ? IpProtocol.NameOf(protocol) : "all");
        if (flow.Target.Port is { } port)
        {
            writer.WriteNumber("port", port);
        }
        else
        {
            writer.WriteNull("port");
        }

        writer.WriteString("disposition", flow.Answer.Disposition.ToWord());
        writer.WriteString("reason", telling.End!.Reason.Length > 0 ? telling.End.Reason : null);
        writer.WriteStartArray("allowed");
        foreach (var part in flow.Answer.Of(PathEffect.Reachable))
        {
            foreach (var group in part.Traffic.Intervals.SelectMany(TrafficPiece.Of).GroupBy(piece => piece.Protocol))
            {
                writer.WriteStartObject();
                writer.WriteString("protocol", group.Key);
                writer.WriteStartArray("ports");
                foreach (var piece in group.Where(piece => !piece.HasAllPorts))
                {
                    writer.WriteStringValue(piece.Ports.ToString());
                }

                writer.WriteEndArray();
                writer.WriteStartArray("sources");
                foreach (var range in part.Sources?.ToRanges() ?? [])
                {
                    writer.WriteStringValue(range.ToString());
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("steps");
        foreach (var step in telling.Trail.ToSteps())
        {
            writer.WriteStartObject();
            writer.WriteString("stage", step.Stage.ToWord());
            writer.WriteString("decision", step.Decision);
            writer.WriteString("decidedBy", flow.NameOf(step.DecidedBy));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();

        // Beyond what the flow itself is: full names, and what the answer rests on.
        writer.WriteString("sourceName", flow.Source.Workload.Name.Value);
        writer.WriteString("targetName", flow.Target.Resource?.Value);
        writer.WriteString("decidedBy", flow.NameOf(telling.End.DecidedBy));
        Texts(writer, "because", flow.Answer.Of(PathEffect.Unknown).SelectMany(part => part.End!.Because).Distinct(StringComparer.Ordinal));
        Texts(writer, "assumed", PathAssumptions.Of(view, flow));
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

    /// <summary>Once each, whatever flow they are of.</summary>
    internal static void PrintAssumptions(IEnumerable<ReachFlow> flows, EstateView view)
    {
        foreach (var assumption in flows.SelectMany(flow => PathAssumptions.Of(view, flow)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Wrapped.Write(Answers.Out, "assumed", assumption);
        }
    }

    private static string Service(ReachTarget target) => target.IsWithoutPort ? $"{target.Service}, every port" : target.Service;

    private static void PrintAll(List<ReachFlow> flows, EstateView view)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("source", "target", "service", "disposition", "why");
        foreach (var flow in flows)
        {
            table.AddRow(
                Markup.Escape(flow.Source.ShortName),
                Markup.Escape(flow.Target.Resource is not null && flow.Target.Address is { } address ? $"{flow.Target.ShortName} {address.Address}" : flow.Target.ShortName),
                Service(flow.Target),
                Coloured(flow.Answer.Disposition),
                Markup.Escape(PathWords.Why(flow)));
        }

        Answers.Out.Write(table);
        PrintAssumptions(flows, view);
        if (flows.Select(flow => flow.Target).Where(target => target.IsWithoutPort && target.Resource is not null).Distinct().Count() is > 0 and var without)
        {
            Wrapped.Write(Answers.Out, "every port", $"no service port is known of {without} {(without == 1 ? "target" : "targets")}: neither a workload's variables nor a load balancer tells one; --port asks for one");
        }

        Console.Out.WriteLine(string.Join(", ", flows.GroupBy(flow => flow.Answer.Disposition).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToWord()}").DefaultIfEmpty("no flow")));
    }

    private static void Print(ReachFlow flow)
    {
        var to = flow.Target.Resource is not null && flow.Target.Address is { } address ? $"{flow.Target.ShortName} ({address.Address})" : flow.Target.ShortName;
        Answers.Out.MarkupLine($"{Markup.Escape(flow.Source.ShortName)} -> {Markup.Escape(to)} {Service(flow.Target)}: {Coloured(flow.Answer.Disposition)}");
        foreach (var part in flow.Answer.Parts.OrderBy(part => part.End!.Effect == PathEffect.Reachable ? 1 : 0))
        {
            if (flow.Answer.Parts.Count > 1)
            {
                Answers.Out.MarkupLine($"  {Coloured(part.End!.Effect)} {Markup.Escape(Packets(part, flow))}");
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("stage", "decision", "decided by");
            foreach (var step in part.Trail.ToSteps())
            {
                table.AddRow(step.Stage.ToWord(), Markup.Escape(step.Decision), Markup.Escape(flow.WordsOf(step.DecidedBy) ?? ""));
            }

            Answers.Out.Write(table);
        }
    }

    private static string Packets(PathPart part, ReachFlow flow)
    {
        var parts = new List<string>();
        if (part.Sources is { } sources && flow.Answer.Parts.Any(other => other.Sources != part.Sources))
        {
            parts.Add($"from {PathWords.Sources(sources)}");
        }

        if (flow.Answer.Parts.Any(other => other.Destinations != part.Destinations))
        {
            parts.Add($"to {PathWords.Sources(part.Destinations)}");
        }

        if (flow.Answer.Parts.Any(other => other.Traffic != part.Traffic))
        {
            var pieces = part.Traffic.Intervals.SelectMany(TrafficPiece.Of).Select(piece => piece.ToString()).ToList();
            parts.Add($"on {string.Join(", ", pieces.Take(4))}{(pieces.Count > 4 ? $" and {pieces.Count - 4} more" : "")}");
        }

        return string.Join(", ", parts);
    }

    private static string Coloured(PathEffect effect) => $"[{effect switch { PathEffect.Reachable => "green", PathEffect.Blocked => "red", _ => "yellow" }}]{effect.ToWord()}[/]";
}
