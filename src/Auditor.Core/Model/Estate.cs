using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>
/// Everything the auditor knows about the monitored projects at one moment: resources, names proved absent, what was read at all, and gaps.
/// Immutable; <see cref="With"/> gives the next one. Reverse references are indexed, so that following them costs a lookup.
/// </summary>
public sealed class Estate
{
    private readonly ImmutableDictionary<ResourceName, EstateEntry> _entries;
    private readonly ImmutableDictionary<Reference, ImmutableSortedSet<ResourceName>> _index;

    private Estate(
        ImmutableDictionary<ResourceName, EstateEntry> entries,
        ImmutableDictionary<Reference, ImmutableSortedSet<ResourceName>> index,
        ImmutableHashSet<string> coveredProjects,
        ImmutableDictionary<string, string> projectIdsByNumber,
        ImmutableList<Gap> gaps,
        DerivedFacts facts)
    {
        Facts = facts;
        ProjectIdsByNumber = projectIdsByNumber;
        _entries = entries;
        _index = index;
        CoveredProjects = coveredProjects;
        Gaps = gaps;
    }

    /// <summary>Nothing known, nothing read.</summary>
    public static Estate Empty { get; } = new(
        ImmutableDictionary<ResourceName, EstateEntry>.Empty,
        ImmutableDictionary<Reference, ImmutableSortedSet<ResourceName>>.Empty,
        ImmutableHashSet.Create<string>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
        [],
        DerivedFacts.None());

    /// <summary>Projects of which everything was read, except for <see cref="Gaps"/>: what is not here does not exist.</summary>
    public ImmutableHashSet<string> CoveredProjects { get; }

    /// <summary>Ids of the projects whose number is known.</summary>
    public ImmutableDictionary<string, string> ProjectIdsByNumber { get; }

    /// <summary>What could not be seen, in the order found.</summary>
    public ImmutableList<Gap> Gaps { get; }

    /// <summary>All entries, present and absent, in no order.</summary>
    public IEnumerable<EstateEntry> Entries => _entries.Values;

    /// <summary>All present resources, in no order.</summary>
    public IEnumerable<Resource> Resources => _entries.Values.Select(entry => entry.Resource).OfType<Resource>();

    /// <summary>What has been worked out of this estate so far; see <see cref="EstateView"/>.</summary>
    internal DerivedFacts Facts { get; }

    /// <summary>The number of present resources.</summary>
    public int Count => _entries.Values.Count(entry => entry.Resource is not null);

    /// <summary>What is known of a name; null when nothing is.</summary>
    public EstateEntry? Find(ResourceName name) => _entries.GetValueOrDefault(name);

    /// <summary>The resources of a kind that name <paramref name="target"/>, sorted.</summary>
    public ImmutableSortedSet<ResourceName> Referrers(ResourceKind kind, ResourceName target) => _index.GetValueOrDefault(new Reference(kind, target), []);

    /// <summary>All resources of a kind, sorted.</summary>
    public ImmutableSortedSet<ResourceName> OfKind(ResourceKind kind) => _index.GetValueOrDefault(new Reference(kind, default), []);

    /// <summary>Why a name that is not here may exist all the same; null when its absence is proved.</summary>
    public string? WhyUnread(ResourceName name)
    {
        // A read that ended in "not found" is newer than a listing that could not see it.
        if (WhyHidden(name) is { } hidden)
        {
            return hidden;
        }

        return Find(name) is { Resource: null } ? null
            : Gaps.Find(gap => gap.Scope.Hides(name)) is { } gap ? gap.Reason
            : name.HasProjectNumber ? $"project number {name.Project} belongs to no project that was read"
            : name.Project is not { } project ? "the organisation was not read"
            : CoveredProjects.Contains(project) ? null
            : $"project {project} was not read";
    }

    /// <summary>Why the last read of exactly this resource failed; what was known before it is stale. Null when it did not.</summary>
    public string? WhyHidden(ResourceName name) => Gaps.Find(gap => gap.Scope.Resource == name)?.Reason;

    /// <summary>The next estate: entries replaced by name, coverage and gaps replaced where given.</summary>
    public Estate With(IEnumerable<EstateEntry> entries, IEnumerable<string>? coveredProjects = null, IEnumerable<Gap>? gaps = null)
    {
        var nextEntries = _entries.ToBuilder();
        var projectIds = ProjectIdsByNumber;

        // Each touched list is built up once: a first estate adds a hundred thousand names to one.
        var touched = new Dictionary<Reference, ImmutableSortedSet<ResourceName>.Builder>();
        var changed = new List<(ResourceName Name, Resource? Before, Resource? Now)>();
        foreach (var entry in entries)
        {
            var isKnown = nextEntries.TryGetValue(entry.Name, out var old);
            if (isKnown && Equals(old!.Resource, entry.Resource))
            {
                nextEntries[entry.Name] = entry;
                continue;
            }

            changed.Add((entry.Name, old?.Resource, entry.Resource));
            if (isKnown)
            {
                foreach (var key in Keys(old!.Resource))
                {
                    Touch(key).Remove(entry.Name);
                }
            }

            nextEntries[entry.Name] = entry;
            if (entry.Resource is Project { Number: { } number, ProjectId: { } id })
            {
                projectIds = projectIds.SetItem(number, id);
            }

            foreach (var key in Keys(entry.Resource))
            {
                Touch(key).Add(entry.Name);
            }
        }

        var nextIndex = _index.ToBuilder();
        foreach (var (key, names) in touched)
        {
            if (names.Count == 0)
            {
                nextIndex.Remove(key);
            }
            else
            {
                nextIndex[key] = names.ToImmutable();
            }
        }

        var nextCovered = coveredProjects is null ? CoveredProjects : coveredProjects.ToImmutableHashSet(StringComparer.Ordinal);
        ImmutableList<Gap> nextGaps = gaps is null ? Gaps : [.. gaps];
        var sameView = (coveredProjects is null || CoveredProjects.SetEquals(nextCovered)) && (gaps is null || Gaps.SequenceEqual(nextGaps));
        return new Estate(
            nextEntries.ToImmutable(),
            nextIndex.ToImmutable(),
            nextCovered,
            projectIds,
            nextGaps,
            sameView && ReferenceEquals(projectIds, ProjectIdsByNumber) ? Facts.After(changed, changed.Select(item => new Reference(item.Name.Kind, item.Name)).Concat(touched.Keys).ToHashSet()) : Facts.AfterAll());

        ImmutableSortedSet<ResourceName>.Builder Touch(Reference key)
        {
            if (!touched.TryGetValue(key, out var names))
            {
                touched[key] = names = _index.GetValueOrDefault(key, []).ToBuilder();
            }

            return names;
        }
    }

    /// <summary>The index keys under which a resource stands: its kind, and each distinct name it refers to.</summary>
    internal static IEnumerable<Reference> Keys(Resource? resource) => resource is null ? []
        : resource.References.Distinct().Select(target => new Reference(resource.Name.Kind, target)).Append(new Reference(resource.Name.Kind, default));
}

/// <summary>A key of the reverse index: the resources of a kind that name a target; a default target means all of the kind.</summary>
public readonly record struct Reference(ResourceKind Kind, ResourceName Target);

/// <summary>What is known of one name.</summary>
/// <param name="Resource">Null when a read proved that it does not exist.</param>
/// <param name="ReadAt">When it was read; null for a file that does not say.</param>
/// <param name="LifecycleSince">The latest moment at which <see cref="Resource.Lifecycle"/> is known to have been as it is now; null when not known.</param>
public sealed record EstateEntry(ResourceName Name, Resource? Resource, DateTimeOffset? ReadAt = null, DateTimeOffset? LifecycleSince = null);
