using System.CommandLine;
using System.Text.Json;
using Auditor.Cli.Output;
using Auditor.Model;
using Auditor.Reach.Paths;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor doctor</c>: why a workload does not reach something, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var (estate, format) = (new EstateOptions(), Answers.FormatOption());
        var from = new Option<string>("--from") { Description = "the workload: its name, or any longer end of its full name", Required = true };
        var to = new Option<string>("--to") { Description = "the target: its name, an address, a host name, project:region:instance, internet or googleapis", Required = true };
        var port = new Option<string[]>("--port") { Description = "tcp:5432, udp:53, icmp, all; the target's own service port by default" };
        var command = new Command("doctor", "Find why a workload does not reach something: the checks in order, a VM beside it, the smallest fix") { from, to, port, format };
        estate.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var input = await estate.ReadAsync(parsed, cancellationToken);
            var targets = input.To(parsed.GetValue(to), EstateInput.Ports(parsed.GetValue(port) ?? []));
            var found = input.From(parsed.GetValue(from)).SelectMany(source => targets.Select(target => PathDiagnosis.Of(input.Estate, source, target, TimeProvider.System.GetUtcNow()))).ToList();
            if (parsed.GetValue(format) == Format.Json)
            {
                await Answers.WriteJsonAsync(writer => Write(writer, found, input.View), cancellationToken);
            }
            else
            {
                found.ForEach(Print);
                ReachCommand.PrintAssumptions(found.Select(diagnosis => diagnosis.Flow), input.View);
            }

            return found.Exists(diagnosis => diagnosis.Flow.Answer.Disposition is PathEffect.Blocked or PathEffect.Partial) ? ExitCodes.Findings
                : input.IsClean && found.TrueForAll(diagnosis => diagnosis.Flow.Answer.Disposition == PathEffect.Reachable) ? ExitCodes.Clean
                : ExitCodes.Incomplete;
        });
        return command;
    }

    private static void Print(PathDiagnosis diagnosis)
    {
        var flow = diagnosis.Flow;
        Answers.Out.MarkupLine($"{Markup.Escape(flow.Source.ShortName)} -> {Markup.Escape(flow.Target.ShortName)} {flow.Target.Service}: {flow.Answer.Disposition.ToWord()}");
        var table = new Table().Border(TableBorder.Simple).AddColumns("check", "", "answer");
        foreach (var check in diagnosis.Checks)
        {
            table.AddRow(Markup.Escape(check.Question), Word(check.Outcome), Markup.Escape(check.Answer));
        }

        Answers.Out.Write(table);
        if (diagnosis.FromMachine is { } machine && flow.Answer.Disposition != PathEffect.Reachable)
        {
            Wrapped.Write(Answers.Out, "a VM beside it", diagnosis.IsSpecificToConnector switch
            {
                true => "gets through: the cause is the workload's own way into the network",
                false => $"does not get through either ({machine.Telling.End!.Reason}): the cause is not the connector",
                null => $"is not known to get through: {string.Join("; ", machine.Telling.End!.Because)}",
            });
        }

        if (diagnosis.Repair is { } repair)
        {
            if (repair.MustChange is { } other)
            {
                Wrapped.Write(Answers.Out, "fix", other);
            }
            else
            {
                Wrapped.Write(Answers.Out, "fix", $"{(repair.Helps ? "tried on these resources, it opens the path" : "it is needed, and more has to change besides")}{(repair.OpensMore.IsEmpty ? " and nothing else" : $" and {repair.OpensMore.Count} other flows")}");
                foreach (var rule in repair.Rules)
                {
                    Console.Out.WriteLine($"    {PathRepair.Gcloud(rule)}");
                    Console.Out.WriteLine();
                    foreach (var line in PathRepair.Terraform(rule).Split('\n'))
                    {
                        Console.Out.WriteLine($"    {line}");
                    }
                }
            }
        }

        Wrapped.Write(Answers.Out, "ask Google", "the same question to Connectivity Tests:");
        Console.Out.WriteLine($"    {diagnosis.ConnectivityTest()}");
    }

    private static string Word(PathCheckOutcome outcome) => outcome switch
    {
        PathCheckOutcome.Ok => "[green]ok[/]",
        PathCheckOutcome.Fails => "[red]fails[/]",
        PathCheckOutcome.Unknown => "[yellow]unknown[/]",
        _ => "-",
    };

    private static void Write(Utf8JsonWriter writer, List<PathDiagnosis> found, EstateView view)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("diagnoses");
        foreach (var diagnosis in found)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("flow");
            ReachCommand.Write(writer, diagnosis.Flow, view);
            writer.WriteStartArray("checks");
            foreach (var check in diagnosis.Checks)
            {
                writer.WriteStartObject();
                writer.WriteString("check", check.Question);
                writer.WriteString("outcome", check.Outcome switch { PathCheckOutcome.Ok => "ok", PathCheckOutcome.Fails => "fails", PathCheckOutcome.Unknown => "unknown", _ => "notNeeded" });
                writer.WriteString("answer", check.Answer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("fromMachine", diagnosis.FromMachine?.Disposition.ToWord());
            writer.WriteStartArray("fix");
            foreach (var rule in diagnosis.Repair?.Rules ?? [])
            {
                writer.WriteStartObject();
                writer.WriteString("gcloud", PathRepair.Gcloud(rule));
                writer.WriteString("terraform", PathRepair.Terraform(rule));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("mustChange", diagnosis.Repair?.MustChange);
            writer.WriteString("connectivityTest", diagnosis.ConnectivityTest());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
