using System.Text.Json;
using Auditor.Simulator.Generator;

namespace Auditor.Tests.Simulator.Generator;

/// <summary>Whatever an asset names is in the estate too, except what is missing on purpose.</summary>
public sealed class GeneratedReferencesTests
{
    [Theory]
    [InlineData(EstateSize.Small, 7)]
    [InlineData(EstateSize.Small, 99)]
    [InlineData(EstateSize.Medium, 7)]
    public void EveryReference_Resolves(EstateSize size, ulong seed)
    {
        var estate = new Generated(size, RuleShape.Random, seed);
        var dangling = estate.Assets
            .SelectMany(asset => References(asset).Where(path => !Exists(estate, path)).Select(path => (Asset: asset.GetProperty("name").GetString()!, Path: path)))
            .Where(pair => !pair.Asset.Contains("/revisions/", StringComparison.Ordinal) && !IsServiceUnderFunction(estate, pair.Asset))
            .ToList();

        var gone = estate.Said.Faults.Where(fault => fault.RuleId == "CON012").Select(fault => fault.Resource).Order(StringComparer.Ordinal);
        Assert.Equal(gone, dangling.Select(pair => pair.Asset).Distinct().Order(StringComparer.Ordinal));
        Assert.All(dangling, pair => Assert.Contains("/connectors/retired-", pair.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryRange_OverlapsNoOther_ExceptWherePlanted()
    {
        var estate = new Generated(EstateSize.Medium, RuleShape.Random, 7);
        var subnets = estate.OfType("compute.googleapis.com/Subnetwork").Select(Data)
            .SelectMany(data => Ranges(data).Select(range => (Owner: data.GetProperty("selfLink").GetString()!, Range: range)));
        var connectors = estate.OfType("vpcaccess.googleapis.com/Connector").Select(Data).Where(data => data.TryGetProperty("ipCidrRange", out _))
            .Select(data => (Owner: data.GetProperty("name").GetString()!, Range: Bounds(data.GetProperty("ipCidrRange").GetString()!)));
        var all = subnets.Concat(connectors).OrderBy(item => item.Range.First).ToList();

        var overlapping = all.Zip(all.Skip(1)).Where(pair => pair.First.Range.Last >= pair.Second.Range.First).Select(pair => $"//vpcaccess.googleapis.com/{pair.Second.Owner}");

        Assert.Equal(estate.Said.Faults.Where(fault => fault.RuleId == "CON003").Select(fault => fault.Resource), overlapping.Order(StringComparer.Ordinal));
    }

    private static JsonElement Data(JsonElement asset) => asset.GetProperty("resource").GetProperty("data");

    private static IEnumerable<(uint First, uint Last)> Ranges(JsonElement subnet)
    {
        yield return Bounds(subnet.GetProperty("ipCidrRange").GetString()!);
        foreach (var range in subnet.TryGetProperty("secondaryIpRanges", out var secondary) ? secondary.EnumerateArray() : default)
        {
            yield return Bounds(range.GetProperty("ipCidrRange").GetString()!);
        }
    }

    private static (uint First, uint Last) Bounds(string cidr)
    {
        var parts = cidr.Split('.', '/').Select(part => uint.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var first = (parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
        return (first, first + (1u << (int)(32 - parts[4])) - 1);
    }

    // Paths that name a resource, wherever they stand; the knative annotation holds JSON text with two of them.
    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Where(property => property.Name != "image").SelectMany(property =>
            property.Name == "run.googleapis.com/network-interfaces" ? References(JsonElement.Parse(property.Value.GetString()!)) : References(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        JsonValueKind.String when PathOf(json.GetString()!) is { } path => [path],
        _ => [],
    };

    private static string? PathOf(string text)
    {
        var path = text.StartsWith("https://www.googleapis.com/compute/v1/", StringComparison.Ordinal) ? text["https://www.googleapis.com/compute/v1/".Length..]
            : text.StartsWith("//", StringComparison.Ordinal) ? text[(text.IndexOf('/', 2) + 1)..]
            : text;
        return new[] { "projects/", "folders/", "organizations/", "apps/" }.Any(root => path.StartsWith(root, StringComparison.Ordinal)) ? path : null;
    }

    // Google's own network behind private services, gateways and zones are no assets.
    private static bool Exists(Generated estate, string path) => s_hosts.Any(host => estate.Names.Contains($"//{host}/{path}"))
        || path.Contains("-tp/global/networks/servicenetworking", StringComparison.Ordinal)
        || path.EndsWith("/gateways/default-internet-gateway", StringComparison.Ordinal)
        || (path.Split('/') is [_, _, "regions" or "zones", _]);

    private static readonly string[] s_hosts =
    [
        "compute.googleapis.com", "cloudresourcemanager.googleapis.com", "vpcaccess.googleapis.com", "run.googleapis.com", "cloudfunctions.googleapis.com", "appengine.googleapis.com", "cloudsql.googleapis.com", "redis.googleapis.com", "dns.googleapis.com",
        "container.googleapis.com",
    ];

    private static bool IsServiceUnderFunction(Generated estate, string name) =>
        name.StartsWith("//run.googleapis.com/", StringComparison.Ordinal)
        && estate.Names.Contains(name.Replace("//run.", "//cloudfunctions.", StringComparison.Ordinal).Replace("/services/", "/functions/", StringComparison.Ordinal));
}
