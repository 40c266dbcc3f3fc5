using System.Globalization;
using Auditor.Reach.Intended;
using Auditor.Reach.Paths;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Auditor.Adapters.Configuration;

/// <summary>A YAML file as it is read key by key: what is wrong is gathered with its line, all of it, before anything is used.</summary>
internal sealed class YamlFile(string path)
{
    /// <summary>Far more than anybody writes.</summary>
    public const int MaxBytes = 1_000_000;

    public List<string> Problems { get; } = [];

    /// <summary>The top; null when there is nothing in the file, or it is no YAML.</summary>
    public YamlMappingNode? Read()
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } large)
            {
                throw new ConfigurationException([string.Create(CultureInfo.InvariantCulture, $"{path} has {large.Length} bytes; {MaxBytes} at most are wanted.")]);
            }

            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count > 1)
            {
                Add(stream.Documents[1].RootNode, "a second document begins here; one is wanted");
            }

            return stream.Documents.Count == 0 ? null : Mapping(stream.Documents[0].RootNode, "the file");
        }
        catch (YamlException e)
        {
            Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{e.Start.Line}: no valid YAML: {(e.InnerException ?? e).Message.TrimEnd('.')}."));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{path} cannot be read ({e.GetType().Name}); a readable file is wanted."]);
        }
    }

    public IntentOrigin At(YamlNode node) => new(path, (int)node.Start.Line);

    /// <summary>Adds a problem; the sentence without its full stop.</summary>
    public void Add(YamlNode node, string sentence) => Problems.Add($"{At(node)}: {sentence}.");

    /// <summary>A mapping, or null and a problem. A key without value is an empty mapping.</summary>
    public YamlMappingNode? Mapping(YamlNode node, string key)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                return mapping;
            case YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain }:
                return [];
            default:
                Add(node, $"{key} is {Words(node)}; keys with values are wanted");
                return null;
        }
    }

    /// <summary>The items of a list; one value alone is a list of one.</summary>
    public static IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode sequence ? sequence.Children
        : node is YamlScalarNode { Value: null or "" } ? [] : [node];

    /// <summary>The text of a value, or null and a problem.</summary>
    public string? Text(YamlNode node, string key)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
        {
            return text;
        }

        Add(node, $"{key} is {Words(node)}; a value is wanted");
        return null;
    }

    /// <summary>The entries of a mapping whose keys are known; any other is a problem.</summary>
    public IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries(YamlMappingNode mapping, string within, IEnumerable<string> known)
    {
        var all = known.ToList();
        foreach (var (keyNode, value) in mapping.Children)
        {
            if (keyNode is not YamlScalarNode { Value: { } text })
            {
                Add(keyNode, $"a key {Within(within)} is {Words(keyNode)}; text is wanted");
            }
            else if (all.Find(key => key.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } key)
            {
                yield return (key, keyNode, value);
            }
            else
            {
                Unknown(keyNode, $"'{text}' {Within(within)} is no key", text, all);
            }
        }
    }

    /// <summary>Adds a problem on a word that is none of some.</summary>
    public void Unknown(YamlNode node, string sentence, string text, IReadOnlyCollection<string> known)
    {
        var near = NameSearch.Near(text, known);
        Add(node, near.Count > 0 ? $"{sentence}; did you mean {string.Join(" or ", near)}" : $"{sentence}; {string.Join(", ", known.Order(StringComparer.Ordinal).Take(12))}{(known.Count > 12 ? string.Create(CultureInfo.InvariantCulture, $" and {known.Count - 12} more") : "")} are known");
    }

    private static string Within(string within) => within.Length == 0 ? "at the top" : $"in {within}";

    private static string Words(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode { Value: { Length: > 0 } text } => $"'{text}'",
        _ => "empty",
    };
}
