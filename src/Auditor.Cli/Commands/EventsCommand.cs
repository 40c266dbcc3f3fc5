using System.CommandLine;
using Auditor.Changes;
using Auditor.Cli.Output;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor events</c>: says what the auditor would make of recorded events, without storing anything.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "files of log entries, pushes or CloudEvents; JSON, arrays or NDJSON", Arity = ArgumentArity.OneOrMore };
        var command = new Command("events", "Show what recorded audit entries mean to the auditor") { files };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(files)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] files, CancellationToken cancellationToken)
    {
        var notUnderstood = 0;
        foreach (var file in files)
        {
            if (!File.Exists(file))
            {
                throw new UsageException($"there is no file {file}.");
            }

            foreach (var item in AuditEventReader.Read(await File.ReadAllBytesAsync(file, cancellationToken)))
            {
                switch (item)
                {
                    case AuditReading.Understood { Event: var auditEvent }:
                        Console.Out.WriteLine(ChangeDecoder.Decode(auditEvent) switch
                        {
                            ChangeDecoding.Decoded { Change: var change } => $"change      {change.Describe()}",
                            ChangeDecoding.NotCovered other => $"irrelevant  {other.Reason}",
                            _ => throw new InvalidOperationException("No such decoding."),
                        });
                        break;
                    case AuditReading.Irrelevant other:
                        Console.Out.WriteLine($"irrelevant  {other.Reason}");
                        break;
                    case AuditReading.NotUnderstood bad:
                        notUnderstood++;
                        await Console.Error.WriteLineAsync($"auditor: {file}: {bad}");
                        break;
                }
            }
        }

        return notUnderstood > 0 ? ExitCodes.Incomplete : ExitCodes.Clean;
    }
}
