using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// Decisions by traffic that many machines and peers share, since no rule tells them apart: worked out once for a direction of a firewall and of those
/// that differ from it in a rule. Thread-safe.
/// </summary>
internal sealed class FoldCache
{
    private readonly Memo<(MapsKey Maps, bool EffectsOnly), Steps<FirewallDecision>> _known = new();

    /// <summary>What lines decide for all traffic.</summary>
    public Steps<FirewallDecision> Get(MapsKey maps, bool effectsOnly, Func<Steps<FirewallDecision>> fold) => _known.Get((maps, effectsOnly), () => effectsOnly ? fold().Select(static decision => decision.WithoutDecider()) : fold());
}

/// <summary>Results that are worth keeping, but not for ever: when there are many, all are forgotten. Thread-safe.</summary>
internal sealed class Memo<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int Most = 4096;
    private ConcurrentDictionary<TKey, TValue>? _known;
    private int _count;

    public TValue Get(TKey key, Func<TValue> work)
    {
        var known = _known ?? Interlocked.CompareExchange(ref _known, new(concurrencyLevel: 1, capacity: 1), null) ?? _known;
        if (known.TryGetValue(key, out var value))
        {
            return value;
        }

        if (Interlocked.Increment(ref _count) > Most)
        {
            known.Clear();
            _count = 1;
        }

        return known.GetOrAdd(key, work());
    }
}

/// <summary>The same maps in the same order; each stage's end with a null.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct MapsKey : IEquatable<MapsKey>
{
    private readonly int _hash;

    public MapsKey(List<TrafficMap?> maps)
    {
        Maps = [.. maps];
        var hash = default(HashCode);
        foreach (var map in maps)
        {
            hash.Add(map is null ? 0 : RuntimeHelpers.GetHashCode(map));
        }

        _hash = hash.ToHashCode();
    }

    public TrafficMap?[] Maps { get; }

    public bool Equals(MapsKey other) => Maps.AsSpan().SequenceEqual(other.Maps);

    public override bool Equals(object? obj) => obj is MapsKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
