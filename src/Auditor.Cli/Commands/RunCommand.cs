using System.CommandLine;
using Auditor.Cli.Hosting;
using Auditor.Cli.Output;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor run</c>: the demonstration, on a simulated Google Cloud in this process.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.OptionForDemonstration();
        var emulated = new Option<bool>("--emulated") { Description = "play it through the Pub/Sub emulator into the Firestore emulator, both started and ended by this command" };
        var command = new Command("run", "Play the demonstration: a simulated Google Cloud, its audit entries, findings and alerts") { ledger, emulated };
        command.Validators.Add(result =>
        {
            if (result.GetValue(emulated) && result.GetResult(ledger) is { Implicit: false })
            {
                result.AddError("--emulated and --ledger were both given; with --emulated the ledger is in the Firestore emulator.");
            }
        });
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(emulated) ? RunEmulatedAsync(cancellationToken) : RunAsync(parsed.GetValue(ledger)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        await LedgerFile.RequireFitForDemonstrationAsync(path, cancellationToken);
        if (SetAside(path) is { } kept)
        {
            Answers.Out.WriteLine($"The ledger that was here is kept as {kept}.");
        }

        return await TellAsync(path, null, cancellationToken);
    }

    private static async Task<int> RunEmulatedAsync(CancellationToken cancellationToken)
    {
        var emulators = await Emulator.StartAsync([EmulatorKind.Firestore, EmulatorKind.PubSub], cancellationToken);
        await using var firestore = emulators[0];
        await using var pubSub = emulators[1];
        Environment.SetEnvironmentVariable(LedgerFile.EmulatorHost, firestore.Host);
        return await TellAsync("firestore:demo-auditor/(default)/auditor", pubSub.Host, cancellationToken);
    }

    private static async Task<int> TellAsync(string ledger, string? pubSub, CancellationToken cancellationToken)
    {
        await using var demo = await Demonstration.StartAsync(ledger, cancellationToken, Math.Max(60, Answers.Out.Profile.Width - 8), Answers.Out.Profile.Capabilities.Ansi, pubSub);
        await new DemonstrationNarrator(demo, Answers.Out).TellAsync(cancellationToken);
        return ExitCodes.Clean;
    }

    // The demonstration starts from nothing; what was recorded before is never overwritten.
    private static string? SetAside(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var stamp = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var kept = $"{path}.{stamp}";
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, kept + suffix);
            }
        }

        return kept;
    }
}
