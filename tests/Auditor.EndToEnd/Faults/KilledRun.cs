using System.Globalization;
using System.Net;
using Auditor.Cli.Output;
using Auditor.Ledger;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;

namespace Auditor.EndToEnd.Faults;

/// <summary>
/// One cloud, one ledger, and a function that is killed at points of one's choice while steps of the demonstration are played. The simulator, the
/// receiver of the alerts and the ledger hold it where it is to be killed; the function knows nothing of it.
/// </summary>
internal sealed class KilledRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-killed-").FullName;
    private readonly LedgerHold _hold;
    private readonly SimulatedCloud _cloud = DemoEstate.CreateCloud();
    private readonly AuditEntries _entries = new(TimeProvider.System);
    private readonly Random _random;
    private SimulatorHost _simulator = null!;
    private AlertReceiver _receiver = null!;
    private ServedFunction _function = null!;
    private ILedger _ledger = null!;
    private Func<CancellationToken, Task> _onRead = static _ => Task.CompletedTask;

    private KilledRun(int seed, Func<string, LedgerHold> ledger) => (_random, _hold) = (new Random(seed), ledger(_folder));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts everything, and sweeps once.</summary>
    /// <param name="ledger">Makes the ledger; gets a folder of the run's own.</param>
    public static async Task<KilledRun> StartAsync(int seed, Func<string, LedgerHold> ledger)
    {
        var run = new KilledRun(seed, ledger);
        run._simulator = await SimulatorHost.StartAsync(run._cloud, new SimulatorOptions { Delay = (_, cancellationToken) => run._onRead(cancellationToken) }, Token);
        run._receiver = await AlertReceiver.StartAsync();
        await run.ServeAsync();
        await run._function.RunTaskAsync("sweep");
        run._ledger = run._hold.Open();
        return run;
    }

    /// <summary>Lets a step happen and delivers its entries; kills the function at a point, starts it again, and delivers again what was not answered.</summary>
    /// <param name="at">The number of the entry at which it is killed.</param>
    public async Task PlayAsync(DemoStep step, KillPoint? point = null, int at = 0)
    {
        step.Apply(_cloud);
        var entries = step.LogEntries(_entries);
        if (point == KillPoint.AfterInbox)
        {
            await PushAsync(entries[0]);
            await RestartAsync();
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (i == at && point is { } here && here != KillPoint.AfterInbox)
            {
                var others = here == KillPoint.BetweenCommits ? entries.Skip(i + 1).ToList() : [];
                var killed = KillAsync(here, entries[i], others);
                Assert.True(killed == await Task.WhenAny(killed, Task.Delay(s_patience, Token)), $"The function does not come to {here} of {step.Name}: {_function.Said}");
                await killed;
                await RestartAsync();
                await PushAsync(entries[i]);
                await SettleAsync();
                i += others.Count;
            }
            else
            {
                await PushAsync(entries[i]);
            }
        }

        await SettleAsync();
    }

    /// <summary>Waits until nothing is owed: what a killed function was about to send is nobody else's for a while.</summary>
    public Task EndAsync() => SettleAsync(isEnd: true);

    /// <summary>What the ledger holds.</summary>
    public Task<string> FindingsAsync() => Canonical.FindingsAsync(_ledger, Token);

    /// <summary>The ids of the alerts that came.</summary>
    public IEnumerable<string> Alerts() => _receiver.Ids();

    public async ValueTask DisposeAsync()
    {
        await _function.DisposeAsync();
        await _ledger.DisposeAsync();
        await _simulator.DisposeAsync();
        await _receiver.DisposeAsync();
        await _hold.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task KillAsync(KillPoint point, byte[] entry, IReadOnlyList<byte[]> others)
    {
        var before = await _ledger.HeadAsync(Token);
        var isHere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var othersAreIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var announcing = Task.CompletedTask;
        switch (point)
        {
            case KillPoint.BeforeRead:
                _onRead = cancellationToken => StayAsync(isHere, cancellationToken);
                break;
            case KillPoint.AfterEvaluation:
                _onRead = async _ =>
                {
                    if (isRead.TrySetResult())
                    {
                        announcing = AnnounceAsync(await _hold.AtAppendAsync(Token), isHere);
                    }
                };
                break;
            case KillPoint.DuringSnapshot:
                announcing = AnnounceAsync(await _hold.InSnapshotAsync(Token), isHere);
                break;
            case KillPoint.BetweenCommits:
                _onRead = async cancellationToken =>
                {
                    isRead.TrySetResult();
                    await othersAreIn.Task;
                    if (await _ledger.HeadAsync(cancellationToken) != before)
                    {
                        await StayAsync(isHere, cancellationToken);
                    }
                };
                break;
            case KillPoint.DuringDispatch:
                _receiver.Delay = http => StayAsync(isHere, http.RequestAborted);
                break;
            case KillPoint.AfterDispatch:
                _receiver.Delay = http =>
                {
                    http.Response.OnCompleted(() =>
                    {
                        isHere.TrySetResult();
                        return Task.CompletedTask;
                    });
                    return Task.CompletedTask;
                };
                break;
        }

        var pushed = _function.PushAsync(entry);
        switch (point)
        {
            case KillPoint.BetweenCommits:
                await isRead.Task;
                foreach (var one in others)
                {
                    // Another request drains: this one is answered at once.
                    Assert.Equal(HttpStatusCode.OK, await _function.PushAsync(one));
                }

                othersAreIn.SetResult();
                await isHere.Task;
                break;
            case KillPoint.AfterCommit:
                while (await _ledger.HeadAsync(Token) == before)
                {
                    await Task.Yield();
                }

                break;
            case KillPoint.AnyTime:
                await Task.Delay(_random.Next(250), Token);
                break;
            default:
                await isHere.Task;
                break;
        }

        await _function.KillAsync();
        await pushed;
        (_onRead, _receiver.Delay) = (static _ => Task.CompletedTask, static _ => Task.CompletedTask);
        await announcing;
        await _hold.LetGoAsync();
        var after = await _ledger.HeadAsync(Token);
        Assert.True(
            point is KillPoint.AnyTime || (point is KillPoint.BeforeRead or KillPoint.AfterEvaluation) == (after == before),
            string.Create(CultureInfo.InvariantCulture, $"Killed {point}, the head was {before.Seq} and is {after.Seq}."));
    }

    private static async Task AnnounceAsync(Task held, TaskCompletionSource isHere)
    {
        try
        {
            await held;
            isHere.TrySetResult();
        }
        catch (Exception e)
        {
            isHere.TrySetException(e);
        }
    }

    private async Task StayAsync(TaskCompletionSource isHere, CancellationToken cancellationToken)
    {
        isHere.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task PushAsync(byte[] entry) => Assert.Equal(HttpStatusCode.OK, await _function.PushAsync(entry));

    // As the scheduler does, until nothing is pending: the lease of a killed holder has to expire first.
    private async Task SettleAsync(bool isEnd = false)
    {
        for (var until = TimeProvider.System.GetUtcNow() + s_patience; ; await Task.Delay(200, Token))
        {
            var now = TimeProvider.System.GetUtcNow();
            if ((await _ledger.PendingAsync(now, 1, Token)).Count == 0 && (!isEnd || (await _ledger.OwedAsync(now.AddDays(1), 1, Token)).Count == 0))
            {
                return;
            }

            Assert.True(now < until, $"The function does not come to an end: {_function.Said}");
            await _function.RunTaskAsync("dispatch");
        }
    }

    private async Task RestartAsync()
    {
        await _function.KillAsync();
        await _function.DisposeAsync();
        await ServeAsync();
    }

    private async Task ServeAsync() => _function = await ServedFunction.StartAsync(
        _folder,
        _hold.Address,
        _simulator.Address,
        _receiver.Address,
        (LedgerFile.EmulatorHost, _hold.EmulatorHost ?? ""),
        ("AUDITOR__SNAPSHOTEVERY", "1"),
        ("AUDITOR__LEASEDURATION", "00:00:10"),
        ("AUDITOR__OUTBOXLEASE", "00:00:20"),
        ("AUDITOR__CHANNELS__WEBHOOKS__0__TIMEOUT", "00:00:05"),
        ("AUDITOR__BATCHSIZE", "1"));
}
