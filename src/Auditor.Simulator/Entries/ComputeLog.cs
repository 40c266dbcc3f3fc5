using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Entries;

/// <summary>How Compute Engine writes its calls into the log: names of collections, monitored resources with their labels, permissions, numbers.</summary>
internal static class ComputeLog
{
    // The log calls collections as the API's methods do, not as its paths.
    public static string Collection(ResourceName name)
    {
        var collection = name.Path.Split('/')[^2];
        return (collection, name.Location) switch
        {
            ("addresses", "global") => "globalAddresses",
            ("forwardingRules", "global") => "globalForwardingRules",
            ("firewallPolicies", "global") when name.Project is not null => "networkFirewallPolicies",
            ("firewallPolicies", not null) when name.Project is not null => "regionNetworkFirewallPolicies",
            _ => collection,
        };
    }

    public static string Monitored(string collection) => collection switch
    {
        "firewalls" => "gce_firewall_rule",
        "subnetworks" => "gce_subnetwork",
        "networks" => "gce_network",
        "routes" => "gce_route",
        "routers" => "gce_router",
        "instances" => "gce_instance",
        "forwardingRules" => "gce_forwarding_rule",
        "addresses" => "gce_reserved_address",
        _ => "",
    };

    public static ImmutableSortedDictionary<string, string> Labels(string collection, ResourceName name, string id) => collection switch
    {
        "firewalls" => AuditCalls.LabelsOf(("firewall_rule_id", id)),
        "subnetworks" => AuditCalls.LabelsOf(("subnetwork_id", id), ("subnetwork_name", name.Id), ("location", name.Location!)),
        "networks" => AuditCalls.LabelsOf(("network_id", id), ("location", "global")),
        "routes" => AuditCalls.LabelsOf(("route_id", id)),
        "routers" => AuditCalls.LabelsOf(("router_id", id), ("region", name.Location!)),
        "instances" => AuditCalls.LabelsOf(("instance_id", id), ("zone", name.Location!)),
        _ => AuditCalls.LabelsOf(),
    };

    public static string Permission(string verb) => verb switch
    {
        "insert" => "create",
        "patch" => "update",
        _ => verb,
    };

    public static IEnumerable<AuditPermission> Touched(string collection, JsonObject? request)
    {
        var subject = collection == "instances" ? (request?["networkInterfaces"] as JsonArray)?[0]?["subnetwork"] : request?["network"];
        if (ResourceName.TryParse((string?)subject) is { } name)
        {
            yield return collection == "instances"
                ? new AuditPermission("compute.subnetworks.use", name.Path, "compute.subnetworks")
                : new AuditPermission("compute.networks.updatePolicy", name.Path, "compute.networks");
        }
    }

    public static JsonNode? Texts(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Texts(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Texts)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => node?.DeepClone(),
    };
}
