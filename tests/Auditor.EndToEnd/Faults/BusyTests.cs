using System.Diagnostics;
using System.Globalization;
using Auditor.Adapters.Ledgers;
using Auditor.Findings;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Auditor.EndToEnd.Faults;

/// <summary>
/// Thousands of events, one in five twice, in any order, through the Pub/Sub emulator into two processes of the function on one ledger in Firestore.
/// AUDITOR_SOAK multiplies the events.
/// </summary>
public sealed class BusyTests(Emulators emulators, ITestOutputHelper output) : IDisposable
{
    private const int Events = 2_000;
    private const int Waves = 40;
    private const int Poison = 5;
    private const string Project = "projects/demo-auditor";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-busy-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TwoProcesses_UnderThousandsOfEvents_EndAsAFullEvaluation_AndDoubleNothing()
    {
        await emulators.RequireAsync();
        var (since, busy, name) = (Stopwatch.GetTimestamp(), new BusyCloud(1), emulators.NewLedger());
        await using var simulator = await SimulatorHost.StartAsync(busy.Cloud, cancellationToken: Token);
        await using var receiver = await AlertReceiver.StartAsync();
        await using var first = await ServedFunction.StartAsync(_folder, name, simulator.Address, receiver.Address);
        await using var second = await ServedFunction.StartAsync(_folder, name, simulator.Address, receiver.Address);
        await first.RunTaskAsync("sweep");
        await using var balancer = await PushBalancer.StartAsync(first.Address, second.Address);
        await using var watch = new LeaseWatch(emulators.Firestore, name.Split('/')[^1]);
        await using var ledger = LedgerAddress.Open(name, TimeProvider.System);
        using var channel = GrpcChannel.ForAddress($"http://{emulators.PubSub}");
        await SubscribeAsync(channel, balancer.Address);

        var published = 0;
        await PublishAsync(channel, [.. Enumerable.Range(0, Poison).Select(i => ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"poison {i}")))]);
        for (var wave = 0; wave < Waves; wave++)
        {
            var sent = Enumerable.Range(0, Events * Soak.Times / Waves / 2).SelectMany(_ => busy.Act());
            var arriving = new UnkindDelivery(wave, Repeated: 0.2, Late: Events).Of(sent);
            published += await PublishAsync(channel, [.. arriving.Select(entry => ByteString.CopyFrom(entry))]);
            await UntilAsync(() => Task.FromResult(balancer.Taken == published), () => $"{balancer.Taken} of {published} messages are acknowledged");
        }

        await UntilAsync(
            async () =>
            {
                await second.RunTaskAsync("dispatch");
                var now = TimeProvider.System.GetUtcNow();
                return (await ledger.PendingAsync(now, 1, Token)).Count + (await ledger.OwedAsync(now.AddDays(1), 1, Token)).Count == 0;
            },
            () => "something is pending or owed");
        var took = Stopwatch.GetElapsedTime(since);

        var state = await ledger.LoadAsync(Token);
        Assert.Equal(FullEvaluation.Of(busy.Cloud), FullEvaluation.Lines(state.Findings.Values));
        var history = await ledger.HistoryAsync(null, Token);
        AssertNothingDoubled(history);
        await receiver.AssertHasAllOfAsync(ledger);
        Assert.True(watch.Changes >= 10, string.Create(CultureInfo.InvariantCulture, $"The lease changed hands {watch.Changes} times."));
        await AssertPoisonAsync(channel);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{published} messages in {took.TotalSeconds:N0} s, {state.Head.Seq} commits, {history.Count} transitions, {state.Head.Epoch} leases, {watch.Changes} changes of the holder; answers {string.Join(", ", balancer.Answers.Select(answer => $"{answer.Key}: {answer.Value}"))}"));
    }

    private static async Task SubscribeAsync(GrpcChannel channel, Uri endpoint)
    {
        var (publisher, subscriber) = (new Publisher.PublisherClient(channel), new Subscriber.SubscriberClient(channel));
        await publisher.CreateTopicAsync(new Topic { Name = $"{Project}/topics/busy" }, cancellationToken: Token);
        await publisher.CreateTopicAsync(new Topic { Name = $"{Project}/topics/busy-dead" }, cancellationToken: Token);
        await subscriber.CreateSubscriptionAsync(new Subscription { Name = $"{Project}/subscriptions/busy-dead", Topic = $"{Project}/topics/busy-dead" }, cancellationToken: Token);
        await subscriber.CreateSubscriptionAsync(
            new Subscription
            {
                Name = $"{Project}/subscriptions/busy",
                Topic = $"{Project}/topics/busy",
                AckDeadlineSeconds = 600,
                PushConfig = new PushConfig { PushEndpoint = endpoint.ToString() },
                DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = $"{Project}/topics/busy-dead", MaxDeliveryAttempts = 5 },
            },
            cancellationToken: Token);
    }

    private static async Task<int> PublishAsync(GrpcChannel channel, IReadOnlyList<ByteString> messages)
    {
        foreach (var some in messages.Chunk(500))
        {
            await new Publisher.PublisherClient(channel).PublishAsync(
                new PublishRequest { Topic = $"{Project}/topics/busy", Messages = { some.Select(data => new PubsubMessage { Data = data }) } }, cancellationToken: Token);
        }

        return messages.Count;
    }

    // Each finding's transitions count on, and open and resolve it in turn.
    private static void AssertNothingDoubled(IReadOnlyList<Transition> history)
    {
        Assert.Equal(history.Count, history.Select(transition => transition.Id).Distinct(StringComparer.Ordinal).Count());
        foreach (var finding in history.GroupBy(transition => transition.FindingId, StringComparer.Ordinal))
        {
            Assert.Equal(Enumerable.Range(0, finding.Count()), finding.Select(transition => transition.Number));
            Assert.All(finding, transition => Assert.Equal(
                transition.Number == 0 ? TransitionKind.Opened : transition.Number % 2 == 0 ? TransitionKind.Reopened : TransitionKind.Resolved, transition.Kind));
        }
    }

    private static async Task AssertPoisonAsync(GrpcChannel channel)
    {
        var dead = new HashSet<string>(StringComparer.Ordinal);
        await UntilAsync(
            async () =>
            {
                var pulled = await new Subscriber.SubscriberClient(channel).PullAsync(new PullRequest { Subscription = $"{Project}/subscriptions/busy-dead", MaxMessages = 100 }, cancellationToken: Token);
                dead.UnionWith(pulled.ReceivedMessages.Select(received => received.Message.Data.ToStringUtf8()));
                return dead.Count >= Poison;
            },
            () => $"only {string.Join(", ", dead)} came to the dead letter");
        Assert.Equal(Enumerable.Range(0, Poison).Select(i => string.Create(CultureInfo.InvariantCulture, $"poison {i}")), dead.Order(StringComparer.Ordinal));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> problem)
    {
        for (var since = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(50, Token))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(3), problem());
        }
    }
}
