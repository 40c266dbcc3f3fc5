using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>What changes nothing: a refused call, entries that are not the auditor's business, an entry delivered late for the second time.</summary>
internal static class NoiseSteps
{
    private static readonly ResourceName s_rule = DemoScenario.Compute("projects/harbor-net/global/firewalls/gateway-to-inventory");
    private static readonly ResourceName s_vm = DemoScenario.Compute("projects/harbor-net/zones/europe-west1-b/instances/bastion");

    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("denied-call", "A trainee tries to delete a firewall rule and may not.")
        {
            Log = entries =>
            [
                entries.Refused(
                    AuditCalls.Compute("delete", s_rule) with { Principal = "trainee@harbor.example.com" },
                    7, "Required 'compute.firewalls.delete' permission for 'projects/harbor-net/global/firewalls/gateway-to-inventory'"),
            ],
        },
        new("noise", "A read in the data access log, a new SSH key on a VM and a request log reach the topic through a sink that is too wide.")
        {
            Log = entries =>
            [
                entries.InLog("data_access", AuditCalls.Compute("get", s_rule)),
                .. entries.Operation(AuditCalls.Compute("setMetadata", s_vm, new JsonObject { ["fingerprint"] = "bWV0YQ==" })).InOrder,
                entries.Other("harbor-shop", "run.googleapis.com%2Frequests", "cloud_run_revision", new JsonObject { ["message"] = "GET /healthz 200" }),
            ],
        },
        new("late-duplicate", "Pub/Sub delivers the deletion of the first step once more.")
        {
            Log = entries => [.. entries.Written.Skip(1).Take(1)],
        },
    ];
}
