using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;

namespace Auditor.EndToEnd;

/// <summary><c>auditor serve</c> in a process of its own, set up by environment variables alone: from a push to a signed webhook.</summary>
public sealed class ServeCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-serve-").FullName;
    private readonly SimulatedCloud _cloud = DemoEstate.CreateCloud();
    private readonly AuditEntries _entries = new(TimeProvider.System);
    private AlertReceiver _receiver = null!;
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await AlertReceiver.StartAsync();
        _simulator = await SimulatorHost.StartAsync(_cloud, cancellationToken: TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task FromAPush_ToASignedWebhook_AndToTheFindingsCommand()
    {
        await using var serve = await ServeAsync();
        Assert.Equal("""{"commits":1,"sent":1}""", await serve.RunTaskAsync("sweep"));

        DemoScenario.Steps[0].Apply(_cloud);
        foreach (var entry in DemoScenario.Steps[0].LogEntries(_entries))
        {
            Assert.Equal(HttpStatusCode.OK, await serve.PushAsync(entry));
        }

        // The digest of the first sweep, what broke, and what went with the connector.
        Assert.Equal(3, _receiver.Received.Count);
        Assert.All(_receiver.Received, message => Assert.Equal(Sign(message.Timestamp, message.Body), message.Signature));
        using var alert = JsonDocument.Parse(_receiver.Received.Single(message => Encoding.UTF8.GetString(message.Body).Contains("\"critical\"", StringComparison.Ordinal) && Encoding.UTF8.GetString(message.Body).Contains("DeleteConnector", StringComparison.Ordinal)).Body);
        Assert.Equal("1.0", alert.RootElement.GetProperty("specversion").GetString());
        Assert.Equal("critical", alert.RootElement.GetProperty("data").GetProperty("severity").GetString());
        Assert.Equal(2, alert.RootElement.GetProperty("data").GetProperty("items").GetArrayLength());

        var (code, findings, _) = await Command.RunAsync(_folder, "findings", "--ledger", "auditor.db", "--format", "json");
        Assert.Equal(1, code);
        using var json = JsonDocument.Parse(findings);
        Assert.Equal(DemoEstate.Baseline.Length - DemoScenario.Steps[0].Resolves.Length + DemoScenario.Steps[0].Opens.Length, json.RootElement.GetArrayLength());
    }

    /// <summary>Design promise 3, in part: what was acknowledged is durable, also when the process is killed right after.</summary>
    [Fact]
    public async Task AKilledProcess_LosesNothing_AndTheNextOneGoesOn()
    {
        await using var first = await ServeAsync();
        await first.RunTaskAsync("sweep");
        DemoScenario.Steps[0].Apply(_cloud);
        var log = DemoScenario.Steps[0].LogEntries(_entries);
        Assert.Equal(HttpStatusCode.OK, await first.PushAsync(log[0]));
        await first.KillAsync();

        await using var second = await ServeAsync();
        Assert.Equal(HttpStatusCode.OK, await second.PushAsync(log[1]));

        var (_, history, _) = await Command.RunAsync(_folder, "history", "CON012", "--ledger", "auditor.db", "--format", "json");
        using var json = JsonDocument.Parse(history);
        var opened = json.RootElement.EnumerateArray().Where(transition => transition.GetProperty("cause").GetProperty("kind").GetString() == "change").ToList();
        Assert.Equal(2, opened.Count);
        Assert.All(opened, transition => Assert.Equal("ines@harbor.example.com", transition.GetProperty("cause").GetProperty("changes")[0].GetProperty("principal").GetString()));
    }

    private static string Sign(string timestamp, byte[] body) =>
        $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ServedFunction.Secret), Encoding.UTF8.GetBytes($"{timestamp}.").Concat(body).ToArray()))}";

    private Task<ServedFunction> ServeAsync() => ServedFunction.StartAsync(_folder, "auditor.db", _simulator.Address, _receiver.Address);
}
