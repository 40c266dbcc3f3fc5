using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Auditor.Model;

/// <summary>
/// What has been worked out of an estate, and what was worked out of those before it and is outdated. A fact looks at the estate and at other facts;
/// the next estate keeps all that looked at nothing that changed. Thread-safe.
/// </summary>
internal sealed class DerivedFacts
{
    // A fact that many estates did not ask for is worked out anew, and all are where most of an estate changed.
    private const int MostSteps = 64;
    private const int MostChanges = 4096;

    private readonly FactReaders _readers;
    private readonly ImmutableList<EstateStep> _steps;
    private readonly ImmutableDictionary<FactKey, (DerivedFact Fact, EstateStep? LastTrue)> _outdated;
    private ImmutableDictionary<FactKey, DerivedFact> _current;
    private LapseFromStep? _lapse;

    private DerivedFacts(FactReaders readers, ImmutableList<EstateStep> steps, ImmutableDictionary<FactKey, DerivedFact> current, ImmutableDictionary<FactKey, (DerivedFact Fact, EstateStep? LastTrue)> outdated) =>
        (_readers, _steps, _current, _outdated) = (readers, steps, current, outdated);

    /// <summary>Those of an estate that comes after no other.</summary>
    public static DerivedFacts None() => new(new FactReaders(), [], ImmutableDictionary<FactKey, DerivedFact>.Empty, ImmutableDictionary<FactKey, (DerivedFact, EstateStep?)>.Empty);

    public DerivedFact? Find(FactKey key) => _current.GetValueOrDefault(key);

    /// <summary>Adds a fact; whoever comes second gets what the first added.</summary>
    public DerivedFact Add(FactKey key, DerivedFact fact)
    {
        _readers.Add(key, fact);
        return ImmutableInterlocked.GetOrAdd(ref _current, key, fact);
    }

    /// <summary>What an earlier estate gave for a key, and what has changed since; no lapse where that is not known.</summary>
    public (DerivedFact Fact, Lapse? Since)? Outdated(FactKey key) => _outdated.TryGetValue(key, out var outdated) ? (outdated.Fact, LapseFrom(outdated.LastTrue)) : null;

    /// <summary>What has changed since an estate that this one comes after; null where it does not, or long after.</summary>
    public Lapse? Since(DerivedFacts earlier) => ReferenceEquals(_readers, earlier._readers) ? LapseFrom(earlier._steps.LastOrDefault()) : null;

    /// <summary>Those of the next estate.</summary>
    /// <param name="changed">What was there and what is now, by name.</param>
    /// <param name="references">The objects and lists that changed.</param>
    public DerivedFacts After(IReadOnlyList<(ResourceName Name, Resource? Before, Resource? Now)> changed, IReadOnlySet<Reference> references)
    {
        if (_current.IsEmpty && _outdated.IsEmpty)
        {
            return Begin(_outdated);
        }

        if (changed.Count > MostChanges)
        {
            return AfterAll();
        }

        var (current, outdated, lastTrue) = (_current, _outdated.ToBuilder(), _steps.LastOrDefault());
        var gone = _readers.Of(references, current);
        foreach (var key in gone)
        {
            outdated[key] = (current[key], lastTrue);
        }

        var steps = _steps.Add(new EstateStep(changed, references, gone));
        return new DerivedFacts(_readers, steps.Count > MostSteps ? steps.RemoveAt(0) : steps, current.RemoveRange(gone), outdated.ToImmutable());
    }

    /// <summary>Those of the next estate where more than some objects changed: what was read at all.</summary>
    public DerivedFacts AfterAll() => Begin(ImmutableDictionary.CreateRange(
        _outdated.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Fact)).Where(pair => !_current.ContainsKey(pair.Key)).Concat(_current).Select(pair => KeyValuePair.Create(pair.Key, (pair.Value, (EstateStep?)null)))));

    // Most are outdated since the same step.
    private Lapse? LapseFrom(EstateStep? lastTrue)
    {
        if (_lapse is { } known && ReferenceEquals(known.From, lastTrue))
        {
            return known.Lapse;
        }

        var lapse = Lapse.Of(_steps, lastTrue);
        _lapse = new LapseFromStep(lastTrue, lapse);
        return lapse;
    }

    private sealed record LapseFromStep(EstateStep? From, Lapse? Lapse);

    private static DerivedFacts Begin(ImmutableDictionary<FactKey, (DerivedFact Fact, EstateStep? LastTrue)> outdated) =>
        new(new FactReaders(), [new EstateStep([], ImmutableHashSet<Reference>.Empty, [])], ImmutableDictionary<FactKey, DerivedFact>.Empty, outdated);
}

/// <summary>What a fact is about.</summary>
/// <param name="Key">Tells it from others of its type; compared by value.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FactKey(Type Type, object Key);

/// <summary>Something worked out of an estate, and what was looked at for that.</summary>
/// <param name="Inputs">What it was worked out of, where it says so.</param>
/// <param name="Uses">The facts that were looked at.</param>
/// <param name="NewLooks">What of <paramref name="Looks"/> the fact that it was brought up to date from had not looked at; all where there was none.</param>
/// <param name="NewUses">The same of <paramref name="Uses"/>.</param>
internal sealed record DerivedFact(object? Inputs, object Value, Looks Looks, ImmutableDictionary<FactKey, DerivedFact> Uses, IReadOnlyCollection<Reference> NewLooks, IReadOnlyCollection<FactKey> NewUses);

/// <summary>What changed from one estate to the next. Each is one of its own, whatever it holds.</summary>
internal sealed class EstateStep(IReadOnlyList<(ResourceName Name, Resource? Before, Resource? Now)> changed, IReadOnlySet<Reference> references, IReadOnlyCollection<FactKey> outdated)
{
    /// <summary>What was there and what is now, by name.</summary>
    public IReadOnlyList<(ResourceName Name, Resource? Before, Resource? Now)> Changed => changed;

    /// <summary>The objects and lists that changed.</summary>
    public IReadOnlySet<Reference> References => references;

    /// <summary>The facts that looked at some of them.</summary>
    public IReadOnlyCollection<FactKey> Outdated => outdated;
}

/// <summary>What has changed in the time between two estates.</summary>
internal sealed class Lapse
{
    private readonly HashSet<Reference> _references = [];
    private readonly Dictionary<ResourceName, (Resource? Before, Resource? Now)> _changes = [];
    private readonly HashSet<FactKey> _outdated = [];

    /// <summary>The names that changed, with what was there at the beginning and is at the end.</summary>
    public IReadOnlyDictionary<ResourceName, (Resource? Before, Resource? Now)> Changes => _changes;

    /// <summary>The objects and lists that changed.</summary>
    public IReadOnlySet<Reference> References => _references;

    /// <summary>The facts that were true at the beginning and may not be now.</summary>
    public IReadOnlySet<FactKey> Outdated => _outdated;

    /// <summary>From after a step to the end; null where the step is not there.</summary>
    public static Lapse? Of(ImmutableList<EstateStep> steps, EstateStep? after)
    {
        var from = after is null ? -1 : steps.LastIndexOf(after);
        if (from < 0)
        {
            return null;
        }

        var lapse = new Lapse();
        foreach (var step in steps.Skip(from + 1))
        {
            lapse._references.UnionWith(step.References);
            lapse._outdated.UnionWith(step.Outdated);
            foreach (var (name, before, now) in step.Changed)
            {
                lapse._changes[name] = (lapse._changes.TryGetValue(name, out var known) ? known.Before : before, now);
            }
        }

        return lapse;
    }
}

/// <summary>Which facts look at what. May also hold what they once looked at. Thread-safe.</summary>
internal sealed class FactReaders
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Reference, HashSet<FactKey>> _ofReferences = [];
    private readonly Dictionary<FactKey, HashSet<FactKey>> _ofFacts = [];

    public void Add(FactKey key, DerivedFact fact)
    {
        lock (_lock)
        {
            foreach (var reference in fact.NewLooks)
            {
                Add(_ofReferences, reference, key);
            }

            foreach (var used in fact.NewUses)
            {
                Add(_ofFacts, used, key);
            }
        }
    }

    /// <summary>The facts that look at some of this, themselves or through others.</summary>
    public IReadOnlyCollection<FactKey> Of(IEnumerable<Reference> references, ImmutableDictionary<FactKey, DerivedFact> current)
    {
        var (found, open) = (new HashSet<FactKey>(), new Queue<FactKey>());
        lock (_lock)
        {
            foreach (var reference in references)
            {
                foreach (var key in _ofReferences.GetValueOrDefault(reference) ?? [])
                {
                    Take(key, fact => fact.Looks.Contains(reference));
                }
            }

            while (open.TryDequeue(out var used))
            {
                foreach (var key in _ofFacts.GetValueOrDefault(used) ?? [])
                {
                    Take(key, fact => fact.Uses.ContainsKey(used));
                }
            }
        }

        return found;

        void Take(FactKey key, Func<DerivedFact, bool> looks)
        {
            if (current.TryGetValue(key, out var fact) && looks(fact) && found.Add(key))
            {
                open.Enqueue(key);
            }
        }
    }

    private static void Add<TKey>(Dictionary<TKey, HashSet<FactKey>> readers, TKey key, FactKey reader)
        where TKey : notnull
    {
        ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(readers, key, out _);
        (all ??= []).Add(reader);
    }
}
