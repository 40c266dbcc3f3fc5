using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>Who has the address in the network where the packets arrive, and whether they take them.</summary>
internal static class TargetStage
{
    /// <param name="network">The network where the packets arrive: the source's own, or a peer of it.</param>
    public static void Pass(PathPart part, ResourceName network, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var book = AddressBook.Of(walk.View, network);
        var split = new PathSplitter(part, into);
        if (part.Destinations.Lowest is var address && AddressSet.Of(address) == part.Destinations)
        {
            At(part, address, book.Find(address), book, network, walk, target, into);
            return;
        }

        foreach (var (at, occupant) in book.Within(part.Destinations))
        {
            var here = new List<PathPart>();
            split.Destinations(AddressSet.Of(at), taken =>
            {
                here.Add(taken);
                return taken;
            });
            into.RemoveRange(into.Count - here.Count, here.Count);
            here.ForEach(taken => At(taken, at, occupant, book, network, walk, target, into));
        }

        split.All(rest => rest.Ends(Nobody(book, network)));
    }

    private static void At(PathPart part, IpRange address, Occupant? occupant, AddressBook book, ResourceName network, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        switch (occupant)
        {
            case null:
                into.Add(part.Ends(Nobody(book, network)));
                break;
            case Occupant.Machine { Instance: var machine } when IsMeant(target, machine.Name):
                MachineTarget.Pass(part, address, machine, network, walk, into);
                break;
            case Occupant.Front { Rules: var rules } when target.Kind != PathTargetKind.Resource || rules.Any(rule => IsMeant(target, rule.Name)) || ManagedEndpoint.Kinds.Contains(target.Resource!.Value.Kind):
                FrontTarget.Pass(part, target.Resource is { } one && rules.FirstOrDefault(rule => rule.Name == one) is { } meant ? [meant] : rules, network, walk, into);
                break;
            case Occupant.Managed { Endpoint: { Way: ServiceWay.PrivateServiceConnect } } when network != walk.Source.Network:
                into.Add(part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.PscFromPeeredNetwork, PathDecider.Of(network))));
                break;
            case Occupant.Managed { Endpoint: var endpoint } when IsMeant(target, endpoint.Service.Name):
                ManagedServices.Pass(part, endpoint, walk, into);
                break;
            default:
                into.Add(part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.WrongNetwork, PathDecider.Of(network)), "something else has the address there"));
                break;
        }
    }

    private static bool IsMeant(PathTarget target, ResourceName name) => target.Resource is not { } meant || meant == name;

    private static PathEnd Nobody(AddressBook book, ResourceName network) => book.WhyUnread is { } missing
        ? PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, missing)
        : PathEnd.Blocked(PathStage.Target, PathReason.UnknownInternalAddress, PathDecider.Of(network));
}

/// <summary>A VM: the firewall on the way in, then whether it runs.</summary>
internal static class MachineTarget
{
    public static void Pass(PathPart part, IpRange address, Instance machine, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(machine.Name);
        foreach (var arrived in IngressFirewallStage.Pass(part, address, machine, network, Peer(part, network, walk), walk.View))
        {
            into.Add(arrived.End is not null ? arrived
                : machine.Status is null or "RUNNING" ? arrived.Ends(PathEnd.Reachable(PathStage.Target, by), "running")
                : arrived.Ends(PathEnd.Blocked(PathStage.Target, PathReason.InstanceNotRunning, by), $"is in state {machine.Status}"));
        }
    }

    /// <summary>The sender as rules of a network see it: tags count only within the same network.</summary>
    public static FirewallEnd Peer(PathPart part, ResourceName network, PathWalk walk) => new(part.Sources, network == walk.Source.Network ? walk.Source.Peer.Tags : []);
}

/// <summary>The firewall of the network where the packets arrive, on the way into a machine.</summary>
internal static class IngressFirewallStage
{
    /// <param name="address">The packets' destination.</param>
    /// <param name="peer">The sender as the machine sees it.</param>
    public static IEnumerable<PathPart> Pass(PathPart part, IpRange address, Instance machine, ResourceName network, FirewallEnd peer, EstateView view)
    {
        var own = new FirewallEnd(AddressSet.Of(address), machine.Tags, machine.ServiceAccounts is [var account, ..] ? account : null);
        foreach (var (decision, packets) in EffectiveFirewall.Of(view, network, machine.Region).Answer(TrafficDirection.Ingress, own, peer, part.Traffic).Decisions)
        {
            foreach (var group in packets.Slices.GroupBy(slice => slice.Peers, slice => slice.Traffic))
            {
                // Behind a proxy all clients look alike.
                yield return FirewallVerdict.Of(part with { Sources = part.Sources == peer.Addresses ? group.Key : part.Sources, Traffic = IntervalSet.Of(group) }, PathStage.IngressFirewall, decision);
            }
        }
    }
}

/// <summary>Internal load balancers and Private Service Connect endpoints.</summary>
internal static class FrontTarget
{
    public static void Pass(PathPart part, ValueList<ForwardingRule> rules, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var split = new PathSplitter(part, into);
        foreach (var rule in rules)
        {
            var here = new List<PathPart>();
            split.Traffic(Served(rule), served =>
            {
                here.Add(served);
                return served;
            });
            into.RemoveRange(into.Count - here.Count, here.Count);
            here.ForEach(served => At(served, rule, network, walk, into));
        }

        split.All(rest => rest.Ends(PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleMismatch, PathDecider.Of(rules[0].Name))));
    }

    private static void At(PathPart part, ForwardingRule rule, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var by = PathDecider.Of(rule.Name);
        if (rule.IsPscEndpoint && Endpoint(rule, by, network, walk) is { Effect: PathEffect.Reachable } && rule.Target is { } attachment && walk.View.Referrers<SqlInstance>(ResourceKind.SqlInstance, attachment).Items is [var sql, ..])
        {
            var accepted = part.On(PathStage.Target, $"{rule.PscConnectionStatus!.ToLowerInvariant()}", by);
            ManagedServices.Pass(accepted, new ManagedEndpoint(sql, network, part.Destinations.Lowest, ServiceWay.PrivateServiceConnect, ManagedEndpoint.SqlPorts(sql), ManagedEndpoint.SqlServes(sql)), walk, into);
            return;
        }

        into.Add(rule.IsPscEndpoint ? part.Ends(Endpoint(rule, by, network, walk)) : part.Ends(OtherRegion(rule, by, walk) && rule.AllowGlobalAccess != true
            ? PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleRegionMismatch, by)
            : PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, $"the backends of forwarding rule {rule.Name.Id} were not read")));
    }

    private static PathEnd Endpoint(ForwardingRule rule, PathDecider by, ResourceName network, PathWalk walk) =>
        network != walk.Source.Network ? PathEnd.Blocked(PathStage.Target, PathReason.PscFromPeeredNetwork, by)
        : rule.TargetBundle is not null ? PathEnd.Reachable(PathStage.Target, by)
        : OtherRegion(rule, by, walk) && rule.AllowPscGlobalAccess != true ? PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleRegionMismatch, by)
        : rule.PscConnectionStatus switch
        {
            "ACCEPTED" => PathEnd.Reachable(PathStage.Target, by),
            null => PathEnd.Unknown(PathStage.Target, PathReason.PscNotAccepted, $"whether the connection of {by} was accepted is not said"),
            _ => PathEnd.Blocked(PathStage.Target, PathReason.PscNotAccepted, by),
        };

    // Global ones serve every region.
    private static bool OtherRegion(ForwardingRule rule, PathDecider by, PathWalk walk) => by.Resource is not null && rule.Name.Location is { } region and not "global" && region != walk.Source.Region;

    private static IntervalSet<uint> Served(ForwardingRule rule)
    {
        if (rule.IsPscEndpoint || rule.Protocol is null or "L3_DEFAULT")
        {
            return Traffic.All;
        }

        return IpProtocol.TryParse(rule.Protocol.ToLowerInvariant()) is not { } protocol ? default
            : rule.AllPorts || rule.Ports.IsEmpty ? Traffic.OfProtocol(protocol)
            : Traffic.OfPorts(protocol, IntervalSet.Of(rule.Ports.Select(ports => new Interval<ushort>((ushort)ports.First, (ushort)ports.Last))));
    }
}
