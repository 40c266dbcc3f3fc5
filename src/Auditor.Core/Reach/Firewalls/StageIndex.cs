using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// Lines of a stage and direction by the machine they apply to: by tag, by service account or to all, and by the machine's own address where a line
/// asks for it. Immutable.
/// </summary>
internal sealed class StageIndex
{
    private readonly ImmutableDictionary<TargetKey, PeerIndex> _unbound;

    // The few lines that ask for the machine's own address as well: where it is known, and where it is not.
    private readonly PrefixTables<OwnNode> _bound;
    private readonly ImmutableDictionary<TargetKey, PeerIndex> _boundUnknown;
    private FirewallLine[]? _lines;

    private StageIndex(ImmutableDictionary<TargetKey, PeerIndex> unbound, PrefixTables<OwnNode> bound, ImmutableDictionary<TargetKey, PeerIndex> boundUnknown) =>
        (_unbound, _bound, _boundUnknown) = (unbound, bound, boundUnknown);

    public static StageIndex Empty { get; } = new(ImmutableDictionary<TargetKey, PeerIndex>.Empty, PrefixTables<OwnNode>.Empty, ImmutableDictionary<TargetKey, PeerIndex>.Empty);

    /// <summary>Whether some line asks for the machine's own address.</summary>
    public bool AsksForOwn => !_boundUnknown.IsEmpty;

    /// <summary>Whether a line for the machine's own tags, service account or address, and not for every machine, matches some of the peer's packets.</summary>
    public bool TellsApart(FirewallEnd own, AddressSet addresses, FirewallEnd peer)
    {
        if (AsksForOwn)
        {
            return true;
        }

        foreach (var tag in own.Tags)
        {
            if (_unbound.TryGetValue(new TargetKey(tag, IsServiceAccount: false), out var ofTag) && ofTag.Touches(addresses, peer))
            {
                return true;
            }
        }

        return own.ServiceAccount is { } account && _unbound.TryGetValue(new TargetKey(account, IsServiceAccount: true), out var ofAccount) && ofAccount.Touches(addresses, peer);
    }

    /// <summary>Every line once, in order.</summary>
    public IReadOnlyList<FirewallLine> Lines => _lines ??= [.. _unbound.Values.Concat(_bound.V4.Values.Concat(_bound.V6.Values).SelectMany(node => node.ByTarget.Values)).SelectMany(index => index.Lines).Distinct().Order(FirewallLine.Order)];

    public StageIndex With(IReadOnlyCollection<FirewallLine> removed, IReadOnlyCollection<FirewallLine> added)
    {
        if (removed.Count == 0 && added.Count == 0)
        {
            return this;
        }

        var (removedBound, addedBound) = (removed.Where(line => line.Own is not null).ToList(), added.Where(line => line.Own is not null).ToList());
        var (gone, come) = (ByOwn(removedBound), ByOwn(addedBound));
        var nodes = gone.Select(group => group.Key).Union(come.Select(group => group.Key))
            .Select(range => (range, (OwnNode?)new OwnNode(Exchange(_bound.Find(range)?.ByTarget ?? ImmutableDictionary<TargetKey, PeerIndex>.Empty, gone[range], come[range])))).ToList();
        return new StageIndex(
            Exchange(_unbound, removed.Where(line => line.Own is null), added.Where(line => line.Own is null)),
            _bound.With(nodes),
            Exchange(_boundUnknown, removedBound, addedBound.Select(line => line.WithOwnUnknown())));

        static ILookup<IpRange, FirewallLine> ByOwn(List<FirewallLine> lines) =>
            lines.SelectMany(line => line.Own!.Value.ToRanges(), (line, range) => (line, range)).ToLookup(pair => pair.range, pair => pair.line);
    }

    /// <summary>Adds every address at which own addresses begin to be told apart.</summary>
    public void AddCuts(Interval<uint> own, List<uint> cuts) => _bound.V4.AddCuts(own.First, own.Last, cuts);

    /// <summary>As the other, for IPv6.</summary>
    public void AddCuts(Interval<UInt128> own, List<UInt128> cuts) => _bound.V6.AddCuts(own.First, own.Last, cuts);

    /// <summary>The lines that apply to a machine.</summary>
    /// <param name="address">One of its addresses, which stands for all; null when not known.</param>
    public void Select(FirewallEnd own, IpRange? address, List<PeerIndex> indexes)
    {
        Add(_unbound, own, indexes);
        if (address is not { } one)
        {
            Add(_boundUnknown, own, indexes);
        }
        else if (one.IsV6)
        {
            foreach (var node in _bound.V6.Match(one.First))
            {
                Add(node.ByTarget, own, indexes);
            }
        }
        else
        {
            foreach (var node in _bound.V4.Match((uint)one.First))
            {
                Add(node.ByTarget, own, indexes);
            }
        }
    }

    private static void Add(ImmutableDictionary<TargetKey, PeerIndex> byTarget, FirewallEnd own, List<PeerIndex> indexes)
    {
        Add(TargetKey.Any);
        foreach (var tag in own.Tags)
        {
            Add(new TargetKey(tag, IsServiceAccount: false));
        }

        if (own.ServiceAccount is { } account)
        {
            Add(new TargetKey(account, IsServiceAccount: true));
        }

        void Add(TargetKey key)
        {
            if (byTarget.TryGetValue(key, out var index))
            {
                indexes.Add(index);
            }
        }
    }

    private static ImmutableDictionary<TargetKey, PeerIndex> Exchange(ImmutableDictionary<TargetKey, PeerIndex> byTarget, IEnumerable<FirewallLine> removed, IEnumerable<FirewallLine> added)
    {
        var (gone, come) = (ByKey(removed), ByKey(added));
        if (gone.Count == 0 && come.Count == 0)
        {
            return byTarget;
        }

        var next = byTarget.ToBuilder();
        foreach (var key in gone.Keys.Union(come.Keys))
        {
            var index = (next.GetValueOrDefault(key) ?? PeerIndex.Empty).With(gone.GetValueOrDefault(key, []), come.GetValueOrDefault(key, []));
            if (index.IsEmpty)
            {
                next.Remove(key);
            }
            else
            {
                next[key] = index;
            }
        }

        return next.ToImmutable();
    }

    private static Dictionary<TargetKey, List<FirewallLine>> ByKey(IEnumerable<FirewallLine> lines)
    {
        var byKey = new Dictionary<TargetKey, List<FirewallLine>>();
        foreach (var line in lines)
        {
            foreach (var key in TargetKey.Of(line))
            {
                if (!byKey.TryGetValue(key, out var list))
                {
                    byKey[key] = list = [];
                }

                list.Add(line);
            }
        }

        return byKey;
    }

    private sealed record OwnNode(ImmutableDictionary<TargetKey, PeerIndex> ByTarget);

    /// <param name="Value">Null for lines that apply to every machine.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct TargetKey(string? Value, bool IsServiceAccount)
    {
        public static TargetKey Any => default;

        public static IEnumerable<TargetKey> Of(FirewallLine line) => line.TargetTags.IsEmpty && line.TargetServiceAccounts.IsEmpty
            ? [Any]
            : line.TargetTags.Select(tag => new TargetKey(tag, IsServiceAccount: false)).Concat(line.TargetServiceAccounts.Select(account => new TargetKey(account, IsServiceAccount: true))).Distinct();
    }
}
