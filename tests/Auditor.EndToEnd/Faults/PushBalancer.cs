using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Auditor.EndToEnd.Faults;

/// <summary>Where pushes go: to any instance of the function, as Cloud Run would send them.</summary>
internal sealed class PushBalancer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly Uri[] _instances;
    private readonly ConcurrentDictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _answers = new();

    private PushBalancer(WebApplication app, Uri[] instances) => (_app, _instances) = (app, instances);

    public Uri Address => new(_app.Urls.First());

    /// <summary>How many different messages were acknowledged.</summary>
    public int Taken => _taken.Count;

    /// <summary>How many pushes were answered with which status.</summary>
    public IReadOnlyDictionary<int, int> Answers => _answers;

    public static async Task<PushBalancer> StartAsync(params Uri[] instances)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var balancer = new PushBalancer(builder.Build(), instances);
        balancer._app.Urls.Add("http://127.0.0.1:0");
        balancer._app.Run(balancer.PassOnAsync);
        await balancer._app.StartAsync(TestContext.Current.CancellationToken);
        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new("application/json");
        using var answer = await _client.PostAsync(_instances[Random.Shared.Next(_instances.Length)], content, TestContext.Current.CancellationToken);
        _answers.AddOrUpdate((int)answer.StatusCode, 1, (_, count) => count + 1);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            using var push = JsonDocument.Parse(body.ToArray());
            _taken[push.RootElement.GetProperty("message").GetProperty("messageId").GetString()!] = 0;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
    }
}
