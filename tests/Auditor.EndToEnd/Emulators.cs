using Auditor.Cli.Hosting;
using Auditor.Cli.Output;

[assembly: AssemblyFixture(typeof(Auditor.EndToEnd.Emulators))]

namespace Auditor.EndToEnd;

/// <summary>The Firestore and the Pub/Sub emulator, one of each for the whole run, started by the first test that asks for them.</summary>
public sealed class Emulators : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private IReadOnlyList<Emulator> _emulators = [];
    private string? _missing;
    private int _names;

    /// <summary>HOST:PORT.</summary>
    public string Firestore => _emulators[0].Host;

    /// <summary>HOST:PORT.</summary>
    public string PubSub => _emulators[1].Host;

    /// <summary>Starts them; skips the test where something that they need is missing.</summary>
    public async Task RequireAsync()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_emulators.Count == 0 && _missing is null)
            {
                _emulators = await Emulator.StartAsync([EmulatorKind.Firestore, EmulatorKind.PubSub], TestContext.Current.CancellationToken);
                Environment.SetEnvironmentVariable(LedgerFile.EmulatorHost, Firestore);
            }
        }
        catch (UsageException e)
        {
            _missing = e.Message;
        }
        finally
        {
            _one.Release();
        }

        Assert.SkipWhen(_missing is not null, _missing ?? "");
    }

    /// <summary>The address of a ledger that no other test uses.</summary>
    public string NewLedger() => $"firestore:demo-auditor/(default)/t{Interlocked.Increment(ref _names)}";

    public async ValueTask DisposeAsync()
    {
        foreach (var emulator in _emulators)
        {
            await emulator.DisposeAsync();
        }

        _one.Dispose();
    }
}
