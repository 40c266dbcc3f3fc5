using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>One packet as an instance's firewall sees it: "own" is the instance that the rules apply to, "peer" the other end.</summary>
/// <param name="Egress">True: the packet leaves the instance; its destination is the peer.</param>
/// <param name="Protocol">IANA number.</param>
/// <param name="Port">Destination port; 0 where the protocol has none.</param>
/// <param name="PeerTags">Network tags of a peer in the same network; empty for anything that comes across a peering.</param>
/// <param name="Region">The instance's region: decides which regional policies apply.</param>
internal sealed record Packet(
    bool Egress,
    int Protocol,
    int Port,
    Address Peer,
    Address Own,
    ImmutableArray<string> PeerTags,
    string? PeerServiceAccount,
    ImmutableArray<string> OwnTags,
    string? OwnServiceAccount,
    string Region = "us-central1")
{
    public static Packet Into(string own, string peer, int protocol, int port) => new(false, protocol, port, Address.Parse(peer), Address.Parse(own), [], null, [], null);

    public static Packet OutOf(string own, string peer, int protocol, int port) => Into(own, peer, protocol, port) with { Egress = true };

    public override string ToString() =>
        $"{(Egress ? "egress" : "ingress")} protocol {Protocol} port {Port}, peer {Peer} [{string.Join(',', PeerTags)}] {PeerServiceAccount}, own {Own} [{string.Join(',', OwnTags)}] {OwnServiceAccount} in {Region}";
}

internal enum Answer
{
    Deny,
    Allow,
    Unknown,
}

/// <summary>What becomes of a packet.</summary>
/// <param name="DecidedBy">A VPC rule's name, "policy/priority" for a policy's rule, or one of <see cref="Deciders"/>; null when unknown.</param>
/// <param name="MayDecide">Every rule that could be the one (equal rules, or undecidable ones with the same outcome); holds <paramref name="DecidedBy"/>.</param>
/// <param name="Features">Why the answer is unknown; empty otherwise.</param>
/// <param name="Assumed">A managed rule that no list shows decides.</param>
internal sealed record Verdict(Answer Answer, string? DecidedBy, ImmutableHashSet<string> MayDecide, ImmutableSortedSet<string> Features, bool Assumed = false)
{
    public static Verdict Of(Answer answer, string rule, bool assumed = false) => new(answer, rule, [rule], [], assumed);

    public static Verdict Unknown(params IEnumerable<string> features) => new(Answer.Unknown, null, [], [.. features]);

    public override string ToString() => Answer == Answer.Unknown ? $"Unknown({string.Join(',', Features)})" : $"{Answer} by {DecidedBy}{(Assumed ? " (assumed)" : "")}";
}

/// <summary>Names of deciders that are in no list.</summary>
internal static class Deciders
{
    public const string ImpliedAllow = "implied-allow-egress";
    public const string ImpliedDeny = "implied-deny-ingress";
    public const string AlwaysAllowed = "always-allowed";
    public const string AlwaysBlocked = "always-blocked";
}

/// <summary>All packets of one direction between one kind of peer and one instance: protocol, port and the peer's IPv4 address are free.</summary>
internal sealed record Query(
    bool Egress,
    Address Own,
    ImmutableArray<string> PeerTags,
    string? PeerServiceAccount,
    ImmutableArray<string> OwnTags,
    string? OwnServiceAccount,
    string Region = "us-central1")
{
    public Packet At(int protocol, int port, Address peer) => new(Egress, protocol, port, peer, Own, PeerTags, PeerServiceAccount, OwnTags, OwnServiceAccount, Region);

    public static Query Around(Packet packet) => new(packet.Egress, packet.Own, packet.PeerTags, packet.PeerServiceAccount, packet.OwnTags, packet.OwnServiceAccount, packet.Region);
}

/// <summary>Packets whose three coordinates lie within the bounds, ends included; IPv4 addresses of the peer as numbers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Box(int ProtocolLo, int ProtocolHi, int PortLo, int PortHi, uint AddressLo, uint AddressHi)
{
    public bool Holds(int protocol, int port, uint address) =>
        protocol >= ProtocolLo && protocol <= ProtocolHi && port >= PortLo && port <= PortHi && address >= AddressLo && address <= AddressHi;
}

/// <summary>An exact answer to a query. Packets of protocols without ports have port 0; a box may cover their other ports too, nobody asks.</summary>
internal sealed record Boxes(ImmutableArray<Box> Allowed, ImmutableArray<Box> Denied, ImmutableArray<Box> Unknown);

/// <summary>A firewall that the oracles hold to account. An estate is a JSON object of raw lists; <see cref="NaiveFirewall"/> says which.</summary>
internal interface IFirewallUnderTest
{
    Verdict Decide(JsonNode estate, Packet packet);

    Boxes Answer(JsonNode estate, Query query);
}
