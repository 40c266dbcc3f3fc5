using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>Internal load balancers and Private Service Connect endpoints.</summary>
internal static class FrontTarget
{
    public static void Pass(PathPart part, ValueList<ForwardingRule> rules, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var split = new PathSplitter(part, into);
        if (rules.All(rule => IsClosed(rule, walk)))
        {
            split.All(all => all.Ends(PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleRegionMismatch, PathDecider.Of(rules[0].Name))));
        }

        foreach (var rule in rules.Where(rule => !IsClosed(rule, walk)))
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

        if (rule.IsPscEndpoint)
        {
            into.Add(part.Ends(Endpoint(rule, by, network, walk)));
            return;
        }

        Balance(part.On(PathStage.Target, "an internal load balancer", by), rule, by, network, walk, into);
    }

    // A passthrough balancer leaves the packets as they are; a proxy asks its backends from the proxy-only subnetwork.
    private static void Balance(PathPart part, ForwardingRule rule, PathDecider by, ResourceName network, PathWalk walk, List<PathPart> into)
    {
        var proxies = AddressSet.None;
        var isProxy = rule.Scheme == LoadBalancingScheme.InternalManaged;
        if (isProxy)
        {
            var subnetworks = walk.View.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
            proxies = AddressSet.Of(subnetworks.Items.Where(subnetwork => IsForProxies(subnetwork, rule)).Select(subnetwork => subnetwork.IpCidrRange).OfType<IpRange>());
            if (proxies.IsEmpty)
            {
                into.Add(part.Ends(subnetworks.Incomplete is { } incomplete ? PathEnd.Unknown(PathStage.Target, PathReason.NoProxySubnetwork, $"subnetworks of network {network.Id} could not all be listed: {incomplete}")
                    : PathEnd.Blocked(PathStage.Target, PathReason.NoProxySubnetwork, by)));
                return;
            }
        }

        var backends = Backends.Of(rule, walk.View);
        if (backends.Missing is { } missing)
        {
            into.Add(part.Ends(PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, missing)));
        }
        else if (backends.Machines.Count == 0)
        {
            into.Add(part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleNoInstances, by)));
        }
        else
        {
            into.AddRange(Alternatives.Join([.. backends.Machines.Select(backend => Behind(part, backend.Machine, backend.Port, isProxy ? proxies : null, network, walk))]));
        }
    }

    private static List<PathPart> Behind(PathPart part, Instance machine, ushort? port, AddressSet? proxies, ResourceName network, PathWalk walk)
    {
        var by = PathDecider.Of(machine.Name);
        if (machine.Status is not (null or "RUNNING"))
        {
            return [part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.InstanceNotRunning, by), $"is in state {machine.Status}")];
        }

        if (proxies is not { } range)
        {
            return [.. IngressFirewallStage.Pass(part, part.Destinations.Lowest, machine, network, MachineTarget.Peer(part, network, walk), walk).Select(Taken)];
        }

        if (port is not { } asked || machine.NetworkInterfaces.Where(nic => nic.Network == network).Select(nic => nic.Address).FirstOrDefault() is not { } address)
        {
            return [part.Ends(PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, $"at which address and port the proxies ask VM {machine.Name.Id} is not known"))];
        }

        // Every proxy carries flows of every client: those that are let in pass, the others do not.
        var behind = part with { Sources = range, Traffic = Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of(asked, asked)) };
        var ends = IngressFirewallStage.Pass(behind, address, machine, network, new FirewallEnd(range), walk).Select(Taken).Select(end => new List<PathPart> { end with { Sources = part.Sources, Traffic = part.Traffic } }).ToList();
        return [.. Alternatives.Join(ends)];

        PathPart Taken(PathPart arrived) => arrived.End is not null ? arrived : arrived.Ends(PathEnd.Reachable(PathStage.Target, by), "running");
    }

    private static bool IsForProxies(Subnetwork subnetwork, ForwardingRule rule) => subnetwork.Role is null or "ACTIVE" && (rule.Name.Location == "global"
        ? subnetwork.Purpose == SubnetworkPurpose.GlobalManagedProxy
        : subnetwork.Purpose is SubnetworkPurpose.RegionalManagedProxy or SubnetworkPurpose.InternalHttpsLoadBalancer && subnetwork.Name.Location == rule.Name.Location);

    private static PathEnd Endpoint(ForwardingRule rule, PathDecider by, ResourceName network, PathWalk walk) =>
        network != walk.Source.Network ? PathEnd.Blocked(PathStage.Target, PathReason.PscFromPeeredNetwork, by)
        : rule.TargetBundle is null && OtherRegion(rule, walk) && rule.AllowPscGlobalAccess != true ? PathEnd.Blocked(PathStage.Target, PathReason.ForwardingRuleRegionMismatch, by)
        : rule.PscConnectionStatus switch
        {
            "ACCEPTED" => PathEnd.Reachable(PathStage.Target, by),
            null => PathEnd.Unknown(PathStage.Target, PathReason.PscNotAccepted, $"whether the connection of {by} was accepted is not said"),
            _ => PathEnd.Blocked(PathStage.Target, PathReason.PscNotAccepted, by),
        };

    // Balancers serve their own region unless they say otherwise.
    private static bool IsClosed(ForwardingRule rule, PathWalk walk) => !rule.IsPscEndpoint && OtherRegion(rule, walk) && rule.AllowGlobalAccess != true;

    // Global ones serve every region.
    private static bool OtherRegion(ForwardingRule rule, PathWalk walk) => rule.Name.Location is { } region and not "global" && region != walk.Source.Region;

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
