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
            foreach (var (decision, destinations, traffic) in slice.Boxes(new FirewallEnd(part.Destinations), part.Traffic, walk.EffectsOnly))
            {
                into.Add(FirewallVerdict.Of(here with { Destinations = destinations, Traffic = traffic }, PathStage.EgressFirewall, decision));
            }
        }
    }
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
