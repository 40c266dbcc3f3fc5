using System.Collections.Immutable;
using System.Globalization;

namespace Auditor.Network;

/// <summary>IP protocols by number, with the names that firewall rules use for some. Source: IANA; REST Resource firewalls, compute v1.</summary>
public static class IpProtocol
{
    public const byte Icmp = 1;
    public const byte IpIp = 4;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Gre = 47;
    public const byte Esp = 50;
    public const byte Ah = 51;
    public const byte Sctp = 132;

    private static readonly ImmutableArray<(string Name, byte Number)> s_names =
        [("icmp", Icmp), ("ipip", IpIp), ("tcp", Tcp), ("udp", Udp), ("esp", Esp), ("ah", Ah), ("sctp", Sctp)];

    /// <summary>Reads a name in lower case or a decimal number; null when the text is neither. "all" is no protocol.</summary>
    public static byte? TryParse(string text)
    {
        foreach (var (name, number) in s_names)
        {
            if (name == text)
            {
                return number;
            }
        }

        return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Whether packets of the protocol have ports.</summary>
    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Sctp;

    /// <summary>The name, or the number where rules have no name for it.</summary>
    public static string NameOf(byte protocol)
    {
        foreach (var (name, number) in s_names)
        {
            if (number == protocol)
            {
                return name;
            }
        }

        return protocol.ToString(CultureInfo.InvariantCulture);
    }
}
