using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// The fields of a resource that its parser asked for: the trimmed JSON that the ledger stores. Written with sorted keys, so that the same
/// facts give the same bytes.
/// </summary>
public sealed class KeptFields
{
    private readonly SortedDictionary<string, Node> _fields = new(StringComparer.Ordinal);

    /// <summary>The trimmed JSON as UTF-8, keys sorted ordinally, no white space.</summary>
    public byte[] ToCanonicalJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer);
        }

        return stream.ToArray();
    }

    internal void Leaf(string name, JsonElement value) => _fields[name] = new Node(value, null, null);

    internal KeptFields Child(string name)
    {
        if (!_fields.TryGetValue(name, out var node) || node.Child is null)
        {
            _fields[name] = node = new Node(default, new KeptFields(), null);
        }

        return node.Child!;
    }

    internal KeptFields[] List(string name, int count)
    {
        if (!_fields.TryGetValue(name, out var node) || node.Items is null)
        {
            _fields[name] = node = new Node(default, null, [.. Enumerable.Range(0, count).Select(_ => new KeptFields())]);
        }

        return node.Items!;
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, node) in _fields)
        {
            writer.WritePropertyName(name);
            if (node.Items is { } items)
            {
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    item.Write(writer);
                }

                writer.WriteEndArray();
            }
            else if (node.Child is { } child)
            {
                child.Write(writer);
            }
            else
            {
                WriteSorted(writer, node.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(property.Name);
            WriteSorted(writer, property.Value);
        }

        writer.WriteEndObject();
    }

    private sealed record Node(JsonElement Value, KeptFields? Child, KeptFields[]? Items);
}
