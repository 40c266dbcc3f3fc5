using System.Text.Json;

namespace Auditor.Adapters.Exports;

/// <summary>Says what is wrong with JSON in a few words, without the data.</summary>
internal static class JsonErrors
{
    internal static string Shorten(JsonException error)
    {
        var text = error.Message;
        var end = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.', ' ');
    }
}
