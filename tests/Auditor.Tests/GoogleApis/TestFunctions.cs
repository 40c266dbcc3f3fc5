using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Google.Events.Protobuf.Cloud.PubSub.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: FunctionsStartup(typeof(Auditor.Tests.GoogleApis.SecondStartup), Order = 2)]
[assembly: FunctionsStartup(typeof(Auditor.Tests.GoogleApis.FirstStartup), Order = 1)]

namespace Auditor.Tests.GoogleApis;

internal sealed class PubSubFunction(Recorder recorder) : ICloudEventFunction<MessagePublishedData>
{
    public Task HandleAsync(CloudEvent cloudEvent, MessagePublishedData data, CancellationToken cancellationToken)
    {
        recorder.Call(cloudEvent, data);
        return Task.CompletedTask;
    }
}

internal sealed class UntypedFunction(Recorder recorder) : ICloudEventFunction
{
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        recorder.Call(cloudEvent, cloudEvent.Data);
        return Task.CompletedTask;
    }
}

/// <summary>Answers method and path.</summary>
internal sealed class EchoFunction : IHttpFunction
{
    public Task HandleAsync(HttpContext context) => context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}");
}

internal sealed class LoggingFunction(ILogger<LoggingFunction> logger) : IHttpFunction
{
    public Task HandleAsync(HttpContext context)
    {
        using (logger.BeginScope("sweep {Project}", "net-host-7"))
        {
            logger.LogWarning(new EventId(42), "Read {Count} rules", 7);
        }

        return Task.CompletedTask;
    }
}

internal sealed class StoppingFunction(IHostApplicationLifetime lifetime) : IHttpFunction
{
    public async Task HandleAsync(HttpContext context)
    {
        await context.Response.WriteAsync("stopping");
        lifetime.StopApplication();
    }
}

/// <summary>Answers whether one request sees one scoped object.</summary>
internal sealed class ScopeFunction(ScopeFunction.Scoped first, IServiceProvider services) : IHttpFunction
{
    public Task HandleAsync(HttpContext context) =>
        context.Response.WriteAsync($"{ReferenceEquals(first, services.GetRequiredService<Scoped>())} {first.Number}");

    internal sealed class Counter
    {
        public int Last { get; set; }
    }

    internal sealed class Scoped(Counter counter)
    {
        public int Number { get; } = ++counter.Last;
    }
}

internal abstract class StepStartup(string name) : FunctionsStartup
{
    public override void Configure(WebHostBuilderContext context, IApplicationBuilder app) => app.Use(next => request =>
    {
        request.RequestServices.GetService<Recorder>()?.Steps.Enqueue(name);
        return next(request);
    });
}

internal sealed class FirstStartup() : StepStartup("first");

internal sealed class SecondStartup() : StepStartup("second");

/// <summary>Turns one exception of the function into 400, as the deployed function does with input it does not understand.</summary>
internal sealed class RefusingStartup : FunctionsStartup
{
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddSingleton<ScopeFunction.Counter>().AddScoped<ScopeFunction.Scoped>();

    public override void Configure(WebHostBuilderContext context, IApplicationBuilder app) => app.Use(async (request, next) =>
    {
        try
        {
            await next(request);
        }
        catch (FormatException e)
        {
            request.Response.StatusCode = StatusCodes.Status400BadRequest;
            await request.Response.WriteAsync(e.Message);
        }
    });
}
