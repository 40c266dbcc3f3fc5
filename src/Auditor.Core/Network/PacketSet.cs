using System.Collections.Immutable;
using System.Globalization;

namespace Auditor.Network;

/// <summary>
/// A set of packets as firewall rules tell them apart in one direction: peer address, IP protocol and destination port. Protocols that no rule
/// sets apart from the rest share one slice. Immutable and canonical: no slice equals the rest's, and within a slice neighbouring ports with the
/// same peers stand together; so equal sets compare equal. Protocols without ports have every port.
/// </summary>
public sealed class PacketSet : IEquatable<PacketSet>
{
    private readonly ImmutableSortedDictionary<byte, PortSlice> _byProtocol;
    private readonly PortSlice _rest;

    private PacketSet(ImmutableSortedDictionary<byte, PortSlice> byProtocol, PortSlice rest) => (_byProtocol, _rest) = (byProtocol, rest);

    /// <summary>No packet.</summary>
    public static PacketSet None { get; } = new(ImmutableSortedDictionary<byte, PortSlice>.Empty, default);

    /// <summary>Every packet.</summary>
    public static PacketSet All { get; } = AnyProtocol(AddressSet.All);

    public bool IsEmpty => _rest.IsEmpty && _byProtocol.IsEmpty;

    /// <summary>Packets of every protocol and port between here and the peers.</summary>
    public static PacketSet AnyProtocol(AddressSet peers) => new(ImmutableSortedDictionary<byte, PortSlice>.Empty, PortSlice.Of(IntervalSet.All<ushort>(), peers));

    /// <summary>Packets of one protocol to the given ports.</summary>
    public static PacketSet Of(byte protocol, IntervalSet<ushort> ports, AddressSet peers)
    {
        var slice = PortSlice.Of(ports, peers);
        return slice.IsEmpty ? None : new PacketSet(ImmutableSortedDictionary<byte, PortSlice>.Empty.Add(protocol, slice), default);
    }

    /// <summary>Whether one packet is in the set.</summary>
    /// <param name="peer">One address.</param>
    public bool Contains(byte protocol, ushort port, IpRange peer) => SliceOf(protocol).PeersAt(port).Contains(peer);

    public bool Contains(PacketSet other) => other.Except(this).IsEmpty;

    public bool Overlaps(PacketSet other) => !Intersect(other).IsEmpty;

    public PacketSet Union(PacketSet other) => Combine(other, static (left, right) => left.Union(right));

    public PacketSet Intersect(PacketSet other) => Combine(other, static (left, right) => left.Intersect(right));

    public PacketSet Except(PacketSet other) => Combine(other, static (left, right) => left.Except(right));

    /// <summary>Every packet that is not in this set.</summary>
    public PacketSet Complement() => All.Except(this);

    /// <summary>The peers that one protocol and port has.</summary>
    public AddressSet PeersOf(byte protocol, ushort port) => SliceOf(protocol).PeersAt(port);

    /// <summary>One packet of the set, the same each time: lowest protocol that is set apart, else the lowest of the rest; lowest port, lowest address. Null when empty.</summary>
    public Packet? Witness()
    {
        foreach (var (protocol, slice) in _byProtocol)
        {
            if (!slice.IsEmpty)
            {
                return slice.First(protocol);
            }
        }

        for (var protocol = 0; !_rest.IsEmpty && protocol <= byte.MaxValue; protocol++)
        {
            if (!_byProtocol.ContainsKey((byte)protocol))
            {
                return _rest.First((byte)protocol);
            }
        }

        return null;
    }

    /// <summary>
    /// The set in pieces that people read: protocol (null for all that no other piece of the set mentions), ports and peers, sorted.
    /// </summary>
    public IEnumerable<(byte? Protocol, Interval<ushort> Ports, AddressSet Peers)> Pieces() =>
        _byProtocol.SelectMany(pair => pair.Value.Pieces.Select(piece => ((byte?)pair.Key, piece.Ports, piece.Peers)))
            .Concat(_rest.Pieces.Select(piece => ((byte?)null, piece.Ports, piece.Peers)));

    public bool Equals(PacketSet? other) => other is not null && _rest == other._rest && _byProtocol.SequenceEqual(other._byProtocol);

    public override bool Equals(object? obj) => Equals(obj as PacketSet);

    public override int GetHashCode() => _byProtocol.Aggregate(_rest.GetHashCode(), (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    public override string ToString() => IsEmpty ? "none" : string.Join("; ", Pieces().Select(piece =>
        $"{piece.Protocol?.ToString(CultureInfo.InvariantCulture) ?? "other"}:{piece.Ports} {piece.Peers}"));

    private PortSlice SliceOf(byte protocol) => _byProtocol.TryGetValue(protocol, out var slice) ? slice : _rest;

    private PacketSet Combine(PacketSet other, Func<AddressSet, AddressSet, AddressSet> operation)
    {
        var rest = _rest.Combine(other._rest, operation);
        var byProtocol = ImmutableSortedDictionary.CreateBuilder<byte, PortSlice>();
        foreach (var protocol in _byProtocol.Keys.Union(other._byProtocol.Keys))
        {
            var slice = SliceOf(protocol).Combine(other.SliceOf(protocol), operation);
            if (slice != rest)
            {
                byProtocol[protocol] = slice;
            }
        }

        if (byProtocol.Count == byte.MaxValue + 1)
        {
            // Every protocol is set apart: the rest stands for none and says nothing.
            rest = default;
            byProtocol.RemoveRange(byProtocol.Where(pair => pair.Value.IsEmpty).Select(pair => pair.Key).ToList());
        }

        return new PacketSet(byProtocol.ToImmutable(), rest);
    }
}

/// <summary>One packet as firewall rules see it.</summary>
/// <param name="Peer">One address.</param>
public sealed record Packet(byte Protocol, ushort Port, IpRange Peer);
