using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>What happens to connectors: one is deleted under its users, one does not come up, one cannot grow.</summary>
internal static class ConnectorSteps
{
    private const string DataAgent = "100000000003@cloudservices.gserviceaccount.com";

    private static readonly ResourceName s_data = DemoScenario.Connector("harbor-data", "us-central1", "data-conn");
    private static readonly ResourceName s_batch = DemoScenario.Connector("harbor-data", "us-central1", "batch-conn");

    private static readonly ImmutableArray<ResourceName> s_managedRules =
        [.. new[] { "hcfw", "rsgfw", "earfw", "egrfw", "sbntfw", "tagfw" }.Select(suffix => DemoScenario.Compute($"projects/harbor-data/global/firewalls/aet-uscentral1-data--conn-{suffix}"))];

    private static readonly ImmutableArray<ExpectedFinding> s_lost =
    [
        new("CON012", "//cloudfunctions.googleapis.com/projects/harbor-data/locations/us-central1/functions/ingest-events", "",
            "it names connector data-conn of project harbor-data in us-central1, which does not exist"),
        new("CON012", "//run.googleapis.com/projects/harbor-data/locations/us-central1/services/ledger-sync", "",
            "it names connector data-conn of project harbor-data in us-central1, which does not exist"),
    ];

    // Google's rules for it are not there yet when the connector is.
    private const string Unbounded = "the managed allow lets it in to every machine of network data-vpc on 131,071 TCP and UDP ports, and no egress rule bounds it; Google's managed rules are not listed and were assumed";

    private static readonly ImmutableArray<ExpectedFinding> s_broken = [new("CON001", s_batch.Value, "", "the connector is in state ERROR")];

    /// <summary>A connector is deleted and made again; another fails and is repaired.</summary>
    public static ImmutableArray<DemoStep> Lost { get; } =
    [
        new("connector-deleted", "Somebody tidies up and deletes data-conn, which a function and a service still use; Google's agents remove its firewall rules behind it.")
        {
            Change = cloud =>
            {
                cloud.Delete(s_data);
                foreach (var rule in s_managedRules)
                {
                    cloud.Delete(rule);
                }
            },
            Log = entries => [.. Delete(entries, s_data).InOrder, .. Echo(entries, "delete")],
            Opens = s_lost,
            Resolves = [.. DemoEstate.Baseline.Where(expected => expected.RuleId == "FWL003")],
        },
        new("connector-recreated", "The connector is made again under its name; its last entry is delivered twice.")
        {
            Change = cloud =>
            {
                cloud.Insert(s_data, DemoEstate.Find(s_data));
                foreach (var rule in s_managedRules)
                {
                    cloud.Insert(rule, DemoEstate.Find(rule));
                }
            },
            Log = entries =>
            {
                var created = entries.Operation(AuditCalls.Connector("CreateConnector", s_data, DemoEstate.Find(s_data), isUnderParent: true), new AuditOutcome(Took: TimeSpan.FromSeconds(95)));
                return [.. created.InOrder, .. Echo(entries, "insert"), created.Last];
            },
            Opens = [new("FWL003", s_data.Value, "", Unbounded)],
            Resolves = s_lost,
        },
        new("connector-create-fails", "A new connector for the batch jobs does not get healthy: the call fails and leaves it in ERROR.")
        {
            Change = cloud => cloud.Insert(s_batch, Batch("ERROR")),
            Log = entries => entries.Operation(
                AuditCalls.Connector("CreateConnector", s_batch, Batch("CREATING")) with { FinalResponse = null },
                new AuditOutcome(13, "Operation failed: VPC Access connector failed to get healthy. Please check GCE quotas, logs and org policies and recreate.", TimeSpan.FromMinutes(6))).InOrder,
            Opens = s_broken,
        },
        new("connector-repaired", "The broken connector is deleted and made again, this time with success.")
        {
            Change = cloud =>
            {
                cloud.Delete(s_batch);
                cloud.Insert(s_batch, Batch("READY"));
            },
            Log = entries =>
            [
                .. Delete(entries, s_batch, TimeSpan.FromSeconds(110)).InOrder,
                .. entries.Operation(AuditCalls.Connector("CreateConnector", s_batch, Batch("READY")), new AuditOutcome(Took: TimeSpan.FromSeconds(90))).InOrder,
            ],
            Opens = [new("FWL003", s_batch.Value, "", Unbounded)],
            Resolves = s_broken,
        },
    ];

    /// <summary>A connector is given as many instances at least as at most.</summary>
    public static ImmutableArray<DemoStep> Sized { get; } =
    [
        new("connector-cannot-grow", "To save a cold start, batch-conn's minimum is raised to its maximum: it can no longer follow a peak.")
        {
            Change = cloud => cloud.Patch(s_batch, json => (json["minInstances"], json["minThroughput"]) = (3, 300)),
            Log = entries => entries.Operation(
                AuditCalls.Connector("UpdateConnector", s_batch, new JsonObject { ["name"] = s_batch.Path, ["minInstances"] = 3, ["maxInstances"] = 3 }),
                new AuditOutcome(Took: TimeSpan.FromSeconds(40))).InOrder,
            Opens = [new("CON015", s_batch.Value, "", "its minimum of 3 instances leaves no room below its maximum of 3")],
        },
    ];

    private static OperationEntries Delete(AuditEntries entries, ResourceName name, TimeSpan ago = default) =>
        entries.Operation(AuditCalls.Connector("DeleteConnector", name), new AuditOutcome(Took: TimeSpan.FromSeconds(35), Ago: ago));

    // What Google's own agents do for a connector is logged too.
    private static IEnumerable<byte[]> Echo(AuditEntries entries, string verb) => s_managedRules.SelectMany(rule => entries.Operation(
        AuditCalls.Compute(verb, rule, verb == "insert" ? Rule(rule) : null) with { Principal = DataAgent, CallerIp = "private", UserAgent = "Google-Deployment-Manager,gzip(gfe)" }).InOrder);

    private static JsonObject Rule(ResourceName name)
    {
        var rule = DemoEstate.Find(name);
        foreach (var key in new[] { "kind", "id", "creationTimestamp", "selfLink" })
        {
            rule.Remove(key);
        }

        return rule;
    }

    private static JsonObject Batch(string state) => new()
    {
        ["name"] = s_batch.Path,
        ["network"] = "data-vpc",
        ["ipCidrRange"] = "10.60.0.16/28",
        ["state"] = state,
        ["minThroughput"] = 200,
        ["maxThroughput"] = 300,
        ["connectedProjects"] = new JsonArray("harbor-data"),
        ["machineType"] = "e2-micro",
        ["minInstances"] = 2,
        ["maxInstances"] = 3,
    };
}
