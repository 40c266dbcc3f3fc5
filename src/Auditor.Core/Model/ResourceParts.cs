using System.Text.Json;

namespace Auditor.Model;

/// <summary>What other calls told of one resource, field by field.</summary>
internal sealed class ResourceParts
{
    private readonly SortedDictionary<string, List<JsonElement>> _items = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _unread = new(StringComparer.Ordinal);

    /// <summary>The fields of the resource that this takes the place of.</summary>
    internal IEnumerable<string> Fields => ResourcePart.All.Where(part => _items.ContainsKey(part.Field) || _unread.ContainsKey(part.UnreadField)).SelectMany(part => new[] { part.Field, part.UnreadField });

    internal static ResourceParts Merge(IEnumerable<ResourceParts> all)
    {
        var merged = new ResourceParts();
        foreach (var parts in all)
        {
            foreach (var (field, items) in parts._items)
            {
                merged.ListOf(field).AddRange(items);
            }

            foreach (var (field, reason) in parts._unread)
            {
                merged._unread[field] = reason;
            }
        }

        return merged;
    }

    internal void Add(ResourcePart part, IEnumerable<JsonElement> items) =>
        ListOf(part.Field).AddRange(items.Where(item => part != ResourcePart.Records || DnsRecord.LeadsToAddress(item)).Select(item => item.Clone()));

    internal void AddUnread(ResourcePart part, string reason) => _unread[part.UnreadField] = reason;

    /// <summary>Writes the parts as fields. A part of which a page failed is not known, whatever the other pages said. Sorted, because no call promises an order.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        foreach (var (field, items) in _items.Where(pair => !_unread.ContainsKey($"{pair.Key}Unread")))
        {
            writer.WriteStartArray(field);
            foreach (var item in items.DistinctBy(item => item.GetRawText(), StringComparer.Ordinal).OrderBy(item => item.GetRawText(), StringComparer.Ordinal))
            {
                item.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        foreach (var (field, reason) in _unread)
        {
            writer.WriteString(field, reason);
        }
    }

    private List<JsonElement> ListOf(string field)
    {
        if (!_items.TryGetValue(field, out var list))
        {
            _items[field] = list = [];
        }

        return list;
    }
}
