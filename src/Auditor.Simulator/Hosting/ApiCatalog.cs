using System.Collections.Frozen;

namespace Auditor.Simulator.Hosting;

/// <summary>
/// The APIs the simulator speaks: their versions and collections, how a list is called, and which permission a read takes.
/// Source: the discovery document of each API and the IAM permissions reference.
/// </summary>
/// <param name="NameHost">The host in full resource names, which is not always the API's.</param>
/// <param name="Prefixes">What stands between host and path, such as "compute/v1/".</param>
/// <param name="PermissionPrefix">What permissions begin with.</param>
/// <param name="Collections">Collection to permission part: "workerPools" is read with run.workerpools.get.</param>
/// <param name="ItemsKey">The key of every list's items; null when it is the collection's name.</param>
/// <param name="PageSizeKey">The name of the parameter for the size of a page.</param>
internal sealed record ApiCatalog(
    string Host, string NameHost, string[] Prefixes, string PermissionPrefix, FrozenDictionary<string, string> Collections, string? ItemsKey = null, string PageSizeKey = "pageSize")
{
    private static readonly ApiCatalog[] s_all =
    [
        new("compute.googleapis.com", "compute.googleapis.com", ["compute/v1/", "compute/beta/"], "compute",
            Names("projects", "firewalls", "networks", "subnetworks", "routes", "routers", "addresses", "instances", "forwardingRules", "firewallPolicies",
                "backendServices", "instanceGroups", "instanceGroupManagers", "networkEndpointGroups", "healthChecks", "vpnTunnels", "interconnectAttachments", "serviceAttachments",
                "targetTcpProxies", "targetHttpProxies", "targetHttpsProxies", "urlMaps", "targetInstances"), "items", "maxResults"),
        new("vpcaccess.googleapis.com", "vpcaccess.googleapis.com", ["v1/", "v1beta1/"], "vpcaccess", Names("connectors")),
        new("run.googleapis.com", "run.googleapis.com", ["v2/"], "run", Names("services", "revisions", "jobs", "workerPools=workerpools")),
        new("cloudfunctions.googleapis.com", "cloudfunctions.googleapis.com", ["v1/", "v2/"], "cloudfunctions", Names("functions")),
        new("appengine.googleapis.com", "appengine.googleapis.com", ["v1/"], "appengine", Names("services", "versions", "apps=applications")),
        new("sqladmin.googleapis.com", "cloudsql.googleapis.com", ["v1/", "sql/v1beta4/"], "cloudsql", Names("instances"), "items", "maxResults"),
        new("redis.googleapis.com", "redis.googleapis.com", ["v1/"], "redis", Names("instances", "clusters")),
        new("dns.googleapis.com", "dns.googleapis.com", ["dns/v1/", "dns/v1beta2/"], "dns", Names("managedZones", "policies", "responsePolicies", "rrsets=resourceRecordSets", "rules=responsePolicyRules"), PageSizeKey: "maxResults"),
        new("container.googleapis.com", "container.googleapis.com", ["v1/", "v1beta1/"], "container", Names("clusters")),
        new("networkconnectivity.googleapis.com", "networkconnectivity.googleapis.com", ["v1/"], "networkconnectivity", Names("policyBasedRoutes")),
        new("servicenetworking.googleapis.com", "servicenetworking.googleapis.com", ["v1/"], "servicenetworking", Names("connections=services")),
        new("memcache.googleapis.com", "memcache.googleapis.com", ["v1/", "v1beta2/"], "memcache", Names("instances")),
        new("memorystore.googleapis.com", "memorystore.googleapis.com", ["v1/"], "memorystore", Names("instances")),
        new("alloydb.googleapis.com", "alloydb.googleapis.com", ["v1/"], "alloydb", Names("clusters", "instances")),
        new("file.googleapis.com", "file.googleapis.com", ["v1/"], "file", Names("instances")),
        new("cloudresourcemanager.googleapis.com", "cloudresourcemanager.googleapis.com", ["v3/"], "resourcemanager", Names("projects", "folders", "organizations")),
    ];

    /// <summary>The API that serves under a host; null when none is simulated.</summary>
    public static ApiCatalog? Of(string host) => Array.Find(s_all, api => api.Host == host);

    /// <summary>The permission to read: Compute Engine has others for what is global or regional besides.</summary>
    public string Permission(string collection, string[] segments, string verb)
    {
        var level = (Host, collection) switch
        {
            ("compute.googleapis.com", "addresses" or "forwardingRules" or "networkEndpointGroups") when segments.Contains("global") => "global",
            ("compute.googleapis.com", "firewallPolicies" or "backendServices" or "networkEndpointGroups" or "healthChecks" or "targetTcpProxies" or "targetHttpProxies" or "targetHttpsProxies" or "urlMaps") when segments.Contains("regions") => "region",
            _ => "",
        };
        return level.Length == 0
            ? $"{PermissionPrefix}.{Collections[collection]}.{verb}"
            : $"{PermissionPrefix}.{level}{char.ToUpperInvariant(collection[0])}{collection[1..]}.{verb}";
    }

    // "workerPools=workerpools": the collection and its part of the permission, where they differ.
    private static FrozenDictionary<string, string> Names(params string[] names) =>
        names.Select(name => name.Split('=')).ToFrozenDictionary(pair => pair[0], pair => pair[^1], StringComparer.Ordinal);
}
