using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>
/// One row per name pattern of a kind: where its full resource name stands and which Cloud Asset Inventory types it comes as. Everything that
/// needs to tell kinds apart (names, asset exports, readers) reads this table.
/// Source: the asset inventory's list of asset types and the REST paths of each API.
/// </summary>
public static class KindTable
{
    /// <summary>A pattern segment in braces matches any one segment; the others are literal.</summary>
    public sealed record Row(ResourceKind Kind, string Host, string Pattern, string Noun, params string[] AssetTypes)
    {
        /// <summary>The pattern's segments, for matching.</summary>
        internal string[] Segments { get; } = Pattern.Split('/');
    }

    /// <summary>All rows; a kind with several name shapes has several.</summary>
    public static ImmutableArray<Row> Rows { get; } =
    [
        new(ResourceKind.Folder, "cloudresourcemanager.googleapis.com", "folders/{id}", "folder", "cloudresourcemanager.googleapis.com/Folder"),
        new(ResourceKind.Project, "cloudresourcemanager.googleapis.com", "projects/{project}", "project", "cloudresourcemanager.googleapis.com/Project"),
        new(ResourceKind.Network, "compute.googleapis.com", "projects/{project}/global/networks/{id}", "network", "compute.googleapis.com/Network"),
        new(ResourceKind.Subnetwork, "compute.googleapis.com", "projects/{project}/regions/{location}/subnetworks/{id}", "subnetwork", "compute.googleapis.com/Subnetwork"),
        new(ResourceKind.Connector, "vpcaccess.googleapis.com", "projects/{project}/locations/{location}/connectors/{id}", "connector", "vpcaccess.googleapis.com/Connector"),
        new(ResourceKind.RunService, "run.googleapis.com", "projects/{project}/locations/{location}/services/{id}", "Cloud Run service", "run.googleapis.com/Service"),
        new(ResourceKind.RunRevision, "run.googleapis.com", "projects/{project}/locations/{location}/services/{parent}/revisions/{id}", "Cloud Run revision", "run.googleapis.com/Revision"),
        new(ResourceKind.RunRevision, "run.googleapis.com", "projects/{project}/locations/{location}/workerPools/{parent}/revisions/{id}", "Cloud Run revision"),
        new(ResourceKind.RunRevision, "run.googleapis.com", "projects/{project}/locations/{location}/revisions/{id}", "Cloud Run revision"),
        new(ResourceKind.RunJob, "run.googleapis.com", "projects/{project}/locations/{location}/jobs/{id}", "Cloud Run job", "run.googleapis.com/Job"),
        new(ResourceKind.RunWorkerPool, "run.googleapis.com", "projects/{project}/locations/{location}/workerPools/{id}", "worker pool", "run.googleapis.com/WorkerPool"),
        new(ResourceKind.Function, "cloudfunctions.googleapis.com", "projects/{project}/locations/{location}/functions/{id}", "function", "cloudfunctions.googleapis.com/CloudFunction", "cloudfunctions.googleapis.com/Function"),
        new(ResourceKind.AppEngineApplication, "appengine.googleapis.com", "apps/{project}", "App Engine application", "appengine.googleapis.com/Application"),
        new(ResourceKind.AppEngineService, "appengine.googleapis.com", "apps/{project}/services/{id}", "App Engine service", "appengine.googleapis.com/Service"),
        new(ResourceKind.AppEngineVersion, "appengine.googleapis.com", "apps/{project}/services/{parent}/versions/{id}", "App Engine version", "appengine.googleapis.com/Version"),
        new(ResourceKind.Firewall, "compute.googleapis.com", "projects/{project}/global/firewalls/{id}", "firewall rule", "compute.googleapis.com/Firewall"),
        new(ResourceKind.FirewallPolicy, "compute.googleapis.com", "locations/global/firewallPolicies/{id}", "hierarchical firewall policy", "compute.googleapis.com/FirewallPolicy"),
        new(ResourceKind.FirewallPolicy, "compute.googleapis.com", "projects/{project}/global/firewallPolicies/{id}", "global network firewall policy", "compute.googleapis.com/NetworkFirewallPolicy"),
        new(ResourceKind.FirewallPolicy, "compute.googleapis.com", "projects/{project}/regions/{location}/firewallPolicies/{id}", "regional network firewall policy", "compute.googleapis.com/RegionNetworkFirewallPolicy"),
        new(ResourceKind.Route, "compute.googleapis.com", "projects/{project}/global/routes/{id}", "route", "compute.googleapis.com/Route"),
        new(ResourceKind.Router, "compute.googleapis.com", "projects/{project}/regions/{location}/routers/{id}", "router", "compute.googleapis.com/Router"),
        new(ResourceKind.Address, "compute.googleapis.com", "projects/{project}/regions/{location}/addresses/{id}", "address", "compute.googleapis.com/Address"),
        new(ResourceKind.Address, "compute.googleapis.com", "projects/{project}/global/addresses/{id}", "global address", "compute.googleapis.com/GlobalAddress"),
        new(ResourceKind.Instance, "compute.googleapis.com", "projects/{project}/zones/{location}/instances/{id}", "VM instance", "compute.googleapis.com/Instance"),
        new(ResourceKind.ForwardingRule, "compute.googleapis.com", "projects/{project}/regions/{location}/forwardingRules/{id}", "forwarding rule", "compute.googleapis.com/ForwardingRule"),
        new(ResourceKind.ForwardingRule, "compute.googleapis.com", "projects/{project}/global/forwardingRules/{id}", "global forwarding rule", "compute.googleapis.com/GlobalForwardingRule"),
        new(ResourceKind.BackendService, "compute.googleapis.com", "projects/{project}/regions/{location}/backendServices/{id}", "backend service", "compute.googleapis.com/RegionBackendService"),
        new(ResourceKind.BackendService, "compute.googleapis.com", "projects/{project}/global/backendServices/{id}", "global backend service", "compute.googleapis.com/BackendService"),
        new(ResourceKind.InstanceGroup, "compute.googleapis.com", "projects/{project}/zones/{location}/instanceGroups/{id}", "instance group", "compute.googleapis.com/InstanceGroup"),
        new(ResourceKind.InstanceGroup, "compute.googleapis.com", "projects/{project}/regions/{location}/instanceGroups/{id}", "regional instance group", "compute.googleapis.com/InstanceGroup"),
        new(ResourceKind.NetworkEndpointGroup, "compute.googleapis.com", "projects/{project}/zones/{location}/networkEndpointGroups/{id}", "network endpoint group", "compute.googleapis.com/NetworkEndpointGroup"),
        new(ResourceKind.NetworkEndpointGroup, "compute.googleapis.com", "projects/{project}/regions/{location}/networkEndpointGroups/{id}", "regional network endpoint group", "compute.googleapis.com/NetworkEndpointGroup"),
        new(ResourceKind.NetworkEndpointGroup, "compute.googleapis.com", "projects/{project}/global/networkEndpointGroups/{id}", "global network endpoint group", "compute.googleapis.com/NetworkEndpointGroup"),
        new(ResourceKind.HealthCheck, "compute.googleapis.com", "projects/{project}/regions/{location}/healthChecks/{id}", "health check", "compute.googleapis.com/HealthCheck"),
        new(ResourceKind.HealthCheck, "compute.googleapis.com", "projects/{project}/global/healthChecks/{id}", "global health check", "compute.googleapis.com/HealthCheck"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/regions/{location}/targetTcpProxies/{id}", "target TCP proxy", "compute.googleapis.com/TargetTcpProxy"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/global/targetTcpProxies/{id}", "global target TCP proxy", "compute.googleapis.com/TargetTcpProxy"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/regions/{location}/targetHttpProxies/{id}", "target HTTP proxy", "compute.googleapis.com/TargetHttpProxy"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/global/targetHttpProxies/{id}", "global target HTTP proxy", "compute.googleapis.com/TargetHttpProxy"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/regions/{location}/targetHttpsProxies/{id}", "target HTTPS proxy", "compute.googleapis.com/TargetHttpsProxy"),
        new(ResourceKind.TargetProxy, "compute.googleapis.com", "projects/{project}/global/targetHttpsProxies/{id}", "global target HTTPS proxy", "compute.googleapis.com/TargetHttpsProxy"),
        new(ResourceKind.UrlMap, "compute.googleapis.com", "projects/{project}/regions/{location}/urlMaps/{id}", "URL map", "compute.googleapis.com/UrlMap"),
        new(ResourceKind.UrlMap, "compute.googleapis.com", "projects/{project}/global/urlMaps/{id}", "global URL map", "compute.googleapis.com/UrlMap"),
        new(ResourceKind.TargetInstance, "compute.googleapis.com", "projects/{project}/zones/{location}/targetInstances/{id}", "target instance", "compute.googleapis.com/TargetInstance"),
        new(ResourceKind.VpnTunnel, "compute.googleapis.com", "projects/{project}/regions/{location}/vpnTunnels/{id}", "VPN tunnel", "compute.googleapis.com/VpnTunnel"),
        new(ResourceKind.InterconnectAttachment, "compute.googleapis.com", "projects/{project}/regions/{location}/interconnectAttachments/{id}", "VLAN attachment", "compute.googleapis.com/InterconnectAttachment"),
        new(ResourceKind.PolicyBasedRoute, "networkconnectivity.googleapis.com", "projects/{project}/locations/global/policyBasedRoutes/{id}", "policy-based route", "networkconnectivity.googleapis.com/PolicyBasedRoute"),
        new(ResourceKind.ServiceAttachment, "compute.googleapis.com", "projects/{project}/regions/{location}/serviceAttachments/{id}", "service attachment", "compute.googleapis.com/ServiceAttachment"),
        new(ResourceKind.ManagedZone, "dns.googleapis.com", "projects/{project}/managedZones/{id}", "DNS zone", "dns.googleapis.com/ManagedZone"),
        new(ResourceKind.ResponsePolicy, "dns.googleapis.com", "projects/{project}/responsePolicies/{id}", "DNS response policy", "dns.googleapis.com/ResponsePolicy"),
        new(ResourceKind.DnsPolicy, "dns.googleapis.com", "projects/{project}/policies/{id}", "DNS policy", "dns.googleapis.com/Policy"),
        new(ResourceKind.SqlInstance, "cloudsql.googleapis.com", "projects/{project}/instances/{id}", "Cloud SQL instance", "sqladmin.googleapis.com/Instance"),
        new(ResourceKind.RedisInstance, "redis.googleapis.com", "projects/{project}/locations/{location}/instances/{id}", "Redis instance", "redis.googleapis.com/Instance"),
        new(ResourceKind.RedisCluster, "redis.googleapis.com", "projects/{project}/locations/{location}/clusters/{id}", "Redis cluster", "redis.googleapis.com/Cluster"),
        new(ResourceKind.MemcacheInstance, "memcache.googleapis.com", "projects/{project}/locations/{location}/instances/{id}", "Memcached instance", "memcache.googleapis.com/Instance"),
        new(ResourceKind.MemorystoreInstance, "memorystore.googleapis.com", "projects/{project}/locations/{location}/instances/{id}", "Valkey instance", "memorystore.googleapis.com/Instance"),
        new(ResourceKind.AlloyDbCluster, "alloydb.googleapis.com", "projects/{project}/locations/{location}/clusters/{id}", "AlloyDB cluster", "alloydb.googleapis.com/Cluster"),
        new(ResourceKind.AlloyDbInstance, "alloydb.googleapis.com", "projects/{project}/locations/{location}/clusters/{parent}/instances/{id}", "AlloyDB instance", "alloydb.googleapis.com/Instance"),
        new(ResourceKind.FilestoreInstance, "file.googleapis.com", "projects/{project}/locations/{location}/instances/{id}", "Filestore instance", "file.googleapis.com/Instance"),
        new(ResourceKind.GkeCluster, "container.googleapis.com", "projects/{project}/locations/{location}/clusters/{id}", "GKE cluster", "container.googleapis.com/Cluster"),
    ];

    // The collection is the last segment but one.
    private static readonly FrozenDictionary<string, FrozenDictionary<string, Row[]>> s_byHost = Rows.GroupBy(row => row.Host, StringComparer.Ordinal).ToFrozenDictionary(
        group => group.Key, group => group.GroupBy(row => row.Segments[^2], StringComparer.Ordinal).ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, ResourceKind> s_byAssetType =
        Rows.SelectMany(row => row.AssetTypes.Select(type => (type, row.Kind))).ToImmutableDictionary(pair => pair.type, pair => pair.Kind, StringComparer.Ordinal);

    private static readonly ImmutableDictionary<ResourceKind, Row> s_first =
        Rows.GroupBy(row => row.Kind).ToImmutableDictionary(group => group.Key, group => group.First());

    /// <summary>The row whose host and pattern fit a path such as "projects/p/global/networks/n"; null when none does.</summary>
    public static Row? Match(string host, ReadOnlySpan<char> path)
    {
        var end = path.LastIndexOf('/');
        if (end < 0 || !s_byHost.TryGetValue(host, out var collections)
            || !collections.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path[(path[..end].LastIndexOf('/') + 1)..end], out var rows))
        {
            return null;
        }

        foreach (var row in rows)
        {
            if (Fits(row.Segments, path))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>The kind of a Cloud Asset Inventory type; Other when it is not modelled. Policies of all levels may come under one type: the name decides.</summary>
    public static ResourceKind OfAssetType(string assetType) => s_byAssetType.GetValueOrDefault(assetType);

    /// <summary>The first, canonical row of a kind.</summary>
    public static Row Of(ResourceKind kind) => s_first[kind];

    private static bool Fits(string[] segments, ReadOnlySpan<char> path)
    {
        var i = 0;
        foreach (var part in path.Split('/'))
        {
            if (i == segments.Length || (segments[i][0] != '{' && !path[part].SequenceEqual(segments[i])) || path[part].IsEmpty)
            {
                return false;
            }

            i++;
        }

        return i == segments.Length;
    }
}
