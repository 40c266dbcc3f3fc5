using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Stage 4: where the source network sends a packet.</summary>
internal sealed class NaiveRoutes(RawEstate estate)
{
    private readonly NaiveTargets _targets = new(estate);
    private readonly NaiveClusters _clusters = new(estate);
    private readonly NaiveInternet _internet = new(estate);

    public PathAnswer Decide(Flow flow)
    {
        // Endpoints for Google's APIs lie outside every subnetwork; Google routes to them before anything else.
        if (estate.OfNetwork("forwardingRules", flow.Network).Exists(rule => RawEstate.IsPscForGoogleApis(rule) && RawEstate.IsAt(rule, "IPAddress", flow.Destination)))
        {
            return _targets.Arrive(flow, flow.Network);
        }

        return PolicyBased(flow) ?? Subnet(flow);
    }

    private PathAnswer? PolicyBased(Flow flow)
    {
        var applying = estate.OfNetwork("policyBasedRoutes", flow.Network).FindAll(route => Applies(route, flow));
        if (applying.Count == 0)
        {
            return null;
        }

        var best = applying.Min(Priority);
        var hops = applying.FindAll(route => Priority(route) == best).ConvertAll(route => RawJson.Text(route, "nextHopOtherRoutes") ?? RawJson.Text(route, "nextHopIlbIp")).Distinct().ToList();
        return hops is ["DEFAULT_ROUTING"] ? null : PathAnswer.Unknown(Stages.Route, "policy-based route");
    }

    private static bool Applies(JsonNode route, Flow flow)
    {
        var filter = route["filter"];
        var tags = RawJson.Texts(route["virtualMachine"], "tags");
        return route["interconnectAttachment"] is null
            && RawJson.Text(filter, "protocolVersion") is null or "IPV4"
            && RawJson.Text(filter, "ipProtocol") switch { null or "ALL" => true, "TCP" => flow.Packet.Protocol == 6, "UDP" => flow.Packet.Protocol == 17, "ICMP" => flow.Packet.Protocol == 1, var other => other == $"{flow.Packet.Protocol}" }
            && (RawJson.Text(filter, "srcRange") is not { } source || Ranges.Has(source, flow.Source))
            && (RawJson.Text(filter, "destRange") is not { } destination || Ranges.Has(destination, flow.Destination))
            && (tags.Count == 0 || tags.Exists(tag => flow.Entry.Tags.Contains(tag)));
    }

    private static long Priority(JsonNode route) => RawJson.Number(route, "priority") ?? 1000;

    private PathAnswer Subnet(Flow flow)
    {
        // A managed instance's range is in no list; an instance with the address shows that it is there.
        if (_targets.ManagedAt(flow.Destination, flow.Network) is { } managed && _targets.ProducerPeering(managed, flow.Network) is { } peering)
        {
            return _targets.Managed(flow, managed, peering);
        }

        if (_clusters.ControlPlaneAt(flow.Destination, flow.Network, peered: true) is { } cluster && _clusters.PeeringTo(cluster, flow.Network) is { } way && RawJson.Text(way, "state") == "ACTIVE")
        {
            return _targets.Control(flow, cluster, way);
        }

        var routes = SubnetRoutes(flow.Network).Where(route => Ranges.Has(route.Range, flow.Destination)).OrderByDescending(route => Ranges.Length(route.Range)).ToList();
        if (routes.Count > 0)
        {
            var (_, network, hybrid) = routes[0];
            return !hybrid || IsInUse(network, flow.Destination)
                ? _targets.Arrive(flow, network)
                : Custom(flow) ?? _targets.Arrive(flow, network);
        }

        return Allocated(flow) ?? NotRead(flow) ?? Custom(flow) ?? None(flow);
    }

    /// <summary>Ranges of the network's own subnetworks and of those of its peers.</summary>
    private IEnumerable<(string Range, string Network, bool Hybrid)> SubnetRoutes(string network)
    {
        foreach (var own in estate.OfNetwork("subnetworks", network))
        {
            foreach (var range in RangesOf(own))
            {
                yield return (range, network, RawJson.Flag(own, "allowSubnetCidrRoutesOverlap"));
            }
        }

        foreach (var (peer, near, far) in estate.ActivePeers(network))
        {
            var exchanged = RawJson.Text(far, "exportSubnetRoutesWithPublicIp") != "false" && RawJson.Flag(near, "importSubnetRoutesWithPublicIp");
            foreach (var range in estate.OfNetwork("subnetworks", peer).SelectMany(RangesOf).Where(range => exchanged || Ranges.IsPrivate(range)))
            {
                yield return (range, peer, false);
            }
        }
    }

    private static IEnumerable<string> RangesOf(JsonNode subnetwork) =>
        RawJson.List(subnetwork, "secondaryIpRanges").Select(range => RawJson.Text(range, "ipCidrRange")).Prepend(RawJson.Text(subnetwork, "ipCidrRange")).OfType<string>();

    private bool IsInUse(string network, uint address) =>
        (estate.VmAt(network, address) is { } vm && RawEstate.IsRunning(vm)) || estate.ForwardingRuleAt(network, address) is not null;

    /// <summary>A range set aside for managed services, of which no instance is known at the address.</summary>
    private PathAnswer? Allocated(Flow flow)
    {
        var isActive = estate.Peerings(flow.Network).Exists(peering => RawJson.Text(peering, "name") == "servicenetworking-googleapis-com" && RawJson.Text(peering, "state") == "ACTIVE");
        var allocated = estate.OfNetwork("addresses", flow.Network).Exists(address =>
            RawJson.Text(address, "purpose") == "VPC_PEERING" && Ranges.Has($"{RawJson.Text(address, "address")}/{RawJson.Text(address, "prefixLength")}", flow.Destination));
        return isActive && allocated ? PathAnswer.Unknown(Stages.Target, "an allocated range of managed services") : null;
    }

    private PathAnswer? NotRead(Flow flow)
    {
        if (Ranges.IsPrivate(flow.Destination) && estate.Peerings(flow.Network).Exists(peering => _clusters.IsDark(peering, flow.Network)))
        {
            return PathAnswer.Unknown(Stages.Route, "a control plane that no cluster tells of");
        }

        var dark = estate.ActivePeers(flow.Network).Where(peer => !estate.WasRead(peer.Network)).ToList();
        var everything = dark.Exists(peer => RawJson.Flag(peer.Near, "importSubnetRoutesWithPublicIp") || RawJson.Flag(peer.Near, "importCustomRoutes"));
        return dark.Count > 0 && (everything || Ranges.IsPrivate(flow.Destination)) ? PathAnswer.Unknown(Stages.Route, "PEERING_VPC") : null;
    }

    private sealed record Candidate(JsonNode Route, string Network, bool Imported)
    {
        public string Name => RawJson.Text(Route, "name")!;

        public long Priority => NaiveRoutes.Priority(Route);

        public string Range => RawJson.Text(Route, "destRange")!;
    }

    /// <summary>Null when no custom route covers the destination.</summary>
    private PathAnswer? Custom(Flow flow)
    {
        // What a peer's routers learn comes over the peering with its static routes.
        var learning = estate.ActivePeers(flow.Network).Where(peer => RawJson.Flag(peer.Near, "importCustomRoutes") && RawJson.Flag(peer.Far, "exportCustomRoutes")).Select(peer => peer.Network).Append(flow.Network);
        if (learning.Any(network => estate.OfNetwork("routers", network).Exists(router => RawJson.List(router, "bgpPeers").Count > 0
            && (RawEstate.Region(estate.PathOf(router)) == flow.Entry.Region || RawJson.Text(estate.Find("networks", network)?["routingConfig"], "routingMode") == "GLOBAL"))))
        {
            return PathAnswer.Unknown(Stages.Route, "dynamic routes");
        }

        var covering = Candidates(flow).Where(candidate => Ranges.Has(candidate.Range, flow.Destination)).ToList();
        if (covering.Count == 0)
        {
            return null;
        }

        var length = covering.Max(candidate => Ranges.Length(candidate.Range));
        var ways = covering.FindAll(candidate => Ranges.Length(candidate.Range) == length).ConvertAll(candidate => (Candidate: candidate, Hop: Next(candidate)));
        var working = ways.FindAll(way => way.Hop.Dead is null);
        if (working.Count == 0)
        {
            var (best, hop) = ways.OrderBy(way => way.Candidate.Priority).ThenBy(way => way.Candidate.Name, StringComparer.Ordinal).First();
            return PathAnswer.Blocked(Stages.Route, hop.Dead!, best.Name);
        }

        var first = working.Min(way => way.Candidate.Priority);
        working.RemoveAll(way => way.Candidate.Priority != first);
        working.RemoveAll(way => way.Candidate.Imported && working.Exists(other => !other.Candidate.Imported));
        return PathAnswer.Together(Stages.Route, working.ConvertAll(way => (way.Candidate.Name, way.Hop.IsGateway ? Gateway(flow, way.Candidate.Name) : way.Hop.Answer!)));
    }

    private IEnumerable<Candidate> Candidates(Flow flow)
    {
        foreach (var route in estate.OfNetwork("routes", flow.Network).Where(IsStatic))
        {
            var tags = RawJson.Texts(route, "tags");
            if (tags.Count == 0 || tags.Exists(tag => flow.Entry.Tags.Contains(tag)))
            {
                yield return new(route, flow.Network, false);
            }
        }

        foreach (var (peer, near, far) in estate.ActivePeers(flow.Network).Where(peer => RawJson.Flag(peer.Near, "importCustomRoutes") && RawJson.Flag(peer.Far, "exportCustomRoutes")))
        {
            foreach (var route in estate.OfNetwork("routes", peer).Where(route => IsStatic(route) && RawJson.Texts(route, "tags").Count == 0 && route["nextHopGateway"] is null))
            {
                yield return new(route, peer, true);
            }
        }
    }

    private static bool IsStatic(JsonNode route) =>
        RawJson.Text(route, "routeStatus") is null or "ACTIVE" && route["nextHopNetwork"] is null && route["nextHopPeering"] is null && !RawJson.Text(route, "destRange")!.Contains(':', StringComparison.Ordinal);

    /// <summary>What a next hop makes of a packet: it is dead, it is the gateway, or it has an answer.</summary>
    private sealed record Hop(string? Dead, bool IsGateway, PathAnswer? Answer)
    {
        public static Hop Gateway { get; } = new(null, true, null);

        public static Hop Failed(string reason) => new(reason, false, null);

        public static Hop Unknown(string because) => new(null, false, PathAnswer.Unknown(Stages.Route, because));
    }

    private Hop Next(Candidate candidate)
    {
        var route = candidate.Route;
        if (route["nextHopGateway"] is not null)
        {
            return Hop.Gateway;
        }

        if (estate.PathAt(route, "nextHopInstance") is { } instance)
        {
            return !estate.WasRead(instance) ? Hop.Unknown("the next hop's project was not read")
                : estate.Find("instances", instance) is { } vm ? Vm(candidate, vm)
                : Missing("instances", instance, "ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND");
        }

        if (RawJson.Text(route, "nextHopIp") is { } ip)
        {
            return At(candidate, Ranges.Ip(ip));
        }

        if (RawJson.Text(route, "nextHopIlb") is { } balancer)
        {
            var isLink = balancer.Contains('/', StringComparison.Ordinal);
            var path = isLink ? estate.Path(balancer) : candidate.Network;
            return isLink && !estate.WasRead(path) ? Hop.Unknown("the next hop's project was not read")
                : (isLink ? estate.Find("forwardingRules", path) : estate.OfNetwork("forwardingRules", path).Find(rule => RawJson.Text(rule, "IPAddress") == balancer)) is { } rule ? Balancer(rule)
                : Missing("forwardingRules", path, "ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND");
        }

        return estate.PathAt(route, "nextHopVpnTunnel") is { } tunnel ? Tunnel(tunnel)
            : estate.PathAt(route, "nextHopInterconnectAttachment") is { } attachment ? Interconnect(attachment)
            : Hop.Unknown(route["nextHopHub"] is null ? "next hop" : "NCC_HUB");
    }

    private Hop Vm(Candidate candidate, JsonNode vm) =>
        !RawEstate.IsRunning(vm) ? Hop.Failed("INSTANCE_NOT_RUNNING")
        : estate.Interface(vm, candidate.Network) is null ? Hop.Failed("ROUTE_NEXT_HOP_INSTANCE_WRONG_NETWORK")
        : RawJson.Flag(vm, "canIpForward") ? Hop.Unknown($"forwarded by VM {RawJson.Text(vm, "name")}, whose own configuration decides")
        : new(null, false, PathAnswer.Blocked(Stages.Route, "FOREIGN_IP_DISALLOWED", candidate.Name, RawJson.Text(vm, "name")!));

    private Hop At(Candidate candidate, uint address)
    {
        var vm = estate.All("instances").Find(item => RawJson.List(item, "networkInterfaces").Exists(nic => estate.PathAt(nic, "network") == candidate.Network && RawEstate.IsAt(nic, "networkIP", address)));
        return vm is not null ? Vm(candidate, vm)
            : estate.ForwardingRuleAt(candidate.Network, address) is { } rule ? RawJson.Text(rule, "loadBalancingScheme") == "INTERNAL" ? Balancer(rule) : Hop.Failed("ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED")
            : !estate.IsWhole("instances", candidate.Network) ? Hop.Unknown("VMs could not all be listed")
            : Missing("forwardingRules", candidate.Network, "ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED");
    }

    /// <summary>What is not in a list may exist all the same where the list is not whole.</summary>
    private Hop Missing(string list, string path, string reason) => estate.IsWhole(list, path) ? Hop.Failed(reason) : Hop.Unknown(list + " could not all be listed");

    private static Hop Balancer(JsonNode rule) =>
        RawJson.Text(rule, "loadBalancingScheme") == "INTERNAL" ? Hop.Unknown("forwarded by a load balancer")
        : Hop.Failed("ROUTE_NEXT_HOP_FORWARDING_RULE_TYPE_INVALID");

    private Hop Tunnel(string path) =>
        !estate.WasRead(path) ? Hop.Unknown("the next hop's project was not read")
        : estate.Find("vpnTunnels", path) is not { } tunnel ? Hop.Failed("ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND")
        : RawJson.Text(tunnel, "status") == "ESTABLISHED" ? Hop.Unknown("VPN_GATEWAY")
        : Hop.Failed("ROUTE_NEXT_HOP_VPN_TUNNEL_NOT_ESTABLISHED");

    private Hop Interconnect(string path)
    {
        if (!estate.WasRead(path))
        {
            return Hop.Unknown("the next hop's project was not read");
        }

        var attachment = estate.Find("interconnectAttachments", path);
        var usable = attachment is not null && RawJson.Text(attachment, "adminEnabled") != "false" && RawJson.Text(attachment, "operationalStatus") == "OS_ACTIVE" && RawJson.Text(attachment, "state") == "ACTIVE";
        return usable ? Hop.Unknown("INTERCONNECT") : Hop.Failed("ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND");
    }

    private PathAnswer Gateway(Flow flow, string route) => NoPeering(flow) ?? _internet.Decide(flow, route);

    private PathAnswer None(Flow flow) => NoPeering(flow) ?? PathAnswer.Blocked(Stages.Route, "NO_ROUTE", RawEstate.Short(flow.Network));

    /// <summary>A managed service that was asked for by name has no way but its peering.</summary>
    private PathAnswer? NoPeering(Flow flow)
    {
        if (flow.Packet.Target is { } asked && _clusters.Peered(asked) is { } cluster)
        {
            return _clusters.PeeringTo(cluster, flow.Network) is { } idle && RawJson.Text(idle, "state") != "ACTIVE"
                ? PathAnswer.Blocked(Stages.Route, "GOOGLE_MANAGED_SERVICE_NO_PEERING", RawJson.Text(idle, "name")!)
                : PathAnswer.Blocked(Stages.Route, "GOOGLE_MANAGED_SERVICE_NO_PEERING", RawEstate.Short(flow.Network));
        }

        if (flow.Packet.Target is not { } target || _targets.Managed(target) is not { } managed)
        {
            return null;
        }

        var inactive = estate.Peerings(flow.Network).FindAll(peering => RawJson.Text(peering, "state") != "ACTIVE" && managed.Uses(peering)).ConvertAll(peering => RawJson.Text(peering, "name")!);
        return inactive.Count > 0
            ? PathAnswer.Blocked(Stages.Route, "GOOGLE_MANAGED_SERVICE_NO_PEERING", inactive[0], inactive)
            : PathAnswer.Blocked(Stages.Route, "GOOGLE_MANAGED_SERVICE_NO_PEERING", RawEstate.Short(flow.Network));
    }
}
