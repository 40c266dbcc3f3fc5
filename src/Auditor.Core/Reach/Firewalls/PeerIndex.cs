using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>Lines of a stage by what they ask of the peer. Immutable; an exchange copies the tables that it touches.</summary>
internal sealed class PeerIndex
{
    private readonly ImmutableDictionary<string, TrafficMap> _byTag;
    private readonly ImmutableDictionary<string, TrafficMap> _byServiceAccount;
    private readonly Memo<IntervalSet<uint>, AddressStep<uint>[]> _v4 = new();
    private readonly Memo<IntervalSet<UInt128>, AddressStep<UInt128>[]> _v6 = new();

    private PeerIndex(PrefixTables<TrafficMap> byAddress, ImmutableDictionary<string, TrafficMap> byTag, ImmutableDictionary<string, TrafficMap> byServiceAccount) =>
        (ByAddress, _byTag, _byServiceAccount) = (byAddress, byTag, byServiceAccount);

    public static PeerIndex Empty { get; } = new(
        PrefixTables<TrafficMap>.Empty,
        ImmutableDictionary.Create<string, TrafficMap>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, TrafficMap>(StringComparer.Ordinal));

    public PrefixTables<TrafficMap> ByAddress { get; }

    public IEnumerable<FirewallLine> Lines => ByAddress.V4.Values.Concat(ByAddress.V6.Values).Concat(_byTag.Values).Concat(_byServiceAccount.Values).SelectMany(map => map.Lines);

    public bool IsEmpty => _byTag.IsEmpty && _byServiceAccount.IsEmpty && !ByAddress.V4.Values.Any() && !ByAddress.V6.Values.Any();

    /// <summary>The index without the removed lines (by decider) and with the added ones.</summary>
    public PeerIndex With(IReadOnlyCollection<FirewallLine> removed, IReadOnlyCollection<FirewallLine> added) => new(
        ByAddress.With(Changes(removed, added, line => line.Peers.ToRanges(), ByAddress.Find)),
        Exchange(_byTag, removed, added, line => line.PeerTags),
        Exchange(_byServiceAccount, removed, added, line => line.PeerServiceAccounts));

    /// <summary>The lines that match each of some addresses, in steps that cover them.</summary>
    public AddressStep<uint>[] Along(IntervalSet<uint> addresses) => _v4.Get(addresses, () => Along(addresses, ByAddress.V4));

    /// <summary>As the other, for IPv6.</summary>
    public AddressStep<UInt128>[] Along(IntervalSet<UInt128> addresses) => _v6.Get(addresses, () => Along(addresses, ByAddress.V6));

    /// <summary>Adds the maps that a peer's tags and service account select.</summary>
    public void AddByIdentity(FirewallEnd peer, List<TrafficMap> maps)
    {
        foreach (var tag in peer.Tags)
        {
            if (_byTag.TryGetValue(tag, out var map))
            {
                maps.Add(map);
            }
        }

        if (peer.ServiceAccount is { } account && _byServiceAccount.TryGetValue(account, out var ofAccount))
        {
            maps.Add(ofAccount);
        }
    }

    /// <summary>Whether some line matches some of the addresses, or the peer's tags or service account.</summary>
    public bool Touches(AddressSet addresses, FirewallEnd peer)
    {
        foreach (var interval in addresses.V4.Intervals)
        {
            if (ByAddress.V4.Touches(interval.First, interval.Last))
            {
                return true;
            }
        }

        foreach (var interval in addresses.V6.Intervals)
        {
            if (ByAddress.V6.Touches(interval.First, interval.Last))
            {
                return true;
            }
        }

        return peer.Tags.Any(_byTag.ContainsKey) || (peer.ServiceAccount is { } account && _byServiceAccount.ContainsKey(account));
    }

    // Between two neighbouring cuts all addresses see the same blocks.
    private static AddressStep<TAddress>[] Along<TAddress>(IntervalSet<TAddress> addresses, PrefixTable<TAddress, TrafficMap> table)
        where TAddress : unmanaged, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
    {
        var (steps, cuts, maps, joined) = (new List<AddressStep<TAddress>>(), new List<TAddress>(), new List<TrafficMap?>(), new Dictionary<MapsKey, TrafficMap>());
        foreach (var interval in addresses.Intervals)
        {
            cuts.Clear();
            cuts.Add(interval.First);
            table.AddCuts(interval.First, interval.Last, cuts);
            cuts.Sort();
            var begin = steps.Count;
            for (var i = 0; i < cuts.Count;)
            {
                var first = cuts[i];
                while (++i < cuts.Count && cuts[i] == first)
                {
                }

                maps.Clear();
                foreach (var map in table.Match(first))
                {
                    maps.Add(map);
                }

                var all = Join(maps, joined);
                var last = i < cuts.Count ? cuts[i] - TAddress.One : interval.Last;
                if (steps.Count > begin && ReferenceEquals(steps[^1].Map, all))
                {
                    steps[^1] = steps[^1] with { Last = last };
                }
                else
                {
                    steps.Add(new AddressStep<TAddress>(last, all));
                }
            }
        }

        return [.. steps];
    }

    private static TrafficMap? Join(List<TrafficMap?> maps, Dictionary<MapsKey, TrafficMap> joined)
    {
        if (maps.Count < 2)
        {
            return maps.Count == 0 ? null : maps[0];
        }

        var key = new MapsKey(maps);
        return joined.TryGetValue(key, out var known) ? known : joined[key] = TrafficMap.Join(key.Maps!);
    }

    private static ImmutableDictionary<string, TrafficMap> Exchange(
        ImmutableDictionary<string, TrafficMap> maps, IReadOnlyCollection<FirewallLine> removed, IReadOnlyCollection<FirewallLine> added, Func<FirewallLine, IEnumerable<string>> keys)
    {
        var changes = Changes(removed, added, keys, key => maps.GetValueOrDefault(key));
        if (changes.Count == 0)
        {
            return maps;
        }

        var next = maps.ToBuilder();
        foreach (var (key, map) in changes)
        {
            if (map is null)
            {
                next.Remove(key);
            }
            else
            {
                next[key] = map;
            }
        }

        return next.ToImmutable();
    }

    private static List<(TKey Key, TrafficMap? Map)> Changes<TKey>(
        IReadOnlyCollection<FirewallLine> removed, IReadOnlyCollection<FirewallLine> added, Func<FirewallLine, IEnumerable<TKey>> keys, Func<TKey, TrafficMap?> find)
        where TKey : notnull
    {
        var gone = removed.Select(line => line.Decider).ToHashSet();
        var byKey = removed.SelectMany(keys).Distinct().ToDictionary(key => key, _ => new List<FirewallLine>());
        foreach (var line in added)
        {
            foreach (var key in keys(line))
            {
                if (!byKey.TryGetValue(key, out var list))
                {
                    byKey[key] = list = [];
                }

                list.Add(line);
            }
        }

        var changes = new List<(TKey, TrafficMap?)>(byKey.Count);
        foreach (var (key, list) in byKey)
        {
            if (find(key) is { } old)
            {
                list.AddRange(gone.Count == 0 ? old.Lines : old.Lines.Where(line => !gone.Contains(line.Decider)));
            }

            changes.Add((key, list.Count == 0 ? null : TrafficMap.Of(list)));
        }

        return changes;
    }
}

/// <summary>Neighbouring addresses that the same lines match, up to and with the last.</summary>
/// <param name="Map">Null when none does.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AddressStep<TAddress>(TAddress Last, TrafficMap? Map)
    where TAddress : unmanaged;
