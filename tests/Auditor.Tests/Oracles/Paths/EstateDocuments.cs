using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>One resource of an estate, as an asset inventory has it.</summary>
internal sealed record EstateDocument(string List, string AssetType, string FullName, JsonNode Json)
{
    /// <summary>The resource in the envelope of an export of assets, which says its type and name.</summary>
    public JsonObject ToAsset() => new()
    {
        ["name"] = FullName,
        ["assetType"] = AssetType,
        ["resource"] = new JsonObject { ["data"] = Json.DeepClone() },
    };
}

/// <summary>Takes an estate's JSON apart into its resources.</summary>
internal static class EstateDocuments
{
    /// <summary>Lists of an estate, the host of their names and their type in the asset inventory.</summary>
    private static readonly (string List, string Host, string AssetType)[] s_lists =
    [
        ("folders", "cloudresourcemanager.googleapis.com", "cloudresourcemanager.googleapis.com/Folder"),
        ("projects", "cloudresourcemanager.googleapis.com", "cloudresourcemanager.googleapis.com/Project"),
        ("networks", "compute.googleapis.com", "compute.googleapis.com/Network"),
        ("subnetworks", "compute.googleapis.com", "compute.googleapis.com/Subnetwork"),
        ("connectors", "vpcaccess.googleapis.com", "vpcaccess.googleapis.com/Connector"),
        ("services", "run.googleapis.com", "run.googleapis.com/Service"),
        ("revisions", "run.googleapis.com", "run.googleapis.com/Revision"),
        ("jobs", "run.googleapis.com", "run.googleapis.com/Job"),
        ("workerPools", "run.googleapis.com", "run.googleapis.com/WorkerPool"),
        ("functions", "cloudfunctions.googleapis.com", "cloudfunctions.googleapis.com/Function"),
        ("firewalls", "compute.googleapis.com", "compute.googleapis.com/Firewall"),
        ("firewallPolicies", "compute.googleapis.com", "compute.googleapis.com/FirewallPolicy"),
        ("routes", "compute.googleapis.com", "compute.googleapis.com/Route"),
        ("routers", "compute.googleapis.com", "compute.googleapis.com/Router"),
        ("addresses", "compute.googleapis.com", "compute.googleapis.com/Address"),
        ("instances", "compute.googleapis.com", "compute.googleapis.com/Instance"),
        ("forwardingRules", "compute.googleapis.com", "compute.googleapis.com/ForwardingRule"),
        ("sqlInstances", "cloudsql.googleapis.com", "sqladmin.googleapis.com/Instance"),
        ("redisInstances", "redis.googleapis.com", "redis.googleapis.com/Instance"),
        ("backendServices", "compute.googleapis.com", "compute.googleapis.com/BackendService"),
        ("targetTcpProxies", "compute.googleapis.com", "compute.googleapis.com/TargetTcpProxy"),
        ("instanceGroups", "compute.googleapis.com", "compute.googleapis.com/InstanceGroup"),
        ("networkEndpointGroups", "compute.googleapis.com", "compute.googleapis.com/NetworkEndpointGroup"),
        ("vpnTunnels", "compute.googleapis.com", "compute.googleapis.com/VpnTunnel"),
        ("interconnectAttachments", "compute.googleapis.com", "compute.googleapis.com/InterconnectAttachment"),
        ("policyBasedRoutes", "networkconnectivity.googleapis.com", "networkconnectivity.googleapis.com/PolicyBasedRoute"),
        ("clusters", "container.googleapis.com", "container.googleapis.com/Cluster"),
        ("managedZones", "dns.googleapis.com", "dns.googleapis.com/ManagedZone"),
        ("responsePolicies", "dns.googleapis.com", "dns.googleapis.com/ResponsePolicy"),
        ("dnsPolicies", "dns.googleapis.com", "dns.googleapis.com/Policy"),
    ];

    /// <summary>Every resource of an estate with its full name; lists in the order of dependence.</summary>
    public static IEnumerable<EstateDocument> Of(JsonNode estate) =>
        from row in s_lists
        from item in RawJson.List(estate, row.List)
        select new EstateDocument(row.List, row.AssetType, FullName(row.List, item), item);

    /// <summary>The lists that the estate says are not whole, by asset type and project.</summary>
    public static IEnumerable<(string AssetType, string Project)> Gaps(JsonNode estate) =>
        RawJson.List(estate, "notListed").Select(gap => (s_lists.First(row => row.List == RawJson.Text(gap, "list")).AssetType, RawJson.Text(gap, "project")!));

    /// <summary>Full resource name, such as "//compute.googleapis.com/projects/p1/global/networks/net".</summary>
    public static string FullName(string list, JsonNode item) => $"//{s_lists.First(row => row.List == list).Host}/{Path(list, item)}";

    private static string Path(string list, JsonNode item)
    {
        var name = RawJson.Text(item, "name")!;
        return list switch
        {
            "projects" => "projects/" + RawJson.Text(item, "projectId"),
            "sqlInstances" => $"projects/{RawJson.Text(item, "project")}/instances/{name}",
            "managedZones" or "responsePolicies" or "dnsPolicies" => $"projects/{ProjectOf(item)}/{(list == "dnsPolicies" ? "policies" : list)}/{name}",
            _ when RawJson.Text(item, "selfLink") is { } link => link[(link.IndexOf("/v1/", StringComparison.Ordinal) + "/v1/".Length)..],
            _ => name,
        };
    }

    // That of the first network they are for.
    private static string ProjectOf(JsonNode item) => RawJson.Text(RawJson.List(item["privateVisibilityConfig"] ?? item, "networks")[0], "networkUrl")!.Split("projects/")[1].Split('/')[0];
}
