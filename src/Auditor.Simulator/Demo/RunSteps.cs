using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>Two services are deployed: one leaves its old way on for a third of its users, one takes a connector of another region.</summary>
internal static class RunSteps
{
    private const string Latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
    private const string Deployer = "deploy@harbor-shop.iam.gserviceaccount.com";

    private static readonly ResourceName s_payments = ResourceName.Of(ResourceKind.RunService, "harbor-shop", "europe-west1", "payments");
    private static readonly ResourceName s_search = ResourceName.Of(ResourceKind.RunService, "harbor-shop", "europe-west1", "search");

    private static readonly ImmutableArray<ExpectedFinding> s_split =
    [
        new("EGR008", s_payments.Value, "payments-00004-kiv",
            "revision payments-00004-kiv gets 30 % of the traffic with connector shop-conn, all-traffic, and the service now has connector shop-conn, private-ranges-only"),
    ];

    private static readonly ImmutableArray<ExpectedFinding> s_elsewhere = [new("CON013", s_search.Value, "", "it runs in europe-west1 and its connector us-conn is in us-central1")];

    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("egress-changed", "A new revision of payments sends only private traffic through the connector, while 30 % of the requests still go to the old one, which sends everything.")
        {
            Change = cloud => Deploy(cloud, s_payments, 5, "rux", Access("harbor-shop", "europe-west1", "shop-conn"), traffic: SplitTraffic()),
            Log = entries => entries.Operation(Update(s_payments, 5, Access("harbor-shop", "europe-west1", "shop-conn"), SplitTraffic()), new AuditOutcome(Took: TimeSpan.FromSeconds(18))).InOrder,
            Opens = s_split,
        },
        new("traffic-shifted", "All requests go to the new revision; the pipeline still calls Cloud Run's first API.")
        {
            Change = cloud => cloud.Patch(s_payments, service => (service["traffic"], service["trafficStatuses"]) = (AllLatest(), AllLatest())),
            Log = entries =>
            [
                entries.Synchronous(AuditCalls.ReplaceRunService(s_payments, new JsonArray(new JsonObject { ["latestRevision"] = true, ["percent"] = 100 })) with { Principal = Deployer }),
            ],
            Resolves = s_split,
        },
        new("wrong-region", "A template copied from the warehouse gives search a connector in us-central1: the deployment fails, but the service keeps the setting.")
        {
            Change = cloud => Deploy(cloud, s_search, 10, "jov", Access("harbor-net", "us-central1", "us-conn"), isReady: false),
            Log = entries => entries.Operation(
                Update(s_search, 10, Access("harbor-net", "us-central1", "us-conn"), AllLatest()) with { FinalResponse = null },
                new AuditOutcome(9, "Revision 'search-00010-jov' is not ready and cannot serve traffic. The VPC connector is not in the region of the service.", TimeSpan.FromSeconds(25))).InOrder,
            Opens = s_elsewhere,
        },
        new("region-repaired", "Search is pointed at a connector of its own region.")
        {
            Change = cloud => Deploy(cloud, s_search, 11, "bek", Access("harbor-net", "europe-west1", "core-conn")),
            Log = entries => entries.Operation(Update(s_search, 11, Access("harbor-net", "europe-west1", "core-conn"), AllLatest()), new AuditOutcome(Took: TimeSpan.FromSeconds(21))).InOrder,
            Resolves = s_elsewhere,
        },
    ];

    private static void Deploy(SimulatedCloud cloud, ResourceName service, int generation, string suffix, JsonObject access, bool isReady = true, JsonArray? traffic = null)
    {
        var revision = string.Create(CultureInfo.InvariantCulture, $"{service.Path}/revisions/{service.Id}-{generation:00000}-{suffix}");
        cloud.Insert(ResourceName.Of(service.Host, revision), new JsonObject
        {
            ["name"] = revision,
            ["generation"] = "1",
            ["launchStage"] = "GA",
            ["service"] = service.Id,
            ["vpcAccess"] = access.DeepClone(),
            ["serviceAccount"] = $"{service.Id}@{service.Project}.iam.gserviceaccount.com",
            ["conditions"] = new JsonArray(Condition(isReady)),
            ["observedGeneration"] = "1",
        });
        cloud.Patch(service, json =>
        {
            json["generation"] = generation.ToString(CultureInfo.InvariantCulture);
            json["observedGeneration"] = generation.ToString(CultureInfo.InvariantCulture);
            json["template"]!["vpcAccess"] = access.DeepClone();
            json["latestCreatedRevision"] = revision;
            json["latestReadyRevision"] = isReady ? revision : json["latestReadyRevision"]?.DeepClone();
            json["terminalCondition"] = Condition(isReady);
            json["traffic"] = (traffic ?? AllLatest()).DeepClone();
            json["trafficStatuses"] = (traffic ?? AllLatest()).DeepClone();
        });
    }

    private static AuditCall Update(ResourceName service, int generation, JsonObject access, JsonArray traffic)
    {
        var call = AuditCalls.RunService("UpdateService", service, new JsonObject
        {
            ["name"] = service.Path,
            ["generation"] = generation.ToString(CultureInfo.InvariantCulture),
            ["template"] = new JsonObject { ["vpcAccess"] = access },
            ["traffic"] = traffic,
        });
        return call with { Principal = Deployer, CallerIp = "203.0.113.77", UserAgent = "terraform/1.13.4 terraform-provider-google/7.21.0" };
    }

    private static JsonObject Condition(bool isReady) => new() { ["type"] = "Ready", ["state"] = isReady ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED" };

    private static JsonObject Access(string project, string location, string connector) =>
        new() { ["connector"] = $"projects/{project}/locations/{location}/connectors/{connector}", ["egress"] = "PRIVATE_RANGES_ONLY" };

    private static JsonArray AllLatest() => new(new JsonObject { ["type"] = Latest, ["percent"] = 100 });

    private static JsonArray SplitTraffic() => new(
        new JsonObject { ["type"] = Latest, ["percent"] = 70 },
        new JsonObject { ["type"] = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", ["revision"] = "payments-00004-kiv", ["percent"] = 30 });
}
