using System.Collections.Immutable;
using System.Text.Json;

namespace Auditor.Model;

/// <summary>Learns which project id belongs to which number: from projects themselves, and from asset envelopes that hold both.</summary>
internal sealed class ProjectNumbers
{
    private readonly SortedDictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _seen = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, string>? _map;

    /// <summary>What is known so far; a project's own word counts more than an envelope's.</summary>
    internal ImmutableDictionary<string, string> ToMap() => _map ??= _seen.Concat(_said)
        .Aggregate(ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal), (map, pair) =>
        {
            map[pair.Key] = pair.Value;
            return map;
        }).ToImmutable();

    /// <summary>Reads a project of resourcemanager v1 or v3 or of compute; gives its id.</summary>
    internal string? LearnFromProject(JsonElement json)
    {
        var id = json.TextOf("projectId") ?? (json.TextOf("kind") == "compute#project" || json.Has("quotas") || json.Has("defaultServiceAccount") ? json.TextOf("name") : null);
        var name = json.TextOf("name");
        var number = json.TextOf("projectNumber")
            ?? (name is not null && name.StartsWith("projects/", StringComparison.Ordinal) ? name["projects/".Length..] : json.Has("projectId") ? null : json.TextOf("id"));
        Learn(_said, number, id);
        return id;
    }

    internal void LearnFromEnvelope(string? number, string? project) => Learn(_seen, number, project);

    // Of two ids for one number, which only a mixed-up input has, the lesser: so that order does not matter.
    private void Learn(SortedDictionary<string, string> map, string? number, string? id)
    {
        if (IsNumber(number) && !string.IsNullOrEmpty(id) && !IsNumber(id) && (!map.TryGetValue(number!, out var known) || string.CompareOrdinal(id, known) < 0))
        {
            map[number!] = id;
            _map = null;
        }
    }

    private static bool IsNumber(string? text) => text is { Length: > 0 } && text.All(char.IsAsciiDigit);
}
