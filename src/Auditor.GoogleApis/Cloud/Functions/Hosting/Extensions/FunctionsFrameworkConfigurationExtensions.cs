using Google.Cloud.Functions.Hosting;

namespace Microsoft.Extensions.Configuration;

public static class FunctionsFrameworkConfigurationExtensions
{
    /// <summary>Reads FUNCTION_TARGET, PORT, DOTNET_RUNNING_IN_CONTAINER and K_SERVICE.</summary>
    public static IConfigurationBuilder AddFunctionsEnvironment(this IConfigurationBuilder builder)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        Add(EntryPoint.FunctionTargetEnvironmentVariable, nameof(FunctionsFrameworkOptions.FunctionTarget), value => value);
        Add(EntryPoint.PortEnvironmentVariable, nameof(FunctionsFrameworkOptions.Port), value => value);
        Add("DOTNET_RUNNING_IN_CONTAINER", nameof(FunctionsFrameworkOptions.Address),
            value => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) ? "Any" : "Loopback");
        Add("K_SERVICE", nameof(FunctionsFrameworkOptions.JsonLogging), _ => "true");
        return builder.AddInMemoryCollection(settings);

        void Add(string variable, string key, Func<string, string> convert)
        {
            if (Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                settings[$"{FunctionsFrameworkOptions.Section}:{key}"] = convert(value);
            }
        }
    }

    /// <summary>Reads --target, --port and other settings; a single argument is the target.</summary>
    public static IConfigurationBuilder AddFunctionsCommandLine(this IConfigurationBuilder builder, string[] args)
    {
        var mappings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["--target"] = $"{FunctionsFrameworkOptions.Section}:{nameof(FunctionsFrameworkOptions.FunctionTarget)}",
            ["--port"] = $"{FunctionsFrameworkOptions.Section}:{nameof(FunctionsFrameworkOptions.Port)}",
        };
        return args is { Length: > 0 }
            ? builder.AddCommandLine(args is [var target] && !target.StartsWith("--", StringComparison.Ordinal) ? ["--target", target] : args, mappings)
            : builder;
    }
}
