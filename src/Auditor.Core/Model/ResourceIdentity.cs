using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// Tells what resource a bare JSON object of Google's REST representation is, from its links, kind, name and fields. A guess is never made:
/// either something that only this kind has is there, or the object is not modelled.
/// </summary>
internal static class ResourceIdentity
{
    private const string Compute = "compute.googleapis.com";

    /// <summary>The name of the resource; null when the object is none, or none that is modelled.</summary>
    internal static ResourceName? Of(JsonElement json, DocumentHint hint)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return OfKnative(json, hint)
            ?? OfComputeProject(json)
            ?? OfSelfLink(json)
            ?? OfName(json)
            ?? OfSql(json)
            ?? OfDns(json, hint)
            ?? OfProject(json)
            ?? OfCompute(json, hint);
    }

    /// <summary>What to call an object that is not modelled: its kind, or the shape of its name.</summary>
    internal static string Describe(JsonElement json)
    {
        if (json.TextOf("kind") is { Length: > 0 } kind)
        {
            return kind;
        }

        var link = json.TextOf("selfLink") ?? json.TextOf("name");
        var parts = ResourceName.TryParse(link, "")?.Path.Split('/');
        return parts is { Length: > 1 } ? string.Join('/', parts.Where((_, i) => i % 2 == 0)) : "object of an unknown kind";
    }

    /// <summary>A revision under its service or worker pool, and what has a name by that name, whichever way it was written.</summary>
    internal static ResourceName Canonical(ResourceName name, JsonElement json)
    {
        // The asset inventory sometimes names by number what everybody else names by name.
        if (name.Kind is ResourceKind.VpnTunnel or ResourceKind.ManagedZone or ResourceKind.DnsPolicy && name.Id.All(char.IsAsciiDigit) && json.TextOf("name") is { Length: > 0 } said)
        {
            return ResourceName.Of(name.Host, $"{name.Path[..(name.Path.LastIndexOf('/') + 1)]}{said}");
        }

        if (name.Kind != ResourceKind.RunRevision || name.Parent is not null)
        {
            return name;
        }

        var labels = json.ObjectOf("metadata")?.ObjectOf("labels") ?? json.ObjectOf("labels");
        var service = labels?.TextOf("serving.knative.dev/service") ?? LastSegment(json.TextOf("service"));
        return service is { Length: > 0 }
            ? ResourceName.Of(name.Host, $"projects/{name.Project}/locations/{name.Location}/services/{service}/revisions/{name.Id}")
            : name;
    }

    private static ResourceName? OfKnative(JsonElement json, DocumentHint hint)
    {
        if (json.TextOf("apiVersion") is not { } version
            || !(version.StartsWith("serving.knative.dev/", StringComparison.Ordinal) || version.StartsWith("run.googleapis.com/", StringComparison.Ordinal))
            || json.ObjectOf("metadata") is not { } metadata)
        {
            return null;
        }

        var labels = metadata.ObjectOf("labels");
        var (project, name) = (metadata.TextOf("namespace") ?? hint.Project, metadata.TextOf("name"));
        var location = labels?.TextOf("cloud.googleapis.com/location") ?? hint.Location;
        if (project is null || name is null || location is null)
        {
            return null;
        }

        var collection = json.TextOf("kind") switch { "Service" => "services", "Job" => "jobs", "WorkerPool" => "workerPools", "Revision" => "revisions", _ => null };
        return collection is null ? null : Canonical(ResourceName.Of("run.googleapis.com", $"projects/{project}/locations/{location}/{collection}/{name}"), json);
    }

    private static ResourceName? OfComputeProject(JsonElement json) =>
        json.TextOf("kind") == "compute#project" && json.TextOf("name") is { Length: > 0 } id ? ResourceName.Of(ResourceKind.Project, id) : null;

    private static ResourceName? OfSelfLink(JsonElement json) => Modelled(ResourceName.TryParse(json.TextOf("selfLink")));

    // "projects/p/locations/r/instances/i" is a Redis instance, a Memcached instance, a file server, a notebook, ...: the fields decide.
    private static ResourceName? OfName(JsonElement json)
    {
        var text = json.TextOf("name");
        if (text is null || !text.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        if (text.StartsWith("//", StringComparison.Ordinal))
        {
            return Modelled(ResourceName.TryParse(text));
        }

        foreach (var row in KindTable.Rows)
        {
            if (ResourceName.TryParse(text, row.Host) is { } name && name.Kind == row.Kind && HasFieldsOf(row.Kind, json))
            {
                return row.Kind == ResourceKind.Project ? OfProject(json) : Canonical(name, json);
            }
        }

        return null;
    }

    private static bool HasFieldsOf(ResourceKind kind, JsonElement json) => kind switch
    {
        ResourceKind.Folder => json.Has("displayName") || json.Has("parent"),
        ResourceKind.Project => json.Has("projectId"),
        ResourceKind.RunService => json.Has("template"),
        ResourceKind.RunJob or ResourceKind.RunWorkerPool => json.ObjectOf("template") is { } template && !json.Has("schedule") && (kind == ResourceKind.RunWorkerPool || template.Has("template")),
        ResourceKind.RunRevision => json.Has("containers") || json.Has("service") || json.Has("vpcAccess") || json.Has("conditions"),
        ResourceKind.RedisInstance => json.Has("redisVersion") || json.Has("redisConfigs") || (json.Has("tier") && json.Has("memorySizeGb")) || (json.Has("host") && json.Has("authorizedNetwork")),
        ResourceKind.RedisCluster => json.Has("pscConfigs") || json.Has("pscConnections") || json.Has("discoveryEndpoints") || json.Has("clusterEndpoints"),
        ResourceKind.MemcacheInstance => json.Has("memcacheVersion") || json.Has("memcacheNodes"),
        ResourceKind.MemorystoreInstance => json.Has("pscAutoConnections") || json.Has("pscAttachmentDetails") || (json.Has("engineVersion") && json.Has("shardCount")) || (json.Has("endpoints") && json.Has("mode")),
        ResourceKind.AlloyDbCluster => json.Has("databaseVersion") || json.Has("clusterType") || json.Has("automatedBackupPolicy"),
        ResourceKind.FilestoreInstance => json.Has("fileShares"),
        ResourceKind.SqlInstance => json.Has("databaseVersion"),
        ResourceKind.GkeCluster => json.Has("nodePools") || json.Has("clusterIpv4Cidr"),

        // Their names are short; policies of other APIs have names like these.
        ResourceKind.ManagedZone or ResourceKind.ResponsePolicy or ResourceKind.DnsPolicy => false,
        ResourceKind.Function => json.Has("serviceConfig") || json.Has("buildConfig") || json.Has("runtime") || json.Has("status") || json.Has("state") || json.Has("entryPoint"),
        _ => true,
    };

    private static ResourceName? OfSql(JsonElement json) =>
        (json.TextOf("kind") == "sql#instance" || json.Has("databaseVersion")) && json.TextOf("project") is { } project && json.TextOf("name") is { } name
            ? ResourceName.Of(ResourceKind.SqlInstance, project, name)
            : null;

    // Nothing in them says whose they are.
    private static ResourceName? OfDns(JsonElement json, DocumentHint hint)
    {
        var (kind, id) = json.TextOf("kind") switch
        {
            "dns#managedZone" => (ResourceKind.ManagedZone, json.TextOf("name")),
            "dns#responsePolicy" => (ResourceKind.ResponsePolicy, json.TextOf("responsePolicyName")),
            "dns#policy" => (ResourceKind.DnsPolicy, json.TextOf("name")),
            _ => default,
        };
        return id is { Length: > 0 } && hint.Project is { } project ? ResourceName.Of(kind, project, id) : null;
    }

    private static ResourceName? OfProject(JsonElement json) =>
        json.TextOf("projectId") is { Length: > 0 } id && (json.Has("projectNumber") || json.Has("lifecycleState") || json.TextOf("name") is { } name && name.StartsWith("projects/", StringComparison.Ordinal))
            ? ResourceName.Of(ResourceKind.Project, id)
            : null;

    // Compute objects without a link to themselves name their network, region or zone by a link that says the project.
    private static ResourceName? OfCompute(JsonElement json, DocumentHint hint)
    {
        if (json.TextOf("name") is not { Length: > 0 } name || name.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        var region = ResourceName.TryParse(json.TextOf("region"), Compute);
        var zone = ResourceName.TryParse(json.TextOf("zone"), Compute);
        var project = (zone ?? region ?? ResourceName.TryParse(json.TextOf("network"), Compute) ?? ResourceName.TryParse(json.TextOf("subnetwork"), Compute))?.Project ?? hint.Project;
        var regional = LastSegment(json.TextOf("region"));
        var kind = json.TextOf("kind");
        var collection = kind switch
        {
            "compute#firewall" => "firewalls",
            "compute#network" => "networks",
            "compute#route" => "routes",
            "compute#subnetwork" => "subnetworks",
            "compute#router" => "routers",
            "compute#address" => "addresses",
            "compute#instance" => "instances",
            "compute#forwardingRule" => "forwardingRules",
            "compute#firewallPolicy" => "firewallPolicies",
            "compute#backendService" => "backendServices",
            "compute#instanceGroup" => "instanceGroups",
            "compute#networkEndpointGroup" => "networkEndpointGroups",
            "compute#healthCheck" => "healthChecks",
            "compute#targetTcpProxy" => "targetTcpProxies",
            "compute#targetHttpProxy" => "targetHttpProxies",
            "compute#targetHttpsProxy" => "targetHttpsProxies",
            "compute#urlMap" => "urlMaps",
            "compute#targetInstance" => "targetInstances",
            "compute#vpnTunnel" => "vpnTunnels",
            "compute#interconnectAttachment" => "interconnectAttachments",
            "compute#serviceAttachment" => "serviceAttachments",
            not null => null,
            _ when json.Has("allowed") || json.Has("denied") => "firewalls",
            _ when json.Has("destRange") => "routes",
            _ when json.Has("autoCreateSubnetworks") || json.Has("IPv4Range") => "networks",
            _ when json.Has("networkInterfaces") && zone is not null => "instances",
            _ when json.Has("IPAddress") => "forwardingRules",
            _ when json.Has("nats") || json.Has("bgp") => "routers",
            _ when json.Has("ipCidrRange") && json.Has("network") && regional is not null => "subnetworks",
            _ when json.Has("addressType") => "addresses",
            _ => null,
        };
        var scope = collection switch
        {
            null => null,
            "firewalls" or "routes" or "networks" => "global",
            "instances" or "targetInstances" => LastSegment(json.TextOf("zone")) is { } at ? $"zones/{at}" : hint.Location is { } z ? $"zones/{z}" : null,
            "instanceGroups" or "networkEndpointGroups" when LastSegment(json.TextOf("zone")) is { } at => $"zones/{at}",
            _ => regional is not null ? $"regions/{regional}" : "global",
        };
        return project is null || scope is null ? null : Modelled(ResourceName.Of(Compute, $"projects/{project}/{scope}/{collection}/{name}"));
    }

    private static ResourceName? Modelled(ResourceName? name) => name is { Kind: not ResourceKind.Other } ? name : null;

    private static string? LastSegment(string? text) => text?[(text.LastIndexOf('/') + 1)..];
}
