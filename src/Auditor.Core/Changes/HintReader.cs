using System.Collections.Frozen;
using System.Text.Json;

namespace Auditor.Changes;

/// <summary>
/// Picks the few names out of a request or response that help to find the resource when resourceName names its parent. Everything else, secrets
/// included, is passed over undecoded.
/// </summary>
internal static class HintReader
{
    private const int MostHints = 32;
    private const int LongestValue = 512;
    private const int LongestName = 40;
    private const int DeepestPath = 3;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_leaves = FrozenSet.Create(
        StringComparer.Ordinal,
        "name", "parent", "resource", "id", "instance", "network", "subnetwork", "consumerNetwork", "region", "location", "zone", "namespace",
        "targetLink", "currentLocations", "destinationInstanceName").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_containers = FrozenSet.Create(
        StringComparer.Ordinal,
        "metadata", "service", "job", "workerPool", "function", "connector", "version", "body", "connection", "xpnResource", "networkInterfaces",
        "tagBinding", "instance", "cluster", "sink", "policy", "cloneContext", "updateMask").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the value after the property name under the reader.</summary>
    public static void Read(ref Utf8JsonReader reader, List<EventHint> hints, string path)
    {
        reader.Read();
        ReadValue(ref reader, hints, path, depth: 0, isLeaf: false);
    }

    private static void ReadValue(ref Utf8JsonReader reader, List<EventHint> hints, string path, int depth, bool isLeaf)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, hints, path, depth);
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadValue(ref reader, hints, path, depth, isLeaf);
                }

                break;
            case JsonTokenType.String when isLeaf && reader.ValueSpan.Length is > 0 and <= LongestValue && hints.Count < MostHints:
                hints.Add(new EventHint(path, reader.GetString()!));
                break;
            case JsonTokenType.Number when isLeaf && hints.Count < MostHints:
                hints.Add(new EventHint(path, reader.TextHere()!));
                break;
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, List<EventHint> hints, string path, int depth)
    {
        Span<char> name = stackalloc char[LongestName];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan.Length > LongestName || hints.Count >= MostHints)
            {
                reader.Skip();
                continue;
            }

            var camel = name[..ToCamel(name[..reader.CopyString(name)])];
            var isMask = camel.SequenceEqual("paths") && path.EndsWith("updateMask", StringComparison.Ordinal);
            var isLeaf = isMask || s_leaves.Contains(camel) || (camel.EndsWith("Id") && !camel.SequenceEqual("requestId"));
            var isContainer = depth < DeepestPath && s_containers.Contains(camel);
            if (!isLeaf && !isContainer)
            {
                reader.Skip();
                continue;
            }

            var below = isMask ? path : $"{path}.{camel}";
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject && !isContainer)
            {
                reader.Skip();
            }
            else
            {
                ReadValue(ref reader, hints, below, depth + 1, isLeaf || camel.SequenceEqual("updateMask"));
            }
        }
    }

    // update_mask and updateMask are the same field: requests come in either spelling.
    private static int ToCamel(Span<char> name)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            name[length++] = name[i] == '_' && i + 1 < name.Length ? char.ToUpperInvariant(name[++i]) : name[i];
        }

        return length;
    }
}
