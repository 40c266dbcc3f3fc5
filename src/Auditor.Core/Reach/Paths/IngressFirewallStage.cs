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
        foreach (var (decision, packets) in walk.FirewallOf(network, machine.Region).Answer(TrafficDirection.Ingress, own, peer, part.Traffic).Decisions)
        {
            foreach (var group in packets.Slices.GroupBy(slice => slice.Peers, slice => slice.Traffic))
            {
                // Behind a proxy all clients look alike.
                yield return FirewallVerdict.Of(part with { Sources = part.Sources == peer.Addresses ? group.Key : part.Sources, Traffic = IntervalSet.Of(group) }, PathStage.IngressFirewall, decision);
            }
        }
    }
}
