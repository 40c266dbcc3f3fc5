using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auditor.Tests.Corpus;

/// <summary>The leaves of a JSON document, and documents that differ from it in one leaf.</summary>
internal static class JsonPaths
{
    /// <summary>Paths with indexes, such as "rules[0].priority". An empty object or list is a leaf too.</summary>
    internal static IEnumerable<string> Leaves(JsonElement json, string path = "")
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when json.EnumerateObject().Any():
                return json.EnumerateObject().SelectMany(property => Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}"));
            case JsonValueKind.Array when json.GetArrayLength() > 0:
                return json.EnumerateArray().SelectMany((item, i) => Leaves(item, $"{path}[{i}]"));
            default:
                return [path];
        }
    }

    /// <summary>Every document that has another value in one leaf: the leaf's path, and a few documents with other values there.</summary>
    internal static IEnumerable<(string Path, IEnumerable<JsonElement> Changed)> Mutations(JsonElement json)
    {
        var count = CountValues(JsonNode.Parse(json.GetRawText())!);
        for (var i = 0; i < count; i++)
        {
            var at = i;
            var root = JsonNode.Parse(json.GetRawText())!;
            var leaf = Values(root).ElementAt(at);
            yield return (leaf.GetPath(), Others(leaf).Select(other =>
            {
                var copy = JsonNode.Parse(json.GetRawText())!;
                Values(copy).ElementAt(at).ReplaceWith(other);
                return JsonElement.Parse(copy.ToJsonString());
            }));
        }
    }

    private static int CountValues(JsonNode node) => Values(node).Count();

    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(pair => Values(pair.Value)),
        JsonArray a => a.SelectMany(Values),
        JsonValue v => [v],
        _ => [],
    };

    // Words that no enum, address, flag or list has; a value that makes no sense is noticed as well.
    private static IEnumerable<JsonNode> Others(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => [JsonValue.Create(false)],
        JsonValueKind.False => [JsonValue.Create(true)],
        JsonValueKind.Number => [JsonNode.Parse("4711")!, JsonNode.Parse("3")!],
        _ => value.GetValue<string>() is var text
            ? [JsonValue.Create(text + "x"), JsonValue.Create("projects/other/regions/elsewhere/things/x"), JsonValue.Create("10.99.0.0/17"), JsonValue.Create("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")]
            : [],
    };
}
