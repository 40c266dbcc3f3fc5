using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>Reads what Google tells of a resource only in other calls, for a single read as for a sweep.</summary>
internal sealed class PartReader(GoogleLists lists)
{
    /// <summary>Makes the calls that a resource needs and adds what they tell, or why they could not.</summary>
    /// <returns>Adds to a builder, and gives what failed.</returns>
    public async Task<PartAnswer> ReadAsync(ResourceName name, JsonElement json, CancellationToken cancellationToken)
    {
        var answers = new List<(ResourcePart Part, IReadOnlyList<JsonElement> Items, string? Failure)>();
        foreach (var (part, call, items) in CallsFor(name, json))
        {
            var result = call is null ? null : await lists.ListAsync(call, cancellationToken);
            answers.Add((part, [.. (result?.Pages ?? []).SelectMany(page => GoogleLists.Items(page, items))], result is { Gaps: [var gap, ..] } ? gap.Reason : null));
        }

        return new PartAnswer(name, answers);
    }

    // A group that says it is empty need not be asked.
    private static IEnumerable<(ResourcePart Part, ListCall? Call, string Items)> CallsFor(ResourceName name, JsonElement json)
    {
        var row = ApiTable.Of(name.Kind);
        if (ApiTable.Escape(name.Path) is not { } path)
        {
            yield break;
        }

        var permission = ApiTable.PermissionOf(row, name.Path, "get");
        switch (name.Kind)
        {
            case ResourceKind.InstanceGroup:
                yield return (ResourcePart.Members, IsEmpty(json) ? null : new ListCall(row, $"{path}/listInstances", new GapScope(Resource: name), permission, Body: """{"instanceState":"ALL"}"""), "items");
                break;
            case ResourceKind.NetworkEndpointGroup when GoogleLists.Text(json, "networkEndpointType") is not ("SERVERLESS" or "PRIVATE_SERVICE_CONNECT"):
                yield return (ResourcePart.Endpoints, IsEmpty(json) ? null : new ListCall(row, $"{path}/listNetworkEndpoints", new GapScope(Resource: name), permission, Body: """{"healthStatus":"SKIP"}"""), "items");
                break;
        }
    }

    private static bool IsEmpty(JsonElement json) => json.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var count) && count == 0;
}

/// <summary>What the other calls told of a resource.</summary>
internal sealed record PartAnswer(ResourceName Name, IReadOnlyList<(ResourcePart Part, IReadOnlyList<JsonElement> Items, string? Failure)> Parts)
{
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
