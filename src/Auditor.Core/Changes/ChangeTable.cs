using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Auditor.Changes;

/// <summary>
/// The one table of what the auditor listens to. The decoder reads it, and <see cref="SinkFilter"/> prints it as the log sink's filter, so that
/// what is delivered and what is understood cannot drift apart. Rows of kinds that are not modelled yet are recorded, not read.
/// Source: Google's catalog of audited methods and the audit logging page of each service.
/// </summary>
public static class ChangeTable
{
    private const string Location = "projects/{project}/locations/{location}";

    /// <summary>All rows, grouped by service.</summary>
    public static ImmutableArray<ChangeRow> Rows { get; } =
    [
        Compute("firewalls", Global("firewalls"), "insert", "patch", "update", "delete"),
        Compute("firewallPolicies", "locations/global/firewallPolicies/{id}", "insert", "patch", "delete", "move", "addRule", "patchRule", "removeRule", "cloneRules", "addAssociation", "removeAssociation"),
        Compute("networkFirewallPolicies", Global("firewallPolicies"), "insert", "patch", "delete", "addRule", "patchRule", "removeRule", "cloneRules", "addAssociation", "removeAssociation", "setIamPolicy"),
        Compute("regionNetworkFirewallPolicies", Regional("firewallPolicies"), "insert", "patch", "delete", "addRule", "patchRule", "removeRule", "cloneRules", "addAssociation", "removeAssociation"),
        Compute("networks", Global("networks"), "insert", "patch", "delete", "addPeering", "removePeering", "updatePeering", "switchToCustomMode"),
        Compute("subnetworks", Regional("subnetworks"), "insert", "patch", "delete", "expandIpCidrRange", "setPrivateIpGoogleAccess", "setIamPolicy"),
        Compute("routes", Global("routes"), "insert", "delete"),
        Compute("routers", Regional("routers"), "insert", "patch", "update", "delete"),
        Compute("addresses", Regional("addresses"), "insert", "delete", "move"),
        Compute("globalAddresses", Global("addresses"), "insert", "delete", "move"),
        Compute("forwardingRules", Regional("forwardingRules"), "insert", "patch", "delete", "setTarget", "setLabels"),
        Compute("globalForwardingRules", Global("forwardingRules"), "insert", "patch", "delete", "setTarget", "setLabels"),
        Compute("backendServices", Global("backendServices"), "insert", "patch", "update", "delete"),
        Compute("regionBackendServices", Regional("backendServices"), "insert", "patch", "update", "delete"),
        Compute("instanceGroups", Zonal("instanceGroups"), "insert", "addInstances", "removeInstances", "setNamedPorts", "delete"),
        Compute("regionInstanceGroups", Regional("instanceGroups"), "insert", "setNamedPorts"),
        Compute("instanceGroupManagers", Zonal("instanceGroupManagers"), "insert", "patch", "delete", "resize", "setInstanceTemplate", "recreateInstances", "abandonInstances", "createInstances", "deleteInstances", "applyUpdatesToInstances"),
        Compute("regionInstanceGroupManagers", Regional("instanceGroupManagers"), "insert", "patch", "delete", "resize", "setInstanceTemplate", "recreateInstances", "abandonInstances", "createInstances", "deleteInstances", "applyUpdatesToInstances"),
        Compute("networkEndpointGroups", Zonal("networkEndpointGroups"), "insert", "attachNetworkEndpoints", "detachNetworkEndpoints", "delete"),
        Compute("regionNetworkEndpointGroups", Regional("networkEndpointGroups"), "insert", "delete"),
        Compute("globalNetworkEndpointGroups", Global("networkEndpointGroups"), "insert", "attachNetworkEndpoints", "detachNetworkEndpoints", "delete"),
        Compute("healthChecks", Global("healthChecks"), "insert", "patch", "update", "delete"),
        Compute("regionHealthChecks", Regional("healthChecks"), "insert", "patch", "update", "delete"),
        Compute("targetTcpProxies", Global("targetTcpProxies"), "insert", "delete", "setBackendService"),
        Compute("targetSslProxies", Global("targetSslProxies"), "insert", "delete", "setBackendService"),
        Compute("targetHttpProxies", Global("targetHttpProxies"), "insert", "patch", "delete", "setUrlMap"),
        Compute("targetHttpsProxies", Global("targetHttpsProxies"), "insert", "patch", "delete", "setUrlMap"),
        Compute("targetGrpcProxies", Global("targetGrpcProxies"), "insert"),
        Compute("regionTargetTcpProxies", Regional("targetTcpProxies"), "insert", "delete"),
        Compute("regionTargetHttpProxies", Regional("targetHttpProxies"), "insert", "delete", "setUrlMap"),
        Compute("regionTargetHttpsProxies", Regional("targetHttpsProxies"), "insert", "patch", "delete", "setUrlMap"),
        Compute("targetInstances", Zonal("targetInstances"), "insert", "delete"),
        Compute("urlMaps", Global("urlMaps"), "insert", "patch", "update", "delete"),
        Compute("regionUrlMaps", Regional("urlMaps"), "insert", "patch", "update", "delete"),
        Compute("serviceAttachments", Regional("serviceAttachments"), "insert", "patch", "delete"),
        Compute("vpnTunnels", Regional("vpnTunnels"), "insert", "delete"),
        Compute("interconnectAttachments", Regional("interconnectAttachments"), "insert", "patch", "delete"),
        // Metadata, labels and disks of a VM change nothing a flow depends on, and there are many of them: here only listed methods count.
        new("compute.googleapis.com", "{v}.compute.instances",
            ["insert", "bulkInsert", "delete", "start", "startWithEncryptionKey", "stop", "suspend", "resume", "update", "setName", "setTags", "setServiceAccount", "updateNetworkInterface", "addAccessConfig", "deleteAccessConfig", "updateAccessConfig", "addNetworkInterface", "deleteNetworkInterface"],
            [Zonal("instances")]),
        new("compute.googleapis.com", "{v}.compute.regionInstances", ["bulkInsert"], [Zonal("instances")]),
        new("compute.googleapis.com", "{v}.compute.projects", ["enableXpnHost", "disableXpnHost", "enableXpnResource", "disableXpnResource", "moveInstance"], ["projects/{project}"]) { Host = "cloudresourcemanager.googleapis.com", ChangesPart = true },

        new("vpcaccess.googleapis.com", "google.cloud.vpcaccess.{v}.VpcAccessService", ["CreateConnector", "UpdateConnector", "DeleteConnector"], [$"{Location}/connectors/{{id}}"]),

        Run("Services", "services", "CreateService", "ReplaceService", "UpdateService", "DeleteService", "SetIamPolicy"),
        Run("Jobs", "jobs", "CreateJob", "ReplaceJob", "UpdateJob", "DeleteJob", "SetIamPolicy"),
        Run("WorkerPools", "workerPools", "CreateWorkerPool", "ReplaceWorkerPool", "UpdateWorkerPool", "DeleteWorkerPool", "SetIamPolicy"),
        new("run.googleapis.com", "google.cloud.run.{v}.Revisions", ["DeleteRevision"], [$"{Location}/services/{{parent}}/revisions/{{id}}", $"{Location}/workerPools/{{parent}}/revisions/{{id}}", $"{Location}/revisions/{{id}}"]),

        new("cloudfunctions.googleapis.com", "google.cloud.functions.{v}.CloudFunctionsService", ["CreateFunction", "UpdateFunction", "DeleteFunction", "SetIamPolicy"], [$"{Location}/functions/{{id}}"]),
        new("cloudfunctions.googleapis.com", "google.cloud.functions.{v}.FunctionService",
            ["CreateFunction", "UpdateFunction", "DeleteFunction", "DetachFunction", "SetupFunctionUpgradeConfig", "RedirectFunctionUpgradeTraffic", "RollbackFunctionUpgradeTraffic", "AbortFunctionUpgrade", "CommitFunctionUpgrade", "SetIamPolicy"],
            [$"{Location}/functions/{{id}}"]),
        new("cloudfunctions.googleapis.com", "", ["SetIamPolicy"], [$"{Location}/functions/{{id}}"]) { Style = OperationStyle.OnSingle },

        new("appengine.googleapis.com", "google.appengine.{v}.Versions", ["CreateVersion", "UpdateVersion", "DeleteVersion"], ["apps/{project}/services/{parent}/versions/{id}"]),
        new("appengine.googleapis.com", "google.appengine.{v}.Services", ["UpdateService", "DeleteService"], ["apps/{project}/services/{id}"]),
        new("appengine.googleapis.com", "google.appengine.{v}.Applications", ["CreateApplication", "UpdateApplication"], ["apps/{project}"]),

        new("cloudsql.googleapis.com", "cloudsql.instances",
            ["create", "update", "delete", "clone", "restart", "failover", "promoteReplica", "startReplica", "stopReplica", "demoteMaster", "migrate", "restoreBackup", "import", "resetSslConfig"],
            ["projects/{project}/instances/{id}"]),

        new("redis.googleapis.com", "google.cloud.redis.{v}.CloudRedis",
            ["CreateInstance", "UpdateInstance", "DeleteInstance", "UpgradeInstance", "FailoverInstance", "ImportInstance", "RescheduleMaintenance"], [$"{Location}/instances/{{id}}"]),
        new("redis.googleapis.com", "google.cloud.redis.cluster.{v}.CloudRedisCluster", ["CreateCluster", "UpdateCluster", "DeleteCluster"], [$"{Location}/clusters/{{id}}"]),
        new("memcache.googleapis.com", "google.cloud.memcache.{v}.CloudMemcache", ["CreateInstance", "UpdateInstance", "DeleteInstance", "UpdateParameters", "ApplyParameters"], [$"{Location}/instances/{{id}}"]),
        new("memorystore.googleapis.com", "google.cloud.memorystore.{v}.Memorystore", ["CreateInstance", "UpdateInstance", "DeleteInstance"], [$"{Location}/instances/{{id}}"]),
        new("alloydb.googleapis.com", "google.cloud.alloydb.{v}.AlloyDBAdmin",
            ["CreateInstance", "CreateSecondaryInstance", "UpdateInstance", "DeleteInstance", "FailoverInstance", "RestartInstance"], [$"{Location}/clusters/{{parent}}/instances/{{id}}"]),
        new("alloydb.googleapis.com", "google.cloud.alloydb.{v}.AlloyDBAdmin",
            ["CreateCluster", "CreateSecondaryCluster", "RestoreCluster", "UpdateCluster", "DeleteCluster", "PromoteCluster"], [$"{Location}/clusters/{{id}}"]),
        new("file.googleapis.com", "google.cloud.filestore.{v}.CloudFilestoreManager", ["CreateInstance", "UpdateInstance", "DeleteInstance"], [$"{Location}/instances/{{id}}"]),

        new("container.googleapis.com", "google.container.{v}.ClusterManager", ["CreateCluster", "UpdateCluster", "DeleteCluster"], [$"{Location}/clusters/{{id}}"]),
        new("container.googleapis.com", "google.container.{v}.ClusterManager",
            ["CreateNodePool", "UpdateNodePool", "DeleteNodePool", "SetNodePoolSize", "SetNodePoolAutoscaling", "SetNodePoolManagement", "SetNetworkPolicy"], [$"{Location}/clusters/{{id}}"]) { ChangesPart = true },

        // A private services connection is a peering of the network that asked for it.
        new("servicenetworking.googleapis.com", "google.cloud.servicenetworking.{v}.ServicePeeringManager", ["CreateConnection", "UpdateConnection", "DeleteConnection"], [Global("networks")])
        {
            Host = "compute.googleapis.com", ChangesPart = true, Style = OperationStyle.AfterSettle,
        },
        new("serviceusage.googleapis.com", "google.api.serviceusage.{v}.ServiceUsage", ["EnableService", "DisableService"], ["projects/{project}/services/{id}"]),
        new("serviceusage.googleapis.com", "google.api.serviceusage.{v}.ServiceUsage", ["BatchEnableServices", "AddEnableRules", "UpdateConsumerPolicyLRO"], ["projects/{project}"])
        {
            Host = "cloudresourcemanager.googleapis.com", ChangesPart = true, Aspect = "the list of enabled services", Style = OperationStyle.AfterSettle,
        },

        Single("orgpolicy.googleapis.com", "google.cloud.orgpolicy.{v}.OrgPolicy", ["CreatePolicy", "UpdatePolicy", "DeletePolicy"], "{level}/{owner}/policies/{id}"),
        Single("orgpolicy.googleapis.com", "google.cloud.orgpolicy.{v}.OrgPolicy", ["CreateCustomConstraint", "UpdateCustomConstraint", "DeleteCustomConstraint"], "organizations/{owner}/customConstraints/{id}"),
        ProjectAspect("", "organization policy", "SetOrgPolicy", "ClearOrgPolicy"),
        ProjectAspect("", "IAM policy", "SetIamPolicy"),
        ProjectAspect("google.cloud.resourcemanager.{v}.Projects", "IAM policy", "SetIamPolicy"),
        ProjectAspect("google.cloud.resourcemanager.{v}.Folders", "IAM policy", "SetIamPolicy"),
        ProjectAspect("google.cloud.resourcemanager.{v}.Organizations", "IAM policy", "SetIamPolicy"),
        Single("cloudresourcemanager.googleapis.com", "", ["DeleteProject", "UpdateProject", "UndeleteProject"], "projects/{project}"),
        new("cloudresourcemanager.googleapis.com", "google.cloud.resourcemanager.{v}.Projects", ["DeleteProject", "MoveProject", "UpdateProject", "UndeleteProject"], ["projects/{project}"]),
        new("cloudresourcemanager.googleapis.com", "google.cloud.resourcemanager.{v}.Folders", ["MoveFolder"], ["folders/{id}"]),
        new("cloudresourcemanager.googleapis.com", "google.cloud.resourcemanager.{v}.TagBindings", ["CreateTagBinding", "DeleteTagBinding"], ["tagBindings/{id}"]),
        new("cloudresourcemanager.googleapis.com", "google.cloud.resourcemanager.{v}.TagBindingsBulk", ["SetTagsForResource"], ["tagBindings/{id}"]),
        new("cloudresourcemanager.googleapis.com", "google.cloud.resourcemanager.{v}.TagValues", ["CreateTagValue", "UpdateTagValue", "DeleteTagValue"], ["tagValues/{id}"]),

        Single("iam.googleapis.com", "google.iam.admin.{v}", ["CreateRole", "UpdateRole", "DeleteRole", "UndeleteRole"], "{level}/{owner}/roles/{id}"),
        Single("iam.googleapis.com", "google.iam.admin.{v}", ["DisableServiceAccount", "EnableServiceAccount", "DeleteServiceAccount", "UndeleteServiceAccount"], "projects/{project}/serviceAccounts/{id}"),
        new("accesscontextmanager.googleapis.com", "google.identity.accesscontextmanager.{v}.AccessContextManager",
            ["CreateServicePerimeter", "UpdateServicePerimeter", "DeleteServicePerimeter", "ReplaceServicePerimeters", "CommitServicePerimeters"], ["accessPolicies/{owner}/servicePerimeters/{id}"]),
        Single("logging.googleapis.com", "google.logging.{v}.ConfigServiceV2", ["CreateSink", "UpdateSink", "DeleteSink"], "{level}/{owner}/sinks/{id}"),
        Single("logging.googleapis.com", "google.logging.{v}.ConfigServiceV2", ["CreateExclusion", "UpdateExclusion", "DeleteExclusion"], "{level}/{owner}/exclusions/{id}"),
        Single("pubsub.googleapis.com", "google.pubsub.{v}.Publisher", ["CreateTopic", "UpdateTopic", "DeleteTopic"], "projects/{project}/topics/{id}"),
        Single("pubsub.googleapis.com", "google.pubsub.{v}.Publisher", ["DetachSubscription"], "projects/{project}/subscriptions/{id}"),
        Single("pubsub.googleapis.com", "google.pubsub.{v}.Subscriber", ["CreateSubscription", "UpdateSubscription", "DeleteSubscription", "ModifyPushConfig"], "projects/{project}/subscriptions/{id}"),
        Single("pubsub.googleapis.com", "google.iam.{v}.IAMPolicy", ["SetIamPolicy"], "projects/{project}/topics/{id}", "projects/{project}/subscriptions/{id}"),

        new("networkconnectivity.googleapis.com", "google.cloud.networkconnectivity.{v}.PolicyBasedRoutingService", ["CreatePolicyBasedRoute", "DeletePolicyBasedRoute"], ["projects/{project}/locations/global/policyBasedRoutes/{id}"]),
        new("networkconnectivity.googleapis.com", "google.cloud.networkconnectivity.{v}.HubService", ["CreateHub", "UpdateHub", "DeleteHub"], [$"{Location}/hubs/{{id}}"]),
        new("networkconnectivity.googleapis.com", "google.cloud.networkconnectivity.{v}.HubService", ["CreateSpoke", "UpdateSpoke", "DeleteSpoke", "AcceptSpoke", "RejectSpoke", "ActivateSpoke", "DeactivateSpoke"], [$"{Location}/spokes/{{id}}"]),
        new("networksecurity.googleapis.com", "google.cloud.networksecurity.{v}.AddressGroupService",
            ["CreateAddressGroup", "UpdateAddressGroup", "DeleteAddressGroup", "AddAddressGroupItems", "RemoveAddressGroupItems", "CloneAddressGroupItems"],
            [$"{Location}/addressGroups/{{id}}", "organizations/{owner}/locations/{location}/addressGroups/{id}"]),

        Dns("managedZones", "projects/{project}/managedZones/{id}", isPart: false, "create", "patch", "update", "delete"),
        Dns("changes", "projects/{project}/managedZones/{id}", isPart: true, "create"),
        Dns("resourceRecordSets", "projects/{project}/managedZones/{id}", isPart: true, "create", "patch", "update", "delete"),
        Dns("policies", "projects/{project}/policies/{id}", isPart: false, "create", "patch", "update", "delete"),
        Dns("responsePolicies", "projects/{project}/responsePolicies/{id}", isPart: false, "create", "patch", "update", "delete"),
        Dns("responsePolicyRules", "projects/{project}/responsePolicies/{id}", isPart: true, "create", "patch", "update", "delete"),
    ];

    private static readonly FrozenDictionary<string, ChangeRow> s_byMethod = Rows
        .SelectMany(row => row.Methods.Concat(row.TakesAnyMethod ? ["*"] : []).Select(method => (Key: $"{row.Service} {row.MethodName(method, version: null)}", Row: row)))
        .ToFrozenDictionary(pair => pair.Key, pair => pair.Row, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ChangeRow>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_byMethod.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> s_versionLetters = SearchValues.Create("vabehlpt0123456789");

    /// <summary>The row of a method of any version; null when the auditor does not listen to it.</summary>
    public static ChangeRow? Find(string service, string method)
    {
        var length = service.Length + method.Length + 2;
        var pooled = length > 256 ? ArrayPool<char>.Shared.Rent(length) : null;
        var key = pooled ?? stackalloc char[256];
        service.CopyTo(key);
        key[service.Length] = ' ';
        var end = service.Length + 1;
        foreach (var part in method.AsSpan().Split('.'))
        {
            if (!IsVersion(method.AsSpan(part)))
            {
                method.AsSpan(part).CopyTo(key[end..]);
                end += method.AsSpan(part).Length;
                key[end++] = '.';
            }
        }

        var row = end > service.Length + 1 && s_lookup.TryGetValue(key[..(end - 1)], out var exact) ? exact : FindOpen(method, key[..end]);
        if (pooled is not null)
        {
            ArrayPool<char>.Shared.Return(pooled);
        }

        return row;
    }

    private static ChangeRow? FindOpen(string method, Span<char> key)
    {
        var verb = method.AsSpan(method.LastIndexOf('.') + 1);
        var dot = key[..^1].LastIndexOf('.');
        if (dot < 0 || verb.IsEmpty || verb.StartsWith("get") || verb.StartsWith("list") || verb.SequenceEqual("aggregatedList") || verb.SequenceEqual("testIamPermissions"))
        {
            return null;
        }

        key[dot + 1] = '*';
        return s_lookup.TryGetValue(key[..(dot + 2)], out var row) ? row : null;
    }

    // v1, v1beta1, v2alpha, v1p1beta1, alpha, beta.
    private static bool IsVersion(ReadOnlySpan<char> part) =>
        part.SequenceEqual("alpha") || part.SequenceEqual("beta")
        || (part.Length >= 2 && part[0] == 'v' && char.IsAsciiDigit(part[1]) && part.IndexOfAnyExcept(s_versionLetters) < 0);

    private static string Global(string collection) => $"projects/{{project}}/global/{collection}/{{id}}";

    private static string Regional(string collection) => $"projects/{{project}}/regions/{{location}}/{collection}/{{id}}";

    private static string Zonal(string collection) => $"projects/{{project}}/zones/{{location}}/{collection}/{{id}}";

    private static ChangeRow Compute(string collection, string pattern, params ValueList<string> methods) =>
        new("compute.googleapis.com", $"{{v}}.compute.{collection}", methods, [pattern]) { TakesAnyMethod = true };

    private static ChangeRow Run(string name, string collection, params ValueList<string> methods) =>
        new("run.googleapis.com", $"google.cloud.run.{{v}}.{name}", methods, [$"{Location}/{collection}/{{id}}"]);

    private static ChangeRow Single(string service, string name, ValueList<string> methods, params ValueList<string> patterns) =>
        new(service, name, methods, patterns) { Style = OperationStyle.OnSingle };

    private static ChangeRow ProjectAspect(string name, string aspect, params ValueList<string> methods) =>
        new("cloudresourcemanager.googleapis.com", name, methods, ["projects/{project}", "folders/{owner}", "organizations/{owner}"]) { Style = OperationStyle.OnSingle, Aspect = $"its {aspect}", ChangesPart = true };

    private static ChangeRow Dns(string collection, string pattern, bool isPart, params ValueList<string> methods) =>
        new("dns.googleapis.com", $"dns.{collection}", methods, [pattern]) { Style = OperationStyle.OnSingle, ChangesPart = isPart };
}
