using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Stages 5 and 6: what a packet meets in the network where it arrives, or behind the peering of a managed service.</summary>
internal sealed class NaiveTargets(RawEstate estate)
{
    private readonly NaiveClusters _clusters = new(estate);

    /// <summary>The managed instance with private services access from a network that has an address.</summary>
    public NaiveManaged? ManagedAt(uint address, string network) => All().Find(managed => NetworkOf(managed) == network && AddressesOf(managed).Contains(address));

    /// <summary>The managed instance with private services access of a full name.</summary>
    public NaiveManaged? Managed(string fullName) => All().Find(managed => NetworkOf(managed) is not null && EstateDocuments.FullName(managed.IsSql ? "sqlInstances" : "redisInstances", managed.Item) == fullName);

    public JsonNode? ProducerPeering(NaiveManaged managed, string network) => estate.Peerings(network).Find(peering => RawJson.Text(peering, "state") == "ACTIVE" && managed.Uses(peering));

    /// <summary>The packet went over the peering to a managed instance.</summary>
    public PathAnswer Managed(Flow flow, NaiveManaged managed, JsonNode peering)
    {
        if (managed.Failure(flow.Source, flow.Destination, flow.Packet.Protocol, flow.Packet.Port) is { } failure)
        {
            return failure;
        }

        return Ranges.IsPrivate(flow.Source) || RawJson.Text(peering, "exportSubnetRoutesWithPublicIp") != "false"
            ? PathAnswer.Reachable(Stages.Target)
            : PathAnswer.Blocked(Stages.Target, "NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION", managed.Name, RawJson.Text(peering, "name")!);
    }

    /// <summary>The packet went over the peering to a control plane.</summary>
    public PathAnswer Control(Flow flow, JsonNode cluster, JsonNode peering)
    {
        var answer = _clusters.Control(flow, cluster);
        return answer.Effect != Effect.Reachable || Ranges.IsPrivate(flow.Source) || RawJson.Text(peering, "exportSubnetRoutesWithPublicIp") != "false" ? answer
            : PathAnswer.Blocked(Stages.Target, "NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION", RawJson.Text(cluster, "name")!, RawJson.Text(peering, "name")!);
    }

    /// <summary>The packet arrived in a network whose project was read.</summary>
    public PathAnswer Arrive(Flow flow, string network)
    {
        var answer = _clusters.ControlPlaneAt(flow.Destination, network, peered: false) is { } cluster
                ? network == flow.Network ? _clusters.Control(flow, cluster) : PathAnswer.Unknown(Stages.Target, "whether a control plane answers a peered network")
            : estate.VmAt(network, flow.Destination) is { } vm ? Vm(flow, network, vm)
            : estate.ForwardingRuleAt(network, flow.Destination) is not { } rule ? Nobody(network)
            : RawEstate.IsPsc(rule) ? Endpoint(flow, network, rule)
            : Balancer(flow, network, rule);
        return answer.Effect is Effect.Reachable or Effect.Partial && !HasWayBack(flow, network) ? PathAnswer.Blocked(Stages.Target, "NO_ROUTE", RawEstate.Short(network)) : answer;
    }

    /// <summary>Nothing has the address, as far as is known.</summary>
    private PathAnswer Nobody(string network) => estate.IsWhole("instances", network) && estate.IsWhole("forwardingRules", network)
        ? PathAnswer.Blocked(Stages.Target, "UNKNOWN_INTERNAL_ADDRESS", RawEstate.Short(network))
        : PathAnswer.Unknown(Stages.Target, "what could have the address was not all listed");

    private List<NaiveManaged> All() => [.. estate.All("sqlInstances").Select(item => new NaiveManaged(item, true)), .. estate.All("redisInstances").Select(item => new NaiveManaged(item, false))];

    private string? NetworkOf(NaiveManaged managed) => managed.IsSql ? estate.PathAt(managed.Item["settings"]?["ipConfiguration"], "privateNetwork") : estate.PathAt(managed.Item, "authorizedNetwork");

    private static IEnumerable<uint> AddressesOf(NaiveManaged managed) => (managed.IsSql
        ? RawJson.List(managed.Item, "ipAddresses").Where(address => RawJson.Text(address, "type") == "PRIVATE").Select(address => RawJson.Text(address, "ipAddress"))
        : [RawJson.Text(managed.Item, "host"), RawJson.Text(managed.Item, "readEndpoint")]).OfType<string>().Select(Ranges.Ip);

    /// <summary>A peer learns of a source range in public space only when both sides say so.</summary>
    private bool HasWayBack(Flow flow, string network)
    {
        if (network == flow.Network || Ranges.IsPrivate(flow.Source))
        {
            return true;
        }

        var (_, near, far) = estate.ActivePeers(flow.Network).First(peer => peer.Network == network);
        return RawJson.Text(near, "exportSubnetRoutesWithPublicIp") != "false" && RawJson.Flag(far, "importSubnetRoutesWithPublicIp");
    }

    private PathAnswer Vm(Flow flow, string network, JsonNode vm) =>
        Ingress(network, vm, flow.Destination, [flow.Source], network == flow.Network ? flow.Entry.SourceTags : [], flow.Packet.Protocol, flow.Packet.Port)
        ?? (!RawEstate.IsRunning(vm) ? PathAnswer.Blocked(Stages.Target, "INSTANCE_NOT_RUNNING", RawJson.Text(vm, "name")!)
            : _clusters.MayShutOff(vm, network, flow.Destination) ? PathAnswer.Unknown(Stages.Target, "policies inside the cluster")
            : PathAnswer.Reachable(Stages.Target));

    /// <summary>Null when every peer is let in.</summary>
    private PathAnswer? Ingress(string network, JsonNode vm, uint own, IEnumerable<uint> peers, IEnumerable<string> peerTags, int protocol, int port)
    {
        var account = RawJson.List(vm, "serviceAccounts").Select(item => RawJson.Text(item, "email")).FirstOrDefault();
        var verdicts = peers.Select(peer => estate.Firewall(network).Decide(new Packet(
            false, protocol, port, new Address(false, peer), new Address(false, own), [.. peerTags], null, [.. RawJson.Texts(vm["tags"], "items")], account, RawEstate.Region(estate.PathOf(vm))!))).ToList();
        return verdicts.TrueForAll(verdict => verdict.Answer == Answer.Allow) ? null
            : verdicts.TrueForAll(verdict => verdict.Answer == Answer.Deny) ? PathAnswer.Blocked(Stages.IngressFirewall, "FIREWALL_RULE", verdicts[0].DecidedBy!, verdicts.SelectMany(verdict => verdict.MayDecide))
            : PathAnswer.Unknown(Stages.IngressFirewall, string.Join(", ", verdicts.SelectMany(verdict => verdict.Features)));
    }

    private PathAnswer Endpoint(Flow flow, string network, JsonNode rule)
    {
        var name = RawJson.Text(rule, "name")!;
        if (flow.Network != network)
        {
            return PathAnswer.Blocked(Stages.Target, "PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK", name);
        }

        if (!RawEstate.IsPscForGoogleApis(rule) && RawEstate.Region(estate.PathOf(rule)) != flow.Entry.Region && !RawJson.Flag(rule, "allowPscGlobalAccess"))
        {
            return PathAnswer.Blocked(Stages.Target, "FORWARDING_RULE_REGION_MISMATCH", name);
        }

        switch (RawJson.Text(rule, "pscConnectionStatus"))
        {
            case null:
                return PathAnswer.Unknown(Stages.Target, "the endpoint's status");
            case "ACCEPTED":
                break;
            default:
                return PathAnswer.Blocked(Stages.Target, "PSC_CONNECTION_NOT_ACCEPTED", name);
        }

        var sql = estate.All("sqlInstances").Find(item => !RawEstate.IsPscForGoogleApis(rule) && estate.PathAt(item, "pscServiceAttachmentLink") == estate.PathAt(rule, "target"));
        return sql is null ? PathAnswer.Reachable(Stages.Target)
            : new NaiveManaged(sql, true).Failure(flow.Source, flow.Destination, flow.Packet.Protocol, flow.Packet.Port, byEndpoint: true) ?? PathAnswer.Reachable(Stages.Target);
    }

    private PathAnswer Balancer(Flow flow, string network, JsonNode rule)
    {
        var name = RawJson.Text(rule, "name")!;
        var region = RawEstate.Region(estate.PathOf(rule));
        if (region is not null && region != flow.Entry.Region && !RawJson.Flag(rule, "allowGlobalAccess"))
        {
            return PathAnswer.Blocked(Stages.Target, "FORWARDING_RULE_REGION_MISMATCH", name);
        }

        if (!Serves(rule, flow.Packet.Protocol, flow.Packet.Port))
        {
            return PathAnswer.Blocked(Stages.Target, "FORWARDING_RULE_MISMATCH", name);
        }

        var isProxy = RawJson.Text(rule, "loadBalancingScheme") == "INTERNAL_MANAGED";
        var proxies = estate.OfNetwork("subnetworks", network).FindAll(item => IsForProxies(item) && RawEstate.Region(estate.PathOf(item)) == region).ConvertAll(item => RawJson.Text(item, "ipCidrRange")!);
        if (isProxy && proxies.Count == 0)
        {
            return PathAnswer.Blocked(Stages.Target, "LOAD_BALANCER_HAS_NO_PROXY_SUBNET", name);
        }

        if (Backends(rule) is not { } backends)
        {
            return PathAnswer.Unknown(Stages.Target, "backends not read");
        }

        return backends.Count == 0
            ? PathAnswer.Blocked(Stages.Target, "FORWARDING_RULE_NO_INSTANCES", name)
            : PathAnswer.Together(Stages.Target, backends.ConvertAll(backend => (RawEstate.Short(backend.Path), isProxy ? BehindProxy(network, backend, proxies) : Behind(flow, network, backend))));
    }

    private static bool IsForProxies(JsonNode subnetwork) =>
        RawJson.Text(subnetwork, "purpose") is "REGIONAL_MANAGED_PROXY" or "INTERNAL_HTTPS_LOAD_BALANCER" && RawJson.Text(subnetwork, "role") is null or "ACTIVE";

    private static bool Serves(JsonNode rule, int protocol, int port)
    {
        var served = RawJson.Text(rule, "IPProtocol") switch { "L3_DEFAULT" => protocol, "TCP" => 6, "UDP" => 17, _ => -1 };
        var ports = RawJson.Texts(rule, "ports");
        if (RawJson.Text(rule, "portRange") is { } range)
        {
            ports.Add(range);
        }

        return served == protocol && (RawJson.Flag(rule, "allPorts") || ports.Count == 0 || ports.Exists(text =>
            port >= int.Parse(text.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture) && port <= int.Parse(text.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>A machine behind a load balancer; the port is the one that a proxy asks for, when it is known.</summary>
    private sealed record Backend(string Path, int? Port);

    /// <summary>Every member of every group; null when one is not known.</summary>
    private List<Backend>? Backends(JsonNode rule)
    {
        var link = estate.PathAt(rule, "backendService") ?? (estate.PathAt(rule, "target") is { } proxy ? estate.PathAt(estate.Find("targetTcpProxies", proxy), "service") : null);
        if (link is null || estate.Find("backendServices", link) is not { } service)
        {
            return null;
        }

        var found = new List<Backend>();
        foreach (var group in RawJson.List(service, "backends").Select(backend => estate.PathAt(backend, "group")!))
        {
            if (estate.Find("instanceGroups", group) is { } machines && machines["members"] is not null)
            {
                var port = RawJson.List(machines, "namedPorts").Find(item => RawJson.Text(item, "name") == RawJson.Text(service, "portName"));
                found.AddRange(RawJson.List(machines, "members").Select(member => new Backend(estate.PathAt(member, "instance")!, (int?)RawJson.Number(port, "port"))));
            }
            else if (estate.Find("networkEndpointGroups", group) is { } endpoints && endpoints["endpoints"] is not null)
            {
                var zone = group[..group.IndexOf("/networkEndpointGroups/", StringComparison.Ordinal)];
                found.AddRange(RawJson.List(endpoints, "endpoints").Select(item => item["networkEndpoint"]!).Select(item =>
                    new Backend(estate.Path(RawJson.Text(item, "instance")!, zone + "/instances"), (int?)(RawJson.Number(item, "port") ?? RawJson.Number(endpoints, "defaultPort")))));
            }
            else
            {
                return null;
            }
        }

        return found;
    }

    private PathAnswer Behind(Flow flow, string network, Backend backend) => Standing(backend, out var vm)
        ?? Ingress(network, vm!, flow.Destination, [flow.Source], network == flow.Network ? flow.Entry.SourceTags : [], flow.Packet.Protocol, flow.Packet.Port)
        ?? PathAnswer.Reachable(Stages.Target);

    /// <summary>The proxies ask on their own, from their own range, at the machine's own address.</summary>
    private PathAnswer BehindProxy(string network, Backend backend, List<string> proxies)
    {
        if (Standing(backend, out var vm) is { } failure)
        {
            return failure;
        }

        return estate.Interface(vm!, network) is { } nic && backend.Port is { } port
            ? Ingress(network, vm!, Ranges.Ip(RawJson.Text(nic, "networkIP")!), estate.Points(proxies), [], 6, port) ?? PathAnswer.Reachable(Stages.Target)
            : PathAnswer.Unknown(Stages.Target, "where the proxy asks");
    }

    private PathAnswer? Standing(Backend backend, out JsonNode? vm)
    {
        vm = estate.Find("instances", backend.Path);
        return vm is null ? PathAnswer.Unknown(Stages.Target, "a backend that is not known")
            : RawEstate.IsRunning(vm) ? null
            : PathAnswer.Blocked(Stages.Target, "INSTANCE_NOT_RUNNING", RawJson.Text(vm, "name")!);
    }
}
