using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Auditor.Simulator.Hosting;

/// <summary>
/// The REST face of a <see cref="SimulatedCloud"/> on 127.0.0.1: <c>GET /compute.googleapis.com/compute/v1/projects/p/...</c> answers what
/// <c>https://compute.googleapis.com/compute/v1/projects/p/...</c> would. It only answers reads.
/// </summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatedApi _api;
    private readonly SimulatorOptions _options;

    private SimulatorHost(WebApplication app, SimulatedApi api, SimulatorOptions options) => (_app, _api, _options) = (app, api, options);

    /// <summary>Where it listens; the API host is the first segment below.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What was asked so far.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Starts serving the cloud.</summary>
    public static async Task<SimulatorHost> StartAsync(SimulatedCloud cloud, SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SimulatorOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var host = new SimulatorHost(builder.Build(), new SimulatedApi(cloud, options.MaxPageSize), options);
        host._app.Run(host.AnswerAsync);
        await host._app.StartAsync(cancellationToken);
        host.Address = new Uri(host._app.Urls.First());
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        var query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        await _options.Delay(path, context.RequestAborted);
        var answer = _api.Answer(context.Request.Method, path, query);
        Requests.Add(new LoggedRequest(context.Request.Method, path, context.Request.QueryString.Value ?? "", answer.Status));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body.ToJsonString()), context.RequestAborted);
    }
}
