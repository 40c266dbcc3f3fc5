using System.Text.Json.Nodes;

namespace Auditor.Simulator.Hosting;

/// <summary>Answers one request from the state of the cloud, without HTTP: host, version, path and query in, status and JSON out.</summary>
internal sealed class SimulatedApi(SimulatedCloud cloud, int maxPageSize)
{
    // Reads that Google made POSTs.
    private static readonly string[] s_readPosts =
        ["/listInstances", "/listManagedInstances", "/listNetworkEndpoints", "/getHealth", ":getIamPolicy", ":getAncestry"];

    private readonly Listings _listings = new(cloud, maxPageSize);
    private readonly NetworkAnswers _networks = new(cloud);

    public ApiAnswer Answer(string method, string path, IReadOnlyDictionary<string, string> query)
    {
        if (method != "GET" && !(method == "POST" && s_readPosts.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal))))
        {
            return ApiAnswer.Error(405, "UNIMPLEMENTED", $"The simulator only answers reads, not {method} {path}.", "methodNotAllowed");
        }

        if (cloud.Faults.TakeFailure() is { } failure)
        {
            return ApiAnswer.Error((int)failure, (int)failure == 429 ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE", "The request was turned away. Try again.", "backendError");
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || ApiCatalog.Of(path[..slash]) is not { } api || Array.Find(api.Prefixes, prefix => path.AsSpan(slash + 1).StartsWith(prefix)) is not { } version)
        {
            return Unknown(path);
        }

        var segments = path[(slash + 1 + version.Length)..].TrimEnd('/').Split('/');
        return Refusal(api, segments) ?? Dispatch(new ApiRequest(api, version, segments, query));
    }

    private static ApiAnswer Unknown(string path) => ApiAnswer.NotFound($"The requested URL /{path} was not found on this server.");

    private ApiAnswer Dispatch(ApiRequest request)
    {
        var (api, segments) = (request.Api, request.Segments);
        if (segments is [.., "firewallPolicies", "getEffectiveFirewalls"])
        {
            return Method(request);
        }

        if (api.PermissionPrefix == "servicenetworking")
        {
            return segments is ["services", _, "connections"] ? _networks.Connections(request) : Unknown(string.Join('/', segments));
        }

        if (request.At(^2) is { } owner && api.Collections.ContainsKey(owner))
        {
            return Get(request, owner);
        }

        if (api.PermissionPrefix == "compute" && request.At(^2) == "aggregated" && api.Collections.ContainsKey(segments[^1]))
        {
            return _listings.Aggregated(request);
        }

        if (api.PermissionPrefix == "resourcemanager" && segments is ["projects:search"] or ["projects"] or ["folders"])
        {
            return _listings.Hierarchy(request);
        }

        return api.Collections.ContainsKey(segments[^1]) && segments.Length > 1 ? _listings.Flat(request)
            : request.At(^3) is { } above && api.Collections.ContainsKey(above) ? Method(request)
            : Unknown(string.Join('/', segments));
    }

    private ApiAnswer Get(ApiRequest request, string collection)
    {
        if (Denial(request, request.Api.Permission(collection, request.Segments, "get")) is { } denial)
        {
            return denial;
        }

        var json = cloud.Find(request.Name);
        json = request.Api.Host == "cloudfunctions.googleapis.com" ? FunctionShapes.For(request.Version, json) : json;
        return json is null ? Missing(request) : ApiAnswer.Ok(json);
    }

    // Reads below a resource: effective firewalls, peering routes, Shared VPC, members of a group.
    private ApiAnswer Method(ApiRequest request)
    {
        var method = request.Segments[^1];
        if (Denial(request, method switch
        {
            "getEffectiveFirewalls" when request.Segments[^2] == "firewallPolicies" => "compute.networks.getRegionEffectiveFirewalls",
            "getEffectiveFirewalls" or "listPeeringRoutes" => $"compute.{request.Segments[^3]}.{method}",
            "getXpnHost" or "getXpnResources" => "compute.projects.get",
            _ => request.Api.Permission(request.Segments[^3], request.Segments, "get"),
        }) is { } denial)
        {
            return denial;
        }

        return method switch
        {
            "getXpnHost" => _networks.XpnHost(request),
            "getEffectiveFirewalls" => _networks.EffectiveFirewalls(request) ?? Missing(request),
            "listPeeringRoutes" => _networks.PeeringRoutes(request) ?? Missing(request),
            // Answers that nothing here computes are kept beside the resource, under the method's name.
            _ => cloud.Find(request.Name) is { } stored ? ApiAnswer.Ok(stored)
                : method == "getXpnResources" ? ApiAnswer.Ok(new JsonObject { ["kind"] = "compute#projectsGetXpnResources" })
                : Unknown(string.Join('/', request.Segments)),
        };
    }

    // Numbers become ids; a project that does not exist answers as Google does, which does not say that it does not.
    private ApiAnswer? Refusal(ApiCatalog api, string[] segments)
    {
        if (segments is not ["projects" or "apps", var project, ..])
        {
            return null;
        }

        if (cloud.ProjectId(project) is not { } id)
        {
            return api.PermissionPrefix == "compute"
                ? ApiAnswer.NotFound($"The resource 'projects/{project}' was not found")
                : ApiAnswer.Forbidden($"Permission denied on resource project {project}.", "CONSUMER_INVALID", api.Host, project, null);
        }

        segments[1] = id;
        return cloud.Faults.IsDisabled(id, api.Host)
            ? ApiAnswer.Forbidden($"{api.Host} has not been used in project {id} before or it is disabled.", "SERVICE_DISABLED", api.Host, id, null)
            : null;
    }

    private ApiAnswer? Denial(ApiRequest request, string permission) =>
        request.Project is { } project && cloud.Faults.Forbids(project, permission) ? request.Denied(project, permission) : null;

    private static ApiAnswer Missing(ApiRequest request) => ApiAnswer.NotFound(request switch
    {
        { Api.PermissionPrefix: "compute" } => $"The resource '{string.Join('/', request.Segments)}' was not found",
        { Api.PermissionPrefix: "vpcaccess" } => "The connector is not found.",
        { Api.PermissionPrefix: "cloudsql" } => "The Cloud SQL instance does not exist.",
        _ => $"Resource '{string.Join('/', request.Segments)}' was not found",
    });
}
