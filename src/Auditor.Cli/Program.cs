using System.CommandLine;
using Auditor.Adapters.Ledgers;
using Auditor.Cli.Commands;
using Auditor.Cli.Output;
using Auditor.Ledger;

var root = new RootCommand("Audits how Cloud Run, Cloud Functions and App Engine leave for private networks on Google Cloud.")
{
    CheckCommand.Create(),
    FirewallCommand.Create(),
    ReachCommand.CreateReach(),
    ReachCommand.CreateTrace(),
    DoctorCommand.Create(),
    DiffCommand.Create(),
    IntentsCommand.Create(),
    RunCommand.Create(),
    ServeCommand.Create(),
    FindingsCommand.Create(),
    HistoryCommand.Create(),
    EstateCommand.Create(),
    OutboxCommand.Create(),
    VerifyCommand.Create(),
    LedgerCommand.Create(),
    EventsCommand.Create(),
    ExplainCommand.Create(),
    RulesCommand.Create(),
    SinkFilterCommand.Create(),
    GenerateCommand.Create(),
    DocsCommand.Create(),
};

try
{
    // What is not given may be read from the configuration file.
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"auditor: {error.Message}");
        }

        await Console.Error.WriteLineAsync("Try 'auditor --help', or --help behind a command.");
        return ExitCodes.Usage;
    }

    // Longer than 'serve' takes to let its lease go.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
}
catch (Exception e) when (e is UsageException or LedgerDamagedException or LedgerConflictException or LedgerLimitException)
{
    await Console.Error.WriteLineAsync($"auditor: {e.Message}");
    return ExitCodes.Usage;
}
catch (OperationCanceledException)
{
    return ExitCodes.Interrupted;
}
