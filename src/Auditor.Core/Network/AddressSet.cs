namespace Auditor.Network;

/// <summary>
/// A set of IP addresses of both families, kept apart: an IPv4 address is never an IPv6 one. Immutable and canonical, so that equal sets compare
/// equal. Empty is valid and means "no address".
/// </summary>
public readonly record struct AddressSet
{
    private AddressSet(IntervalSet<uint> v4, IntervalSet<UInt128> v6) => (V4, V6) = (v4, v6);

    /// <summary>No address.</summary>
    public static AddressSet None => default;

    /// <summary>Every address of both families.</summary>
    public static AddressSet All => new(IntervalSet.All<uint>(), IntervalSet.All<UInt128>());

    /// <summary>
    /// The addresses that private networks use: RFC 1918, RFC 6598, class E, and IPv6 unique local ones. Source: the page on valid IPv4 ranges of subnets.
    /// </summary>
    public static AddressSet Private { get; } = Of(((string[])["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "240.0.0.0/4", "fc00::/7"]).Select(IpRange.Parse));

    /// <summary>
    /// External addresses: all but private, shared, reserved, loopback, link-local, documentation, benchmark and multicast ones. Source: IANA's
    /// special-purpose address registries.
    /// </summary>
    public static AddressSet External { get; } = Of(((string[])
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "fc00::/7", "fe80::/10", "ff00::/8",
    ]).Select(IpRange.Parse)).Complement();

    /// <summary>The IPv4 addresses as numbers.</summary>
    public IntervalSet<uint> V4 { get; }

    /// <summary>The IPv6 addresses as numbers.</summary>
    public IntervalSet<UInt128> V6 { get; }

    public bool IsEmpty => V4.IsEmpty && V6.IsEmpty;

    /// <summary>The addresses of a CIDR block.</summary>
    public static AddressSet Of(IpRange range) => range.IsV6
        ? new AddressSet(default, IntervalSet.Of(range.First, range.Last))
        : new AddressSet(IntervalSet.Of((uint)range.First, (uint)range.Last), default);

    /// <summary>The addresses of any of the blocks.</summary>
    public static AddressSet Of(IEnumerable<IpRange> ranges)
    {
        var all = ranges.ToList();
        return new AddressSet(
            IntervalSet.Of(all.Where(range => !range.IsV6).Select(range => new Interval<uint>((uint)range.First, (uint)range.Last))),
            IntervalSet.Of(all.Where(range => range.IsV6).Select(range => new Interval<UInt128>(range.First, range.Last))));
    }

    /// <summary>The addresses of any of the sets.</summary>
    public static AddressSet Union(IEnumerable<AddressSet> sets)
    {
        var all = sets.ToList();
        return all.Count switch
        {
            0 => None,
            1 => all[0],
            _ => new AddressSet(IntervalSet.Of(all.SelectMany(set => set.V4.Intervals)), IntervalSet.Of(all.SelectMany(set => set.V6.Intervals))),
        };
    }

    /// <summary>The addresses of the intervals of both families.</summary>
    public static AddressSet Of(IntervalSet<uint> v4, IntervalSet<UInt128> v6) => new(v4, v6);

    /// <summary>The lowest address, IPv4 before IPv6.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public IpRange Lowest => !V4.IsEmpty ? IpRange.Of(isV6: false, V4.Intervals[0].First, 32)
        : !V6.IsEmpty ? IpRange.Of(isV6: true, V6.Intervals[0].First, 128)
        : throw new InvalidOperationException("The set has no address.");

    /// <summary>The smallest IPv4 block that holds all IPv4 addresses of the set.</summary>
    /// <exception cref="InvalidOperationException">The set has no IPv4 address.</exception>
    public IpRange EnclosingV4
    {
        get
        {
            var (first, last) = V4.IsEmpty ? throw new InvalidOperationException("The set has no IPv4 address.") : (V4.Intervals[0].First, V4.Intervals[^1].Last);
            var prefix = (int)uint.LeadingZeroCount(first ^ last);
            return IpRange.Of(isV6: false, first, prefix);
        }
    }

    /// <summary>Whether one address, a /32 or /128, is in the set; for a wider block, whether all of it is.</summary>
    public bool Contains(IpRange range) => range.IsV6
        ? V6.Contains(IntervalSet.Of(range.First, range.Last))
        : V4.Contains(IntervalSet.Of((uint)range.First, (uint)range.Last));

    public bool Contains(AddressSet other) => V4.Contains(other.V4) && V6.Contains(other.V6);

    public bool Overlaps(AddressSet other) => V4.Overlaps(other.V4) || V6.Overlaps(other.V6);

    public AddressSet Union(AddressSet other) => new(V4.Union(other.V4), V6.Union(other.V6));

    public AddressSet Intersect(AddressSet other) => new(V4.Intersect(other.V4), V6.Intersect(other.V6));

    public AddressSet Except(AddressSet other) => new(V4.Except(other.V4), V6.Except(other.V6));

    public AddressSet Complement() => new(V4.Complement(), V6.Complement());

    /// <summary>The fewest CIDR blocks that make up the set, sorted, IPv4 first.</summary>
    public IEnumerable<IpRange> ToRanges() =>
        V4.Intervals.SelectMany(interval => Blocks(isV6: false, interval.First, interval.Last))
            .Concat(V6.Intervals.SelectMany(interval => Blocks(isV6: true, interval.First, interval.Last)));

    public override string ToString() => IsEmpty ? "none" : string.Join(", ", ToRanges());

    // Greedy: the widest block that begins at the first address and does not pass the last.
    private static IEnumerable<IpRange> Blocks(bool isV6, UInt128 first, UInt128 last)
    {
        var width = isV6 ? 128 : 32;
        while (true)
        {
            var hostBits = Math.Min(width, first == 0 ? width : (int)UInt128.TrailingZeroCount(first));
            while (hostBits > 0 && IpRange.Of(isV6, first, width - hostBits).Last > last)
            {
                hostBits--;
            }

            var block = IpRange.Of(isV6, first, width - hostBits);
            yield return block;
            if (block.Last >= last)
            {
                yield break;
            }

            first = block.Last + 1;
        }
    }
}
