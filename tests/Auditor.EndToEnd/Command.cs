using System.Diagnostics;

namespace Auditor.EndToEnd;

/// <summary>Runs the <c>auditor</c> command as a user would, in a process of its own.</summary>
internal static class Command
{
    /// <param name="folder">The working folder.</param>
    public static Task<(int Code, string Out, string Error)> RunAsync(string folder, params string[] arguments) => RunAsync(folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <param name="folder">The working folder.</param>
    /// <param name="environment">Variables over those of this process.</param>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1", ["COLUMNS"] = "120", ["FIRESTORE_EMULATOR_HOST"] = "" },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "auditor.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var standardOutput = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var standardError = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await standardOutput, await standardError);
    }
}
