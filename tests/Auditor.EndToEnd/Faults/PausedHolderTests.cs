using System.Net;
using Auditor.Adapters.Ledgers;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;

namespace Auditor.EndToEnd.Faults;

/// <summary>A holder of the lease that is stopped beyond its lease, as a frozen instance is, and goes on when another has taken over.</summary>
public sealed class PausedHolderTests(Emulators emulators) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-paused-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task InAFile_ItAppendsNothingMore() => AssertFencedAsync(Path.Combine(_folder, "auditor.db"));

    [Fact]
    public async Task InFirestore_ItAppendsNothingMore()
    {
        await emulators.RequireAsync();
        await AssertFencedAsync(emulators.NewLedger());
    }

    /// <summary>Asked to end (SIGTERM) while Google Cloud does not answer, it lets the lease go in time: the next one need not wait for it to expire.</summary>
    [Fact]
    public async Task AskedToEnd_ItLetsTheLeaseGo()
    {
        var cloud = DemoEstate.CreateCloud();
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var simulator = await SimulatorHost.StartAsync(
            cloud,
            new SimulatorOptions
            {
                Delay = (_, cancellationToken) =>
                {
                    isRead.TrySetResult();
                    return Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
                },
            },
            Token);
        var file = Path.Combine(_folder, "ended.db");
        await using var function = await ServedFunction.StartAsync(_folder, file, simulator.Address, new Uri("http://127.0.0.1:1/"), ("AUDITOR__LEASEDURATION", "00:10:00"));
        DemoScenario.Steps[0].Apply(cloud);
        var log = DemoScenario.Steps[0].LogEntries(new AuditEntries(TimeProvider.System));
        await function.PushAsync(log[0]);
        var pushed = function.PushAsync(log[1]);
        await isRead.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await using var ledger = LedgerAddress.Open(file, TimeProvider.System);
        Assert.Null(await ledger.TryLeaseAsync("next", TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1), Token));
        await function.SignalAsync("TERM");
        await pushed;
        await function.EndAsync();
        Assert.NotNull(await ledger.TryLeaseAsync("next", TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1), Token));
        Assert.Equal(2, await ledger.InboxDepthAsync(Token));
    }

    private async Task AssertFencedAsync(string ledger)
    {
        var cloud = DemoEstate.CreateCloud();
        var entries = new AuditEntries(TimeProvider.System);
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<Task> onRead = () => Task.CompletedTask;
        await using var simulator = await SimulatorHost.StartAsync(cloud, new SimulatorOptions { Delay = (_, _) => onRead() }, Token);
        await using var receiver = await AlertReceiver.StartAsync();
        await using var first = await ServeAsync();
        await using var second = await ServeAsync();
        await first.RunTaskAsync("sweep");

        // The first holds the lease and waits for Google Cloud; it is stopped, and the answer comes.
        DemoScenario.Steps[0].Apply(cloud);
        var log = DemoScenario.Steps[0].LogEntries(entries);
        Assert.Equal(HttpStatusCode.OK, await first.PushAsync(log[0]));
        onRead = () =>
        {
            isRead.TrySetResult();
            return goOn.Task;
        };
        var pushed = first.PushAsync(log[1]);
        await isRead.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await first.SignalAsync("STOP");
        onRead = () => Task.CompletedTask;
        goOn.SetResult();

        // Once the lease is over, the second does the work.
        await using var own = LedgerAddress.Open(ledger, TimeProvider.System);
        var before = await own.HeadAsync(Token);
        for (var until = TimeProvider.System.GetUtcNow().AddSeconds(60); await own.HeadAsync(Token) == before; await Task.Delay(200, Token))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, second.Said);
            await second.RunTaskAsync("dispatch");
        }

        var head = await own.HeadAsync(Token);
        Assert.True(head.Epoch > before.Epoch + 1, "The lease changed hands.");
        var findings = await Canonical.FindingsAsync(own, Token);

        // The first goes on with what it read: it is refused, says so, and its push is still answered, since the event is durable.
        await first.SignalAsync("CONT");
        Assert.Equal(HttpStatusCode.OK, await pushed.WaitAsync(TimeSpan.FromSeconds(30), Token));
        await first.SaysAsync("Another instance goes on with the inbox: the lease was lost while the batch was read and judged");
        Assert.Equal(head, await own.HeadAsync(Token));
        Assert.Equal(findings, await Canonical.FindingsAsync(own, Token));
        Assert.Equal(0, await own.InboxDepthAsync(Token));

        // It knows that it knows nothing: what it does next is right.
        foreach (var entry in log.Skip(2))
        {
            Assert.Equal(HttpStatusCode.OK, await first.PushAsync(entry));
        }

        Assert.Equal(FullEvaluation.Of(cloud), FullEvaluation.Lines((await own.LoadAsync(Token)).Findings.Values));
        await receiver.AssertHasAllOfAsync(own);

        Task<ServedFunction> ServeAsync() => ServedFunction.StartAsync(_folder, ledger, simulator.Address, receiver.Address, ("AUDITOR__LEASEDURATION", "00:00:10"));
    }
}
