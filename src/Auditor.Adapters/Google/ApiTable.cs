using System.Collections.Immutable;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>
/// Where each kind is read: API host and version, permissions, and the lists of a project. The path of a single resource is that of its name.
/// Source: the REST reference and the IAM permissions reference of each API.
/// </summary>
internal static class ApiTable
{
    private const string Compute = "compute.googleapis.com";
    private const string Dns = "dns.googleapis.com";
    private const string Run = "run.googleapis.com";

    /// <param name="Version">What stands between host and path.</param>
    /// <param name="Permissions">What the permissions begin with: "compute.networks" for compute.networks.get.</param>
    /// <param name="Lists">The lists that together hold all of a project; {0} stands for the project.</param>
    internal sealed record Row(ResourceKind Kind, string Host, string Version, string Permissions, params ImmutableArray<string> Lists);

    /// <summary>One row a kind. App Engine's services and versions, and hierarchical policies, are found through what stands above them.</summary>
    public static ImmutableArray<Row> Rows { get; } =
    [
        new(ResourceKind.Folder, "cloudresourcemanager.googleapis.com", "v3/", "resourcemanager.folders"),
        new(ResourceKind.Project, "cloudresourcemanager.googleapis.com", "v3/", "resourcemanager.projects"),
        new(ResourceKind.Network, Compute, "compute/v1/", "compute.networks", "projects/{0}/global/networks"),
        new(ResourceKind.Subnetwork, Compute, "compute/v1/", "compute.subnetworks", "projects/{0}/aggregated/subnetworks"),
        new(ResourceKind.Connector, "vpcaccess.googleapis.com", "v1/", "vpcaccess.connectors", "projects/{0}/locations/-/connectors"),
        new(ResourceKind.RunService, Run, "v2/", "run.services", "projects/{0}/locations/-/services"),
        new(ResourceKind.RunRevision, Run, "v2/", "run.revisions", "projects/{0}/locations/-/services/-/revisions", "projects/{0}/locations/-/workerPools/-/revisions"),
        new(ResourceKind.RunJob, Run, "v2/", "run.jobs", "projects/{0}/locations/-/jobs"),
        new(ResourceKind.RunWorkerPool, Run, "v2/", "run.workerpools", "projects/{0}/locations/-/workerPools"),
        new(ResourceKind.Function, "cloudfunctions.googleapis.com", "v2/", "cloudfunctions.functions", "projects/{0}/locations/-/functions"),
        new(ResourceKind.AppEngineApplication, "appengine.googleapis.com", "v1/", "appengine.applications"),
        new(ResourceKind.AppEngineService, "appengine.googleapis.com", "v1/", "appengine.services"),
        new(ResourceKind.AppEngineVersion, "appengine.googleapis.com", "v1/", "appengine.versions"),
        new(ResourceKind.Firewall, Compute, "compute/v1/", "compute.firewalls", "projects/{0}/global/firewalls"),
        new(ResourceKind.FirewallPolicy, Compute, "compute/v1/", "compute.firewallPolicies", "projects/{0}/aggregated/firewallPolicies"),
        new(ResourceKind.Route, Compute, "compute/v1/", "compute.routes", "projects/{0}/global/routes"),
        new(ResourceKind.Router, Compute, "compute/v1/", "compute.routers", "projects/{0}/aggregated/routers"),
        new(ResourceKind.Address, Compute, "compute/v1/", "compute.addresses", "projects/{0}/aggregated/addresses"),
        new(ResourceKind.Instance, Compute, "compute/v1/", "compute.instances", "projects/{0}/aggregated/instances"),
        new(ResourceKind.ForwardingRule, Compute, "compute/v1/", "compute.forwardingRules", "projects/{0}/aggregated/forwardingRules", "projects/{0}/global/forwardingRules"),
        new(ResourceKind.BackendService, Compute, "compute/v1/", "compute.backendServices", "projects/{0}/aggregated/backendServices"),
        new(ResourceKind.InstanceGroup, Compute, "compute/v1/", "compute.instanceGroups", "projects/{0}/aggregated/instanceGroups"),
        new(ResourceKind.NetworkEndpointGroup, Compute, "compute/v1/", "compute.networkEndpointGroups", "projects/{0}/aggregated/networkEndpointGroups"),
        new(ResourceKind.HealthCheck, Compute, "compute/v1/", "compute.healthChecks", "projects/{0}/aggregated/healthChecks"),
        new(ResourceKind.TargetProxy, Compute, "compute/v1/", "compute.targetTcpProxies", "projects/{0}/aggregated/targetTcpProxies", "projects/{0}/aggregated/targetHttpProxies", "projects/{0}/aggregated/targetHttpsProxies"),
        new(ResourceKind.UrlMap, Compute, "compute/v1/", "compute.urlMaps", "projects/{0}/aggregated/urlMaps"),
        new(ResourceKind.TargetInstance, Compute, "compute/v1/", "compute.targetInstances", "projects/{0}/aggregated/targetInstances"),
        new(ResourceKind.VpnTunnel, Compute, "compute/v1/", "compute.vpnTunnels", "projects/{0}/aggregated/vpnTunnels"),
        new(ResourceKind.InterconnectAttachment, Compute, "compute/v1/", "compute.interconnectAttachments", "projects/{0}/aggregated/interconnectAttachments"),
        new(ResourceKind.PolicyBasedRoute, "networkconnectivity.googleapis.com", "v1/", "networkconnectivity.policyBasedRoutes", "projects/{0}/locations/global/policyBasedRoutes"),
        new(ResourceKind.ServiceAttachment, Compute, "compute/v1/", "compute.serviceAttachments", "projects/{0}/aggregated/serviceAttachments"),
        new(ResourceKind.ManagedZone, Dns, "dns/v1/", "dns.managedZones", "projects/{0}/managedZones"),
        new(ResourceKind.ResponsePolicy, Dns, "dns/v1/", "dns.responsePolicies", "projects/{0}/responsePolicies"),
        new(ResourceKind.DnsPolicy, Dns, "dns/v1/", "dns.policies", "projects/{0}/policies"),
        new(ResourceKind.SqlInstance, "sqladmin.googleapis.com", "v1/", "cloudsql.instances", "projects/{0}/instances"),
        new(ResourceKind.RedisInstance, "redis.googleapis.com", "v1/", "redis.instances", "projects/{0}/locations/-/instances"),
        new(ResourceKind.RedisCluster, "redis.googleapis.com", "v1/", "redis.clusters", "projects/{0}/locations/-/clusters"),
        new(ResourceKind.MemcacheInstance, "memcache.googleapis.com", "v1/", "memcache.instances", "projects/{0}/locations/-/instances"),
        new(ResourceKind.MemorystoreInstance, "memorystore.googleapis.com", "v1/", "memorystore.instances", "projects/{0}/locations/-/instances"),
        new(ResourceKind.AlloyDbCluster, "alloydb.googleapis.com", "v1/", "alloydb.clusters", "projects/{0}/locations/-/clusters"),
        new(ResourceKind.AlloyDbInstance, "alloydb.googleapis.com", "v1/", "alloydb.instances", "projects/{0}/locations/-/clusters/-/instances"),
        new(ResourceKind.FilestoreInstance, "file.googleapis.com", "v1/", "file.instances", "projects/{0}/locations/-/instances"),
        new(ResourceKind.GkeCluster, "container.googleapis.com", "v1/", "container.clusters", "projects/{0}/locations/-/clusters"),
    ];

    private static readonly ImmutableDictionary<ResourceKind, Row> s_byKind = Rows.ToImmutableDictionary(row => row.Kind);

    public static Row Of(ResourceKind kind) => s_byKind[kind];

    /// <summary>The permission of a call, such as compute.globalAddresses.get: Compute Engine has others for what is global or of a region besides.</summary>
    /// <param name="path">Of the resource, or of the list.</param>
    /// <param name="verb">get or list.</param>
    public static string PermissionOf(Row row, string path, string verb)
    {
        var collection = row.Host == Compute ? path.Split('/')[verb == "list" ? ^1 : ^2] : "";
        var level = (collection, path.Contains("/global/", StringComparison.Ordinal), path.Contains("/regions/", StringComparison.Ordinal)) switch
        {
            ("addresses" or "forwardingRules" or "networkEndpointGroups", true, _) => "global",
            ("firewallPolicies" or "backendServices" or "networkEndpointGroups" or "healthChecks" or "targetTcpProxies" or "targetHttpProxies" or "targetHttpsProxies" or "urlMaps", _, true) => "region",
            _ => "",
        };
        return level.Length > 0 ? $"compute.{level}{char.ToUpperInvariant(collection[0])}{collection[1..]}.{verb}"
            : row.Kind == ResourceKind.TargetProxy ? $"compute.{collection}.{verb}"
            : $"{row.Permissions}.{verb}";
    }

    /// <summary>What a list is asked with besides its path; one failing scope must not fail an aggregated list.</summary>
    public static string QueryOf(Row row, string list) =>
        list.Contains("/aggregated/", StringComparison.Ordinal) ? "maxResults=500&returnPartialSuccess=true"
        : row.Host is Compute or Dns || row.Kind == ResourceKind.SqlInstance ? "maxResults=500"
        : row.Kind == ResourceKind.AppEngineVersion ? "pageSize=100&view=FULL"
        : "pageSize=100";

    /// <summary>A name's path as it may stand in a URL; null when it could lead elsewhere.</summary>
    public static string? Escape(string path)
    {
        var segments = path.Split('/');
        return segments.Any(segment => segment is "" or "." or "..") ? null
            : string.Join('/', segments.Select(segment => Uri.EscapeDataString(segment).Replace("%3A", ":", StringComparison.Ordinal)));
    }
}
