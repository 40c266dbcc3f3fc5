using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting.Logging;

/// <summary>Writes an entry as one line of JSON with the keys that Cloud Logging lifts out: severity and message.</summary>
internal sealed class CloudLogger(string category, Func<IExternalScopeProvider> scopes) : ILogger
{
    private const string Template = "{OriginalFormat}";

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes().Push(state);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("message", formatter(state, exception));
            writer.WriteString("category", category);
            writer.WriteString("severity", Severity(logLevel));
            if (eventId.Id != 0)
            {
                writer.WriteNumber("event_id", eventId.Id);
            }

            if (exception is not null)
            {
                writer.WriteString("exception", exception.ToString());
            }

            if (state is IEnumerable<KeyValuePair<string, object?>> values && values.Any(pair => pair.Key != Template))
            {
                writer.WritePropertyName("format_parameters");
                WriteValues(writer, values);
            }

            WriteScopes(writer);
            writer.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void WriteScopes(Utf8JsonWriter writer)
    {
        var outer = writer.CurrentDepth;
        scopes().ForEachScope(
            (scope, json) =>
            {
                if (json.CurrentDepth == outer)
                {
                    json.WriteStartArray("scopes");
                }

                if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                {
                    WriteValues(json, values);
                }
                else
                {
                    json.WriteStringValue(Text(scope));
                }
            },
            writer);
        if (writer.CurrentDepth > outer)
        {
            writer.WriteEndArray();
        }
    }

    private static void WriteValues(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> values)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in values)
        {
            if (key.Length > 0)
            {
                writer.WriteString(char.IsDigit(key[0]) ? "_" + key : key, Text(value));
            }
        }

        writer.WriteEndObject();
    }

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string Severity(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };
}
