using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auditor.Tests.Corpus;

/// <summary>Finds the audit log entries in the corpus' files, whatever stands around them.</summary>
internal static partial class AuditEntries
{
    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Every object with a protoPayload, with its file's path below the corpus; sorted by path.</summary>
    public static IEnumerable<(string File, JsonObject Entry)> In(string corpus) =>
        from path in Directory.EnumerateFiles(corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let file = Path.GetRelativePath(corpus, path).Replace('\\', '/')
        where Path.GetExtension(path) is ".json" or ".ndjson" or ".log" or ".yml" && new FileInfo(path).Length < 5_000_000
        let text = File.ReadAllText(path)
        where text.Contains("protoPayload", StringComparison.OrdinalIgnoreCase)
        from node in Path.GetExtension(path) == ".yml" ? LogBlocks(text) : Values(text)
        from entry in Entries(node)
        select (file, entry);

    /// <summary>
    /// The entry with what the publisher's scrubbing broke put right: times, versions and escapes whose digits were replaced by zeros.
    /// </summary>
    public static string Restored(JsonObject entry) => entry.ToJsonString()
        .Replace("0000-00-00T", "2021-01-01T", StringComparison.Ordinal)
        .Replace("cloudaudit.googleapis.com%0F", "cloudaudit.googleapis.com%2F", StringComparison.Ordinal);

    private static IEnumerable<JsonObject> Entries(JsonNode? node) => node switch
    {
        JsonObject entry when entry["protoPayload"] is JsonObject => [entry],
        JsonObject map => map.SelectMany(pair => Entries(pair.Value)),
        JsonArray list => list.SelectMany(Entries),
        _ => [],
    };

    // A JSON file, lines of JSON, or prose with JSON objects that begin at the start of a line.
    private static IEnumerable<JsonNode?> Values(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length;)
        {
            if (bytes[at] is (byte)'{' or (byte)'[' && TryRead(bytes.AsSpan(at), out var node, out var length))
            {
                yield return node;
                at += length;
            }

            var next = Array.IndexOf(bytes, (byte)'\n', at);
            at = next < 0 ? bytes.Length : next + 1;
        }
    }

    // Panther's rule tests: a flow mapping below "Log:", in the spelling of its parser.
    private static IEnumerable<JsonNode?> LogBlocks(string text)
    {
        foreach (Match match in LogKey().Matches(text))
        {
            if (TryRead(Encoding.UTF8.GetBytes(text[(match.Index + match.Length - 1)..]), out var node, out _) && node is JsonObject entry)
            {
                yield return Unspelled(entry);
            }
        }
    }

    private static JsonObject Unspelled(JsonObject entry)
    {
        var json = entry.ToJsonString();
        foreach (var (panther, google) in new[] { ("protopayload", "protoPayload"), ("at_sign_type", "@type"), ("insertid", "insertId"), ("logname", "logName"), ("receivetimestamp", "receiveTimestamp"), ("callerIP", "callerIp") })
        {
            json = json.Replace($"\"{panther}\":", $"\"{google}\":", StringComparison.Ordinal);
        }

        return JsonNode.Parse(SpacedTime().Replace(json, "${day}T${time}Z"))!.AsObject();
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out JsonNode? node, out int length)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowMultipleValues = true });
        try
        {
            reader.Read();
            reader.Skip();
            length = (int)reader.BytesConsumed;
            node = JsonNode.Parse(bytes[..length], documentOptions: s_lenient);
            return true;
        }
        catch (JsonException)
        {
            (node, length) = (null, 0);
            return false;
        }
    }

    [GeneratedRegex(@"\n +Log:\s*\{", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogKey();

    [GeneratedRegex(@"(?<day>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d(?:\.\d+)?)(?="")", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpacedTime();
}
