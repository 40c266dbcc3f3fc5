using System.Net;
using Auditor.Adapters.Channels;
using Auditor.Alerts;
using Auditor.Ledger;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Auditor.Cli.Hosting;

/// <summary>
/// A simulated Google Cloud and the function that watches it, both on loopback, with a way to push log entries from the one to the other: straight,
/// or through a Pub/Sub emulator.
/// </summary>
internal sealed class Demonstration : IAsyncDisposable
{
    private readonly IHost _function;
    private readonly HttpClient _client;
    private readonly StringWriter _alerts;
    private readonly PubSubRoute? _route;

    private Demonstration(SimulatedCloud cloud, SimulatorHost simulator, IHost function, string ledgerPath, StringWriter alerts, PubSubRoute? route)
    {
        (Cloud, Simulator, _function, LedgerPath, _alerts, _route) = (cloud, simulator, function, ledgerPath, alerts, route);
        _client = new HttpClient { BaseAddress = FunctionHost.AddressOf(function) };
    }

    public SimulatedCloud Cloud { get; }

    public SimulatorHost Simulator { get; }

    public string LedgerPath { get; }

    /// <summary>What log entries go through.</summary>
    public string Route => _route is null ? "HTTP" : "the Pub/Sub emulator";

    /// <summary>Whether the ledger is still there when the demonstration is over.</summary>
    public bool IsKept => _route is null;

    public Uri FunctionAddress => _client.BaseAddress!;

    public AuditEntries Entries { get; } = new(TimeProvider.System);

    public ILedger Ledger => _function.Services.GetRequiredService<ILedger>();

    /// <summary>Starts both on free ports.</summary>
    /// <param name="width">Columns of the alerts that <see cref="TakeAlerts"/> gives.</param>
    /// <param name="pubSub">HOST:PORT of the Pub/Sub emulator that log entries go through; null pushes them straight.</param>
    public static async Task<Demonstration> StartAsync(string ledgerPath, CancellationToken cancellationToken, int width = 100, bool colours = false, string? pubSub = null)
    {
        var alerts = new StringWriter();
        var cloud = DemoEstate.CreateCloud();
        var simulator = await SimulatorHost.StartAsync(cloud, cancellationToken: cancellationToken);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auditor:Ledger:Path"] = ledgerPath,
            ["Auditor:Google:Endpoint"] = simulator.Address.ToString(),
            ["Auditor:Channels:Console:Enabled"] = "false",
        };
        for (var i = 0; i < DemoEstate.Projects.Length; i++)
        {
            settings[$"Auditor:Google:Projects:{i}"] = DemoEstate.Projects[i];
        }

        var answers = new PushAnswers();
        var function = await FunctionHost.StartAsync(
            0,
            LogLevel.Error,
            settings,
            services =>
            {
                services.AddSingleton<IAlertChannel>(new ConsoleChannel(alerts, width, colours));
                if (pubSub is not null)
                {
                    services.AddSingleton<IStartupFilter>(answers);
                }
            },
            cancellationToken);
        var route = pubSub is null ? null : await PubSubRoute.OpenAsync(pubSub, FunctionHost.AddressOf(function), answers, cancellationToken);
        return new Demonstration(cloud, simulator, function, ledgerPath, alerts, route);
    }

    /// <summary>What the console channel wrote since the last call.</summary>
    public string TakeAlerts()
    {
        var text = _alerts.ToString();
        _alerts.GetStringBuilder().Clear();
        return text;
    }

    /// <summary>Pushes one log entry as Pub/Sub would, or lets its emulator do so; the function's status is the answer.</summary>
    public async Task<HttpStatusCode> PushAsync(ReadOnlyMemory<byte> logEntry, CancellationToken cancellationToken)
    {
        if (_route is not null)
        {
            return await _route.PublishAsync(logEntry, cancellationToken);
        }

        using var content = new ByteArrayContent(PubSubPush.Body(logEntry.Span));
        content.Headers.ContentType = new("application/json");
        using var response = await _client.PostAsync(new Uri("/", UriKind.Relative), content, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Runs the sweep as the scheduler would.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsync(new Uri("/tasks/sweep", UriKind.Relative), null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Commits that were appended after a sequence number.</summary>
    public async Task<IReadOnlyList<Commit>> CommitsAfterAsync(long seq, CancellationToken cancellationToken)
    {
        var commits = new List<Commit>();
        await foreach (var commit in Ledger.CommitsAsync(seq, cancellationToken))
        {
            commits.Add(commit);
        }

        return commits;
    }

    public async ValueTask DisposeAsync()
    {
        _route?.Dispose();
        _client.Dispose();
        await _function.StopAsync();
        _function.Dispose();
        await Simulator.DisposeAsync();
        await _alerts.DisposeAsync();
    }
}
