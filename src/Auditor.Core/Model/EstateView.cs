using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>
/// An estate as one evaluation looks at it. Everything looked up is recorded: object, list or absence. The record is the finding's evidence,
/// and a verdict is computed again when something in it changes. Not thread-safe: one view per evaluation.
/// </summary>
/// <param name="evaluatedAt">The moment the judgement is made for; a rule that uses it must say when it wants to be asked again.</param>
public sealed class EstateView(Estate estate, DateTimeOffset evaluatedAt)
{
    private readonly HashSet<Reference> _dependencies = [];
    private readonly List<Evidence> _evidence = [];
    private SortedSet<ResourceName>? _unread;
    private HashSet<Evidence>? _known;

    /// <summary>The moment the judgement is made for.</summary>
    public DateTimeOffset EvaluatedAt
    {
        get
        {
            DependsOnTime = true;
            return evaluatedAt;
        }
    }

    /// <summary>Whether the moment was looked at.</summary>
    public bool DependsOnTime { get; private set; }

    /// <summary>The earliest moment at which the verdict may change although nothing else does; null when it cannot.</summary>
    public DateTimeOffset? RevisitAt { get; private set; }

    /// <summary>What was looked up. An object stands under its own kind and name.</summary>
    public IReadOnlyCollection<Reference> Dependencies => _dependencies;

    /// <summary>What was looked up and what was there, in the order of looking.</summary>
    public IReadOnlyCollection<Evidence> Evidence => _evidence;

    /// <summary>Names that were asked for and of which no read tells, also where a whole picture makes them absent: a read makes sure.</summary>
    public IReadOnlyCollection<ResourceName> Unread => _unread ?? (IReadOnlyCollection<ResourceName>)[];

    /// <summary>Looks a resource up by name.</summary>
    public Lookup<T> Find<T>(ResourceName name)
        where T : Resource
    {
        var key = new Reference(name.Kind, name);
        var isNew = _dependencies.Add(key);
        if (estate.WhyHidden(name) is { } hidden)
        {
            Note(isNew, new Evidence(EvidenceKind.Unread, key, Why: hidden));
            (_unread ??= []).Add(name);
            return new Lookup<T>.Unread(hidden);
        }

        var entry = estate.Find(name);
        if (entry?.Resource is { } resource)
        {
            Note(isNew, new Evidence(EvidenceKind.Found, key));
            return resource is T found ? new Lookup<T>.Found(found) : new Lookup<T>.Absent();
        }

        if (entry is null)
        {
            (_unread ??= []).Add(name);
        }

        if (estate.WhyUnread(name) is { } reason)
        {
            Note(isNew, new Evidence(EvidenceKind.Unread, key, Why: reason));
            return new Lookup<T>.Unread(reason);
        }

        Note(isNew, new Evidence(EvidenceKind.Absent, key));
        return new Lookup<T>.Absent();
    }

    /// <summary>The resources of a kind that name <paramref name="target"/>, sorted by name.</summary>
    public Listing<T> Referrers<T>(ResourceKind kind, ResourceName target)
        where T : Resource => List<T>(new Reference(kind, target), estate.Referrers(kind, target), target.Project);

    /// <summary>All resources of a kind, sorted by name.</summary>
    public Listing<T> OfKind<T>(ResourceKind kind)
        where T : Resource => List<T>(new Reference(kind, default), estate.OfKind(kind), null);

    /// <summary>Why a project may have resources of a kind that are not known; null when it does not. A null project asks about all that were read.</summary>
    public string? WhyUnlisted(ResourceKind kind, string? project) => estate.Gaps.Find(gap => gap.Scope.HidesAny(kind, project))?.Reason
        ?? (project is not null && !estate.CoveredProjects.Contains(project) ? $"project {project} was not read" : null);

    /// <summary>The latest moment at which the resource's lifecycle is known to have been as it is now; null when not known.</summary>
    public DateTimeOffset? LifecycleSince(ResourceName name) => estate.Find(name)?.LifecycleSince;

    /// <summary>
    /// Something worked out of the estate that many evaluations need, such as a network's firewall: computed once for an estate and those after it,
    /// until something it looked at changes. Looking at it counts as looking at all of that.
    /// </summary>
    /// <param name="key">Tells it from others of its type; compared by value.</param>
    /// <param name="collect">Looks at the estate for all that the result depends on; not at the moment of evaluation.</param>
    /// <param name="compute">Pure. Also gets what an earlier estate gave, if any: where little differs, that can be brought up to date.</param>
    public T Derive<TInputs, T>(object key, Func<EstateView, TInputs> collect, Func<TInputs, (TInputs Inputs, T Value)?, T> compute)
        where TInputs : class
        where T : class
    {
        var derived = estate.Derived.GetOrAdd((typeof(T), key), slot =>
        {
            var view = new EstateView(estate, evaluatedAt);
            var inputs = collect(view);
            var value = compute(inputs, estate.Outdated.TryGetValue(slot, out var outdated) ? ((TInputs)outdated.Inputs, (T)outdated.Value) : null);
            return view.DependsOnTime
                ? throw new InvalidOperationException($"{typeof(T).Name} depends on the moment of evaluation and cannot be kept.")
                : new DerivedFact(inputs, value, [.. view._dependencies], [.. view._evidence], [.. view.Unread]);
        });
        foreach (var dependency in derived.Dependencies)
        {
            _dependencies.Add(dependency);
        }

        // Evidence stands once, under what was asked.
        _known ??= [.. _evidence];
        _known.UnionWith(_evidence);
        foreach (var evidence in derived.Evidence.Where(_known.Add))
        {
            _evidence.Add(evidence);
        }

        if (!derived.Unread.IsEmpty)
        {
            (_unread ??= []).UnionWith(derived.Unread);
        }

        return (T)derived.Value;
    }

    /// <summary>Says that the verdict may be another from <paramref name="at"/> on. The earliest call counts.</summary>
    public void Revisit(DateTimeOffset at) => RevisitAt = RevisitAt is { } earlier && earlier <= at ? earlier : at;

    private Listing<T> List<T>(Reference key, ImmutableSortedSet<ResourceName> names, string? project)
        where T : Resource
    {
        var isNew = _dependencies.Add(key);
        var items = new List<T>(names.Count);
        foreach (var name in names)
        {
            // A change of an item is a change of the list.
            if (estate.Find(name)!.Resource is T item)
            {
                items.Add(item);
            }
        }

        // What belongs to a network stands in its project; whoever uses a connector or a subnetwork may stand in any.
        var scope = key.Kind is ResourceKind.Subnetwork or ResourceKind.Firewall or ResourceKind.Route or ResourceKind.PolicyBasedRoute or ResourceKind.Router ? project : null;
        var gap = estate.Gaps.Find(gap => gap.Scope.HidesAny(key.Kind, scope))?.Reason
            ?? (project is not null && !estate.CoveredProjects.Contains(project) ? $"project {project} was not read" : null);
        Note(isNew, new Evidence(EvidenceKind.List, key, names.Count, gap));
        return new Listing<T>(items, gap);
    }

    // Asked twice, seen once.
    private void Note(bool isNew, Evidence evidence)
    {
        if (isNew)
        {
            _evidence.Add(evidence);
        }
    }
}

/// <summary>Something worked out of an estate, what it was worked out of, and what was looked at for that.</summary>
internal sealed record DerivedFact(object Inputs, object Value, ImmutableArray<Reference> Dependencies, ImmutableArray<Evidence> Evidence, ImmutableArray<ResourceName> Unread);

/// <summary>The answer to "what is this name": found, proved absent, or not read.</summary>
public abstract record Lookup<T>
    where T : Resource
{
    private Lookup()
    {
    }

    public sealed record Found(T Resource) : Lookup<T>;

    /// <summary>It was looked for and does not exist.</summary>
    public sealed record Absent : Lookup<T>;

    /// <summary>It may exist; <paramref name="Reason"/> says why that is not known.</summary>
    public sealed record Unread(string Reason) : Lookup<T>;
}

/// <summary>The answer to "which resources": those known, and why there may be more.</summary>
/// <param name="Incomplete">Null when the list is complete.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, string? Incomplete)
    where T : Resource;
