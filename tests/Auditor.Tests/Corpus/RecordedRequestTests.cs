using System.Text.Json;
using System.Text.RegularExpressions;
using Auditor.Adapters.Google;
using Auditor.Model;

namespace Auditor.Tests.Corpus;

/// <summary>Requests that were recorded with Google's answers go where the reader goes.</summary>
public sealed partial class RecordedRequestTests(ITestOutputHelper output)
{
    [Fact]
    public void ReadsOfOneResource_GoWhereTheRecordedOnesWent()
    {
        CorpusFolder.Require();
        var recorded = Urls().Select(url => (Url: url, Name: ResourceName.TryParse(url))).Where(pair => pair.Name is { Kind: not ResourceKind.Other }).Select(pair => (pair.Url, Name: pair.Name!.Value)).ToList();
        foreach (var kind in recorded.GroupBy(pair => pair.Name.Kind).OrderBy(group => group.Key))
        {
            output.WriteLine($"{kind.Key,-22}{kind.Count(),5} recorded reads");
        }

        Assert.Contains(recorded, pair => pair.Name.Kind == ResourceKind.MemcacheInstance);
        Assert.Contains(recorded, pair => pair.Name.Kind == ResourceKind.RedisCluster);
        Assert.All(recorded, pair =>
        {
            var row = ApiTable.Of(pair.Name.Kind);
            Assert.Contains(WithoutVersion(pair.Url), new[] { WithoutVersion($"https://{row.Host}/{row.Version}{pair.Name.Path}"), WithoutVersion($"https://www.googleapis.com/{row.Version}{pair.Name.Path}") });
        });
    }

    [Fact]
    public void PrivateServicesConnections_AreAskedAsRecorded()
    {
        CorpusFolder.Require();
        var asked = Urls(keepQuery: true).Where(url => url.StartsWith("https://servicenetworking.googleapis.com/", StringComparison.Ordinal) && url.Contains("/connections?", StringComparison.Ordinal) && url.Contains("network=", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, url => Assert.Matches(@"^https://servicenetworking\.googleapis\.com/v1/services/servicenetworking\.googleapis\.com/connections\?(.*&)?network=projects%2F[^&]+%2Fglobal%2Fnetworks%2F[^&]+", url));
    }

    // Addresses of GETs that Google answered.
    private static IEnumerable<string> Urls(bool keepQuery = false) => Directory.EnumerateFiles(Path.Combine(CorpusFolder.Find()!, "kcc"), "*.json").Order(StringComparer.Ordinal)
        .SelectMany(file => JsonElement.Parse(File.ReadAllText(file)) is { ValueKind: JsonValueKind.Array } calls ? calls.EnumerateArray() : default(IEnumerable<JsonElement>) ?? [])
        .Where(call => call.ValueKind == JsonValueKind.Object && call.TextOf("method") == "GET" && call.TextOf("status") == "200")
        .Select(call => call.TextOf("url")).OfType<string>().Select(url => keepQuery ? url : url.Split('?')[0]).Distinct(StringComparer.Ordinal);

    private static string WithoutVersion(string url) => Version().Replace(url, "/{version}/", 1);

    // Older versions of Cloud SQL's API stand below "sql", the newest does not.
    [GeneratedRegex("/(sql/)?(v[0-9][0-9a-z]*|beta)/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
