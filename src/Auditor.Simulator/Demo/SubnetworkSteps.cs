using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>A subnetwork overlaps a connector's range; a VM moves into another connector's subnetwork.</summary>
internal static class SubnetworkSteps
{
    private static readonly ResourceName s_network = DemoScenario.Compute("projects/harbor-net/global/networks/harbor-vpc");
    private static readonly ResourceName s_lab = DemoScenario.Compute("projects/harbor-net/regions/europe-west1/subnetworks/lab-sub");
    private static readonly ResourceName s_labRoute = DemoScenario.Compute("projects/harbor-net/global/routes/subnet-route-lab-sub");
    private static readonly ResourceName s_vm = DemoScenario.Compute("projects/harbor-shop/zones/europe-west1-b/instances/debug-vm");

    private static readonly ImmutableArray<ExpectedFinding> s_overlap =
    [
        new("CON003", "//vpcaccess.googleapis.com/projects/harbor-net/locations/europe-west1/connectors/edge-conn", s_lab.Path,
            "its range 10.8.0.0/28 overlaps 10.8.0.8/29, the primary range of subnetwork lab-sub in europe-west1"),
    ];

    private static readonly ImmutableArray<ExpectedFinding> s_shared =
    [
        new("CON007", "//vpcaccess.googleapis.com/projects/harbor-net/locations/europe-west1/connectors/core-conn", s_vm.Path,
            "its subnetwork core-conn-sub also holds VM debug-vm of project harbor-shop"),
    ];

    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("overlapping-subnetwork", "A subnetwork for the lab takes addresses that belong to edge-conn.")
        {
            Change = cloud =>
            {
                cloud.Insert(s_lab, Lab());
                cloud.Insert(s_labRoute, LabRoute());
                cloud.Patch(s_network, network => network["subnetworks"]!.AsArray().Add(DemoScenario.Link(s_lab.Path)));
            },
            Log = entries => entries.Operation(AuditCalls.Compute("insert", s_lab, new JsonObject
            {
                ["name"] = s_lab.Id,
                ["network"] = DemoScenario.Link(s_network.Path),
                ["ipCidrRange"] = "10.8.0.8/29",
                ["privateIpGoogleAccess"] = true,
            }), new AuditOutcome(Took: TimeSpan.FromSeconds(12))).InOrder,
            Opens = s_overlap,
        },
        new("overlap-removed", "The lab's subnetwork is deleted.")
        {
            Change = cloud =>
            {
                cloud.Delete(s_lab);
                cloud.Delete(s_labRoute);
                cloud.Patch(s_network, network =>
                {
                    var list = network["subnetworks"]!.AsArray();
                    list.RemoveAt(list.Count - 1);
                });
            },
            Log = entries => entries.Operation(AuditCalls.Compute("delete", s_lab), new AuditOutcome(Took: TimeSpan.FromSeconds(9))).InOrder,
            Resolves = s_overlap,
        },
        new("vm-in-connector-subnetwork", "The shop puts a VM into the Shared VPC and picks the subnetwork of core-conn.")
        {
            Change = cloud => cloud.Insert(s_vm, Vm()),
            Log = entries => entries.Operation(AuditCalls.Compute("insert", s_vm, Vm()) with { Principal = "tom@harbor.example.com" }).InOrder,
            Opens = s_shared,
        },
        new("vm-removed", "The VM is deleted.")
        {
            Change = cloud => cloud.Delete(s_vm),
            Log = entries => entries.Operation(AuditCalls.Compute("delete", s_vm) with { Principal = "tom@harbor.example.com" }, new AuditOutcome(Took: TimeSpan.FromSeconds(40))).InOrder,
            Resolves = s_shared,
        },
    ];

    private static JsonObject Lab() => new()
    {
        ["kind"] = "compute#subnetwork",
        ["id"] = AuditCalls.NumericId(s_lab),
        ["name"] = s_lab.Id,
        ["network"] = DemoScenario.Link(s_network.Path),
        ["region"] = DemoScenario.Link("projects/harbor-net/regions/europe-west1"),
        ["ipCidrRange"] = "10.8.0.8/29",
        ["gatewayAddress"] = "10.8.0.9",
        ["privateIpGoogleAccess"] = true,
        ["purpose"] = "PRIVATE",
        ["stackType"] = "IPV4_ONLY",
        ["selfLink"] = DemoScenario.Link(s_lab.Path),
    };

    private static JsonObject LabRoute() => new()
    {
        ["kind"] = "compute#route",
        ["id"] = AuditCalls.NumericId(s_labRoute),
        ["name"] = s_labRoute.Id,
        ["network"] = DemoScenario.Link(s_network.Path),
        ["destRange"] = "10.8.0.8/29",
        ["priority"] = 0,
        ["nextHopNetwork"] = DemoScenario.Link(s_network.Path),
        ["routeType"] = "SUBNET",
        ["selfLink"] = DemoScenario.Link(s_labRoute.Path),
    };

    private static JsonObject Vm() => new()
    {
        ["kind"] = "compute#instance",
        ["id"] = AuditCalls.NumericId(s_vm),
        ["name"] = s_vm.Id,
        ["zone"] = DemoScenario.Link("projects/harbor-shop/zones/europe-west1-b"),
        ["status"] = "RUNNING",
        ["tags"] = new JsonObject { ["items"] = new JsonArray("debug"), ["fingerprint"] = "dGFncw==" },
        ["canIpForward"] = false,
        ["networkInterfaces"] = new JsonArray(new JsonObject
        {
            ["name"] = "nic0",
            ["network"] = DemoScenario.Link(s_network.Path),
            ["subnetwork"] = DemoScenario.Link("projects/harbor-net/regions/europe-west1/subnetworks/core-conn-sub"),
            ["networkIP"] = "10.8.0.29",
            ["stackType"] = "IPV4_ONLY",
        }),
        ["serviceAccounts"] = new JsonArray(new JsonObject { ["email"] = "debug@harbor-shop.iam.gserviceaccount.com", ["scopes"] = new JsonArray("https://www.googleapis.com/auth/cloud-platform") }),
        ["selfLink"] = DemoScenario.Link(s_vm.Path),
    };
}
