using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>A rule whose packets others decide before it is asked.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Direction">The direction it is for.</param>
/// <param name="IsFull">Whether it can never decide anything; otherwise only a part of what it matches is left to it.</param>
/// <param name="By">What decides its packets instead, in reading order.</param>
public sealed record Shadow(FirewallDecider Rule, TrafficDirection Direction, bool IsFull, ValueList<FirewallDecider> By);

/// <summary>
/// Finds rules that can never decide. A rule that may match more than one kind of machine or peer is asked for the least of each (a machine with just
/// one of its target tags, a peer with just one of its source tags): whoever carries more is matched by more rules before it, never by fewer.
/// Rules that select by something firewall data does not say are left out, and so is what is assumed.
/// </summary>
internal static class Shadowing
{
    /// <param name="withPartial">Whether to work out rules of which a part is left, too.</param>
    public static IEnumerable<Shadow> Of(EffectiveFirewall firewall, TrafficDirection direction, bool withPartial)
    {
        // Few kinds of machine, many rules.
        var slices = new Dictionary<string, List<FirewallSlice>>(StringComparer.Ordinal);
        var accounts = firewall.Lines(direction).Where(line => line.Action == FirewallAction.GotoNext).SelectMany(line => line.TargetServiceAccounts).Distinct(StringComparer.Ordinal).ToList();
        return firewall.Lines(direction).GroupBy(line => line.Decider)
            .Where(group => group.Key is { Resource: not null, Assumed: false } && group.All(line => line.Doubt is null) && !IsImplied(group.Key))
            .Select(group => Of(direction, [.. group], withPartial, SlicesOf)).OfType<Shadow>();

        List<FirewallSlice> SlicesOf(FirewallLine line)
        {
            if (line.Own is not null)
            {
                return [.. Machines(line).SelectMany(own => firewall.Slices(direction, own))];
            }

            var key = $"{string.Join(',', line.TargetTags)} {string.Join(',', line.TargetServiceAccounts)}";
            return slices.TryGetValue(key, out var known) ? known : slices[key] = [.. Machines(line).SelectMany(own => firewall.Slices(direction, own))];
        }

        IEnumerable<FirewallEnd> Machines(FirewallLine line) =>
            Owns(line).SelectMany(own => own.ServiceAccount is null ? accounts.Select(account => own with { ServiceAccount = account }).Prepend(own) : [own]);
    }

    /// <summary>What decides the packets that lines match: each decider with what it decides, over the least machines and peers.</summary>
    public static IEnumerable<(FirewallEnd Own, FirewallEnd Peer, FirewallAnswer Answer)> Answers(EffectiveFirewall firewall, TrafficDirection direction, FirewallLine line, AddressSet? peers = null, IntervalSet<uint>? traffic = null) =>
        from own in Owns(line)
        from slice in firewall.Slices(direction, own)
        from peer in Peers(line, peers)
        select (own, peer, slice.Answer(peer, traffic ?? line.Traffic));

    private static IEnumerable<FirewallDecision> Decisions(FirewallLine line, List<FirewallSlice> slices) =>
        from slice in slices
        from peer in Peers(line, null)
        from decision in slice.Decisions(peer, line.Traffic, line.Decider)
        select decision;

    private static Shadow? Of(TrafficDirection direction, List<FirewallLine> lines, bool withPartial, Func<FirewallLine, List<FirewallSlice>> slicesOf)
    {
        var decider = lines[0].Decider;
        if (!withPartial && lines.Exists(line => DecidesACorner(line, slicesOf(line))))
        {
            return null;
        }

        var decisions = new HashSet<FirewallDecision>();
        var isFull = true;
        foreach (var decision in lines.SelectMany(line => Decisions(line, slicesOf(line))).Where(decisions.Add))
        {
            isFull &= decision.Effect != FirewallEffect.Unknown && decision.DecidedBy != decider;
            if (!isFull && !withPartial)
            {
                return null;
            }
        }

        var by = decisions.Select(decision => decision.DecidedBy).OfType<FirewallDecider>().Where(other => other != decider).Distinct()
            .OrderBy(other => other.Kind == FirewallDeciderKind.Platform ? 0 : 1).ThenBy(other => other.Priority).ThenBy(other => other.Name, StringComparer.Ordinal).ToValueList();
        return isFull || (withPartial && !by.IsEmpty) ? new Shadow(decider, direction, isFull, by) : null;
    }

    // Most rules decide some packet at their own edges: asked of a few before all are worked out.
    private static bool DecidesACorner(FirewallLine line, List<FirewallSlice> slices)
    {
        var traffics = line.Traffic.Intervals.SelectMany(interval => (uint[])[interval.First, interval.Last]).Distinct().Take(4).ToList();
        foreach (var slice in slices)
        {
            foreach (var peer in Peers(line, null).Take(2))
            {
                foreach (var range in peer.Addresses!.Value.ToRanges().Take(4))
                {
                    foreach (var address in (IpRange[])[IpRange.Of(range.IsV6, range.First, range.IsV6 ? 128 : 32), IpRange.Of(range.IsV6, range.Last, range.IsV6 ? 128 : 32)])
                    {
                        if (traffics.Exists(traffic => slice.Decide(Traffic.ProtocolOf(traffic), Traffic.PortOf(traffic), address, peer).DecidedBy == line.Decider))
                        {
                            return true;
                        }
                    }
                }
            }
        }

        return false;
    }

    // Google ends every policy with four rules that leave the decision to what comes next; nobody wrote them.
    private static bool IsImplied(FirewallDecider decider) => decider is { Kind: FirewallDeciderKind.PolicyRule, Priority: >= 2147483644 };

    /// <summary>The least machines that a line applies to.</summary>
    public static IEnumerable<FirewallEnd> Owns(FirewallLine line) => line.TargetTags.IsEmpty && line.TargetServiceAccounts.IsEmpty
        ? [new FirewallEnd(line.Own)]
        : line.TargetTags.Select(tag => new FirewallEnd(line.Own, [tag])).Concat(line.TargetServiceAccounts.Select(account => new FirewallEnd(line.Own, [], account)));

    private static IEnumerable<FirewallEnd> Peers(FirewallLine line, AddressSet? within)
    {
        var addresses = within is { } limit ? line.Peers.Intersect(limit) : line.Peers;
        return (addresses.IsEmpty ? [] : (IEnumerable<FirewallEnd>)[new FirewallEnd(addresses)])
            .Concat(line.PeerTags.Select(tag => new FirewallEnd(within ?? AddressSet.All, [tag])))
            .Concat(line.PeerServiceAccounts.Select(account => new FirewallEnd(within ?? AddressSet.All, [], account)));
    }
}
