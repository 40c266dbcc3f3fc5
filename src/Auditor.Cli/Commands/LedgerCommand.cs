using System.CommandLine;
using System.Globalization;
using Auditor.Adapters.Ledgers;
using Auditor.Cli.Output;
using Auditor.Ledger;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor ledger</c>: what is done to a ledger as a whole.</summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "Rebuild, export, import or migrate a ledger")
    {
        Of("rebuild", "Work findings, transitions, resources and coverage out from the commits again", RebuildAsync),
        Of("export", "Write all that a ledger holds to a file, as lines of JSON", "the file to write; it must not be there", ExportAsync),
        Of("import", "Fill an empty ledger from a file that was exported from another", "the file to read", ImportAsync),
        Of("migrate", "Bring a ledger to the schema of this release, which every command does by itself", MigrateAsync),
    };

    private static Command Of(string name, string description, Func<string, CancellationToken, Task<int>> run)
    {
        var ledger = LedgerFile.Option();
        var command = new Command(name, description) { ledger };
        command.SetAction((parsed, cancellationToken) => run(parsed.GetValue(ledger)!, cancellationToken));
        return command;
    }

    private static Command Of(string name, string description, string fileDescription, Func<string, string, CancellationToken, Task<int>> run)
    {
        var file = new Argument<string>("file") { Description = fileDescription };
        var ledger = LedgerFile.Option();
        var command = new Command(name, description) { file, ledger };
        command.SetAction((parsed, cancellationToken) => run(parsed.GetValue(ledger)!, parsed.GetValue(file)!, cancellationToken));
        return command;
    }

    private static async Task<int> RebuildAsync(string path, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var head = await ledger.HeadAsync(cancellationToken);
        var from = await ledger.BaseAsync(cancellationToken);
        if ((await Chain.VerifyAsync(ledger.StoredAsync(0, cancellationToken), head, [], cancellationToken, from?.State.Head.Seq ?? 0)).Broken is { } broken)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{path} cannot be rebuilt from its commits: commit {broken.Seq} {broken.What}."));
        }

        var differed = await ledger.RebuildAsync(cancellationToken);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rebuilt from {head.Seq} commits{(from is null ? "" : $", of which {from.State.Head.Seq} are not retained and stand in one state")}; {differed} records were not as these say."));
        return ExitCodes.Clean;
    }

    private static async Task<int> ExportAsync(string path, string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file))
        {
            throw new UsageException($"{file} is there already; another file was expected.");
        }

        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        if (await ledger.BaseAsync(cancellationToken) is { } from)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{path} cannot be exported: the content of its first {from.State.Head.Seq} commits is not retained."));
        }

        var lines = 0L;
        try
        {
            // Its name says it is whole only once it is.
            await using (var writer = new StreamWriter(file + ".part") { NewLine = "\n" })
            {
                await foreach (var line in LedgerNdjson.WriteAsync(ledger.ExportAsync(cancellationToken)).WithCancellation(cancellationToken))
                {
                    await writer.WriteLineAsync(line);
                    lines++;
                }
            }

            File.Move(file + ".part", file);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{path} cannot be exported: {e.Message}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be written: {e.Message}");
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {lines} lines to {file}."));
        return ExitCodes.Clean;
    }

    private static async Task<int> ImportAsync(string path, string file, CancellationToken cancellationToken)
    {
        if (LedgerAddress.Problem(path) is { } problem)
        {
            throw new UsageException($"--ledger is {problem}.");
        }

        try
        {
            // All of it is read before the first is written: what is not whole fills nothing.
            var count = LedgerNdjson.Read(File.ReadLines(file)).LongCount();
            await using var ledger = LedgerAddress.Open(path, TimeProvider.System);
            await ledger.ImportAsync(LedgerNdjson.Read(File.ReadLines(file)), cancellationToken);
            var head = await ledger.HeadAsync(cancellationToken);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Read {count} records into {path}; its head is commit {head.Seq}, hash {head.Hash}."));
            return ExitCodes.Clean;
        }
        catch (FormatException e)
        {
            throw new UsageException($"{file} cannot be imported: {e.Message}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
    }

    private static async Task<int> MigrateAsync(string path, CancellationToken cancellationToken)
    {
        var before = FirestoreAddress.IsMeantBy(path) || !File.Exists(path) ? null : await SqliteLedger.VersionAsync(path, cancellationToken);
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        await ledger.HeadAsync(cancellationToken);
        Console.Out.WriteLine(
            before is null ? $"{path} has the layout of this release; there is nothing to migrate."
            : before == SqliteLedger.SchemaVersion ? $"{path} has schema version {before}, which is this release's."
            : $"{path} went from schema version {before} to {SqliteLedger.SchemaVersion}.");
        return ExitCodes.Clean;
    }
}
