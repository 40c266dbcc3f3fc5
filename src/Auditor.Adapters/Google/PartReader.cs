using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>Reads what Google tells of a resource only in other calls, for a single read as for a sweep: the calls, and what of their answers is the part.</summary>
internal sealed class PartReader(GoogleClient client, GoogleLists lists, GoogleOptions options)
{
    private const string ServiceNetworking = "servicenetworking.googleapis.com";

    private static readonly ApiTable.Row s_project = ApiTable.Of(ResourceKind.Project);
    private static readonly ApiTable.Row s_connections = new(ResourceKind.Network, ServiceNetworking, "v1/", "servicenetworking.services");

    // A project's number never changes.
    private readonly ConcurrentDictionary<string, string> _numbers = new(StringComparer.Ordinal);

    /// <summary>Makes the calls that a resource needs.</summary>
    public async Task<PartAnswer> ReadAsync(ResourceName name, JsonElement json, CancellationToken cancellationToken) => new(name, name.Kind switch
    {
        _ when ApiTable.Escape(name.Path) is not { } => [],
        ResourceKind.InstanceGroup => [await ItemsAsync(ResourcePart.Members, IsEmpty(json) ? null : Post(name, "listInstances", """{"instanceState":"ALL"}"""), "items", cancellationToken)],
        ResourceKind.NetworkEndpointGroup => GoogleLists.Text(json, "networkEndpointType") is "SERVERLESS" or "PRIVATE_SERVICE_CONNECT" ? []
            : [await ItemsAsync(ResourcePart.Endpoints, IsEmpty(json) ? null : Post(name, "listNetworkEndpoints", """{"healthStatus":"SKIP"}"""), "items", cancellationToken)],
        ResourceKind.Network => [await PeeringRoutesAsync(name, json, cancellationToken), await ConnectionsAsync(name, json, cancellationToken)],
        ResourceKind.Router => [await StatusAsync(name, json, cancellationToken)],
        ResourceKind.ManagedZone => [await ItemsAsync(ResourcePart.Records, AsksOthers(json) ? null : Below(name, "rrsets", "dns.resourceRecordSets.list"), "rrsets", cancellationToken)],
        ResourceKind.ResponsePolicy => [await ItemsAsync(ResourcePart.Rules, Below(name, "rules", "dns.responsePolicyRules.list"), "responsePolicyRules", cancellationToken)],
        _ => [],
    });

    /// <summary>A project's number, where it was read anyway.</summary>
    public void Learn(string project, JsonElement described)
    {
        if (GoogleLists.Text(described, "name") is { } name && name.StartsWith("projects/", StringComparison.Ordinal))
        {
            _numbers[project] = name["projects/".Length..];
        }
    }

    private async Task<PartAnswer.Part> ItemsAsync(ResourcePart part, ListCall? call, string key, CancellationToken cancellationToken)
    {
        var result = call is null ? null : await lists.ListAsync(call, cancellationToken);
        return new PartAnswer.Part(part, [.. (result?.Pages ?? []).SelectMany(page => GoogleLists.Items(page, key))], result is { Gaps: [var gap, ..] } ? gap.Reason : null);
    }

    // One call for each peering and region; where all that can come over a peering is known from the other network, none.
    private async Task<PartAnswer.Part> PeeringRoutesAsync(ResourceName name, JsonElement json, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        var peerings = GoogleLists.Items(json, "peerings").Where(peering => GoogleLists.Text(peering, "state") == "ACTIVE" && (Imports(peering) || !IsMonitored(peering)))
            .Select(peering => GoogleLists.Text(peering, "name")).OfType<string>().Order(StringComparer.Ordinal).ToList();
        foreach (var (peering, region) in peerings.SelectMany(peering => RegionsOf(json).Select(region => (peering, region))))
        {
            var call = new ListCall(
                ApiTable.Of(ResourceKind.Network), $"{ApiTable.Escape(name.Path)}/listPeeringRoutes", new GapScope(Resource: name), "compute.networks.listPeeringRoutes",
                $"direction=INCOMING&maxResults=500&peeringName={Uri.EscapeDataString(peering)}&region={Uri.EscapeDataString(region)}");
            var answer = await ItemsAsync(ResourcePart.PeeringRoutes, call, "items", cancellationToken);
            if (answer.Failure is not null)
            {
                return answer;
            }

            items.Add(JsonSerializer.SerializeToElement(new JsonObject { ["peering"] = peering, ["region"] = region, ["routes"] = Sorted(answer.Items) }));
        }

        return new PartAnswer.Part(ResourcePart.PeeringRoutes, items, null);
    }

    // Google wants the project's number here.
    private async Task<PartAnswer.Part> ConnectionsAsync(ResourceName name, JsonElement json, CancellationToken cancellationToken)
    {
        if (!GoogleLists.Items(json, "peerings").Any(peering => GoogleLists.Text(peering, "name") == "servicenetworking-googleapis-com"))
        {
            return new PartAnswer.Part(ResourcePart.ServiceConnections, [], null);
        }

        var project = name.Project!;
        if (!_numbers.ContainsKey(project))
        {
            var described = await client.GetAsync(s_project.Host, $"{s_project.Version}projects/{ApiTable.Escape(project)}", "resourcemanager.projects.get", cancellationToken);
            if (described is GoogleAnswer.Found found)
            {
                Learn(project, found.Json);
            }

            if (!_numbers.ContainsKey(project))
            {
                return new PartAnswer.Part(ResourcePart.ServiceConnections, [], (described as GoogleAnswer.Failed)?.Reason ?? $"the number of project {project} is not known");
            }
        }

        var network = Uri.EscapeDataString($"projects/{_numbers[project]}/global/networks/{name.Id}");
        var call = new ListCall(s_connections, $"services/{ServiceNetworking}/connections", new GapScope(Resource: name), "servicenetworking.services.get", $"network={network}");
        return await ItemsAsync(ResourcePart.ServiceConnections, call, "connections", cancellationToken);
    }

    private async Task<PartAnswer.Part> StatusAsync(ResourceName name, JsonElement json, CancellationToken cancellationToken)
    {
        if (!GoogleLists.Items(json, "bgpPeers").Any())
        {
            return new PartAnswer.Part(ResourcePart.RouterStatus, [], null);
        }

        var row = ApiTable.Of(ResourceKind.Router);
        return await client.GetAsync(row.Host, $"{row.Version}{ApiTable.Escape(name.Path)}/getRouterStatus", ApiTable.PermissionOf(row, name.Path, "get"), cancellationToken) switch
        {
            GoogleAnswer.Found { Json: var status } => new PartAnswer.Part(ResourcePart.RouterStatus, [StatusOf(status)], null),
            GoogleAnswer.Failed { Reason: var reason } => new PartAnswer.Part(ResourcePart.RouterStatus, [], reason),
            _ => new PartAnswer.Part(ResourcePart.RouterStatus, [], "it was not found"),
        };
    }

    // The rest (uptimes, counters) is another at every read.
    private static JsonElement StatusOf(JsonElement answer)
    {
        var result = answer.TryGetProperty("result", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return result.ValueKind != JsonValueKind.Object ? JsonElement.Parse("{}") : JsonSerializer.SerializeToElement(new JsonObject
        {
            ["bestRoutes"] = Sorted(GoogleLists.Items(result, "bestRoutes")),
            ["bgpPeerStatus"] = new JsonArray([.. GoogleLists.Items(result, "bgpPeerStatus").OrderBy(peer => GoogleLists.Text(peer, "name"), StringComparer.Ordinal).Select(peer => (JsonNode)new JsonObject
            {
                ["name"] = GoogleLists.Text(peer, "name"),
                ["status"] = GoogleLists.Text(peer, "status"),
                ["advertisedRoutes"] = Sorted(GoogleLists.Items(peer, "advertisedRoutes")),
            })]),
        });
    }

    // No call promises an order.
    private static JsonArray Sorted(IEnumerable<JsonElement> routes) => new([.. routes
        .OrderBy(route => GoogleLists.Text(route, "destRange"), StringComparer.Ordinal).ThenBy(route => route.GetRawText(), StringComparer.Ordinal).Select(route => (JsonNode?)JsonObject.Create(route))]);

    private static ListCall Post(ResourceName name, string method, string body)
    {
        var row = ApiTable.Of(name.Kind);
        return new ListCall(row, $"{ApiTable.Escape(name.Path)}/{method}", new GapScope(Resource: name), ApiTable.PermissionOf(row, name.Path, "get"), Body: body);
    }

    private static ListCall Below(ResourceName name, string collection, string permission) =>
        new(ApiTable.Of(name.Kind), $"{ApiTable.Escape(name.Path)}/{collection}", new GapScope(Resource: name), permission);

    // Whatever such a zone holds, it is not what clients get.
    private static bool AsksOthers(JsonElement zone) => zone.TryGetProperty("peeringConfig", out _) || zone.TryGetProperty("forwardingConfig", out _);

    // A group that says it is empty need not be asked.
    private static bool IsEmpty(JsonElement json) => json.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var count) && count == 0;

    private static bool Imports(JsonElement peering) => peering.TryGetProperty("importCustomRoutes", out var imports) && imports.ValueKind == JsonValueKind.True;

    private bool IsMonitored(JsonElement peering) => ResourceName.TryParse(GoogleLists.Text(peering, "network"), "compute.googleapis.com")?.Project is { } project && options.Projects.Contains(project);

    private static IEnumerable<string> RegionsOf(JsonElement network) => !network.TryGetProperty("subnetworks", out var subnetworks) || subnetworks.ValueKind != JsonValueKind.Array ? []
        : subnetworks.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => ResourceName.TryParse(item.GetString(), "compute.googleapis.com")?.Location).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}

/// <summary>What the other calls told of a resource.</summary>
internal sealed record PartAnswer(ResourceName Name, IReadOnlyList<PartAnswer.Part> Parts)
{
    /// <param name="Failure">Why it is not known; null when it is.</param>
    internal sealed record Part(ResourcePart Which, IReadOnlyList<JsonElement> Items, string? Failure);

    /// <summary>Why something is not known; empty when all is.</summary>
    public IEnumerable<string> Failures => Parts.Select(part => part.Failure).OfType<string>();

    public void AddTo(EstateBuilder builder)
    {
        foreach (var (part, items, failure) in Parts)
        {
            if (failure is null)
            {
                builder.AddPart(part, Name, items);
            }
            else
            {
                builder.AddUnreadPart(part, Name, failure);
            }
        }
    }
}
