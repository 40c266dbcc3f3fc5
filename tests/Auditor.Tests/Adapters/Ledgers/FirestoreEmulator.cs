using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Auditor.Adapters.Ledgers;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

[assembly: AssemblyFixture(typeof(Auditor.Tests.Adapters.Ledgers.FirestoreEmulator))]

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>
/// The Firestore emulator of the gcloud CLI, one for the whole run: started on a free loopback port by the first test that asks for it, ended with
/// all its processes. FIRESTORE_EMULATOR_HOST names one that runs already.
/// </summary>
public sealed class FirestoreEmulator : IAsyncDisposable
{
    // Ends the emulator and its Java when the input ends: so they go also when the test run is killed.
    private const string WhileIAmHere = """
        set -m
        "$@" &
        emulator=$!
        (read -r; kill -- -$emulator) <&0 &
        wait $emulator
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _one = new(1, 1);
    private Process? _process;
    private GrpcChannel? _channel;
    private string? _missing;
    private int _ledgers;

    /// <summary>HOST:PORT, once started.</summary>
    public string Host { get; private set; } = "";

    /// <summary>An address that no other test of any run uses.</summary>
    public FirestoreAddress NewAddress() => new("demo-auditor", "(default)", string.Create(
        CultureInfo.InvariantCulture, $"t{Environment.ProcessId}-{Stopwatch.GetTimestamp()}-{Interlocked.Increment(ref _ledgers)}"));

    /// <summary>The emulator's channel; skips the test where there is no emulator.</summary>
    public async Task<GrpcChannel> RequireAsync()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_channel is null && _missing is null)
            {
                _missing = await StartAsync();
            }
        }
        finally
        {
            _one.Release();
        }

        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return _channel!;
    }

    /// <summary>Opens a ledger on the emulator; the interceptors see its calls. Where calls are made to fail, it does not wait between tries.</summary>
    internal async Task<FirestoreLedger> OpenAsync(FirestoreAddress address, FirestoreLimits? limits = null, params Interceptor[] interceptors) =>
        new(FirestoreConnection.InvokerOf(await RequireAsync(), address).Intercept(interceptors), address, limits ?? FirestoreLimits.Default, interceptors.Any(one => one is FirestoreFaults) ? new HurriedTime() : TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(10)));
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        _one.Dispose();
    }

    // Null when it runs; else why it does not.
    private async Task<string?> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(FirestoreConnection.EmulatorHost) is { Length: > 0 } told)
        {
            Host = told;
        }
        else
        {
            if (await RunAsync("java", "-version") is null)
            {
                return "no Firestore emulator: there is no Java on this machine, which it needs";
            }

            if (await RunAsync("gcloud", "info", "--format=value(installation.sdk_root)") is not { Length: > 0 } root)
            {
                return "no Firestore emulator: there is no gcloud CLI on this machine";
            }

            var script = Path.Combine(root, "platform", "cloud-firestore-emulator", "cloud_firestore_emulator");
            if (!File.Exists(script))
            {
                return "no Firestore emulator: 'gcloud components install cloud-firestore-emulator' adds it to the gcloud CLI";
            }

            Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
            _process = Start("bash", "-c", WhileIAmHere, "emulator", script, "start", $"--host={Host.Split(':')[0]}", $"--port={Host.Split(':')[1]}", "--database-mode=firestore-native");
            _process.OutputDataReceived += (_, _) => { };
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        var since = Stopwatch.GetTimestamp();
        while (!await IsListeningAsync())
        {
            if (_process is { HasExited: true } || Stopwatch.GetElapsedTime(since) > s_patience)
            {
                return $"no Firestore emulator: nothing listens on {Host}";
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        _channel = FirestoreConnection.Open(Host);
        return null;
    }

    private async Task<bool> IsListeningAsync()
    {
        try
        {
            using var client = new TcpClient();
            var colon = Host.LastIndexOf(':');
            await client.ConnectAsync(Host[..colon], int.Parse(Host.AsSpan(colon + 1), CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
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
    private static async Task<string?> RunAsync(string file, params string[] arguments)
    {
        try
        {
            using var process = Start(file, arguments);
            var errors = process.StandardError.ReadToEndAsync();
            var answer = await process.StandardOutput.ReadToEndAsync();
            await errors;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? answer.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    /// <summary>Time in which nobody waits.</summary>
    internal sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
