using System.Runtime.InteropServices;

namespace Auditor.Network;

/// <summary>
/// A set of packets as firewall rules tell them apart in one direction: peer address, and protocol with destination port (<see cref="Traffic"/>).
/// Immutable and canonical: disjoint intervals of traffic in ascending order, each with its peers, neighbours with the same peers joined, none
/// empty; so equal sets compare equal. Combining two costs one pass over both.
/// </summary>
public sealed class PacketSet : IEquatable<PacketSet>
{
    private readonly ValueList<PacketSlice> _slices;

    private PacketSet(ValueList<PacketSlice> slices) => _slices = slices;

    /// <summary>No packet.</summary>
    public static PacketSet None { get; } = new([]);

    /// <summary>Every packet.</summary>
    public static PacketSet All { get; } = AnyProtocol(AddressSet.All);

    public bool IsEmpty => _slices.IsEmpty;

    /// <summary>The slices in ascending order of traffic.</summary>
    public IReadOnlyList<PacketSlice> Slices => _slices;

    /// <summary>Every protocol and port that some packet of the set has.</summary>
    public IntervalSet<uint> Traffic => IntervalSet.Of(_slices.Select(slice => slice.Traffic));

    /// <summary>Every peer that some packet of the set has.</summary>
    public AddressSet Peers => AddressSet.Union(_slices.Select(slice => slice.Peers));

    /// <summary>Packets of every protocol and port between here and the peers.</summary>
    public static PacketSet AnyProtocol(AddressSet peers) => Of(Network.Traffic.All, peers);

    /// <summary>Packets of one protocol to the given ports.</summary>
    public static PacketSet Of(byte protocol, IntervalSet<ushort> ports, AddressSet peers) => Of(Network.Traffic.OfPorts(protocol, ports), peers);

    /// <summary>Packets with any of the traffic and any of the peers.</summary>
    public static PacketSet Of(IntervalSet<uint> traffic, AddressSet peers) =>
        traffic.IsEmpty || peers.IsEmpty ? None : new PacketSet(traffic.Intervals.Select(interval => new PacketSlice(interval, peers)).ToValueList());

    /// <summary>The packets of any of the slices, which may overlap and come in any order.</summary>
    public static PacketSet Of(IEnumerable<PacketSlice> slices)
    {
        var sorted = slices.Where(slice => !slice.Peers.IsEmpty).OrderBy(slice => slice.Traffic.First).ToList();
        var result = new SliceList(sorted.Count);
        var open = new List<PacketSlice>();
        var from = 0u;
        for (var i = 0; i < sorted.Count || open.Count > 0;)
        {
            if (open.Count == 0)
            {
                from = sorted[i].Traffic.First;
            }

            while (i < sorted.Count && sorted[i].Traffic.First == from)
            {
                open.Add(sorted[i++]);
            }

            // Until the next slice begins or an open one ends, the same slices are open.
            var last = open.Min(slice => slice.Traffic.Last);
            if (i < sorted.Count && sorted[i].Traffic.First <= last)
            {
                last = sorted[i].Traffic.First - 1;
            }

            result.Add(new Interval<uint>(from, last), open.Count == 1 ? open[0].Peers : AddressSet.Union(open.Select(slice => slice.Peers)));
            open.RemoveAll(slice => slice.Traffic.Last == last);
            from = last + 1;
        }

        return new PacketSet(result.ToValueList());
    }

    /// <summary>Whether one packet is in the set.</summary>
    /// <param name="peer">One address.</param>
    public bool Contains(byte protocol, ushort port, IpRange peer) => PeersOf(protocol, port).Contains(peer);

    public bool Contains(PacketSet other) => other.Except(this).IsEmpty;

    public bool Overlaps(PacketSet other) => !Intersect(other).IsEmpty;

    public PacketSet Union(PacketSet other) => IsEmpty ? other : other.IsEmpty ? this : Combine(other, static (left, right) => left.Union(right));

    public PacketSet Intersect(PacketSet other) => IsEmpty || other.IsEmpty ? None : Combine(other, static (left, right) => left.Intersect(right));

    public PacketSet Except(PacketSet other) => IsEmpty || other.IsEmpty ? this : Combine(other, static (left, right) => left.Except(right));

    /// <summary>Every packet that is not in this set.</summary>
    public PacketSet Complement() => All.Except(this);

    /// <summary>The peers that one protocol and port has.</summary>
    public AddressSet PeersOf(byte protocol, ushort port)
    {
        var traffic = Network.Traffic.Of(protocol, port);
        var (low, high) = (0, _slices.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (traffic < _slices[middle].Traffic.First)
            {
                high = middle - 1;
            }
            else if (traffic > _slices[middle].Traffic.Last)
            {
                low = middle + 1;
            }
            else
            {
                return _slices[middle].Peers;
            }
        }

        return AddressSet.None;
    }

    /// <summary>One packet of the set, the same each time: of the first slice, the lowest protocol and port and the lowest address. Null when empty.</summary>
    public Packet? Witness() => IsEmpty ? null : new Packet(
        Network.Traffic.ProtocolOf(_slices[0].Traffic.First), Network.Traffic.PortOf(_slices[0].Traffic.First), _slices[0].Peers.Lowest);

    /// <summary>The set in pieces that people read, in ascending order.</summary>
    public IEnumerable<(TrafficPiece Traffic, AddressSet Peers)> Pieces() =>
        _slices.SelectMany(slice => TrafficPiece.Of(slice.Traffic).Select(piece => (piece, slice.Peers)));

    public bool Equals(PacketSet? other) => other is not null && _slices == other._slices;

    public override bool Equals(object? obj) => Equals(obj as PacketSet);

    public override int GetHashCode() => _slices.GetHashCode();

    public override string ToString() => IsEmpty ? "none" : string.Join("; ", Pieces().Select(piece => $"{piece.Traffic} {piece.Peers}"));

    private PacketSet Combine(PacketSet other, Func<AddressSet, AddressSet, AddressSet> operation)
    {
        var result = new SliceList(_slices.Count + other._slices.Count);
        var (i, j) = (0, 0);
        var next = 0u;
        while (i < _slices.Count || j < other._slices.Count)
        {
            var (left, leftLast) = At(_slices, i, next);
            var (right, rightLast) = At(other._slices, j, next);
            var last = Math.Min(leftLast, rightLast);
            result.Add(new Interval<uint>(next, last), operation(left, right));
            i += i < _slices.Count && _slices[i].Traffic.Last == last ? 1 : 0;
            j += j < other._slices.Count && other._slices[j].Traffic.Last == last ? 1 : 0;
            next = last + 1;
        }

        return new PacketSet(result.ToValueList());
    }

    // The peers from here on, and how far.
    private static (AddressSet Peers, uint Last) At(ValueList<PacketSlice> slices, int index, uint traffic) =>
        index == slices.Count ? (default, Network.Traffic.Last)
        : traffic < slices[index].Traffic.First ? (default, slices[index].Traffic.First - 1)
        : (slices[index].Peers, slices[index].Traffic.Last);

    // Joins neighbours with the same peers and leaves out what is empty.
    private sealed class SliceList(int capacity)
    {
        private readonly List<PacketSlice> _slices = new(capacity);

        public void Add(Interval<uint> traffic, AddressSet peers)
        {
            if (peers.IsEmpty)
            {
                return;
            }

            if (_slices.Count > 0 && _slices[^1] is var before && before.Traffic.Last + 1 == traffic.First && before.Peers == peers)
            {
                _slices[^1] = new PacketSlice(new Interval<uint>(before.Traffic.First, traffic.Last), peers);
            }
            else
            {
                _slices.Add(new PacketSlice(traffic, peers));
            }
        }

        public ValueList<PacketSlice> ToValueList() => _slices.ToValueList();
    }
}

/// <summary>The packets with any traffic of an interval and any of the peers.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketSlice(Interval<uint> Traffic, AddressSet Peers);

/// <summary>One packet as firewall rules see it.</summary>
/// <param name="Peer">One address.</param>
public sealed record Packet(byte Protocol, ushort Port, IpRange Peer)
{
    public override string ToString() => $"{IpProtocol.NameOf(Protocol)}{(IpProtocol.HasPorts(Protocol) ? $":{Port}" : "")} {Peer.Address}";
}
