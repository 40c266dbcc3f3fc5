using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>What an exchanged rule changes between one machine and one peer: exact sets, of which at least one is not empty.</summary>
/// <param name="BecameUnknown">Known before, not known now.</param>
/// <param name="BecameKnown">Not known before, known now.</param>
public sealed record FirewallDelta(TrafficDirection Direction, FirewallEnd Own, FirewallEnd Peer, PacketSet Opened, PacketSet Closed, PacketSet BecameUnknown, PacketSet BecameKnown)
{
    /// <summary>
    /// Compares two firewalls of a network that differ in one VPC rule. Only packets that the old or the new rule can match are looked at, and only
    /// machines that it applies to.
    /// </summary>
    /// <param name="before">Null stands for no rule.</param>
    /// <param name="after">Null stands for no rule.</param>
    /// <param name="now">The firewall with <paramref name="after"/>, as <see cref="EffectiveFirewall.With"/> gives it.</param>
    /// <param name="owns">The machines; their addresses may be unknown.</param>
    /// <param name="peers">The other ends; an unknown address stands for every address.</param>
    public static IEnumerable<FirewallDelta> Between(EffectiveFirewall was, EffectiveFirewall now, Firewall? before, Firewall? after, IReadOnlyCollection<FirewallEnd> owns, IReadOnlyCollection<FirewallEnd> peers)
    {
        foreach (var direction in (TrafficDirection[])[TrafficDirection.Ingress, TrafficDirection.Egress])
        {
            var lines = new[] { before, after }.OfType<Firewall>().SelectMany(rule => FirewallLines.Of(rule, direction)).ToList();
            if (lines.Count == 0)
            {
                continue;
            }

            // A peer by tag or service account is matched whatever its address.
            var traffic = IntervalSet.Of(lines.SelectMany(line => line.Traffic.Intervals));
            var ranges = AddressSet.Union(lines.Select(line => line.Peers));
            var touched = peers.Select(peer => (Peer: peer, Narrowed: peer with { Addresses = lines.Exists(line => Selects(line, peer)) ? peer.Addresses ?? AddressSet.All : (peer.Addresses ?? AddressSet.All).Intersect(ranges) }))
                .Where(pair => pair.Narrowed.Addresses is { IsEmpty: false }).ToList();
            if (touched.Count == 0)
            {
                continue;
            }

            // A machine that no other line tells from a plain one sees what a plain one sees.
            var isForAll = lines.TrueForAll(line => line.TargetTags.IsEmpty && line.TargetServiceAccounts.IsEmpty && line.Own is null);
            var plain = isForAll ? new Pair(was, now, direction, FirewallEnd.Anywhere) : null;
            var ofPlain = touched.ConvertAll(pair => plain?.Compare(pair.Narrowed, traffic));
            foreach (var own in isForAll ? owns : owns.Where(own => lines.Exists(line => line.AppliesTo(own))))
            {
                Pair? machine = null;
                for (var i = 0; i < touched.Count; i++)
                {
                    var (peer, narrowed) = touched[i];
                    var delta = isForAll && !now.TellsApart(direction, own, narrowed) ? ofPlain[i] : (machine ??= new Pair(was, now, direction, own)).Compare(narrowed, traffic);
                    if (delta is not null)
                    {
                        yield return delta with { Own = own, Peer = peer };
                    }
                }
            }
        }
    }

    // The same machine before and after.
    private sealed class Pair(EffectiveFirewall was, EffectiveFirewall now, TrafficDirection direction, FirewallEnd own)
    {
        private readonly List<FirewallSlice> _was = [.. was.Slices(direction, own)];
        private readonly List<FirewallSlice> _now = [.. now.Slices(direction, own)];

        public FirewallDelta? Compare(FirewallEnd peer, IntervalSet<uint> traffic)
        {
            var (before, after) = (Effects(_was, peer, traffic), Effects(_now, peer, traffic));
            if (before == after)
            {
                return null;
            }

            var delta = new FirewallDelta(
                direction,
                own,
                peer,
                after.Allowed.Except(before.Allowed).Except(before.Unknown),
                before.Allowed.Except(after.Allowed).Except(after.Unknown),
                after.Unknown.Except(before.Unknown),
                before.Unknown.Except(after.Unknown));
            return delta.Opened.IsEmpty && delta.Closed.IsEmpty && delta.BecameUnknown.IsEmpty && delta.BecameKnown.IsEmpty ? null : delta;
        }

        // Where it depends on the machine's own address, it is unknown.
        private static FirewallEffects Effects(List<FirewallSlice> slices, FirewallEnd peer, IntervalSet<uint> traffic)
        {
            var all = slices.ConvertAll(slice => slice.Effects(peer, traffic));
            if (all.Count == 1)
            {
                return all[0];
            }

            var allowed = all.Select(effects => effects.Allowed).Aggregate((left, right) => left.Intersect(right));
            var denied = all.Select(effects => effects.Denied).Aggregate((left, right) => left.Intersect(right));
            return new FirewallEffects(allowed, denied, PacketSet.Of(traffic, peer.Addresses ?? AddressSet.All).Except(allowed).Except(denied));
        }
    }

    private static bool Selects(FirewallLine line, FirewallEnd peer) =>
        line.PeerTags.Any(tag => peer.Tags.Contains(tag)) || (peer.ServiceAccount is { } account && line.PeerServiceAccounts.Contains(account));
}
