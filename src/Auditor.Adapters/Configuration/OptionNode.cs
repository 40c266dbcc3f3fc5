using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Auditor.Adapters.Configuration;

/// <summary>The keys under which <see cref="AuditorOptions"/> can be set, worked out from its properties: a file or the environment knows exactly these.</summary>
internal sealed class OptionNode
{
    private readonly Type _type;

    private OptionNode(Type type)
    {
        _type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsScalar)
        {
            return;
        }

        if (_type.GetInterfaces().Prepend(_type).FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IList<>)) is { } list)
        {
            Item = new OptionNode(list.GetGenericArguments()[0]);
            return;
        }

        foreach (var property in _type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            Children[JsonName(property.Name)] = new OptionNode(property.PropertyType);
        }
    }

    /// <summary>The root.</summary>
    public static OptionNode Root { get; } = new(typeof(AuditorOptions));

    /// <summary>What stands below, by key as a file writes it; letter case does not count. Empty for values and lists.</summary>
    public SortedDictionary<string, OptionNode> Children { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a list holds; null when it is none.</summary>
    public OptionNode? Item { get; }

    public bool IsScalar => _type.IsPrimitive || _type == typeof(string) || _type == typeof(TimeSpan);

    /// <summary>What a value is, for messages.</summary>
    public string Wanted => _type == typeof(bool) ? "true or false" : _type == typeof(TimeSpan) ? "a time such as 00:01:30, or 400.00:00:00 for days" : _type == typeof(int) ? "a whole number" : "text";

    /// <summary>Whether a text is a value of the kind; ranges are the validator's.</summary>
    public bool Accepts(string text)
    {
        try
        {
            return TypeDescriptor.GetConverter(_type).ConvertFromString(null, CultureInfo.InvariantCulture, text) is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Every key that takes a value, sorted: "google.projects[]", "ledger.path".</summary>
    public IEnumerable<string> Keys(string prefix = "") => IsScalar ? [prefix]
        : Item is { } item ? item.Keys($"{prefix}[]")
        : Children.SelectMany(pair => pair.Value.Keys(prefix.Length == 0 ? pair.Key : $"{prefix}.{pair.Key}"));

    private static string JsonName(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
