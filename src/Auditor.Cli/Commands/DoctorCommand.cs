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
    private const int MostBeside = 8;

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
            if (!repair.Fixes.IsEmpty)
            {
                Wrapped.Write(Answers.Out, "fix", Proof(repair));
            }

            foreach (var fix in repair.Fixes)
            {
                Wrapped.Write(Answers.Out, "", 2, [fix.What]);
                Console.Out.WriteLine($"    {fix.Gcloud}");
                Console.Out.WriteLine();
                foreach (var line in fix.Terraform.Split('\n'))
                {
                    Console.Out.WriteLine($"    {line}");
                }
            }

            foreach (var (word, changes) in new[] { ("opens too", repair.OpensMore), ("closes", repair.Closes) })
            {
                foreach (var change in changes.Take(MostBeside))
                {
                    Wrapped.Write(Answers.Out, word, $"{change.Source.ShortName} -> {change.Target.ShortName}{(change.Target.Address is { } address ? $" {address.Address}" : "")}: {DiffCommand.Packets(change)}");
                }

                if (changes.Count > MostBeside)
                {
                    Wrapped.Write(Answers.Out, word, $"{changes.Count - MostBeside} more; --format json has them all");
                }
            }

            if (repair.MustChange is { } other)
            {
                Wrapped.Write(Answers.Out, repair.Fixes.IsEmpty ? "fix" : "besides", other);
            }
        }

        Wrapped.Write(Answers.Out, "ask Google", "the same question to Connectivity Tests:");
        Console.Out.WriteLine($"    {diagnosis.ConnectivityTest()}");
    }

    private static string Proof(PathRepair repair)
    {
        var helps = repair.Helps switch { true => "tried on these resources, it opens the path", false => "it is needed, and more has to change besides", null => "it removes the cause; whether the path is open then is not known" };
        var (opens, closes) = (repair.OpensMore.Count, repair.Closes.Count);
        return helps + (opens + closes == 0 ? " and nothing else" : $"{(opens > 0 ? $" and {opens} other {(opens == 1 ? "flow" : "flows")}" : "")}{(closes > 0 ? $"; it closes {closes}" : "")}");
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
            foreach (var fix in diagnosis.Repair?.Fixes ?? [])
            {
                writer.WriteStartObject();
                writer.WriteString("what", fix.What);
                writer.WriteString("gcloud", fix.Gcloud);
                writer.WriteString("terraform", fix.Terraform);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("helps", diagnosis.Repair?.Helps switch { true => "yes", false => "no", null => diagnosis.Repair is null ? null : "unknown" });
            Write(writer, "opensMore", diagnosis.Repair?.OpensMore ?? []);
            Write(writer, "closes", diagnosis.Repair?.Closes ?? []);
            writer.WriteString("mustChange", diagnosis.Repair?.MustChange);
            writer.WriteString("connectivityTest", diagnosis.ConnectivityTest());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<FlowChange> changes)
    {
        writer.WriteStartArray(name);
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("source", change.Source.ShortName);
            writer.WriteString("target", change.Target.ShortName);
            writer.WriteString("address", change.Target.Address?.Address);
            writer.WriteString("packets", DiffCommand.Packets(change));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
