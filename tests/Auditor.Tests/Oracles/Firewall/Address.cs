using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>An IPv4 or IPv6 address as a number.</summary>
internal readonly record struct Address(bool V6, UInt128 Value)
{
    private int Bits => V6 ? 128 : 32;

    public static Address Parse(string text)
    {
        var parsed = IPAddress.Parse(text);
        var value = UInt128.Zero;
        foreach (var part in parsed.GetAddressBytes())
        {
            value = (value << 8) | part;
        }

        return new(parsed.AddressFamily == AddressFamily.InterNetworkV6, value);
    }

    /// <summary>First and last address of "10.8.0.0/28", of "10.8.0.5/28" (its host bits do not matter) or of a bare address.</summary>
    public static (Address First, Address Last) Range(string cidr)
    {
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        var address = Parse(slash < 0 ? cidr : cidr[..slash]);
        var free = slash < 0 ? 0 : address.Bits - int.Parse(cidr[(slash + 1)..], CultureInfo.InvariantCulture);
        var size = free == 128 ? UInt128.MaxValue : (UInt128.One << free) - 1;
        return (address with { Value = address.Value & ~size }, address with { Value = address.Value | size });
    }

    public bool In(string cidr)
    {
        var (first, last) = Range(cidr);
        return first.V6 == V6 && Value >= first.Value && Value <= last.Value;
    }

    /// <summary>The neighbour; null beyond either end.</summary>
    public Address? Plus(int step) => step < 0
        ? (Value == 0 ? null : this with { Value = Value - 1 })
        : (Value == (V6 ? UInt128.MaxValue : uint.MaxValue) ? null : this with { Value = Value + 1 });

    public override string ToString()
    {
        var bytes = new byte[Bits / 8];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(Value >> (Bits - 8 - (8 * i)));
        }

        return new IPAddress(bytes).ToString();
    }
}
