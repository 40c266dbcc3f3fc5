using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>
/// What a network's firewall lets in from the internet: per rule the exact set that it, and nothing ahead of it, decides. "From the internet" is from
/// more public addresses than a /16 has (65,536), or from an IPv6 block wider than a /32; ranges that Google itself sends from are not counted, and a
/// range split into many is put together. The source of those ranges: the pages on health checks, IAP, Serverless VPC Access and Cloud DNS.
/// </summary>
/// <param name="Rule">The rule that lets it in.</param>
/// <param name="Packets">Public peers only.</param>
/// <param name="Machines">Who takes it: "every machine", or "machines with network tag web".</param>
internal sealed record OpenToInternet(FirewallDecider Rule, PacketSet Packets, ValueList<string> Machines)
{
    private const long MostPartners = 65_536;

    /// <summary>Public addresses, without those that Google's own services send from.</summary>
    private static readonly AddressSet s_public = AddressSet.External.Except(AddressSet.Of(((string[])
    [
        "35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22", "35.235.240.0/20", "35.199.192.0/18",
    ]).Select(IpRange.Parse)));

    /// <summary>Whether the rule opens everything: all of TCP or of UDP.</summary>
    public bool IsEverything => Packets.Traffic.Contains(Traffic.OfProtocol(IpProtocol.Tcp)) || Packets.Traffic.Contains(Traffic.OfProtocol(IpProtocol.Udp));

    /// <summary>Everything a network's firewall lets in, each rule once, worked out once for all rules that ask.</summary>
    public static IReadOnlyList<OpenToInternet> Of(VpcNetwork network, EstateView view) => view.Derive<List<EffectiveFirewall>, List<OpenToInternet>>(
        network.Name,
        inner => [.. NetworkRules.Regions(network, inner).Select(region => EffectiveFirewall.Of(inner, network.Name, region))],
        static (firewalls, before) => before is { } known && known.Inputs.SequenceEqual(firewalls) ? known.Value : [.. Find(firewalls)]);

    /// <summary>The part with some of the ports; null when there is none.</summary>
    public PacketSet? On(IntervalSet<uint> ports)
    {
        var part = Packets.Intersect(PacketSet.Of(ports, AddressSet.All));
        return part.IsEmpty ? null : part;
    }

    /// <summary>"0.0.0.0/0", or how many addresses.</summary>
    public static string From(PacketSet packets)
    {
        var peers = packets.Peers;
        var (v4, v6) = (Count(peers), !peers.V6.IsEmpty);
        var all = s_public.V4.Intervals.Sum(interval => (long)interval.Last - interval.First + 1);
        var words = v4 >= all ? "every public IPv4 address" : v4 > 0 ? string.Create(CultureInfo.InvariantCulture, $"{v4:N0} public IPv4 addresses") : null;
        return string.Join(" and ", new[] { words, v6 ? "IPv6 addresses" : null }.OfType<string>());
    }

    /// <summary>The verdicts of one rule of the catalog on one network.</summary>
    /// <param name="judge">What is wrong with an opening, as a set of packets; null when nothing is.</param>
    public static IEnumerable<Verdict> Judge(VpcNetwork subject, EstateView view, Func<OpenToInternet, PacketSet?> judge)
    {
        var (serverless, missing) = NetworkRules.Serverless(subject.Name, view);
        if (serverless != true)
        {
            return [serverless is null ? new Verdict.Unknown(missing!) : new Verdict.NotApplicable("no serverless workload leaves for the network")];
        }

        if (NetworkRules.WhyUnread(subject, view) is { } unread)
        {
            return [new Verdict.Unknown(unread)];
        }

        var verdicts = new List<Verdict>();
        foreach (var open in Of(subject, view))
        {
            if (judge(open) is { } packets)
            {
                verdicts.Add(new Verdict.Failed($"{open.Rule} lets {string.Join(", ", packets.Pieces().Select(piece => piece.Traffic.ToString()).Distinct(StringComparer.Ordinal))} in to {string.Join(" and ", open.Machines)} from {From(packets)}")
                {
                    Fix = open.Rule.Kind == FirewallDeciderKind.Rule
                        ? $"gcloud compute firewall-rules update {open.Rule.Name} --project={open.Rule.Resource!.Value.Project} --source-ranges=RANGES with just the ranges that need it (35.235.240.0/20 for SSH and RDP through IAP)"
                        : $"narrow the source ranges of {open.Rule}",
                    Discriminator = NetworkRules.KeyOf(open.Rule),
                });
            }
        }

        return verdicts.Count > 0 ? verdicts : [new Verdict.Passed()];
    }

    private static IEnumerable<OpenToInternet> Find(List<EffectiveFirewall> firewalls) => firewalls.SelectMany(In).GroupBy(open => open.Rule).Select(group => group.Aggregate((left, right) =>
            left with { Packets = left.Packets.Union(right.Packets), Machines = left.Machines.Union(right.Machines, StringComparer.Ordinal).ToValueList() }));

    private static IEnumerable<OpenToInternet> In(EffectiveFirewall firewall)
    {
        foreach (var line in firewall.Lines(TrafficDirection.Ingress).Where(line => line is { Action: FirewallAction.Allow, Doubt: null } && IsWide(line.Peers.Intersect(s_public))))
        {
            foreach (var group in Shadowing.Answers(firewall, TrafficDirection.Ingress, line, s_public).Where(found => found.Peer.Tags.IsEmpty && found.Peer.ServiceAccount is null).GroupBy(found => WordsOf(found.Own), StringComparer.Ordinal))
            {
                var packets = PacketSet.Of(group.SelectMany(found => found.Answer.Decisions).Where(pair => pair.Decision.DecidedBy == line.Decider).SelectMany(pair => pair.Packets.Slices).Where(slice => IsWide(slice.Peers)));
                if (!packets.IsEmpty)
                {
                    yield return new OpenToInternet(line.Decider, packets, [group.Key]);
                }
            }
        }
    }

    private static bool IsWide(AddressSet peers) => Count(peers) > MostPartners || peers.ToRanges().Any(range => range is { IsV6: true, PrefixLength: < 32 });

    private static long Count(AddressSet peers) => peers.V4.Intervals.Sum(interval => (long)interval.Last - interval.First + 1);

    private static string WordsOf(FirewallEnd own) => own.Tags is [var tag] ? $"machines with network tag {tag}" : own.ServiceAccount is { } account ? $"machines of service account {account}" : "every machine";
}
