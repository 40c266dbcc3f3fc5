using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Hosting;

public static class FunctionsFrameworkWebHostBuilderExtensions
{
    /// <summary>Listens on the configured port: on loopback, or on any address inside a container.</summary>
    public static IWebHostBuilder ConfigureKestrelForFunctionsFramework(this IWebHostBuilder builder)
    {
        // The container images of .NET set ports of their own, and Kestrel warns when it passes them over.
        foreach (var key in (string[])[WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey])
        {
            builder.UseSetting(key, "");
        }

        return builder.ConfigureKestrel((context, kestrel) =>
        {
            var options = FunctionsFrameworkOptions.From(context.Configuration);
            kestrel.Listen(options.ListenAddress(), options.Port);
        });
    }

    /// <summary>Uses the startups that the assembly names, in their order.</summary>
    public static IWebHostBuilder UseFunctionsStartups(this IWebHostBuilder webHostBuilder, Assembly assembly)
    {
        var attributes = assembly.GetCustomAttributes<FunctionsStartupAttribute>()
            .OrderBy(attribute => attribute.Order)
            .ThenBy(attribute => attribute.StartupType.FullName, StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            webHostBuilder.UseFunctionsStartup((FunctionsStartup)Activator.CreateInstance(attribute.StartupType)!);
        }

        return webHostBuilder;
    }

    public static IWebHostBuilder UseFunctionsStartup(this IWebHostBuilder webHostBuilder, FunctionsStartup startup) =>
        webHostBuilder
            .ConfigureAppConfiguration(startup.ConfigureAppConfiguration)
            .ConfigureLogging(startup.ConfigureLogging)
            .ConfigureServices(startup.ConfigureServices)
            .ConfigureServices(services => services.AddSingleton(startup));
}
