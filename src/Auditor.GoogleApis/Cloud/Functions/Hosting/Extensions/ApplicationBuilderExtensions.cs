using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Hosting;

public static class ApplicationBuilderExtensions
{
    /// <summary>Ends the pipeline: the startups' middleware, 404 for what browsers ask by themselves, the function for all else.</summary>
    public static IApplicationBuilder UseFunctionsFramework(this IApplicationBuilder app, WebHostBuilderContext context)
    {
        foreach (var startup in app.ApplicationServices.GetServices<FunctionsStartup>())
        {
            startup.Configure(context, app);
        }

        app.Map("/robots.txt", NotFound);
        app.Map("/favicon.ico", NotFound);
        app.Run(request => request.RequestServices.GetRequiredService<IHttpFunction>().HandleAsync(request));

        app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EntryPoint).FullName!)
            .LogInformation("Serving function {Function}", app.ApplicationServices.GetRequiredService<FunctionTarget>().FunctionType.FullName);
        return app;
    }

    private static void NotFound(IApplicationBuilder app) => app.Run(context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
