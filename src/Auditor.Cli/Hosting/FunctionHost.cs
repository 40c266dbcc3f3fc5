using System.Net;
using Auditor.Function;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Auditor.Cli.Hosting;

/// <summary>The deployed function in this process, on loopback: the same startup, pipeline and routes.</summary>
internal static class FunctionHost
{
    /// <summary>Starts it on a port; 0 takes a free one.</summary>
    /// <param name="settings">Configuration keys over the environment's, such as "Auditor:Ledger:Path".</param>
    public static async Task<IHost> StartAsync(int port, LogLevel level, IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? configure, CancellationToken cancellationToken)
    {
        var host = new HostBuilder()
            .ConfigureWebHostDefaults(web => web
                .ConfigureAppConfiguration(configuration => configuration.AddEnvironmentVariables().AddInMemoryCollection(settings))
                .ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(level).AddSimpleConsole(console => console.SingleLine = true)
                    .AddFilter("Microsoft", LogLevel.Warning).Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace))
                .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port))
                .ConfigureServices(services => services.AddFunctionTarget<AuditFunction>())
                .UseFunctionsStartup(new Startup())
                .ConfigureServices(services => configure?.Invoke(services))
                .Configure((context, app) => app.UseFunctionsFramework(context)))
            .Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Where a started host listens.</summary>
    public static Uri AddressOf(IHost host) =>
        new(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
}
