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
    private readonly List<FactKey> _newUses = [];
    private readonly List<FactKey> _lapsedUses = [];
    private ImmutableDictionary<FactKey, DerivedFact> _uses = ImmutableDictionary<FactKey, DerivedFact>.Empty;
    private SortedSet<ResourceName>? _unread;
    private Looks? _before;
    private HashSet<Reference>? _lapsed;
    private HashSet<Reference>? _lapsedOfUses;

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
    public IReadOnlyCollection<Reference> Dependencies => _uses.Count == 0 ? _dependencies : Facts().SelectMany(fact => fact.Looks.References).Concat(_dependencies).ToHashSet();

    /// <summary>What was looked up and what was there, in the order of looking.</summary>
    public IReadOnlyCollection<Evidence> Evidence => _uses.Count == 0 ? _evidence : [.. _evidence.Concat(Facts().SelectMany(fact => fact.Looks.Evidence)).Distinct()];

    /// <summary>Names that were asked for and of which no read tells, also where a whole picture makes them absent: a read makes sure.</summary>
    public IReadOnlyCollection<ResourceName> Unread => _uses.Count == 0 ? _unread ?? (IReadOnlyCollection<ResourceName>)[] : new SortedSet<ResourceName>(Facts().SelectMany(fact => fact.Looks.Unread).Concat(_unread ?? []));

    /// <summary>Whatever is remembered of estates; whoever compares two asks it what lies between.</summary>
    internal DerivedFacts Remembered => estate.Facts;

    /// <summary>Looks a resource up by name.</summary>
    public Lookup<T> Find<T>(ResourceName name)
        where T : Resource
    {
        var key = new Reference(name.Kind, name);
        var isNew = Add(key);
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

    /// <summary>Those of <see cref="Referrers{T}(ResourceKind, ResourceName)"/> that have one of some names, in their order. The whole list counts as looked at.</summary>
    internal Listing<T> Referrers<T>(ResourceKind kind, ResourceName target, IEnumerable<ResourceName> among)
        where T : Resource
    {
        var names = estate.Referrers(kind, target);
        return List<T>(new Reference(kind, target), names, target.Project, among.Where(names.Contains));
    }

    /// <summary>All resources of a kind, sorted by name.</summary>
    public Listing<T> OfKind<T>(ResourceKind kind)
        where T : Resource => List<T>(new Reference(kind, default), estate.OfKind(kind), null);

    /// <summary>Those of <see cref="OfKind{T}(ResourceKind)"/> that have one of some names, in their order. The whole list counts as looked at.</summary>
    internal Listing<T> OfKind<T>(ResourceKind kind, IEnumerable<ResourceName> among)
        where T : Resource
    {
        var names = estate.OfKind(kind);
        return List<T>(new Reference(kind, default), names, null, among.Where(names.Contains));
    }

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
        where T : class => (T)Use(new FactKey(typeof(T), key), outdated =>
        {
            var view = new EstateView(estate, evaluatedAt);
            var inputs = collect(view);
            return view.ToFact(inputs, compute(inputs, outdated is { } before ? ((TInputs)before.Fact.Inputs!, (T)before.Fact.Value) : null));
        }).Value;

    /// <summary>As the other, for what is brought up to date by looking at what has changed alone.</summary>
    /// <param name="compute">Looks at the estate for all that the result depends on; not at the moment of evaluation.</param>
    /// <param name="update">
    /// Gets what an earlier estate gave and what has changed since, and looks again at whatever of that it had looked at; the rest still counts as
    /// looked at. Null where that is not enough, and everything is computed anew.
    /// </param>
    internal T Derive<T>(object key, Func<EstateView, T> compute, Func<EstateView, T, Lapse, T?>? update = null)
        where T : class => (T)Use(new FactKey(typeof(T), key), outdated =>
        {
            if (update is not null && outdated is { Fact: var before, Since: { } lapse })
            {
                var again = new EstateView(estate, evaluatedAt);
                again.GoOnFrom(before, lapse);
                if (update(again, (T)before.Value, lapse) is { } updated)
                {
                    return again.ToFact(null, updated);
                }
            }

            var view = new EstateView(estate, evaluatedAt);
            return view.ToFact(null, compute(view));
        }).Value;

    /// <summary>Says that the verdict may be another from <paramref name="at"/> on. The earliest call counts.</summary>
    public void Revisit(DateTimeOffset at) => RevisitAt = RevisitAt is { } earlier && earlier <= at ? earlier : at;

    private DerivedFact Use(FactKey key, Func<(DerivedFact Fact, Lapse? Since)?, DerivedFact> work)
    {
        var fact = estate.Facts.Find(key) ?? estate.Facts.Add(key, work(estate.Facts.Outdated(key)));
        if (!_uses.ContainsKey(key))
        {
            _newUses.Add(key);
        }

        _uses = _uses.SetItem(key, fact);
        return fact;
    }

    private DerivedFact ToFact(object? inputs, object value)
    {
        if (DependsOnTime)
        {
            throw new InvalidOperationException($"{value.GetType().Name} depends on the moment of evaluation and cannot be kept.");
        }

        var looks = Looks.Of(_dependencies, _evidence, _unread ?? (IReadOnlyCollection<ResourceName>)[]);
        return new DerivedFact(inputs, value, _before is null ? looks : _before.After(_lapsed!, looks), _uses, _dependencies, _newUses);
    }

    /// <summary>Whether what is brought up to date had itself looked at something that has changed.</summary>
    internal bool HadLookedAt(Reference reference) => _lapsed?.Contains(reference) == true;

    /// <summary>What has changed of all that it had looked at, itself or through a fact that it used.</summary>
    internal IEnumerable<Reference> Lapsed => (_lapsed ?? []).Concat(_lapsedOfUses ?? []);

    /// <summary>The facts that it used and that are outdated: none of them counts as used any more unless it is asked for again.</summary>
    internal IReadOnlyCollection<FactKey> LapsedUses => _lapsedUses;

    // What a fact looked at and has not changed.
    private void GoOnFrom(DerivedFact fact, Lapse lapse)
    {
        _before = fact.Looks;
        _lapsed = [.. lapse.References.Where(fact.Looks.Contains)];
        _uses = fact.Uses;
        foreach (var key in lapse.Outdated)
        {
            if (fact.Uses.TryGetValue(key, out var used))
            {
                _uses = _uses.Remove(key);
                _lapsedUses.Add(key);
                (_lapsedOfUses ??= []).UnionWith(lapse.References.Where(used.Looks.Contains));
            }
        }
    }

    private bool Add(Reference key) => (_before is null || _lapsed!.Contains(key) || !_before.Contains(key)) && _dependencies.Add(key);

    // Every fact that was looked at, and those that it looked at, once.
    private HashSet<DerivedFact> Facts()
    {
        var (found, open) = (new HashSet<DerivedFact>(ReferenceEqualityComparer.Instance), new Stack<DerivedFact>(_uses.Values));
        while (open.TryPop(out var fact))
        {
            if (found.Add(fact))
            {
                foreach (var used in fact.Uses.Values)
                {
                    open.Push(used);
                }
            }
        }

        return found;
    }

    private Listing<T> List<T>(Reference key, ImmutableSortedSet<ResourceName> names, string? project, IEnumerable<ResourceName>? among = null)
        where T : Resource
    {
        var isNew = Add(key);
        var items = new List<T>(among is null ? names.Count : 0);
        foreach (var name in among ?? names)
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
