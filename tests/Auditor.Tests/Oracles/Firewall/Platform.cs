namespace Auditor.Tests.Oracles.Firewall;

/// <summary>Packets that no rule can block or open.</summary>
internal static class Platform
{
    private static readonly string[] s_inside =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "fc00::/7", "fe80::/10", "ff00::/8",
    ];

    private static readonly int[] s_carriedOutside = [6, 17, 1, 50, 51, 132, 4, 47, 58];

    public static Verdict? Decide(Packet packet)
    {
        if (!packet.Egress)
        {
            return null;
        }

        if (packet.Peer == Address.Parse("169.254.169.254"))
        {
            return Verdict.Of(Answer.Allow, Deciders.AlwaysAllowed);
        }

        var isOutside = !Array.Exists(s_inside, packet.Peer.In);
        var isMail = packet is { Protocol: 6, Port: 25 };
        return isOutside && (isMail || !s_carriedOutside.Contains(packet.Protocol)) ? Verdict.Of(Answer.Deny, Deciders.AlwaysBlocked, assumed: isMail) : null;
    }
}
