using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Intended;

/// <summary>Protocol and ports as people write them: "tcp:5432", "tcp:8000-8100", "udp:53", "icmp", "47", "all".</summary>
public sealed record ServicePorts(string Text, IntervalSet<uint> Traffic)
{
    /// <summary>What <see cref="TryParse"/> reads, for messages.</summary>
    public const string Expected = "a protocol with or without ports, such as tcp:5432, tcp:8000-8100, udp:53, icmp, 47 or all";

    /// <summary>Null when the text is nothing of the sort.</summary>
    public static ServicePorts? TryParse(string text)
    {
        if (text == "all")
        {
            return new ServicePorts(text, Network.Traffic.All);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return IpProtocol.TryParse((colon < 0 ? text : text[..colon]).ToLowerInvariant()) is not { } protocol ? null
            : colon < 0 ? new ServicePorts(text, Network.Traffic.OfProtocol(protocol))
            : IpProtocol.HasPorts(protocol) && PortInterval.TryParse(text.AsSpan(colon + 1)) is { First: > 0 } ports
                ? new ServicePorts(text, Network.Traffic.OfPorts(protocol, IntervalSet.Of((ushort)ports.First, (ushort)ports.Last)))
                : null;
    }

    public override string ToString() => Text;
}
