using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>A VM: the firewall on the way in, then whether it runs.</summary>
internal static class MachineTarget
{
    /// <param name="cluster">The cluster whose pods have the address; null for an address of the machine itself.</param>
    public static void Pass(PathPart part, IpRange address, Instance machine, GkeCluster? cluster, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(machine.Name);
        foreach (var arrived in IngressFirewallStage.Pass(part, address, machine, network, Peer(part, network, walk), walk))
        {
            into.Add(arrived.End is not null ? arrived
                : machine.Status is not (null or "RUNNING") ? arrived.Ends(PathEnd.Blocked(PathStage.Target, PathReason.InstanceNotRunning, by), $"is in state {machine.Status}")
                : cluster is { MayEnforceNetworkPolicy: true } ? arrived.Ends(PathEnd.Unknown(PathStage.Target, PathReason.Unsupported, $"network policies inside GKE cluster {cluster.Name.Id}, which are not seen, may drop it at node {machine.Name.Id}"))
                : arrived.Ends(PathEnd.Reachable(PathStage.Target, by), cluster is null ? "running" : $"to the pods of GKE cluster {cluster.Name.Id} on this node"));
        }
    }

    /// <summary>The sender as rules of a network see it: tags count only within the same network.</summary>
    public static FirewallEnd Peer(PathPart part, ResourceName network, PathWalk walk) => new(part.Sources, network == walk.Source.Network ? walk.Source.Peer.Tags : []);
}
