using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Auditor.Tests.GoogleApis;

/// <summary>A function on a real server, on a free loopback port, hosted inside the test's process.</summary>
internal sealed class FunctionServer : IAsyncDisposable
{
    private readonly IHost _host;

    private FunctionServer(IHost host)
    {
        _host = host;
        Address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Hosts a given function as the command line does: own port, own startups, nothing from the environment.</summary>
    public static Task<FunctionServer> StartAsync<TFunction>(Recorder recorder, params FunctionsStartup[] startups) =>
        StartAsync(web =>
        {
            web.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0))
                .ConfigureLogging(logging => logging.AddProvider(new Recorder.Provider(recorder)))
                .ConfigureServices(services => services.AddFunctionTarget<TFunction>().AddSingleton(recorder));
            foreach (var startup in startups)
            {
                web.UseFunctionsStartup(startup);
            }
        });

    /// <summary>Hosts what the arguments and the environment name, the way the process of a deployed function does.</summary>
    public static Task<FunctionServer> StartAsync(Assembly assembly, Recorder recorder, params string[] args) =>
        StartAsync(web => web
            .ConfigureAppConfiguration(configuration => configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args))
            .ConfigureLogging((context, logging) => logging.ClearProviders().AddFunctionsConsoleLogging(context))
            .ConfigureKestrelForFunctionsFramework()
            .ConfigureServices((context, services) => services.AddFunctionTarget(context, assembly).AddSingleton(recorder))
            .UseFunctionsStartups(assembly));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<FunctionServer> StartAsync(Action<IWebHostBuilder> configure)
    {
        var host = new HostBuilder()
            .ConfigureWebHostDefaults(web =>
            {
                configure(web);
                web.Configure((context, app) => app.UseFunctionsFramework(context));
            })
            .Build();
        await host.StartAsync();
        return new FunctionServer(host);
    }
}
