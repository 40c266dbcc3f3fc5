namespace Auditor.Network;

/// <summary>
/// Peers by port, for one protocol: disjoint port intervals in ascending order, each with peers, neighbours with the same peers joined, none empty.
/// </summary>
internal readonly record struct PortSlice
{
    private PortSlice(ValueList<(Interval<ushort> Ports, AddressSet Peers)> pieces) => Pieces = pieces;

    public ValueList<(Interval<ushort> Ports, AddressSet Peers)> Pieces { get; }

    public bool IsEmpty => Pieces.IsEmpty;

    public static PortSlice Of(IntervalSet<ushort> ports, AddressSet peers) =>
        peers.IsEmpty ? default : new PortSlice(ports.Intervals.Select(interval => (interval, peers)).ToValueList());

    public AddressSet PeersAt(ushort port)
    {
        foreach (var (ports, peers) in Pieces)
        {
            if (ports.First <= port && port <= ports.Last)
            {
                return peers;
            }
        }

        return AddressSet.None;
    }

    public Packet First(byte protocol) => new(protocol, Pieces[0].Ports.First, Lowest(Pieces[0].Peers));

    /// <summary>The operation at every port; a port without piece has no peers.</summary>
    public PortSlice Combine(PortSlice other, Func<AddressSet, AddressSet, AddressSet> operation)
    {
        // Between two neighbouring cuts nothing changes on either side.
        var cuts = new SortedSet<int> { 0 };
        foreach (var (ports, _) in Pieces.Concat(other.Pieces))
        {
            cuts.Add(ports.First);
            cuts.Add(ports.Last + 1);
        }

        var pieces = new List<(Interval<ushort> Ports, AddressSet Peers)>();
        var starts = cuts.Where(cut => cut <= ushort.MaxValue).ToArray();
        for (var i = 0; i < starts.Length; i++)
        {
            var (first, last) = ((ushort)starts[i], (ushort)(i + 1 < starts.Length ? starts[i + 1] - 1 : ushort.MaxValue));
            var peers = operation(PeersAt(first), other.PeersAt(first));
            if (peers.IsEmpty)
            {
                continue;
            }

            if (pieces.Count > 0 && pieces[^1].Ports.Last + 1 == first && pieces[^1].Peers == peers)
            {
                pieces[^1] = (new Interval<ushort>(pieces[^1].Ports.First, last), peers);
            }
            else
            {
                pieces.Add((new Interval<ushort>(first, last), peers));
            }
        }

        return new PortSlice(pieces.ToValueList());
    }

    private static IpRange Lowest(AddressSet peers) => peers.V4.IsEmpty ? IpRange.Of(true, peers.V6.Intervals[0].First, 128) : IpRange.Of(false, peers.V4.Intervals[0].First, 32);
}
