using System.Collections.Concurrent;
using System.Text.Json;
using Auditor.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Auditor.EndToEnd;

/// <summary>Where webhooks post to: keeps what comes.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AlertReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>All deliveries, in the order in which they came.</summary>
    public ConcurrentQueue<(string Timestamp, string Signature, byte[] Body)> Received { get; } = new();

    /// <summary>What a delivery waits for before it is answered.</summary>
    public Func<HttpContext, Task> Delay { get; set; } = static _ => Task.CompletedTask;

    public static async Task<AlertReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var receiver = new AlertReceiver(builder.Build());
        receiver._app.Urls.Add("http://127.0.0.1:0");
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>The ids under which alerts came, each once, sorted. An alert that came twice came in the same words.</summary>
    public IEnumerable<string> Ids() => Received.Select(Read).GroupBy(alert => alert.Id, alert => alert.Data, StringComparer.Ordinal).Select(group =>
    {
        Assert.Single(group.Distinct(StringComparer.Ordinal));
        return group.Key;
    }).Order(StringComparer.Ordinal);

    /// <summary>Every alert that a ledger's commits owe came, under its one id, and no other.</summary>
    public async Task AssertHasAllOfAsync(ILedger ledger)
    {
        var token = TestContext.Current.CancellationToken;
        var owed = await ledger.CommitsAsync(0, token).SelectMany(commit => commit.Outbox).Select(item => item.Id).ToListAsync(token);
        Assert.Equal(owed.Order(StringComparer.Ordinal), Ids());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        Received.Enqueue((http.Request.Headers["Auditor-Timestamp"].ToString(), http.Request.Headers["Auditor-Signature"].ToString(), body.ToArray()));
        await Delay(http);
    }

    private static (string Id, string Data) Read((string Timestamp, string Signature, byte[] Body) message)
    {
        using var json = JsonDocument.Parse(message.Body);
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("data").GetRawText());
    }
}
