using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Auditor.EndToEnd;

/// <summary><c>auditor serve</c> in a process of its own, set up by environment variables alone: from a push to a signed webhook.</summary>
public sealed class ServeCommandTests : IAsyncLifetime
{
    private const string Secret = "a secret of more than sixteen bytes";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-serve-").FullName;
    private readonly ConcurrentQueue<(string Timestamp, string Signature, byte[] Body)> _received = new();
    private readonly HttpClient _client = new();
    private WebApplication _receiver = null!;
    private Process? _serve;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            _received.Enqueue((http.Request.Headers["Auditor-Timestamp"].ToString(), http.Request.Headers["Auditor-Signature"].ToString(), body.ToArray()));
        });
        await _receiver.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is { HasExited: false })
        {
            _serve.Kill(entireProcessTree: true);
            await _serve.WaitForExitAsync(Token);
        }

        _serve?.Dispose();
        _client.Dispose();
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task FromAPush_ToASignedWebhook_AndToTheFindingsCommand()
    {
        var cloud = DemoEstate.CreateCloud();
        await using var simulator = await SimulatorHost.StartAsync(cloud, cancellationToken: Token);
        await ServeAsync(simulator.Address);
        using var sweep = await _client.PostAsync(new Uri("/tasks/sweep", UriKind.Relative), null, Token);
        Assert.Equal("""{"commits":1,"sent":1}""", await sweep.Content.ReadAsStringAsync(Token));

        var entries = new AuditEntries(TimeProvider.System);
        DemoScenario.Steps[0].Apply(cloud);
        foreach (var entry in DemoScenario.Steps[0].LogEntries(entries))
        {
            using var push = new ByteArrayContent(PubSubPush.Body(entry));
            push.Headers.ContentType = new("application/json");
            using var answer = await _client.PostAsync(new Uri("/", UriKind.Relative), push, Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // The digest of the first sweep, what broke, and what went with the connector.
        Assert.Equal(3, _received.Count);
        Assert.All(_received, message => Assert.Equal(Sign(message.Timestamp, message.Body), message.Signature));
        using var alert = JsonDocument.Parse(_received.Single(message => Encoding.UTF8.GetString(message.Body).Contains("\"critical\"", StringComparison.Ordinal) && Encoding.UTF8.GetString(message.Body).Contains("DeleteConnector", StringComparison.Ordinal)).Body);
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
        var cloud = DemoEstate.CreateCloud();
        await using var simulator = await SimulatorHost.StartAsync(cloud, cancellationToken: Token);
        await ServeAsync(simulator.Address);
        (await _client.PostAsync(new Uri("/tasks/sweep", UriKind.Relative), null, Token)).EnsureSuccessStatusCode();
        var entries = new AuditEntries(TimeProvider.System);
        DemoScenario.Steps[0].Apply(cloud);
        var log = DemoScenario.Steps[0].LogEntries(entries);
        using (var first = new ByteArrayContent(PubSubPush.Body(log[0])))
        {
            first.Headers.ContentType = new("application/json");
            (await _client.PostAsync(new Uri("/", UriKind.Relative), first, Token)).EnsureSuccessStatusCode();
        }

        _serve!.Kill(entireProcessTree: true);
        await _serve.WaitForExitAsync(Token);
        await ServeAsync(simulator.Address);
        using (var last = new ByteArrayContent(PubSubPush.Body(log[1])))
        {
            last.Headers.ContentType = new("application/json");
            (await _client.PostAsync(new Uri("/", UriKind.Relative), last, Token)).EnsureSuccessStatusCode();
        }

        var (_, history, _) = await Command.RunAsync(_folder, "history", "CON012", "--ledger", "auditor.db", "--format", "json");
        using var json = JsonDocument.Parse(history);
        var opened = json.RootElement.EnumerateArray().Where(transition => transition.GetProperty("cause").GetProperty("kind").GetString() == "change").ToList();
        Assert.Equal(2, opened.Count);
        Assert.All(opened, transition => Assert.Equal("ines@harbor.example.com", transition.GetProperty("cause").GetProperty("changes")[0].GetProperty("principal").GetString()));
    }

    private static string Sign(string timestamp, byte[] body) =>
        $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{timestamp}.").Concat(body).ToArray()))}";

    private async Task ServeAsync(Uri cloud)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AUDITOR__GOOGLE__ENDPOINT"] = cloud.ToString(),
                ["AUDITOR__CHANNELS__CONSOLE__ENABLED"] = "false",
                ["AUDITOR__CHANNELS__WEBHOOKS__0__NAME"] = "receiver",
                ["AUDITOR__CHANNELS__WEBHOOKS__0__URL"] = _receiver.Urls.First(),
                ["AUDITOR__CHANNELS__WEBHOOKS__0__SECRETENVIRONMENT"] = "RECEIVER_SECRET",
                ["RECEIVER_SECRET"] = Secret,
            },
        };
        for (var i = 0; i < DemoEstate.Projects.Length; i++)
        {
            start.Environment[string.Create(CultureInfo.InvariantCulture, $"AUDITOR__GOOGLE__PROJECTS__{i}")] = DemoEstate.Projects[i];
        }

        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "auditor.dll"), "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--ledger", "auditor.db" })
        {
            start.ArgumentList.Add(argument);
        }

        _serve?.Dispose();
        _serve = new Process { StartInfo = start };

        // It says on stderr when it listens.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        _serve.ErrorDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "(it ended)");
            if (line.Data is null)
            {
                listening.TrySetException(new InvalidOperationException(string.Join('\n', said)));
            }
            else if (line.Data.Contains("listening on", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        };
        _serve.Start();
        _serve.BeginOutputReadLine();
        _serve.BeginErrorReadLine();
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        _client.BaseAddress ??= new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
    }

    private int FreePort()
    {
        if (_client.BaseAddress is { } address)
        {
            return address.Port;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
