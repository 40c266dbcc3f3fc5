using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// Reads the answer of a list call: flat, aggregated over regions and zones, Knative, asset lists and search results. What Google says it left
/// out becomes a gap of just that kind, project and place.
/// Source: the partial answers of compute aggregatedList, Cloud SQL instances.list, and `unreachable` of newer APIs.
/// </summary>
internal sealed class ListAnswer(EstateBuilder builder, DocumentWalk walk)
{
    /// <summary>Whether the object was a list.</summary>
    internal bool Walk(JsonElement json, DocumentHint hint)
    {
        // A resource that is not modelled may hold lists too (a backend service its backends); a list has no name, and its kind says so.
        if (json.Has("name") || (json.ObjectOf("metadata") is { } metadata && metadata.Has("name")) || (json.TextOf("kind") is { } word && !word.EndsWith("List", StringComparison.Ordinal) && !word.EndsWith("ListResponse", StringComparison.Ordinal)))
        {
            return false;
        }

        var lists = json.EnumerateObject().Where(IsList).Select(property => (property.Name, property.Value)).ToList();
        if (lists.Count == 0 && json.ObjectOf("items") is null && !SaysUnreachable(json))
        {
            return json.TextOf("kind") is not null;
        }

        var project = hint.Project ?? ResourceName.TryParse(json.TextOf("selfLink") ?? json.TextOf("id"), "compute.googleapis.com")?.Project ?? FirstProject(json);
        var kind = hint.Kind ?? KindOf(json, lists, hint);
        var inner = hint with { Project = project };
        if (json.ObjectOf("items") is { } scopes)
        {
            foreach (var scope in scopes.EnumerateObject())
            {
                WalkScope(scope, kind, inner);
            }
        }

        foreach (var (_, list) in lists)
        {
            foreach (var item in list.EnumerateArray())
            {
                walk.Walk(item, inner);
            }
        }

        AddGaps(json, kind, project);
        return true;
    }

    // "regions/us-central1": {"subnetworks": [...]} or {"warning": {...}}.
    private void WalkScope(JsonProperty scope, ResourceKind? kind, DocumentHint hint)
    {
        var at = scope.Name == "global" ? "global" : scope.Name[(scope.Name.LastIndexOf('/') + 1)..];
        foreach (var property in scope.Value.ValueKind == JsonValueKind.Object ? scope.Value.EnumerateObject().Where(IsList) : [])
        {
            foreach (var item in property.Value.EnumerateArray())
            {
                walk.Walk(item, hint with { Location = at });
            }
        }

        if (Code(scope.Value.ObjectOf("warning")) is { } code && kind is { } known)
        {
            builder.AddGap(new GapScope(known, hint.Project, at), $"Google answered {code} for {scope.Name}");
        }
    }

    private void AddGaps(JsonElement json, ResourceKind? kind, string? project)
    {
        if (kind is not { } known)
        {
            return;
        }

        if (Code(json.ObjectOf("warning")) is { } code)
        {
            builder.AddGap(new GapScope(known, project), $"Google answered {code}");
        }

        foreach (var place in json.ArrayOf("unreachable").Items().Concat(json.ArrayOf("unreachables").Items()).Concat(json.ArrayOf("missingZones").Items()).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "").Where(text => text.Length > 0))
        {
            var name = ResourceName.TryParse(place, KindTable.Of(known).Host);
            builder.AddGap(
                name is { } one && one.Kind == known ? new GapScope(Resource: one) : new GapScope(known, name?.Project ?? project, place[(place.LastIndexOf('/') + 1)..]),
                $"Google could not reach {place}");
        }

        // Cloud SQL: {"code": "REGION_UNREACHABLE", "message": "...", "region": "r"}; an instance's name holds no region, so the gap is the project's.
        foreach (var warning in json.ArrayOf("warnings").Items())
        {
            if (Code(warning) is { } word)
            {
                var region = warning.TextOf("region");
                builder.AddGap(new GapScope(known, project, region), $"Google answered {word}{(region is null ? "" : $" for {region}")}");
            }
        }
    }

    // "compute#subnetworkAggregatedList" says it; otherwise the first item, or the collection's name where one API only has it.
    private static ResourceKind? KindOf(JsonElement json, List<(string Name, JsonElement Value)> lists, DocumentHint hint)
    {
        if (json.TextOf("kind") is { } text && text.EndsWith("List", StringComparison.Ordinal))
        {
            var word = text[(text.IndexOf('#', StringComparison.Ordinal) + 1)..^"List".Length].Replace("Aggregated", "", StringComparison.Ordinal);
            return text.StartsWith("sql#instances", StringComparison.Ordinal) ? ResourceKind.SqlInstance
                : word.StartsWith("target", StringComparison.Ordinal) && word.EndsWith("Proxy", StringComparison.Ordinal) ? ResourceKind.TargetProxy
                : text.StartsWith("compute#", StringComparison.Ordinal) && Enum.TryParse<ResourceKind>(word, ignoreCase: true, out var kind) && kind != ResourceKind.Other ? kind
                : null;
        }

        return lists.SelectMany(list => list.Value.EnumerateArray()).Select(item => ResourceIdentity.Of(item, hint)?.Kind).FirstOrDefault(kind => kind is not null)
            ?? (json.Has("functions") ? ResourceKind.Function : json.Has("connectors") ? ResourceKind.Connector : json.Has("workerPools") ? ResourceKind.RunWorkerPool : null);
    }

    private static string? FirstProject(JsonElement json) =>
        json.EnumerateObject().Where(IsList).SelectMany(property => property.Value.EnumerateArray())
            .Select(item => ResourceIdentity.Of(item, DocumentHint.None)?.Project).FirstOrDefault(project => project is not null);

    private static bool IsList(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Array
        && property.Name is not ("warnings" or "unreachable" or "unreachables" or "missingZones")
        && (property.Value.GetArrayLength() == 0 || property.Value[0].ValueKind == JsonValueKind.Object);

    private static bool SaysUnreachable(JsonElement json) => json.Has("unreachable") || json.Has("unreachables") || json.Has("missingZones");

    private static string? Code(JsonElement? warning) => warning?.TextOf("code") is { } code && code != "NO_RESULTS_ON_PAGE" ? code : null;
}
