using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Auditor.Cli.Output;

namespace Auditor.Cli.Hosting;

/// <summary>An emulator of the gcloud CLI on a free loopback port. It ends with all its processes when this is disposed or this process ends.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    // The emulator and its Java are a process group, which is ended when the input ends: so they go also when this process is killed. Ctrl-C
    // is for this process, which then ends the input.
    private const string WhileIAmHere = """
        trap '' INT
        set -m
        "$@" &
        emulator=$!
        (read -r; kill -- -$emulator) <&0 &
        wait $emulator
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly EmulatorKind _kind;
    private readonly Process _process;

    private Emulator(EmulatorKind kind, Process process, string host) => (_kind, _process, Host) = (kind, process, host);

    /// <summary>HOST:PORT.</summary>
    public string Host { get; }

    /// <summary>Starts emulators, all at once.</summary>
    /// <exception cref="UsageException">Something that they need is missing, or one does not start; the message says what, and how to get it.</exception>
    public static async Task<IReadOnlyList<Emulator>> StartAsync(IReadOnlyList<EmulatorKind> kinds, CancellationToken cancellationToken)
    {
        var scripts = await FindAsync(kinds, cancellationToken);
        Emulator[] emulators = [.. kinds.Zip(scripts, Start)];
        try
        {
            await Task.WhenAll(emulators.Select(emulator => emulator.ListensAsync(cancellationToken)));
            return emulators;
        }
        catch
        {
            await Task.WhenAll(emulators.Select(emulator => emulator.DisposeAsync().AsTask()));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(10)));
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<EmulatorKind> kinds, CancellationToken cancellationToken)
    {
        var names = $"{string.Join(" and ", kinds.Select(kind => kind.Name))} {(kinds.Count == 1 ? "emulator" : "emulators")}";
        if (await AskAsync("java", ["-version"], cancellationToken) is null)
        {
            throw new UsageException($"Java is missing, which the {names} need; version 11 or later is wanted, such as Debian's default-jre-headless.");
        }

        if (await AskAsync("gcloud", ["info", "--format=value(installation.sdk_root)"], cancellationToken) is not { Length: > 0 } root)
        {
            throw new UsageException($"the gcloud CLI is missing, which the {names} come with; https://cloud.google.com/sdk/docs/install tells how to get it.");
        }

        return [.. kinds.Select(kind => Path.Combine(root, "platform", kind.Script) is var script && File.Exists(script)
            ? script
            : throw new UsageException($"the {kind.Name} emulator is missing; 'gcloud components install {kind.Component}' or 'apt-get install {kind.Package}' adds it to the gcloud CLI."))];
    }

    private static Emulator Start(EmulatorKind kind, string script)
    {
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var process = Start("bash", ["-c", WhileIAmHere, "emulator", script, .. kind.Arguments, "--host=127.0.0.1", $"--port={port}"]);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Emulator(kind, process, $"127.0.0.1:{port}");
    }

    private async Task ListensAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await IsListeningAsync(cancellationToken))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > s_patience)
            {
                throw new UsageException($"the {_kind.Name} emulator did not start: nothing listens on {Host}.");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPEndPoint.Parse(Host), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // What a command prints; null when it is not there or fails.
    private static async Task<string?> AskAsync(string file, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Start(file, arguments);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? answer.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Process Start(string file, string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
}
