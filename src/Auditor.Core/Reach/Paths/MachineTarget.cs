using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>A VM: the firewall on the way in, then whether it runs.</summary>
internal static class MachineTarget
{
    public static void Pass(PathPart part, IpRange address, Instance machine, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(machine.Name);
        foreach (var arrived in IngressFirewallStage.Pass(part, address, machine, network, Peer(part, network, walk), walk))
        {
            into.Add(arrived.End is not null ? arrived
                : machine.Status is null or "RUNNING" ? arrived.Ends(PathEnd.Reachable(PathStage.Target, by), "running")
                : arrived.Ends(PathEnd.Blocked(PathStage.Target, PathReason.InstanceNotRunning, by), $"is in state {machine.Status}"));
        }
    }

    /// <summary>The sender as rules of a network see it: tags count only within the same network.</summary>
    public static FirewallEnd Peer(PathPart part, ResourceName network, PathWalk walk) => new(part.Sources, network == walk.Source.Network ? walk.Source.Peer.Tags : []);
}
