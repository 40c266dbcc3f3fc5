using System.Text.Json;

namespace Auditor.Model;

/// <summary>Finds the resources in one document, whatever shape it has, and hands them to the builder.</summary>
internal sealed class DocumentWalk(EstateBuilder builder, string source)
{
    internal void Walk(JsonElement json, DocumentHint hint)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
            {
                Walk(item, hint);
            }
        }
        else if (json.ValueKind != JsonValueKind.Object)
        {
            builder.AddProblem(source, $"a {json.ValueKind.ToString().ToLowerInvariant()} stands where an object or list was expected");
        }
        else if ((json.TextOf("asset_type") ?? json.TextOf("assetType")) is { } type)
        {
            WalkAsset(json, type);
        }
        else if (json.ObjectOf("asset") is { } asset)
        {
            WalkTemporal(json, asset, hint);
        }
        else if (json.ArrayOf("firewalls") is not null || json.ArrayOf("firewallPolicys") is not null)
        {
            new EffectiveFirewalls(builder, source).Walk(json, hint);
        }
        else if (ResourceIdentity.Of(json, hint) is { } name)
        {
            builder.AddResource(name, json, source);
        }
        else if (!new ListAnswer(builder, this).Walk(json, hint))
        {
            WalkOther(json, hint);
        }
    }

    // An asset of an export, of assets.list, or a search result; in snake_case or camelCase.
    private void WalkAsset(JsonElement json, string type)
    {
        var text = json.TextOf("name");
        var name = type == "compute.googleapis.com/Project" && ResourceName.TryParse(text)?.Project is { } id ? ResourceName.Of(ResourceKind.Project, id) : ResourceName.TryParse(text);
        var resource = json.ObjectOf("resource");
        var data = resource?.ObjectOf("data") ?? Versioned(json);
        if (name is not { } found || found.Kind == ResourceKind.Other)
        {
            if (type == "dns.googleapis.com/ResourceRecordSet" && ZoneOf(name) is { } zone && data is { } record)
            {
                builder.AddPart(ResourcePart.Records, zone, [record]);
            }
            else if (KindTable.OfAssetType(type) != ResourceKind.Other)
            {
                builder.AddProblem(source, $"name is \"{text}\"; the full resource name of a {KindTable.Of(KindTable.OfAssetType(type)).Noun} was expected");
            }
            else
            {
                builder.AddNotModelled(type, type[..Math.Max(type.IndexOf('/', StringComparison.Ordinal), 0)], name?.Project);
            }

            Learn(name, json, resource);
            return;
        }

        Learn(name, json, resource);
        if (data is not { } body)
        {
            builder.AddNotModelled($"{type} without its resource", found.Host, found.Project);
            return;
        }

        builder.AddResource(found, body, source, Timestamps.TryParse(json.TextOf("update_time") ?? json.TextOf("updateTime")));
    }

    // "projects/p/managedZones/z/rrsets/db.corp.example./A".
    private static ResourceName? ZoneOf(ResourceName? record)
    {
        var end = record?.Path.IndexOf("/rrsets/", StringComparison.Ordinal) ?? -1;
        return end > 0 && ResourceName.Of(record!.Value.Host, record.Value.Path[..end]) is { Kind: ResourceKind.ManagedZone } zone ? zone : null;
    }

    // A name with the project's id beside a parent with its number teaches which belong together.
    private void Learn(ResourceName? name, JsonElement json, JsonElement? resource)
    {
        if (name is { Kind: not ResourceKind.Project, Project: { } project })
        {
            var parent = resource?.TextOf("parent") ?? json.TextOf("project");
            var ancestor = json.ArrayOf("ancestors").Items().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null).FirstOrDefault();
            builder.LearnNumber(NumberOf(parent) ?? NumberOf(ancestor), project);
        }
    }

    // {asset, window, deleted, priorAssetState} of a feed or of a history.
    private void WalkTemporal(JsonElement json, JsonElement asset, DocumentHint hint)
    {
        if (!json.TryGetProperty("deleted", out var deleted) || deleted.ValueKind != JsonValueKind.True)
        {
            Walk(asset, hint);
        }
        else if (ResourceName.TryParse(asset.TextOf("name")) is { Kind: not ResourceKind.Other } name)
        {
            var window = json.ObjectOf("window");
            builder.AddAbsent(name, source, Timestamps.TryParse(window?.TextOf("startTime") ?? window?.TextOf("start_time")));
        }
    }

    private void WalkOther(JsonElement json, DocumentHint hint)
    {
        if (json.ObjectOf("error") is { } error)
        {
            var words = new[] { error.TextOf("code"), error.TextOf("status") ?? error.TextOf("message") }.OfType<string>();
            builder.AddProblem(source, $"the answer is an error{string.Concat(words.Select(word => $" {word}"))}");
        }
        else if (json.EnumerateObject().Any())
        {
            var name = ResourceName.TryParse(json.TextOf("selfLink")) ?? ResourceName.TryParse(json.TextOf("name"), "");
            builder.AddNotModelled(ResourceIdentity.Describe(json), null, name?.Project ?? hint.Project);
        }
    }

    // A search result holds the resource once per API version; the last is the newest version.
    private static JsonElement? Versioned(JsonElement json) =>
        (json.ArrayOf("versionedResources") ?? json.ArrayOf("versioned_resources")).Items().Select(item => item.ObjectOf("resource")).LastOrDefault(item => item is not null);

    private static string? NumberOf(string? parent)
    {
        var at = parent?.IndexOf("projects/", StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : parent![(at + "projects/".Length)..];
    }
}
