using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>Reads Google's JSON as it comes: absent is empty, numbers may be strings or have a fraction, the case of a key does not matter.</summary>
internal static class RawJson
{
    public static JsonNode? Get(JsonNode? node, string key)
    {
        if (node is not JsonObject fields)
        {
            return null;
        }

        return fields.TryGetPropertyValue(key, out var exact) ? exact : fields.FirstOrDefault(field => string.Equals(field.Key, key, StringComparison.OrdinalIgnoreCase)).Value;
    }

    public static string? Text(JsonNode? node, string key) => Get(node, key) is { } value ? AsText(value) : null;

    public static List<JsonNode> List(JsonNode? node, string key) => Get(node, key) is JsonArray items ? [.. items.Select(item => item!)] : [];

    public static List<string> Texts(JsonNode? node, string key) => List(node, key).ConvertAll(AsText);

    public static long? Number(JsonNode? node, string key) => Text(node, key) is { } text ? (long)decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public static bool Flag(JsonNode? node, string key) => string.Equals(Text(node, key), "true", StringComparison.OrdinalIgnoreCase);

    private static string AsText(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
