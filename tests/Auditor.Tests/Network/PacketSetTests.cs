using Auditor.Network;
using CsCheck;

namespace Auditor.Tests.Network;

/// <summary>The laws of sets on packets, checked packet by packet at every corner of what the sets are made of.</summary>
public sealed class PacketSetTests
{
    private static readonly byte[] s_protocols = [1, 6, 17, 50];
    private static readonly ushort[] s_ports = [0, 21, 22, 23, 5431, 5432, 5433, ushort.MaxValue];
    private static readonly IpRange[] s_peers = [.. new[] { "10.8.0.0", "10.8.0.7", "10.8.0.8", "10.8.0.15", "10.8.0.16", "203.0.113.9", "2001:db8::1" }.Select(IpRange.Parse)];

    private static readonly Gen<AddressSet> s_addresses =
        OneOf("10.8.0.0/28", "10.8.0.0/29", "10.8.0.8/29", "10.8.0.0/24", "0.0.0.0/0", "2001:db8::/64").Array[1, 2].Select(ranges => AddressSet.Of(ranges.Select(IpRange.Parse)));

    private static readonly Gen<IntervalSet<ushort>> s_intervals =
        Gen.Select(OneOf(s_ports), OneOf(s_ports), (left, right) => IntervalSet.Of(Math.Min(left, right), Math.Max(left, right)));

    private static readonly Gen<PacketSet> s_box = Gen.Frequency(
        (5, Gen.Select(OneOf(s_protocols), s_intervals, s_addresses, (protocol, ports, peers) => PacketSet.Of(protocol, ports, peers))),
        (1, s_addresses.Select(PacketSet.AnyProtocol)));

    private static readonly Gen<PacketSet> s_set = Gen.Select(s_box.Array[0, 4], s_box.Array[0, 2], (added, removed) =>
        removed.Aggregate(added.Aggregate(PacketSet.None, (all, one) => all.Union(one)), (all, one) => all.Except(one)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void Operations_AgreeWithEachPacket() => Gen.Select(s_set, s_set).Sample((left, right) =>
    {
        var (union, intersection, difference, complement) = (left.Union(right), left.Intersect(right), left.Except(right), left.Complement());
        return (from protocol in s_protocols.Append((byte)0) from port in s_ports from peer in s_peers select (protocol, port, peer)).All(packet =>
        {
            var (inLeft, inRight) = (In(left, packet), In(right, packet));
            return In(union, packet) == (inLeft || inRight) && In(intersection, packet) == (inLeft && inRight)
                && In(difference, packet) == (inLeft && !inRight) && In(complement, packet) == !inLeft;
        });

        static bool In(PacketSet set, (byte Protocol, ushort Port, IpRange Peer) packet) => set.Contains(packet.Protocol, packet.Port, packet.Peer);
    });

    [Fact]
    public void EqualSets_CompareEqual_HoweverTheyWereMade() => Gen.Select(s_set, s_set).Sample((left, right) =>
        left.Union(right).Equals(right.Union(left))
        && left.Complement().Complement().Equals(left)
        && left.Except(right).Union(left.Intersect(right)).Equals(left)
        && left.Contains(right) == left.Union(right).Equals(left)
        && left.Union(right).GetHashCode() == right.Union(left).GetHashCode());

    [Fact]
    public void Witness_IsInTheSet_AndMissingOnlyWhenItIsEmpty() =>
        s_set.Sample(set => set.Witness() is { } packet ? set.Contains(packet.Protocol, packet.Port, packet.Peer) : set.IsEmpty);

    [Fact]
    public void Everything_IsEverything()
    {
        Assert.True(PacketSet.All.Complement().IsEmpty);
        Assert.Equal(PacketSet.All, PacketSet.None.Complement());
        Assert.Equal(PacketSet.None, PacketSet.Of(6, IntervalSet.Of<ushort>(22, 22), AddressSet.None));
    }

    [Fact]
    public void AHalfCoveredConnector_IsExactlyTheHalf()
    {
        var connector = AddressSet.Of(IpRange.Parse("10.8.0.0/28"));
        var wanted = PacketSet.Of(6, IntervalSet.Of<ushort>(5432, 5432), connector);
        var allowed = PacketSet.Of(6, IntervalSet.Of<ushort>(5000, 6000), AddressSet.Of(IpRange.Parse("10.8.0.0/29")));
        Assert.Equal("tcp:5432 10.8.0.8/29", wanted.Except(allowed).ToString());
    }
}
