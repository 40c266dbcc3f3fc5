using Auditor.Adapters;
using Auditor.Adapters.Ledgers;
using Auditor.Function;
using Auditor.Ledger;
using Auditor.Model;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

[assembly: FunctionsStartup(typeof(Startup))]

namespace Auditor.Function;

/// <summary>Registers the auditor and, in front of the function, its refusals, the scheduler's tasks and a health route.</summary>
public sealed class Startup : FunctionsStartup
{
    /// <summary>The setting that says what a sweep lists.</summary>
    public const string FirstProject = "AUDITOR__GOOGLE__PROJECTS__0";

    // Cloud Run gives ten seconds from SIGTERM on: whoever drains comes to an end, or is cut off in time to let the lease go.
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(7);

    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddAuditor(context.Configuration).Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);

    public override void Configure(WebHostBuilderContext context, IApplicationBuilder app)
    {
        app.Use(RefuseAsync);
        app.Map("/healthz", branch => branch.Run(http => http.Response.WriteAsync("ok\n", http.RequestAborted)));
        app.Map("/tasks/sweep", branch => branch.Run(http => http.RequestServices.GetRequiredService<IOptions<AuditorOptions>>().Value.Google.Projects.Count == 0
            ? AnswerAsync(http, StatusCodes.Status409Conflict, $"No project is monitored; {FirstProject} names the first one")
            : TaskAsync(http, async run => (await run.SweepAsync(http.RequestAborted)).Count)));
        app.Map("/tasks/dispatch", branch => branch.Run(http => TaskAsync(http, async run => (await run.DrainAsync(http.RequestAborted)).Count)));
    }

    // What is not understood ends, after its retries, in the dead letter, which keeps it.
    private static async Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (NotUnderstoodException e)
        {
            await AnswerAsync(http, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (e is LedgerConflictException or LedgerDamagedException or LedgerLimitException && !http.Response.HasStarted)
        {
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (InboxFullException e)
        {
            http.Response.Headers.RetryAfter = "10";
            await AnswerAsync(http, StatusCodes.Status429TooManyRequests, e.Message);
        }
    }

    private static async Task TaskAsync(HttpContext http, Func<AuditRun, Task<int>> work)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await AnswerAsync(http, StatusCodes.Status405MethodNotAllowed, $"{http.Request.Method} is not allowed here; POST was expected");
            return;
        }

        var run = http.RequestServices.GetRequiredService<AuditRun>();
        try
        {
            var commits = await work(run);
            var sent = await run.DispatchAsync(http.RequestAborted);
            await http.Response.WriteAsJsonAsync(new { commits, sent }, http.RequestAborted);
        }
        catch (LedgerConflictException e)
        {
            await AnswerAsync(http, StatusCodes.Status409Conflict, e.Message);
        }
    }

    private static Task AnswerAsync(HttpContext http, int status, string sentence)
    {
        http.RequestServices.GetRequiredService<ILogger<Startup>>().LogWarning("Refused with {Status}: {Reason}.", status, sentence);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{sentence.TrimEnd('.')}.\n", http.RequestAborted);
    }
}
