using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Auditor.Network;

/// <summary>
/// A CIDR block, IPv4 or IPv6, both ends included. Host bits in the text are dropped (10.8.0.5/28 is 10.8.0.0/28). A range of one family
/// never overlaps or contains one of the other.
/// </summary>
public readonly record struct IpRange : IComparable<IpRange>
{
    private IpRange(bool isV6, UInt128 first, int prefixLength)
    {
        IsV6 = isV6;
        PrefixLength = prefixLength;
        First = first & ~HostMask(isV6, prefixLength);
    }

    public bool IsV6 { get; }

    /// <summary>The lowest address as a number.</summary>
    public UInt128 First { get; }

    /// <summary>The highest address as a number.</summary>
    public UInt128 Last => First | HostMask(IsV6, PrefixLength);

    /// <summary>0..32 for IPv4, 0..128 for IPv6.</summary>
    public int PrefixLength { get; }

    /// <summary>The first address as text, without prefix length.</summary>
    public string Address => ToAddress().ToString();

    public static IpRange AnyV4 => new(isV6: false, 0, 0);

    public static IpRange AnyV6 => new(isV6: true, 0, 0);

    /// <summary>The block of a prefix length that holds an address given as a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prefix length is not one of the family.</exception>
    public static IpRange Of(bool isV6, UInt128 address, int prefixLength) => prefixLength >= 0 && prefixLength <= (isV6 ? 128 : 32)
        ? new IpRange(isV6, address, prefixLength)
        : throw new ArgumentOutOfRangeException(nameof(prefixLength), prefixLength, "A prefix length of the family was expected.");

    /// <summary>Reads "10.8.0.0/28", "10.8.0.1" (a /32) or their IPv6 forms; null when the text is neither.</summary>
    public static IpRange? TryParse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return null;
        }

        var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (!isV6 && text.AsSpan(0, slash < 0 ? text.Length : slash).Count('.') != 3)
        {
            return null;
        }

        var width = isV6 ? 128 : 32;
        var prefix = width;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > width))
        {
            return null;
        }

        return new IpRange(isV6, ToNumber(address, isV6), prefix);
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not an address or CIDR block.</exception>
    public static IpRange Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' is not an IP address or CIDR block.");

    public bool Overlaps(IpRange other) => IsV6 == other.IsV6 && First <= other.Last && other.First <= Last;

    public bool Contains(IpRange other) => IsV6 == other.IsV6 && First <= other.First && other.Last <= Last;

    public bool Equals(IpRange other) => First == other.First && PrefixLength == other.PrefixLength && IsV6 == other.IsV6;

    public override int GetHashCode() => (First.GetHashCode() * 31) + PrefixLength;

    public int CompareTo(IpRange other) =>
        (IsV6, First, PrefixLength).CompareTo((other.IsV6, other.First, other.PrefixLength));

    public override string ToString() => $"{ToAddress()}/{PrefixLength.ToString(CultureInfo.InvariantCulture)}";

    private IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, First);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }

    private static UInt128 ToNumber(IPAddress address, bool isV6)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(isV6 ? bytes : bytes[12..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128 HostMask(bool isV6, int prefixLength)
    {
        var hostBits = (isV6 ? 128 : 32) - prefixLength;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }
}
