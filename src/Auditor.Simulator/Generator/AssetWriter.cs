using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>Writes assets as Cloud Asset Inventory exports them, one line each, and counts them.</summary>
internal sealed class AssetWriter(Stream output) : IDisposable
{
    private const string UpdateTime = "2026-11-01T00:00:00Z";
    private static readonly byte[] s_lineFeed = "\n"u8.ToArray();
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<PlantedFault> _faults = [];
    private long _bytes;

    public int Workloads { get; set; }

    public int Targets { get; set; }

    /// <param name="path">What follows the host, such as "projects/p/global/networks/n".</param>
    /// <param name="owner">The project it belongs to; null above projects.</param>
    /// <returns>The full resource name.</returns>
    public string Write(string type, string host, string path, string version, ProjectPlan? owner, string? location, JsonObject data)
    {
        var name = $"//{host}/{path}";
        _json.WriteStartObject();
        _json.WriteString("name", name);
        _json.WriteString("asset_type", type);
        _json.WriteStartObject("resource");
        _json.WriteString("version", version);
        _json.WriteString("discovery_document_uri", $"https://{type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal))}/$discovery/rest?version={version}");
        _json.WriteString("discovery_name", type.AsSpan(type.IndexOf('/', StringComparison.Ordinal) + 1));
        if (owner is not null)
        {
            _json.WriteString("parent", $"//cloudresourcemanager.googleapis.com/projects/{owner.Number}");
        }

        _json.WritePropertyName("data");
        data.WriteTo(_json);
        if (location is not null)
        {
            _json.WriteString("location", location);
        }

        _json.WriteEndObject();
        _json.WriteStartArray("ancestors");
        if (owner is not null)
        {
            _json.WriteStringValue($"projects/{owner.Number}");
            _json.WriteStringValue(Hierarchy.Folder);
        }

        _json.WriteStringValue(Hierarchy.Organization);
        _json.WriteEndArray();
        _json.WriteString("update_time", UpdateTime);
        _json.WriteEndObject();
        EndLine();
        _counts[type] = _counts.GetValueOrDefault(type) + 1;
        return name;
    }

    /// <summary>A compute resource: its REST data say what it is and where.</summary>
    public string WriteCompute(string type, string path, ProjectPlan? owner, string location, JsonObject data)
    {
        data.Insert(0, "kind", $"compute#{char.ToLowerInvariant(type[0])}{type[1..]}");
        data.Insert(1, "id", Id(path));
        data.Add("selfLink", Url(path));
        return Write($"compute.googleapis.com/{type}", "compute.googleapis.com", path, "v1", owner, location, data);
    }

    public void Fault(string ruleId, string resource, string discriminator = "") => _faults.Add(new PlantedFault(ruleId, resource, discriminator));

    public GeneratedEstate Finish(EstateNumbers numbers) =>
        new(numbers, _counts.ToImmutableSortedDictionary(StringComparer.Ordinal), Workloads, Targets, _bytes, [.. _faults.Order()]);

    public void Dispose() => _json.Dispose();

    /// <summary>A link as compute writes them.</summary>
    public static string Url(string path) => $"https://www.googleapis.com/compute/v1/{path}";

    /// <summary>A list of texts.</summary>
    public static JsonArray List(params IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    // Compute's numeric ids are made up from the path, so that they do not depend on what else is drawn.
    private static string Id(string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in path)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return (hash >> 1).ToString(CultureInfo.InvariantCulture);
    }

    private void EndLine()
    {
        _json.Flush();
        _bytes += _json.BytesCommitted + 1;
        _json.Reset();
        output.Write(s_lineFeed);
    }
}
