using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Hosting;

/// <summary>Reads that Compute Engine computes: effective firewalls, routes of peerings, the Shared VPC host of a project.</summary>
internal sealed class NetworkAnswers(SimulatedCloud cloud)
{
    private const string Compute = "compute.googleapis.com";

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

    /// <summary>What a network learns from its peers: their subnetworks; null when there is no such network.</summary>
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
        var body = new JsonObject { ["kind"] = "compute#exchangedPeeringRoutesList" };
        if (routes.Length > 0)
        {
            body["items"] = new JsonArray(routes);
        }

        return ApiAnswer.Ok(body);
    }

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
