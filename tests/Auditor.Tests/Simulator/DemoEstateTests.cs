using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auditor.Model;
using Auditor.Simulator;
using Auditor.Simulator.Demo;

namespace Auditor.Tests.Simulator;

public sealed partial class DemoEstateTests
{
    // What the estate names without holding it: tenants of Google, gateways, machine types, and the job's lost connector (a baseline finding).
    private static readonly string[] s_outside =
        ["/gateways/", "/machineTypes/", "tenant-harbor-", "/builds/", "/topics/", "connectors/retired-conn", "/operations/"];

    private static readonly string[] s_noAssets = ["/instanceGroupManagers/", "/responsePolicies/harbor-overrides/rules/"];

    private static readonly SimulatedCloud s_cloud = DemoEstate.CreateCloud();

    [Fact]
    public void References_Resolve()
    {
        var names = s_cloud.Names.Select(name => name.Path).ToHashSet(StringComparer.Ordinal);
        var dangling = s_cloud.Where(_ => true).SelectMany(pair => Texts(pair.Value).Select(text => (pair.Key, Text: text)))
            .Where(pair => ReferencePattern().IsMatch(pair.Text) && !s_outside.Any(pair.Text.Contains))
            .Where(pair => !names.Contains(WithIds(ReferencePattern().Match(pair.Text).Groups["path"].Value)))
            .Select(pair => $"{pair.Key}: {pair.Text}");

        Assert.Empty(dangling);
    }

    [Fact]
    public void Subnetworks_OfConnectors_Exist()
    {
        foreach (var (name, json) in s_cloud.Where(name => name.Kind == ResourceKind.Connector))
        {
            if (json["subnet"] is { } subnet)
            {
                var path = $"projects/{subnet["projectId"] ?? name.Project}/regions/{name.Location}/subnetworks/{subnet["name"]}";
                Assert.NotNull(s_cloud.Find(ResourceName.Of("compute.googleapis.com", path)));
            }
            else
            {
                Assert.NotNull(s_cloud.Find(ResourceName.Of(ResourceKind.Network, name.Project!, (string)json["network"]!)));
            }
        }
    }

    [Fact]
    public void Names_AgreeWithWhatTheResourcesSay()
    {
        foreach (var (name, json) in s_cloud.Where(name => name.Kind != ResourceKind.Other))
        {
            var said = (string?)json["selfLink"] is { } link ? ResourceName.TryParse(link)
                : name.Kind == ResourceKind.Project ? ResourceName.Of(ResourceKind.Project, (string)json["projectId"]!)
                : name.Host == "dns.googleapis.com" ? ResourceName.Of(name.Host, $"{name.Path[..name.Path.LastIndexOf('/')]}/{(string?)json["name"] ?? (string?)json["responsePolicyName"]}")
                : ResourceName.Of(name.Host, (string)json["name"]!);
            Assert.Equal(name, said);
        }
    }

    [Fact]
    public void Revisions_OfTraffic_Exist()
    {
        foreach (var (name, json) in s_cloud.Where(name => name.Kind == ResourceKind.RunService))
        {
            var revisions = json["traffic"]!.AsArray().Select(target => (string?)target!["revision"]).OfType<string>().Select(id => $"{name.Path}/revisions/{id}")
                .Append((string)json["latestReadyRevision"]!);
            Assert.All(revisions, path => Assert.NotNull(s_cloud.Find(ResourceName.Of(name.Host, path))));
            Assert.Equal(100, json["traffic"]!.AsArray().Sum(target => (int?)target!["percent"] ?? 0));
        }
    }

    [Fact]
    public void Estate_HasEveryKindThatTheAuditorModels() =>
        Assert.Empty(Enum.GetValues<ResourceKind>().Except(s_cloud.Names.Select(name => name.Kind)).Except([ResourceKind.Other]));

    [Fact]
    public void ManagedRules_ComeInSixes() => Assert.All(
        s_cloud.Names.Where(name => name.Id.StartsWith("aet-", StringComparison.Ordinal)).GroupBy(name => name.Id[..name.Id.LastIndexOf('-')]),
        group => Assert.Equal(["earfw", "egrfw", "hcfw", "rsgfw", "sbntfw", "tagfw"], group.Select(name => name.Id[(name.Id.LastIndexOf('-') + 1)..])));

    [Fact]
    public void Baseline_IsAboutWhatExists() =>
        Assert.All(DemoEstate.Baseline, finding => Assert.NotNull(s_cloud.Find(ResourceName.Parse(finding.Resource))));

    [Fact]
    public void ToAssetExport_IsOneAssetALine()
    {
        var assets = DemoEstate.ToAssetExport().TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(s_cloud.Names.Count(name => name.Id is not ("getXpnResources" or "listInstances" or "listNetworkEndpoints" or "getRouterStatus") && !s_noAssets.Any(name.Path.Contains)), assets.Count);
        var rule = assets.Single(asset => (string)asset["name"]! == "//compute.googleapis.com/projects/harbor-net/global/firewalls/iap-ssh");
        Assert.Equal("compute.googleapis.com/Firewall", (string?)rule["asset_type"]);
        Assert.Equal("//cloudresourcemanager.googleapis.com/projects/100000000001", (string?)rule["resource"]!["parent"]);
        Assert.Equal(["projects/100000000001", "folders/600000000001", "organizations/500000000001"], rule["ancestors"]!.AsArray().Select(ancestor => (string?)ancestor));
        Assert.Contains(assets, asset => (string)asset["name"]! == "//cloudresourcemanager.googleapis.com/projects/100000000003");
        Assert.Contains(assets, asset => (string)asset["asset_type"]! == "sqladmin.googleapis.com/Instance");
        Assert.Contains(assets, asset => (string)asset["asset_type"]! == "compute.googleapis.com/GlobalAddress");
    }

    private static string WithIds(string path) => s_cloud.Names.Where(name => name.Kind == ResourceKind.Project)
        .Aggregate(path, (text, project) => text.Replace((string)s_cloud.Find(project)!["name"]! + "/", $"projects/{project.Id}/", StringComparison.Ordinal));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject map => map.Where(pair => pair.Key is not ("image" or "selfLink" or "selfLinkWithId")).SelectMany(pair => Texts(pair.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    [GeneratedRegex("^(https://www\\.googleapis\\.com/compute/v1/)?(?<path>projects/[^/]+/(global|regions/[^/]+|zones/[^/]+|locations/[^/]+)/[^/]+/.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReferencePattern();
}
