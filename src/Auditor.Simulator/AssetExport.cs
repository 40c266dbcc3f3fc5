using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator;

/// <summary>
/// Writes a cloud as Cloud Asset Inventory exports it to a file: one asset a line, the envelope in snake case, the project of the name as id and
/// of the parent as number. Answers of methods (members of a group, say) are no assets and are left out.
/// </summary>
public static class AssetExport
{
    private const string UpdateTime = "2026-11-01T00:00:00Z";
    private static readonly JsonSerializerOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All assets, sorted by name, each line ended by a line feed.</summary>
    public static string Write(SimulatedCloud cloud)
    {
        var text = new StringBuilder();
        foreach (var (name, json) in cloud.Where(_ => true))
        {
            if (AssetType(name, json) is { } type)
            {
                text.Append(Line(cloud, name, json, type).ToJsonString(s_json)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static JsonObject Line(SimulatedCloud cloud, ResourceName name, JsonObject json, string type)
    {
        var ancestors = Ancestors(cloud, name).ToList();
        var resource = new JsonObject
        {
            ["version"] = Version(name, json),
            ["discovery_name"] = type[(type.IndexOf('/', StringComparison.Ordinal) + 1)..],
        };
        if (ancestors.Count > 0)
        {
            resource["parent"] = $"//cloudresourcemanager.googleapis.com/{ancestors[0]}";
        }

        resource["data"] = json;
        if (name.Location is { } location)
        {
            resource["location"] = location;
        }

        return new JsonObject
        {
            ["name"] = name.Host == "cloudresourcemanager.googleapis.com" ? $"//{name.Host}/{json["name"]}" : name.Value,
            ["asset_type"] = type,
            ["resource"] = resource,
            ["ancestors"] = new JsonArray([.. ancestors.Select(ancestor => (JsonNode)ancestor)]),
            ["update_time"] = UpdateTime,
        };
    }

    private static string? AssetType(ResourceName name, JsonObject json) => name.Kind switch
    {
        ResourceKind.Function => json["environment"] is null ? "cloudfunctions.googleapis.com/CloudFunction" : "cloudfunctions.googleapis.com/Function",
        ResourceKind.RunRevision => "run.googleapis.com/Revision",
        not ResourceKind.Other => KindTable.Match(name.Host, name.Path)?.AssetTypes.FirstOrDefault(),
        _ => name.Path.Split('/') switch
        {
            ["organizations", _] => "cloudresourcemanager.googleapis.com/Organization",
            ["folders", _] => "cloudresourcemanager.googleapis.com/Folder",
            ["projects", _] => "compute.googleapis.com/Project",
            [.., "rrsets", _, _] => "dns.googleapis.com/ResourceRecordSet",
            _ => null,
        },
    };

    private static string Version(ResourceName name, JsonObject json) => name.Host switch
    {
        "cloudsql.googleapis.com" => "v1beta4",
        "run.googleapis.com" => "v2",
        "cloudresourcemanager.googleapis.com" => "v3",
        "cloudfunctions.googleapis.com" when json["environment"] is not null => "v2",
        _ => "v1",
    };

    // Nearest first, as numbers.
    private static IEnumerable<string> Ancestors(SimulatedCloud cloud, ResourceName name)
    {
        var next = name.Project is { } project
            ? (string?)cloud.Find(ResourceName.Of(ResourceKind.Project, project))?["name"]
            : name.Host == "cloudresourcemanager.googleapis.com" ? name.Path : (string?)cloud.Find(name)?["parent"];
        for (; next is not null; next = Parent(cloud, next))
        {
            yield return next;
        }
    }

    private static string? Parent(SimulatedCloud cloud, string name) => (string?)cloud
        .Where(other => other.Host == "cloudresourcemanager.googleapis.com" && (other.Path == name || other.Kind == ResourceKind.Project))
        .Select(pair => pair.Value).FirstOrDefault(json => (string?)json["name"] == name)?["parent"];
}
