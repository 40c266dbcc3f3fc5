using System.Text.Json;
using Auditor.Model;

namespace Auditor.Tests.Corpus;

/// <summary>Takes the recorded documents out of what they were recorded in: HTTP logs, flights, lines, whole files.</summary>
internal static class CorpusDocuments
{
    internal static IEnumerable<(string Source, JsonElement Json, DocumentHint Hint)> All(string root)
    {
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var source = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (source.StartsWith("expected/", StringComparison.Ordinal) || Path.GetExtension(file) is not (".json" or ".dump" or ".log"))
            {
                continue;
            }

            foreach (var document in Documents(File.ReadAllText(file)))
            {
                foreach (var (json, hint) in Unwrap(document))
                {
                    yield return (source, json, hint);
                }
            }
        }
    }

    private static IEnumerable<JsonElement> Documents(string text) => TryParse(text) is { } whole ? [whole]
        : text.Split('\n').Where(line => line.StartsWith('{')).Select(TryParse).OfType<JsonElement>();

    private static IEnumerable<(JsonElement Json, DocumentHint Hint)> Unwrap(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0 && json[0].Has("method") && json[0].Has("url"))
        {
            return json.EnumerateArray().Where(call => call.TextOf("status") == "200").SelectMany(Responses);
        }

        return json.Has("headers") && json.TryGetProperty("body", out var body) ? [(body.ValueKind == JsonValueKind.String ? TryParse(body.GetString()!) ?? body : body, DocumentHint.None)]
            : [(json, DocumentHint.None)];
    }

    // What was read, and what a finished operation made.
    private static IEnumerable<(JsonElement Json, DocumentHint Hint)> Responses(JsonElement call)
    {
        if (call.ObjectOf("response") is not { } response)
        {
            return [];
        }

        var url = ResourceName.TryParse(call.TextOf("url")!.Split('?')[0], "compute.googleapis.com");
        var hint = new DocumentHint(null, url?.Project, url?.Location);
        return response.ObjectOf("response") is { } made ? [(made, hint)] : call.TextOf("method") == "GET" ? [(response, hint)] : [];
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
