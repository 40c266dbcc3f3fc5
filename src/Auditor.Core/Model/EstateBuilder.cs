using System.Collections.Immutable;
using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// Makes an <see cref="Estate"/> of JSON documents in any of Google's shapes: asset exports, search results, REST objects and lists, effective
/// firewalls. The order of documents does not matter, except that of two descriptions of one resource the one with the later update time wins,
/// and without times the later added. Not thread-safe.
/// </summary>
/// <param name="keepJson">Whether to keep the trimmed canonical JSON of each resource.</param>
/// <param name="readVariables">Whether workloads' variables are looked at for endpoints.</param>
public sealed class EstateBuilder(bool keepJson = false, bool readVariables = true)
{
    private readonly List<EstateItem> _items = [];
    private readonly List<Gap> _gaps = [];
    private readonly List<EstateProblem> _problems = [];
    private readonly SortedDictionary<string, int> _notModelled = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceName, ResourceParts> _parts = [];
    private readonly ProjectNumbers _numbers = new();
    private readonly ProjectCoverage _coverage = new();

    /// <summary>Resources of modelled kinds added so far, duplicates included.</summary>
    public int Added => _items.Count;

    /// <summary>Objects of other kinds seen so far.</summary>
    public int NotModelled { get; private set; }

    /// <summary>Called for every description of a resource as it was found, before it is parsed.</summary>
    public Action<ResourceName, JsonElement, string>? Found { get; init; }

    /// <summary>Adds whatever a document holds. The document may be disposed afterwards.</summary>
    /// <param name="source">Where it comes from, for messages; a file name or URL that names a network helps to place effective firewalls.</param>
    public AddedDocument Add(JsonElement document, string source, DocumentHint? hint = null)
    {
        var (items, others) = (_items.Count, NotModelled);
        new DocumentWalk(this, source).Walk(document, hint ?? DocumentHint.None);
        return new AddedDocument(_items.Count - items, NotModelled - others);
    }

    /// <summary>Adds a resource that was read by its name.</summary>
    public void Add(ResourceName name, JsonElement json, string source) => AddResource(name, json, source);

    /// <summary>Adds what another call told of a resource; pages add up.</summary>
    public void AddPart(ResourcePart part, ResourceName owner, IEnumerable<JsonElement> items) => PartsOf(owner).Add(part, items);

    /// <summary>Says why another call could not tell a part of a resource.</summary>
    public void AddUnreadPart(ResourcePart part, ResourceName owner, string reason) => PartsOf(owner).AddUnread(part, reason);

    /// <summary>Adds something that could not be read.</summary>
    public void AddGap(Gap gap) => _gaps.Add(gap);

    /// <summary>Adds something that could not be read.</summary>
    public void AddGap(GapScope scope, string reason) => _gaps.Add(new Gap(scope, reason));

    /// <summary>The estate of everything added.</summary>
    /// <param name="complete">Whether the input is known to hold everything of the projects it mentions.</param>
    /// <param name="readAt">When the input was read; null when it does not say.</param>
    public EstateBuild Build(bool complete = false, DateTimeOffset? readAt = null)
    {
        var numbers = _numbers.ToMap();
        var gaps = new List<Gap>(_gaps);
        var problems = new List<EstateProblem>(_problems);
        var json = ImmutableSortedDictionary.CreateBuilder<ResourceName, byte[]>();
        var entries = new Dictionary<ResourceName, EstateEntry>();
        var parts = _parts.GroupBy(pair => pair.Key.WithProjectId(numbers)).ToDictionary(group => group.Key, group => ResourceParts.Merge(group.Select(pair => pair.Value)));
        foreach (var group in _items.GroupBy(item => item.Parsed.Name.WithProjectId(numbers)).OrderBy(group => group.Key))
        {
            var name = group.Key;
            if (name.HasProjectNumber)
            {
                gaps.Add(new Gap(new GapScope(Resource: name), $"project number {name.Project} belongs to no project in the input"));
                continue;
            }

            var item = EstateItem.Merge(name, group, parts.GetValueOrDefault(name), numbers, keepJson, readVariables);
            if (item.Parsed.Problem is { } problem)
            {
                gaps.Add(new Gap(new GapScope(Resource: name), problem));
                problems.Add(new EstateProblem(item.Source, name, problem));
                continue;
            }

            entries[name] = new EstateEntry(name, item.Parsed.Resource, readAt, item.Parsed.Resource?.Lifecycle is null ? null : item.UpdateTime);
            if (item.Parsed.CanonicalJson is { } bytes)
            {
                json[name] = bytes;
            }
        }

        var estate = Estate.Empty.With(
            entries.Values,
            _coverage.Covered(numbers, complete),
            gaps.Distinct().OrderBy(gap => gap.Scope.ToString(), StringComparer.Ordinal).ThenBy(gap => gap.Reason, StringComparer.Ordinal));
        return new EstateBuild(
            estate,
            entries.Values.Where(entry => entry.Resource is not null).GroupBy(entry => entry.Name.Kind).OrderBy(group => group.Key).Select(group => new KindCount(group.Key, group.Count())).ToValueList(),
            _notModelled.Select(pair => new TypeCount(pair.Key, pair.Value)).ToValueList(),
            problems.Distinct().OrderBy(problem => (problem.Source, problem.Resource?.Value, problem.Message)).ToValueList(),
            json.ToImmutable());
    }

    private ResourceParts PartsOf(ResourceName owner)
    {
        if (!_parts.TryGetValue(owner, out var parts))
        {
            _parts[owner] = parts = new ResourceParts();
        }

        return parts;
    }

    internal void AddProblem(string source, string message) => _problems.Add(new EstateProblem(source, null, message));

    internal void AddNotModelled(string type, string? host, string? project)
    {
        NotModelled++;
        _notModelled[type] = _notModelled.GetValueOrDefault(type) + 1;
        _coverage.Saw(project, host);
    }

    internal void LearnNumber(string? number, string? project) => _numbers.LearnFromEnvelope(number, project);

    internal ResourceName AddResource(ResourceName name, JsonElement json, string source, DateTimeOffset? updateTime = null, EffectivePolicy? effective = null)
    {
        if (name.Kind == ResourceKind.Project)
        {
            name = _numbers.LearnFromProject(json) is { } id ? ResourceName.Of(ResourceKind.Project, id) : name;
        }

        name = ResourceIdentity.Canonical(name, json);
        Found?.Invoke(name, json, source);
        _coverage.Saw(name.Project, name.Host);
        var parsed = ResourceParser.Parse(name, json, _numbers.ToMap(), keepJson, readVariables);

        // Kept only where it will be read again: a clone of everything would hold the whole input in memory.
        var again = parsed.UnmappedProjectNumbers.Count > 0 || name.Kind is ResourceKind.Project or ResourceKind.FirewallPolicy || ResourcePart.IsIn(name.Kind);
        _items.Add(new EstateItem(parsed, again ? json.Clone() : null, updateTime, source, effective));
        return name;
    }

    internal void AddAbsent(ResourceName name, string source, DateTimeOffset? at)
    {
        _coverage.Saw(name.Project, name.Host);
        _items.Add(new EstateItem(new ParsedResource(name, null, null, null, []), null, at, source, null));
    }
}
