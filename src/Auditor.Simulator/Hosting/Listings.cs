using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Hosting;

/// <summary>Lists, in pages: of one parent, of all locations ("-"), and Compute Engine's aggregated ones.</summary>
internal sealed class Listings(SimulatedCloud cloud, int maxPageSize)
{
    // Regions the estate need not use: their scopes are listed as empty.
    private static readonly string[] s_regions = ["asia-east1", "europe-west1", "us-central1"];

    private readonly Paging _paging = new(maxPageSize);

    /// <summary>A list below one parent; "-" in the path stands for any.</summary>
    public ApiAnswer Flat(ApiRequest request)
    {
        var collection = request.Segments[^1];
        if (request.Project is { } project && request.Api.Permission(collection, request.Segments, "list") is var permission && cloud.Faults.Forbids(project, permission))
        {
            return request.Denied(project, permission);
        }

        var items = cloud.Where(name => Fits(name, request)).Select(pair => (pair.Key, Json: Shape(request, pair.Value))).Where(pair => pair.Json is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Json!)).ToList();
        var isLocated = request.Segments.Contains("-");
        var unreachable = isLocated ? items.Where(pair => pair.Key.Location is { } location && cloud.Faults.IsUnreachable(location)).ToList() : [];
        if (unreachable.Count > 0 && request.Api.PermissionPrefix == "vpcaccess")
        {
            return ApiAnswer.Error(503, "UNAVAILABLE", "The service is currently unavailable.", "backendError");
        }

        return _paging.Page(request, [.. items.Except(unreachable)], page =>
        {
            var body = Head(request);
            if (page.Count > 0)
            {
                body[request.Api.ItemsKey ?? (collection == "rules" ? "responsePolicyRules" : collection)] = new JsonArray([.. page.Select(pair => pair.Value)]);
            }

            if (unreachable.Count > 0)
            {
                body["unreachable"] = new JsonArray([.. cloud.Faults.Unreachable().Select(location => (JsonNode)location)]);
            }

            return body;
        });
    }

    /// <summary>Compute Engine's list over all scopes. Without returnPartialSuccess one unreachable scope fails it.</summary>
    public ApiAnswer Aggregated(ApiRequest request)
    {
        var collection = request.Segments[^1];
        if (request.Project is { } project && request.Api.Permission(collection, request.Segments, "list") is var permission && cloud.Faults.Forbids(project, permission))
        {
            return request.Denied(project, permission);
        }

        if (cloud.Faults.Unreachable().Count > 0 && request.Query.GetValueOrDefault("returnPartialSuccess") != "true")
        {
            return ApiAnswer.Error(503, "UNAVAILABLE", $"The following locations are unreachable: {string.Join(", ", cloud.Faults.Unreachable())}", "backendError");
        }

        var all = cloud.Where(name => name.Host == "compute.googleapis.com" && name.Project == request.Project && Collection(name) == collection);
        var scopes = Scopes(collection).Concat(all.Select(pair => Scope(pair.Key))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return _paging.Page(request, [.. all.Where(pair => !IsUnreachable(Scope(pair.Key)))], page =>
        {
            var items = new JsonObject();
            foreach (var scope in scopes)
            {
                var here = page.Where(pair => Scope(pair.Key) == scope).Select(pair => (JsonNode)pair.Value).ToArray();
                items[scope] = IsUnreachable(scope) ? Warning("UNREACHABLE", $"Some resources of '{scope}' could not be listed.", scope)
                    : here.Length > 0 ? new JsonObject { [collection] = new JsonArray(here) }
                    : Warning("NO_RESULTS_ON_PAGE", $"There are no results for scope '{scope}' on this page.", scope);
            }

            var body = Head(request);
            body["items"] = items;
            if (scopes.Where(IsUnreachable).ToArray() is { Length: > 0 } unreachable)
            {
                body["unreachables"] = new JsonArray([.. unreachable.Select(scope => (JsonNode)scope)]);
            }

            return body;
        });
    }

    /// <summary>Projects or folders: below a parent, or whatever the caller may see.</summary>
    public ApiAnswer Hierarchy(ApiRequest request)
    {
        var collection = request.Segments[0].Split(':')[0];
        var parent = request.Query.GetValueOrDefault("parent");
        var found = cloud.Where(name => name.Host == "cloudresourcemanager.googleapis.com" && name.Path.StartsWith($"{collection}/", StringComparison.Ordinal))
            .Where(pair => parent is null || (string?)pair.Value["parent"] == parent).ToList();
        return _paging.Page(request, found, page => page.Count == 0 ? [] : new JsonObject { [collection] = new JsonArray([.. page.Select(pair => pair.Value)]) });
    }

    private static JsonObject? Shape(ApiRequest request, JsonObject json) =>
        request.Api.Host == "cloudfunctions.googleapis.com" ? FunctionShapes.For(request.Version, json) : json;

    private static bool Fits(ResourceName name, ApiRequest request)
    {
        if (name.Host != request.Api.NameHost)
        {
            return false;
        }

        var parts = name.Path.Split('/');

        // A record set is named by name and type.
        return parts.Length == request.Segments.Length + (request.Segments[^1] == "rrsets" ? 2 : 1) && request.Segments.Zip(parts).All(pair => pair.First == pair.Second || pair.First == "-");
    }

    private static string Collection(ResourceName name) => name.Path.Split('/') is [.., var collection, _] ? collection : "";

    // "global", "regions/r" or "zones/z".
    private static string Scope(ResourceName name) => name.Path.Split('/') is [_, _, "global", ..] ? "global" : string.Join('/', name.Path.Split('/')[2..4]);

    private static IEnumerable<string> Scopes(string collection) => collection switch
    {
        "instances" or "instanceGroups" or "targetInstances" => s_regions.Select(region => $"zones/{region}-b"),
        "addresses" or "forwardingRules" or "firewallPolicies" or "backendServices" or "healthChecks" => s_regions.Select(region => $"regions/{region}").Append("global"),
        _ => s_regions.Select(region => $"regions/{region}"),
    };

    private bool IsUnreachable(string scope) => cloud.Faults.Unreachable()
        .Any(location => scope.EndsWith($"/{location}", StringComparison.Ordinal) || scope.StartsWith($"zones/{location}-", StringComparison.Ordinal));

    private static JsonObject Warning(string code, string message, string scope) => new()
    {
        ["warning"] = new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["data"] = new JsonArray(new JsonObject { ["key"] = "scope", ["value"] = scope }),
        },
    };

    private static JsonObject Head(ApiRequest request)
    {
        var path = string.Join('/', request.Segments);
        return request.Api.PermissionPrefix switch
        {
            "compute" => new JsonObject
            {
                ["kind"] = $"compute#{Singular(request.Segments[^1])}{(request.At(^2) == "aggregated" ? "AggregatedList" : "List")}",
                ["id"] = path,
                ["selfLink"] = $"https://www.googleapis.com/{request.Version}{path}",
            },
            "cloudsql" => new JsonObject { ["kind"] = "sql#instancesList" },
            _ => [],
        };
    }

    private static string Singular(string collection) => collection switch
    {
        "addresses" => "address",
        "firewallPolicies" => "firewallPolicy",
        "targetTcpProxies" or "targetHttpProxies" or "targetHttpsProxies" => $"{collection[..^3]}y",
        _ => collection[..^1],
    };
}
