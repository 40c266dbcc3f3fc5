using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>A NAT is narrowed to a list that forgets the connector's subnetwork.</summary>
internal static class NatSteps
{
    private const string Subnetworks = "projects/harbor-net/regions/us-central1/subnetworks";

    private static readonly ResourceName s_router = DemoScenario.Compute("projects/harbor-net/regions/us-central1/routers/us-router");

    private static readonly ImmutableArray<ExpectedFinding> s_uncovered =
    [
        new("NAT002", "//vpcaccess.googleapis.com/projects/harbor-net/locations/us-central1/connectors/us-conn", "",
            "us-nat of router us-router covers only listed subnetworks, and us-conn-sub is not among them"),
    ];

    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("nat-narrowed", "The NAT of us-central1 is narrowed to a list of subnetworks that leaves out the connector's, so the warehouse loses the internet.")
        {
            Change = cloud => Narrow(cloud, "us-apps", "us-run-sub"),
            Log = entries => entries.Operation(Patch("v1", "us-apps", "us-run-sub")).InOrder,
            Opens = s_uncovered,
        },
        new("nat-completed", "The connector's subnetwork is added to the list.")
        {
            Change = cloud => Narrow(cloud, "us-apps", "us-conn-sub", "us-run-sub"),
            Log = entries => entries.Operation(Patch("beta", "us-apps", "us-conn-sub", "us-run-sub")).InOrder,
            Resolves = s_uncovered,
        },
    ];

    private static void Narrow(SimulatedCloud cloud, params string[] names) => cloud.Patch(s_router, router =>
    {
        var nat = router["nats"]![0]!;
        nat["sourceSubnetworkIpRangesToNat"] = "LIST_OF_SUBNETWORKS";
        nat["subnetworks"] = List(names);
    });

    private static AuditCall Patch(string version, params string[] names) => AuditCalls.Compute("patch", s_router, new JsonObject
    {
        ["name"] = s_router.Id,
        ["nats"] = new JsonArray(new JsonObject
        {
            ["name"] = "us-nat",
            ["sourceSubnetworkIpRangesToNat"] = "LIST_OF_SUBNETWORKS",
            ["subnetworks"] = List(names),
            ["minPortsPerVm"] = 128,
        }),
    }, version);

    private static JsonArray List(string[] names) => new([.. names.Select(name => (JsonNode)new JsonObject
    {
        ["name"] = DemoScenario.Link($"{Subnetworks}/{name}"),
        ["sourceIpRangesToNat"] = new JsonArray("ALL_IP_RANGES"),
    })]);
}
