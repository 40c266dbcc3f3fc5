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
        var ledger = LedgerFile.Option();
        var command = new Command("run", "Play the demonstration: a simulated Google Cloud, its audit entries, findings and alerts") { ledger };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(ledger)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        await LedgerFile.RequireFitForDemonstrationAsync(path, cancellationToken);
        if (SetAside(path) is { } kept)
        {
            Answers.Out.WriteLine($"The ledger that was here is kept as {kept}.");
        }

        await using var demo = await Demonstration.StartAsync(path, cancellationToken, Math.Max(60, Answers.Out.Profile.Width - 8), Answers.Out.Profile.Capabilities.Ansi);
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
