using System.Text.Json;

namespace Auditor.Model;

/// <summary>Looks into JSON of unknown shape without ever failing. For documents and envelopes; resources are read with <see cref="FieldReader"/>.</summary>
internal static class JsonPeek
{
    internal static bool Has(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text, or a number as text; null for anything else.</summary>
    internal static string? TextOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null
            : null;

    internal static JsonElement? ObjectOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    internal static JsonElement? ArrayOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;

    /// <summary>The items of a list; none when there is no list.</summary>
    internal static IEnumerable<JsonElement> Items(this JsonElement? array) => array is { } list ? list.EnumerateArray() : [];
}
