using System.Numerics;
using System.Runtime.InteropServices;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// The firewall as one machine (or all machines that rules cannot tell apart) sees it, in one direction. Answers for single packets and for sets of
/// them; thread-safe.
/// </summary>
public sealed class FirewallSlice
{
    private readonly PeerIndex[][] _stages;
    private readonly FirewallDecision _implied;
    private readonly FoldCache _cache;

    internal FirewallSlice(TrafficDirection direction, AddressSet? own, PeerIndex[][] stages, FoldCache cache)
    {
        Own = own;
        _stages = stages;
        _cache = cache;
        _implied = direction == TrafficDirection.Egress ? FirewallDecision.Allow(FirewallDecider.ImpliedAllow) : FirewallDecision.Deny(FirewallDecider.ImpliedDeny);
    }

    /// <summary>The machine's addresses for which this holds; null when they were not given.</summary>
    public AddressSet? Own { get; }

    /// <summary>What becomes of one packet.</summary>
    /// <param name="address">One address.</param>
    /// <param name="peer">The peer's tags and service account; its addresses are not looked at.</param>
    public FirewallDecision Decide(byte protocol, ushort port, IpRange address, FirewallEnd peer)
    {
        var traffic = Traffic.Of(protocol, port);
        return address.IsV6
            ? Decide(0, traffic, address.First, peer, static index => index.ByAddress.V6)
            : Decide(0, traffic, (uint)address.First, peer, static index => index.ByAddress.V4);
    }

    /// <summary>What becomes of every packet between the machine and the peer, and what decides.</summary>
    /// <param name="peer">An unknown address stands for every address.</param>
    public FirewallAnswer Answer(FirewallEnd peer, IntervalSet<uint> traffic)
    {
        var addresses = peer.Addresses ?? AddressSet.All;
        var slices = new Dictionary<FirewallDecision, List<PacketSlice>>();
        foreach (var found in Classes(peer, addresses, traffic))
        {
            var peers = found.Peers;
            foreach (var window in traffic.Intervals)
            {
                var decisions = Fold(found.Maps, window);
                for (var i = 0; i < decisions.Count; i++)
                {
                    ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(slices, decisions[i], out _);
                    (list ??= []).Add(new PacketSlice(decisions.IntervalAt(i), peers));
                }
            }
        }

        return FirewallAnswer.Of(Sets(slices, PacketSet.Of(traffic, addresses)));
    }

    /// <summary>As <see cref="Answer"/>, without what decides: three sets, for whoever asks much.</summary>
    public FirewallEffects Effects(FirewallEnd peer, IntervalSet<uint> traffic)
    {
        var boxes = Boxes(peer, traffic, effectsOnly: true).ToLookup(box => box.Decision.Effect, box => PacketSet.Of(box.Traffic, box.Peers));
        return new FirewallEffects(Of(FirewallEffect.Allow), Of(FirewallEffect.Deny), Of(FirewallEffect.Unknown));

        PacketSet Of(FirewallEffect effect) => boxes[effect].ToList() is [var only] ? only : PacketSet.Of(boxes[effect].SelectMany(set => set.Slices));
    }

    /// <summary>
    /// What becomes of every packet, and what decides, box by box: disjoint, and they cover the question. Peers for which the same decides the same are
    /// in the same boxes.
    /// </summary>
    /// <param name="effectsOnly">Whether all that is allowed, denied or unknown is told alike, whatever decides it: fewer boxes, sooner.</param>
    internal IEnumerable<(FirewallDecision Decision, AddressSet Peers, IntervalSet<uint> Traffic)> Boxes(FirewallEnd peer, IntervalSet<uint> traffic, bool effectsOnly)
    {
        var alike = new Dictionary<Steps<FirewallDecision>, List<AddressClass>>();
        var isPoint = traffic.Intervals is [{ } one] && one.First == one.Last;
        foreach (var found in Classes(peer, peer.Addresses ?? AddressSet.All, traffic))
        {
            var steps = !isPoint ? _cache.Get(found.Key, effectsOnly, () => Fold(found.Maps, Traffic.Everything))
                : effectsOnly ? Fold(found.Maps, traffic.Intervals[0]).Select(static decision => decision.WithoutDecider())
                : Fold(found.Maps, traffic.Intervals[0]);
            ref var classes = ref CollectionsMarshal.GetValueRefOrAddDefault(alike, steps, out _);
            (classes ??= []).Add(found);
        }

        return alike.SelectMany(pair => Boxes(pair.Key, AddressClass.Union(pair.Value), traffic));
    }

    /// <summary>Every decision that some packet between the machine and the peer gets, without the packets.</summary>
    /// <param name="asked">A rule: packets that it hands on, or may decide, are told as unknown, whatever becomes of them.</param>
    internal IEnumerable<FirewallDecision> Decisions(FirewallEnd peer, IntervalSet<uint> traffic, FirewallDecider asked)
    {
        foreach (var found in Classes(peer, peer.Addresses ?? AddressSet.All, traffic))
        {
            foreach (var window in traffic.Intervals)
            {
                var decisions = Fold(found.Maps, window, asked);
                for (var i = 0; i < decisions.Count; i++)
                {
                    yield return decisions[i];
                }
            }
        }
    }

    private static IEnumerable<(FirewallDecision Decision, AddressSet Peers, IntervalSet<uint> Traffic)> Boxes(Steps<FirewallDecision> steps, AddressSet peers, IntervalSet<uint> traffic)
    {
        if (steps.Count == 1)
        {
            return [(steps[0], peers, traffic)];
        }

        var byDecision = new Dictionary<FirewallDecision, List<Interval<uint>>>();
        for (var i = 0; i < steps.Count; i++)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(byDecision, steps[i], out _);
            (list ??= []).Add(steps.IntervalAt(i));
        }

        var isAll = traffic.Intervals is [{ } only] && only == steps.Window;
        return byDecision.Select(pair => (pair.Key, peers, isAll ? IntervalSet.Of(pair.Value) : IntervalSet.Of(pair.Value).Intersect(traffic))).Where(box => !box.Item3.IsEmpty);
    }

    private List<AddressClass> Classes(FirewallEnd peer, AddressSet addresses, IntervalSet<uint> traffic)
    {
        if (addresses.IsEmpty || traffic.IsEmpty)
        {
            return [];
        }

        var byIdentity = Array.ConvertAll(_stages, indexes =>
        {
            var maps = new List<TrafficMap>();
            Array.ForEach(indexes, index => index.AddByIdentity(peer, maps));
            return maps;
        });
        var classes = new Dictionary<MapsKey, AddressClass>();
        Sweep(addresses.V4, byIdentity, classes, static (index, some) => index.Along(some), static found => found.V4);
        Sweep(addresses.V6, byIdentity, classes, static (index, some) => index.Along(some), static found => found.V6);
        return [.. classes.Values];
    }

    // The most scattered set is what all others leave: cheaper than putting it together.
    private static IEnumerable<(TKey Key, PacketSet Packets)> Sets<TKey>(Dictionary<TKey, List<PacketSlice>> slices, PacketSet all)
        where TKey : class
    {
        if (slices.Count == 0)
        {
            return [];
        }

        var widest = slices.MaxBy(pair => pair.Value.Count).Key;
        var others = slices.Where(pair => !ReferenceEquals(pair.Key, widest)).Select(pair => (pair.Key, PacketSet.Of(pair.Value))).ToList();
        return others.Append((widest, all.Except(PacketSet.Of(others.SelectMany(pair => pair.Item2.Slices)))));
    }

    private FirewallDecision Decide<TAddress>(int stage, uint traffic, TAddress address, FirewallEnd peer, Func<PeerIndex, PrefixTable<TAddress, TrafficMap>> table)
        where TAddress : unmanaged, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
    {
        for (; stage < _stages.Length; stage++)
        {
            var candidates = Candidates.None;
            var indexes = _stages[stage];
            List<TrafficMap>? byIdentity = null;
            foreach (var index in indexes)
            {
                foreach (var map in table(index).Match(address))
                {
                    candidates = Candidates.Combine(candidates, map.At(traffic));
                }

                if (!peer.Tags.IsEmpty || peer.ServiceAccount is not null)
                {
                    index.AddByIdentity(peer, byIdentity ??= []);
                }
            }

            foreach (var map in byIdentity ?? [])
            {
                candidates = Candidates.Combine(candidates, map.At(traffic));
            }

            if (candidates.Doubtful.Length > 0)
            {
                return candidates.Resolve(Decide(stage + 1, traffic, address, peer, table));
            }

            if (candidates.Sure?.Decision is { } decision)
            {
                return decision;
            }
        }

        return _implied;
    }

    // Between two neighbouring cuts all addresses see the same maps. Addresses that see the same maps are one class.
    private void Sweep<TAddress>(
        IntervalSet<TAddress> addresses,
        List<TrafficMap>[] byIdentity,
        Dictionary<MapsKey, AddressClass> classes,
        Func<PeerIndex, IntervalSet<TAddress>, AddressStep<TAddress>[]> steps,
        Func<AddressClass, List<Interval<TAddress>>> family)
        where TAddress : unmanaged, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
    {
        if (addresses.IsEmpty)
        {
            return;
        }

        var all = Array.ConvertAll(_stages, indexes => Array.ConvertAll(indexes, index => (Steps: steps(index, addresses), At: 0)));
        var maps = new List<TrafficMap?>();
        foreach (var interval in addresses.Intervals)
        {
            for (var first = interval.First; ;)
            {
                maps.Clear();
                var last = interval.Last;
                for (var stage = 0; stage < all.Length; stage++)
                {
                    foreach (ref var index in all[stage].AsSpan())
                    {
                        // All tables begin with each interval.
                        index.At += index.Steps[index.At].Last < first ? 1 : 0;
                        var step = index.Steps[index.At];
                        last = TAddress.Min(last, step.Last);
                        if (step.Map is not null)
                        {
                            maps.Add(step.Map);
                        }
                    }

                    maps.AddRange(byIdentity[stage]);
                    maps.Add(null);
                }

                var key = new MapsKey(maps);
                ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(classes, key, out var existed);
                if (!existed)
                {
                    found = new AddressClass(key);
                }

                family(found!).Add(new Interval<TAddress>(first, last));
                if (last == interval.Last)
                {
                    break;
                }

                first = last + TAddress.One;
            }
        }
    }

    // From the last stage to the first, each deciding what it decides and leaving the rest to those after it.
    private Steps<FirewallDecision> Fold(TrafficMap?[] maps, Interval<uint> window, FirewallDecider? asked = null)
    {
        var decisions = Steps<FirewallDecision>.Constant(window, _implied);
        for (var end = maps.Length - 1; end >= 0;)
        {
            // Each stage's maps end with a null.
            var start = end;
            Steps<Candidates>? candidates = null;
            for (start--; start >= 0 && maps[start] is { } map; start--)
            {
                var here = map.Within(window);
                candidates = candidates is { } others ? here.Zip(others, Candidates.Combine) : here;
            }

            if (candidates is { } some)
            {
                decisions = some.Zip(decisions, (candidate, next) => candidate.Resolve(next, asked));
            }

            end = start;
        }

        return decisions;
    }

    private sealed class AddressClass(MapsKey key)
    {
        public MapsKey Key => key;

        public TrafficMap?[] Maps => key.Maps;

        public List<Interval<uint>> V4 { get; } = [];

        public List<Interval<UInt128>> V6 { get; } = [];

        public AddressSet Peers => Union([this]);

        public static AddressSet Union(List<AddressClass> classes) =>
            AddressSet.Of(IntervalSet.Of(classes.SelectMany(found => found.V4)), IntervalSet.Of(classes.SelectMany(found => found.V6)));
    }
}

/// <summary>What becomes of every packet that was asked about: disjoint sets that cover the question.</summary>
public sealed record FirewallEffects(PacketSet Allowed, PacketSet Denied, PacketSet Unknown);
