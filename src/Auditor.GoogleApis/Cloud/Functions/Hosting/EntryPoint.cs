using System.Reflection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Serves a function as a process.</summary>
public static class EntryPoint
{
    public const string FunctionTargetEnvironmentVariable = "FUNCTION_TARGET";

    public const string PortEnvironmentVariable = "PORT";

    /// <summary>Serves the function of the assembly until the process is told to stop; returns the exit code.</summary>
    public static async Task<int> StartAsync(Assembly functionAssembly, string[] args)
    {
        using var host = Host.CreateDefaultBuilder()
            .ConfigureWebHostDefaults(web => web
                .ConfigureAppConfiguration(configuration => configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args))
                .ConfigureLogging((context, logging) => logging.ClearProviders().AddFunctionsConsoleLogging(context))
                .ConfigureKestrelForFunctionsFramework()
                .ConfigureServices((context, services) => services.AddFunctionTarget(context, functionAssembly))
                .UseFunctionsStartups(functionAssembly)
                .Configure((context, app) => app.UseFunctionsFramework(context)))
            .Build();
        await host.RunAsync();
        return 0;
    }
}
