using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Demo;

/// <summary>
/// A made-up company in four projects: the Shared VPC host harbor-net, its service projects harbor-shop and harbor-data (which also has a network
/// of its own), and harbor-partner, whose network is peered. It is written as REST JSON, one file per area, under Demo/estate; each file maps
/// full resource names to what Google would answer. It is healthy but for <see cref="Baseline"/>.
/// </summary>
public static class DemoEstate
{
    private static readonly ImmutableSortedDictionary<ResourceName, JsonObject> s_resources = Load();

    /// <summary>The monitored projects.</summary>
    public static ImmutableArray<string> Projects { get; } = ["harbor-data", "harbor-net", "harbor-partner", "harbor-shop"];

    /// <summary>
    /// What has been wrong for a long time: an old revision behind a forgotten tag URL, a lab rule that was meant to be temporary, a job whose
    /// connector was removed, and a connector that nothing bounds.
    /// </summary>
    public static ImmutableArray<ExpectedFinding> Baseline { get; } =
    [
        new("CON012", "//run.googleapis.com/projects/harbor-data/locations/us-central1/jobs/legacy-export", "",
            "it names connector retired-conn of project harbor-data in us-central1, which does not exist"),
        new("EGR008", "//run.googleapis.com/projects/harbor-shop/locations/europe-west1/services/storefront", "storefront-00007-qan",
            "revision storefront-00007-qan has the tag URL preview with no VPC access, and the service now has connector shop-conn, all-traffic"),
        new("FWL003", "//vpcaccess.googleapis.com/projects/harbor-data/locations/us-central1/connectors/data-conn", "",
            "the managed allow lets it in to every machine of network data-vpc on 131,071 TCP and UDP ports, and no egress rule bounds it"),
        new("FWL004", "//compute.googleapis.com/projects/harbor-net/global/firewalls/edge-conn-lab-tcp", "projects/harbor-net/locations/europe-west1/connectors/edge-conn",
            "it allows all tcp ports from 10.8.0.0/28, which covers connector edge-conn in europe-west1"),
    ];

    /// <summary>A cloud that holds the estate.</summary>
    public static SimulatedCloud CreateCloud()
    {
        var cloud = new SimulatedCloud();
        foreach (var (name, json) in s_resources)
        {
            cloud.Insert(name, json);
        }

        return cloud;
    }

    /// <summary>A resource as the estate starts with it.</summary>
    /// <exception cref="KeyNotFoundException">The estate has no such resource.</exception>
    public static JsonObject Find(ResourceName name) => (JsonObject)s_resources[name].DeepClone();

    /// <summary>The estate as a Cloud Asset Inventory export, one asset a line.</summary>
    public static string ToAssetExport() => AssetExport.Write(CreateCloud());

    private static ImmutableSortedDictionary<ResourceName, JsonObject> Load()
    {
        var assembly = typeof(DemoEstate).Assembly;
        var resources = ImmutableSortedDictionary.CreateBuilder<ResourceName, JsonObject>();
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.StartsWith("estate/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(file)!;
            foreach (var (name, json) in JsonNode.Parse(stream)!.AsObject())
            {
                resources.Add(ResourceName.Parse(name), json!.AsObject());
            }
        }

        return resources.ToImmutable();
    }
}
