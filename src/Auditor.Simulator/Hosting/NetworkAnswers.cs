using System.Net;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Hosting;

/// <summary>Reads that Compute Engine computes: effective firewalls, routes of peerings, private services connections, the Shared VPC host of a project.</summary>
internal sealed class NetworkAnswers(SimulatedCloud cloud)
{
    private const string Compute = "compute.googleapis.com";
    private const string ServicesPeering = "servicenetworking-googleapis-com";

    /// <summary>The compute project of the Shared VPC host; empty when the project is attached to none.</summary>
    public ApiAnswer XpnHost(ApiRequest request)
    {
        foreach (var (name, json) in cloud.Where(name => name.Host == Compute && name.Id == "getXpnResources"))
        {
            if (Items(json, "resources").Any(resource => (string?)resource["id"] is { } id && cloud.ProjectId(id) == request.Project))
            {
                return ApiAnswer.Ok(cloud.Find(ResourceName.Of(Compute, $"projects/{name.Project}")) ?? []);
            }
        }

        return ApiAnswer.Ok([]);
    }

    /// <summary>
    /// The network's rules and the policies on it and above it, asked of the network, of a region (which adds the region's policies) or of a VM;
    /// null when there is no such network.
    /// </summary>
    public ApiAnswer? EffectiveFirewalls(ApiRequest request)
    {
        var name = ResourceName.Of(Compute, string.Join('/', request.Segments[..^1]));
        var (asked, region) = request.Segments[^2] == "firewallPolicies" ? (ResourceName.TryParse(request.Query.GetValueOrDefault("network"), Compute), name.Location)
            : name.Kind == ResourceKind.Instance ? (NetworkOf(name), name.Location?[..name.Location.LastIndexOf('-')])
            : (name, null);
        if (asked is not { Kind: ResourceKind.Network } network || cloud.Find(network) is null)
        {
            return null;
        }

        var firewalls = cloud.Where(other => other.Kind == ResourceKind.Firewall && other.Project == network.Project).Select(pair => pair.Value)
            .Where(rule => ResourceName.TryParse((string?)rule["network"]) == network);
        var ancestors = Ancestors(network.Project!).ToList();
        var policies = cloud.Where(other => other.Kind == ResourceKind.FirewallPolicy && (other.Location is null or "global" || other.Location == region))
            .Select(pair => (pair.Key, pair.Value, Level: Level(pair.Value, network, ancestors)))
            .Where(policy => policy.Level >= 0).OrderByDescending(policy => policy.Level).ThenBy(policy => policy.Key)
            .Select(policy => (JsonNode)new JsonObject
            {
                ["name"] = policy.Value["name"]?.DeepClone(),
                ["shortName"] = (policy.Value["shortName"] ?? policy.Value["name"])?.DeepClone(),
                ["type"] = policy.Level > 0 ? "HIERARCHY" : policy.Key.Location == "global" ? "NETWORK" : "NETWORK_REGIONAL",
                ["rules"] = policy.Value["rules"]?.DeepClone(),
            });
        return ApiAnswer.Ok(new JsonObject { ["firewalls"] = new JsonArray([.. firewalls]), ["firewallPolicys"] = new JsonArray([.. policies]) });
    }

    /// <summary>What a network learns from its peers: their subnetworks, and those of private services; null when there is no such network.</summary>
    public ApiAnswer? PeeringRoutes(ApiRequest request)
    {
        if (cloud.Find(ResourceName.Of(Compute, string.Join('/', request.Segments[..^1]))) is not { } network)
        {
            return null;
        }

        var peers = Items(network, "peerings").Where(peering => (string?)peering["name"] == request.Query.GetValueOrDefault("peeringName"))
            .Select(peering => ResourceName.TryParse((string?)peering["network"])).ToList();
        var routes = request.Query.GetValueOrDefault("direction") == "OUTGOING" ? [] : cloud.Where(name => name.Kind == ResourceKind.Subnetwork)
            .Where(pair => peers.Contains(ResourceName.TryParse((string?)pair.Value["network"])))
            .Select(pair => (JsonNode)new JsonObject
            {
                ["destRange"] = pair.Value["ipCidrRange"]?.DeepClone(),
                ["type"] = "SUBNET_PEERING_ROUTE",
                ["nextHopRegion"] = pair.Key.Location,
                ["priority"] = 0,
                ["imported"] = true,
            }).ToArray();
        if (request.Query.GetValueOrDefault("peeringName") == ServicesPeering && request.Query.GetValueOrDefault("direction") != "OUTGOING")
        {
            routes = [.. ProducerSubnetworks(ResourceName.Of(Compute, string.Join('/', request.Segments[..^1])))];
        }

        var body = new JsonObject { ["kind"] = "compute#exchangedPeeringRoutesList" };
        if (routes.Length > 0)
        {
            body["items"] = new JsonArray(routes);
        }

        return ApiAnswer.Ok(body);
    }

    /// <summary>The private services connection of a network named by its project's number: there is one where the peering is.</summary>
    public ApiAnswer Connections(ApiRequest request)
    {
        if (ResourceName.TryParse(request.Query.GetValueOrDefault("network"), Compute) is not { Kind: ResourceKind.Network } asked || cloud.ProjectId(asked.Project!) is not { } project)
        {
            return ApiAnswer.BadRequest("network must have the form projects/{project}/global/networks/{network}.");
        }

        const string Permission = "servicenetworking.services.get";
        if (cloud.Faults.Forbids(project, Permission))
        {
            return request.Denied(project, Permission);
        }

        var network = ResourceName.Of(ResourceKind.Network, project, asked.Id);
        return ApiAnswer.Ok(cloud.Find(network) is { } json && Items(json, "peerings").Any(peering => (string?)peering["name"] == ServicesPeering)
            ? new JsonObject
            {
                ["connections"] = new JsonArray(new JsonObject
                {
                    ["network"] = asked.Path,
                    ["peering"] = ServicesPeering,
                    ["reservedPeeringRanges"] = new JsonArray([.. Reserved(network).Select(address => (JsonNode?)address["name"]?.DeepClone())]),
                    ["service"] = "services/servicenetworking.googleapis.com",
                }),
            }
            : []);
    }

    // Google gives each service of the producer a subnetwork inside the ranges that were reserved for it.
    private IEnumerable<JsonNode> ProducerSubnetworks(ResourceName network)
    {
        var ranges = Reserved(network).Select(address => IPNetwork.Parse($"{address["address"]}/{address["prefixLength"]}")).ToList();
        return cloud.Where(name => name.Kind is ResourceKind.SqlInstance or ResourceKind.RedisInstance or ResourceKind.MemcacheInstance or ResourceKind.AlloyDbInstance or ResourceKind.FilestoreInstance)
            .SelectMany(pair => Texts(pair.Value).Select(text => (Region: RegionOf(pair.Key, pair.Value), Address: IPAddress.TryParse(text.Split(':')[0], out var address) ? address : null)))
            .Where(pair => pair.Address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } address && ranges.Exists(range => range.Contains(address)))
            .Select(pair => (pair.Region, Range: $"{string.Join('.', pair.Address!.GetAddressBytes()[..3])}.0/24")).Distinct().OrderBy(pair => pair.Range, StringComparer.Ordinal)
            .Select(pair => new JsonObject { ["destRange"] = pair.Range, ["type"] = "SUBNET_PEERING_ROUTE", ["nextHopRegion"] = pair.Region, ["priority"] = 0, ["imported"] = true });
    }

    private IEnumerable<JsonObject> Reserved(ResourceName network) => cloud.Where(name => name.Kind == ResourceKind.Address && name.Project == network.Project).Select(pair => pair.Value)
        .Where(address => (string?)address["purpose"] == "VPC_PEERING" && ResourceName.TryParse((string?)address["network"]) == network);

    private static string? RegionOf(ResourceName name, JsonObject json) =>
        (string?)json["region"] ?? (name.Location is { } at && at.Count(letter => letter == '-') == 2 ? at[..at.LastIndexOf('-')] : name.Location);

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Texts(pair.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    // 0: on the network itself; the higher, the further up the hierarchy; -1: not for this network.
    private static int Level(JsonObject policy, ResourceName network, List<string> ancestors)
    {
        var best = -1;
        foreach (var target in Items(policy, "associations").Select(association => (string?)association["attachmentTarget"]))
        {
            best = Math.Max(best, ResourceName.TryParse(target) == network ? 0 : target is null ? -1 : ancestors.IndexOf(target) is >= 0 and var at ? at + 1 : -1);
        }

        return best;
    }

    private ResourceName? NetworkOf(ResourceName instance) =>
        cloud.Find(instance) is { } json && Items(json, "networkInterfaces").FirstOrDefault() is { } first ? ResourceName.TryParse((string?)first["network"]) : null;

    private IEnumerable<string> Ancestors(string project)
    {
        var parent = (string?)cloud.Find(ResourceName.Of(ResourceKind.Project, project))?["parent"];
        while (parent is not null)
        {
            yield return parent;
            parent = (string?)cloud.Find(ResourceName.Of("cloudresourcemanager.googleapis.com", parent))?["parent"];
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject json, string key) => (json[key] as JsonArray)?.OfType<JsonObject>() ?? [];
}
