using System.Diagnostics;
using System.Globalization;
using System.Net;
using Auditor.Cli.Hosting;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary><c>auditor run --emulated</c>: the demonstration over the path of production.</summary>
public sealed class EmulatedRunTests(Emulators emulators) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-emulated-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task BothDemonstrations_EndInTheSameFindings_ByteForByte()
    {
        await emulators.RequireAsync();
        var straight = PlayAsync(Path.Combine(_folder, "auditor.db"), null);
        var emulated = PlayAsync(emulators.NewLedger(), emulators.PubSub);
        Assert.Equal(await straight, await emulated);
    }

    [Fact]
    public async Task WithoutJava_IsRefused() => Assert.Equal(
        "Java is missing, which the Firestore and Pub/Sub emulators need; version 11 or later is wanted, such as Debian's default-jre-headless.", await RefusalAsync());

    [Fact]
    public async Task WithoutTheGcloudCli_IsRefused() => Assert.Equal(
        "the gcloud CLI is missing, which the Firestore and Pub/Sub emulators come with; https://cloud.google.com/sdk/docs/install tells how to get it.", await RefusalAsync("java"));

    [Fact]
    public async Task WithoutAnEmulator_IsRefused() => Assert.Equal(
        "the Firestore emulator is missing; 'gcloud components install cloud-firestore-emulator' or 'apt-get install google-cloud-cli-firestore-emulator' adds it to the gcloud CLI.",
        await RefusalAsync("java", "gcloud"));

    [Fact]
    public async Task WithALedger_IsRefused() => Assert.Equal(
        "--emulated and --ledger were both given; with --emulated the ledger is in the Firestore emulator.\nTry 'auditor --help', or --help behind a command.",
        Sentence(await Command.RunAsync(_folder, "run", "--emulated", "--ledger", "auditor.db")));

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task Interrupted_LeavesNoProcessBehind(string signal)
    {
        await emulators.RequireAsync();
        var mark = $"auditor-test-{Guid.NewGuid()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "auditor.dll"), "run", "--emulated"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["MARK"] = mark },
        };
        using var command = Process.Start(start)!;
        Assert.Equal("Auditor, a demonstration", await command.StandardOutput.ReadLineAsync(Token));
        Assert.True(Marked() > 3, "command, shells and emulators");

        using var kill = Process.Start("kill", [$"-{signal}", command.Id.ToString(CultureInfo.InvariantCulture)]);
        await command.StandardOutput.ReadToEndAsync(Token);
        await command.WaitForExitAsync(Token);
        for (var since = Stopwatch.GetTimestamp(); Marked() > 0;)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "An emulator goes on.");
            await Task.Delay(100, Token);
        }

        int Marked() => Directory.GetDirectories("/proc").Count(process => IsMarked(process, mark));
    }

    private static async Task<string> PlayAsync(string ledger, string? pubSub)
    {
        await using var demo = await Demonstration.StartAsync(ledger, Token, pubSub: pubSub);
        await demo.SweepAsync(Token);
        foreach (var step in DemoScenario.Steps)
        {
            step.Apply(demo.Cloud);
            foreach (var entry in step.LogEntries(demo.Entries))
            {
                Assert.Equal(HttpStatusCode.OK, await demo.PushAsync(entry, Token));
            }
        }

        return await Canonical.FindingsAsync(demo.Ledger, Token);
    }

    // On a machine that has these commands, which say nothing of use, and no others.
    private async Task<string> RefusalAsync(params string[] commands)
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (var command in commands)
        {
            File.CreateSymbolicLink(Path.Combine(path, command), "/bin/echo");
        }

        return Sentence(await Command.RunAsync(_folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path }, "run", "--emulated"));
    }

    // Every process inherits the variable from the command.
    private static bool IsMarked(string process, string mark)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Sentence((int Code, string Out, string Error) answer)
    {
        Assert.Equal((2, ""), (answer.Code, answer.Out));
        return answer.Error.TrimEnd()["auditor: ".Length..];
    }
}
