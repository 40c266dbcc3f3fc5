using System.Globalization;
using System.Text.Json;
using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// Reads the fields of one JSON object of Google's REST representation, tolerantly: numbers may be strings or floats, flags may be text, enums
/// may be numbers, compute's keys may differ in case, absent is null. What a parser asks for is what the auditor models: every field asked for
/// is kept (see <see cref="KeptFields"/>), and nothing else is stored.
/// </summary>
/// <param name="element">The object to read.</param>
/// <param name="context">Where the object comes from.</param>
/// <param name="kept">Collects what was asked for; null when nobody wants the trimmed JSON.</param>
/// <param name="path">Where this object stands in the resource, for messages; empty at the root.</param>
public sealed class FieldReader(JsonElement element, ParseContext context, KeptFields? kept = null, string path = "")
{
    /// <summary>Where the object comes from.</summary>
    public ParseContext Context => context;

    /// <summary>The same object read without keeping anything.</summary>
    internal FieldReader Unkept => new(element, context, null, path);

    /// <summary>Keeps, as texts, something worked out of fields that are not kept; nothing when it is empty.</summary>
    internal ValueList<T> KeepDerived<T>(string name, ValueList<T> values)
    {
        if (kept is not null && !values.IsEmpty)
        {
            kept.Leaf(name, JsonSerializer.SerializeToElement(values.Select(value => value!.ToString())));
        }

        return values;
    }

    /// <summary>Whether the field is present and not null. Asking does not model it.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A text that only tells the parser where to look. Asking does not model it.</summary>
    public string? Peek(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A text; a number or flag is given as its text.</summary>
    public string? Text(string name) => !TryGet(name, out var value) ? null : Keep(name, value).ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw NotUnderstood(name, value, "a text"),
    };

    /// <summary>A whole number, also from "1000" or 1000.0.</summary>
    public long? LargeNumber(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        Keep(name, value);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && decimal.IsInteger(exact) && exact is >= long.MinValue and <= long.MaxValue
            ? (long)exact
            : throw NotUnderstood(name, value, "a whole number");
    }

    /// <summary>As <see cref="LargeNumber"/>, for fields that fit an int.</summary>
    public int? Number(string name) => LargeNumber(name) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var number => (int)number,
        _ => throw NotUnderstood(name, element.GetProperty(name), "a 32-bit number"),
    };

    /// <summary>True or false, also from "true".</summary>
    public bool? Flag(string name) => !TryGet(name, out var value) ? null : Keep(name, value).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw NotUnderstood(name, value, "true or false"),
    };

    /// <summary>An RFC 3339 instant with any offset.</summary>
    public DateTimeOffset? Instant(string name) => !TryGet(name, out var value) ? null
        : Timestamps.TryParse(Keep(name, value).ValueKind == JsonValueKind.String ? value.GetString() : null)
        ?? throw NotUnderstood(name, value, "a timestamp");

    /// <summary>
    /// An enum by name (SCREAMING_SNAKE, kebab or camel) or by its published number, which is the member's value. A word that Google added later
    /// becomes <paramref name="unrecognized"/>; absent is null. A <paramref name="prefix"/> that all of Google's words share may be left out of
    /// the members' names.
    /// </summary>
    public T? Choice<T>(string name, T unrecognized, string prefix = "")
        where T : struct, Enum
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        Keep(name, value);
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt32(out var number) && Enum.IsDefined(typeof(T), number) ? (T)Enum.ToObject(typeof(T), number) : unrecognized;
        }

        var word = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw NotUnderstood(name, value, "an enum value");
        return GoogleWords.TryRead<T>(word, prefix) ?? unrecognized;
    }

    /// <summary>A list of texts; empty when absent. A single text counts as a list of one.</summary>
    public ValueList<string> Texts(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        Keep(name, value);
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => TextsOf(name, value),
            _ => throw NotUnderstood(name, value, "a list of texts"),
        };
    }

    /// <summary>A map of texts, sorted by key; empty when absent.</summary>
    public ValueList<KeyValuePair<string, string>> Map(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        return Keep(name, value).ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
                .Select(property => KeyValuePair.Create(property.Name, property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).ToValueList()
            : throw NotUnderstood(name, value, "an object");
    }

    /// <summary>An object below this one; null when absent.</summary>
    public FieldReader? Child(string name) => !TryGet(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? new FieldReader(value, context, kept?.Child(name), PathOf(name))
        : throw NotUnderstood(name, value, "an object");

    /// <summary>The objects of a list; empty when absent.</summary>
    public IReadOnlyList<FieldReader> Children(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw NotUnderstood(name, value, "a list");
        }

        var count = value.GetArrayLength();
        var list = kept?.List(name, count);
        var readers = new FieldReader[count];
        var i = 0;
        foreach (var item in value.EnumerateArray())
        {
            readers[i] = item.ValueKind == JsonValueKind.Object
                ? new FieldReader(item, context, list?[i], $"{PathOf(name)}[{i.ToString(CultureInfo.InvariantCulture)}]")
                : throw NotUnderstood(name, item, "a list of objects");
            i++;
        }

        return readers;
    }

    /// <summary>The objects of a part that Google tells in another call; null when that was not made.</summary>
    internal IReadOnlyList<FieldReader>? Part(ResourcePart part) => Has(part.Field) ? Children(part.Field) : null;

    /// <summary>
    /// A reference to another resource in any of Google's forms: full name, URL, relative path, or a bare name, which then is one of
    /// <paramref name="project"/> and <paramref name="location"/>. Null when absent or empty.
    /// </summary>
    public ResourceName? Reference(string name, ResourceKind kind, string? project = null, string? location = null) =>
        context.Resolve(Text(name), kind, project, location);

    /// <summary>A list of references, each as in <see cref="Reference"/>.</summary>
    public ValueList<ResourceName> References(string name, ResourceKind kind, string? project = null, string? location = null) =>
        Texts(name).Select(text => context.Resolve(text, kind, project, location)).OfType<ResourceName>().ToValueList();

    /// <summary>A reference to a resource of any kind of an API, modelled or not; null when absent, empty or a bare word.</summary>
    public ResourceName? AnyReference(string name, string host) => context.ResolveAny(Text(name), host);

    /// <summary>An address or CIDR block; null when absent or empty.</summary>
    public IpRange? Range(string name) => Text(name) is { Length: > 0 } text ? IpRange.TryParse(text) ?? throw NotUnderstood(name, $"\"{text}\"", "an address or CIDR block") : null;

    /// <summary>A list of addresses or CIDR blocks.</summary>
    public ValueList<IpRange> Ranges(string name)
    {
        var texts = Texts(name);
        if (texts.IsEmpty)
        {
            return [];
        }

        var ranges = new IpRange[texts.Count];
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = IpRange.TryParse(texts[i]) ?? throw NotUnderstood(name, $"\"{texts[i]}\"", "a list of addresses or CIDR blocks");
        }

        return ValueList.Create<IpRange>(ranges);
    }

    /// <summary>Says that a field was found but makes no sense.</summary>
    public NotUnderstoodException NotUnderstood(string name, string found, string wanted) => new($"{PathOf(name)} is {found}; {wanted} was expected");

    private NotUnderstoodException NotUnderstood(string name, JsonElement value, string wanted) =>
        NotUnderstood(name, value.ValueKind is JsonValueKind.Object ? "an object" : value.ValueKind is JsonValueKind.Array ? "a list" : Shorten(value.GetRawText()), wanted);

    private ValueList<string> TextsOf(string name, JsonElement list)
    {
        var texts = new string[list.GetArrayLength()];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            texts[i++] = item.ValueKind switch
            {
                JsonValueKind.String => item.GetString()!,
                JsonValueKind.Number => item.GetRawText(),
                _ => throw NotUnderstood(name, item, "a list of texts"),
            };
        }

        return ValueList.Create<string>(texts);
    }

    private bool TryGet(string name, out JsonElement value)
    {
        if (!element.TryGetProperty(name, out value) && name.StartsWith("ip", StringComparison.OrdinalIgnoreCase))
        {
            // Compute answers "IPProtocol", an asset export of the same rule "ipProtocol". Only names with this word are written in two ways.
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name.Length == name.Length && property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    value = property.Value;
                    break;
                }
            }
        }

        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    private JsonElement Keep(string name, JsonElement value)
    {
        kept?.Leaf(name, value);
        return value;
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text.AsSpan(0, 57)}...";
}
