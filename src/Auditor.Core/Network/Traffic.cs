namespace Auditor.Network;

/// <summary>
/// What firewall rules tell apart besides addresses: protocol and destination port, as one number (protocol times 65,536 plus port), so that a set
/// of them is a set of intervals. A protocol without ports has every port.
/// </summary>
public static class Traffic
{
    /// <summary>The highest number.</summary>
    public const uint Last = 0xFF_FFFF;

    /// <summary>Every protocol and port, as one interval.</summary>
    public static Interval<uint> Everything => new(0, Last);

    /// <summary>Every protocol and port.</summary>
    public static IntervalSet<uint> All { get; } = IntervalSet.Of(0u, Last);

    public static uint Of(byte protocol, ushort port) => ((uint)protocol << 16) | port;

    public static byte ProtocolOf(uint traffic) => (byte)(traffic >> 16);

    public static ushort PortOf(uint traffic) => (ushort)traffic;

    /// <summary>All ports of one protocol.</summary>
    public static IntervalSet<uint> OfProtocol(byte protocol) => IntervalSet.Of(Of(protocol, 0), Of(protocol, ushort.MaxValue));

    /// <summary>Some ports of one protocol; all of them where the protocol has none.</summary>
    public static IntervalSet<uint> OfPorts(byte protocol, IntervalSet<ushort> ports) => IpProtocol.HasPorts(protocol)
        ? IntervalSet.Of(ports.Intervals.Select(interval => new Interval<uint>(Of(protocol, interval.First), Of(protocol, interval.Last))))
        : ports.IsEmpty ? default : OfProtocol(protocol);
}

/// <summary>A part of a set that people can read: protocols with all their ports, or ports of one protocol.</summary>
public sealed record TrafficPiece(Interval<byte> Protocols, Interval<ushort> Ports)
{
    /// <summary>"all", or the protocol's name or number, or "7-16" for several.</summary>
    public string Protocol => Protocols == new Interval<byte>(0, byte.MaxValue) ? "all"
        : Protocols.First == Protocols.Last ? IpProtocol.NameOf(Protocols.First)
        : $"{Protocols.First}-{Protocols.Last}";

    public bool HasAllPorts => Ports == new Interval<ushort>(0, ushort.MaxValue);

    /// <summary>The interval in pieces, in its order.</summary>
    public static IEnumerable<TrafficPiece> Of(Interval<uint> traffic)
    {
        var next = traffic.First;
        while (true)
        {
            var protocol = Traffic.ProtocolOf(next);
            var end = Math.Min(traffic.Last, Traffic.Of(protocol, ushort.MaxValue));
            if (Traffic.PortOf(next) == 0 && Traffic.PortOf(end) == ushort.MaxValue)
            {
                // As many whole protocols as there are.
                var last = Traffic.PortOf(traffic.Last) == ushort.MaxValue ? Traffic.ProtocolOf(traffic.Last) : (byte)(Traffic.ProtocolOf(traffic.Last) - 1);
                end = Traffic.Of(last, ushort.MaxValue);
                yield return new TrafficPiece(new Interval<byte>(protocol, last), new Interval<ushort>(0, ushort.MaxValue));
            }
            else
            {
                yield return new TrafficPiece(new Interval<byte>(protocol, protocol), new Interval<ushort>(Traffic.PortOf(next), Traffic.PortOf(end)));
            }

            if (end == traffic.Last)
            {
                yield break;
            }

            next = end + 1;
        }
    }

    public override string ToString() => HasAllPorts ? Protocol : $"{Protocol}:{Ports}";
}
