using System.Diagnostics;
using System.Globalization;
using Auditor.Adapters.Ledgers;
using Auditor.Cli.Hosting;
using Auditor.Cli.Output;
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
    private readonly SemaphoreSlim _one = new(1, 1);
    private Emulator? _emulator;
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
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
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
            try
            {
                _emulator = (await Emulator.StartAsync([EmulatorKind.Firestore], TestContext.Current.CancellationToken))[0];
            }
            catch (UsageException e)
            {
                return e.Message;
            }

            Host = _emulator.Host;
        }

        _channel = FirestoreConnection.Open(Host);
        return null;
    }

    /// <summary>Time in which nobody waits.</summary>
    internal sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
