using System.Net;
using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The section "FunctionsFramework" of the configuration, filled from the environment and the command line.</summary>
internal sealed class FunctionsFrameworkOptions
{
    public const string Section = "FunctionsFramework";

    /// <summary>0 to 65535; default 8080. 0 takes a free port.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Full name of the function class; null for the only one.</summary>
    public string? FunctionTarget { get; set; }

    /// <summary>Any, Loopback or an address; default Loopback.</summary>
    public string? Address { get; set; }

    /// <summary>True writes logs as Cloud Logging reads them.</summary>
    public bool JsonLogging { get; set; }

    public static FunctionsFrameworkOptions From(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<FunctionsFrameworkOptions>() ?? new FunctionsFrameworkOptions();

    public IPAddress ListenAddress() => Address switch
    {
        null or "Loopback" => IPAddress.Loopback,
        "Any" => IPAddress.Any,
        _ => IPAddress.Parse(Address),
    };
}
