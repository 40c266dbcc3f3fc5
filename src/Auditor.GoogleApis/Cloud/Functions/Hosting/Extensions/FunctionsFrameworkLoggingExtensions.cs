using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Hosting.Logging;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.Logging;

public static class FunctionsFrameworkLoggingExtensions
{
    /// <summary>Logs to the console: JSON that Cloud Logging reads when K_SERVICE is set, otherwise a line for a person.</summary>
    public static ILoggingBuilder AddFunctionsConsoleLogging(this ILoggingBuilder builder, WebHostBuilderContext context)
    {
        if (FunctionsFrameworkOptions.From(context.Configuration).JsonLogging)
        {
            return builder.AddProvider(new CloudLoggerProvider());
        }

        return builder.AddSimpleConsole(options => options.SingleLine = true);
    }
}
