using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>The firewall of the network where the packets arrive, on the way into a machine.</summary>
internal static class IngressFirewallStage
{
    /// <param name="address">The packets' destination.</param>
    /// <param name="peer">The sender as the machine sees it.</param>
    public static IEnumerable<PathPart> Pass(PathPart part, IpRange address, Instance machine, ResourceName network, FirewallEnd peer, PathWalk walk)
    {
        var own = new FirewallEnd(AddressSet.Of(address), machine.Tags, machine.ServiceAccounts is [var account, ..] ? account : null);
        walk.Gates.Add(new FirewallGate(network, own, peer));
        var firewall = walk.FirewallOf(network, machine.Region);
        return firewall.Slices(TrafficDirection.Ingress, own).ToList() is [var only] ? only.Boxes(peer, part.Traffic, walk.EffectsOnly).Select(Verdict)
            : firewall.Answer(TrafficDirection.Ingress, own, peer, part.Traffic).Decisions
                .SelectMany(pair => pair.Packets.Slices.GroupBy(slice => slice.Peers, slice => slice.Traffic).Select(group => Verdict((pair.Decision, group.Key, IntervalSet.Of(group)))));

        // Behind a proxy all clients look alike.
        PathPart Verdict((FirewallDecision Decision, AddressSet Peers, IntervalSet<uint> Traffic) box) =>
            FirewallVerdict.Of(part with { Sources = part.Sources == peer.Addresses ? box.Peers : part.Sources, Traffic = box.Traffic }, PathStage.IngressFirewall, box.Decision);
    }
}
