using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>What a workload's raw JSON says of its way out: a connector, an interface, or neither; and the egress setting.</summary>
internal sealed record NaiveWorkload(string Name, string Path, string? Connector, JsonNode? Interface, string? Setting)
{
    public bool HasAttachment => Connector is not null || Interface is not null;

    public string Project => Path.Split('/')[1];

    public string Region => Path.Split('/')[3];

    /// <summary>Short names that may stand for it: its own, and for a revision its service's.</summary>
    public string[] Names => [.. Path.Split('/').Skip(5).Where((_, i) => i % 2 == 0).Reverse()];

    /// <summary>Everything that runs: revisions that get traffic, jobs, worker pools, functions of the first generation (others are their services).</summary>
    public static List<NaiveWorkload> AllOf(RawEstate estate)
    {
        var found = new List<NaiveWorkload>();
        foreach (var service in estate.All("services"))
        {
            foreach (var name in Serving(service))
            {
                found.Add(Of("revisions", estate.Find("revisions", name)!, item => item["vpcAccess"]));
            }
        }

        found.AddRange(estate.All("jobs").Select(job => Of("jobs", job, item => item["template"]?["template"]?["vpcAccess"])));
        found.AddRange(estate.All("workerPools").Select(pool => Of("workerPools", pool, item => item["template"]?["vpcAccess"])));
        found.AddRange(estate.All("functions").Where(function => function["serviceConfig"] is null).Select(function =>
            new NaiveWorkload(EstateDocuments.FullName("functions", function), RawJson.Text(function, "name")!, RawJson.Text(function, "vpcConnector"), null, RawJson.Text(function, "vpcConnectorEgressSettings"))));
        return found;
    }

    /// <summary>What a service's newest revision that is ready does, by the service's name.</summary>
    public static NaiveWorkload? OfService(RawEstate estate, string fullName) =>
        estate.All("services").Find(item => EstateDocuments.FullName("services", item) == fullName) is { } service && RawJson.Text(service, "latestReadyRevision") is { } latest
            ? Of("revisions", estate.Find("revisions", latest)!, item => item["vpcAccess"])
            : null;

    private static NaiveWorkload Of(string list, JsonNode item, Func<JsonNode, JsonNode?> access)
    {
        var vpc = access(item);
        return new(EstateDocuments.FullName(list, item), RawJson.Text(item, "name")!, RawJson.Text(vpc, "connector"), RawJson.List(vpc, "networkInterfaces").FirstOrDefault(), RawJson.Text(vpc, "egress"));
    }

    private static IEnumerable<string> Serving(JsonNode service)
    {
        var traffic = RawJson.List(service, "traffic");
        var latest = RawJson.Text(service, "latestReadyRevision");
        return traffic.Count == 0
            ? latest is null ? [] : [latest]
            : traffic.Where(target => RawJson.Number(target, "percent") > 0)
                .Select(target => RawJson.Text(target, "revision") is { } revision ? $"{RawJson.Text(service, "name")}/revisions/{revision}" : latest!)
                .Distinct();
    }
}
