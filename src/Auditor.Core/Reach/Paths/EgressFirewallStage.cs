using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>The firewall of the network that the packets enter, on the way out of the connector's VMs or the workload's interface.</summary>
internal static class EgressFirewallStage
{
    public static void Pass(PathPart part, PathWalk walk, List<PathPart> into)
    {
        foreach (var slice in walk.Leaving)
        {
            var sources = slice.Own!.Value.Intersect(part.Sources!.Value);
            if (sources.IsEmpty)
            {
                continue;
            }

            var here = part with { Sources = sources };
            if (part.Traffic.Intervals is [{ } only] && only.First == only.Last && part.Destinations.V6.IsEmpty && part.Destinations.V4.Intervals is [{ } one] && one.First == one.Last)
            {
                into.Add(Judge(here, slice.Decide(Traffic.ProtocolOf(only.First), Traffic.PortOf(only.First), part.Destinations.Lowest, FirewallEnd.Anywhere)));
                continue;
            }

            foreach (var (decision, packets) in slice.Answer(new FirewallEnd(part.Destinations), part.Traffic).Decisions)
            {
                into.AddRange(packets.Slices.GroupBy(piece => piece.Peers, piece => piece.Traffic)
                    .Select(group => Judge(here with { Destinations = group.Key, Traffic = IntervalSet.Of(group) }, decision)));
            }
        }
    }

    private static PathPart Judge(PathPart part, FirewallDecision decision) => FirewallVerdict.Of(part, PathStage.EgressFirewall, decision);
}

/// <summary>What a firewall's decision means for a path.</summary>
internal static class FirewallVerdict
{
    public static PathPart Of(PathPart part, PathStage stage, FirewallDecision decision) => decision.Effect switch
    {
        FirewallEffect.Allow => part.On(stage, "allowed", PathDecider.Of(decision.DecidedBy!)),
        FirewallEffect.Deny => part.Ends(PathEnd.Blocked(stage, PathReason.FirewallRule, PathDecider.Of(decision.DecidedBy!)), "denied"),
        _ => part.Ends(PathEnd.Unknown(stage, PathReason.FirewallConfigNotFound, decision.Because)),
    };
}
