using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>A rule for debugging opens everything to a connector's range, and is narrowed.</summary>
internal static class FirewallSteps
{
    private static readonly ResourceName s_rule = DemoScenario.Compute("projects/harbor-net/global/firewalls/shop-conn-debug");

    private static readonly ImmutableArray<ExpectedFinding> s_broad =
    [
        new("FWL004", s_rule.Value, "projects/harbor-shop/locations/europe-west1/connectors/shop-conn",
            "it allows all tcp ports from 10.8.0.32/28, which covers connector shop-conn in europe-west1"),
    ];

    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("broad-rule", "While looking for a fault somebody allows every TCP port from the shop's connector; the last entry arrives before the first.")
        {
            Change = cloud => cloud.Insert(s_rule, Stored(Rule(new JsonObject { ["IPProtocol"] = "tcp" }))),
            Log = entries => entries.Operation(AuditCalls.Compute("insert", s_rule, Rule(new JsonObject { ["IPProtocol"] = "tcp" }))).Swapped,
            Opens = s_broad,
        },
        new("rule-narrowed", "The rule is narrowed to the one port that was needed.")
        {
            Change = cloud => cloud.Patch(s_rule, rule => rule["allowed"] = new JsonArray(Narrow())),
            Log = entries => entries.Operation(AuditCalls.Compute("patch", s_rule, Rule(Narrow()))).InOrder,
            Resolves = s_broad,
        },
    ];

    private static JsonObject Narrow() => new() { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray("8443") };

    private static JsonObject Rule(JsonObject allowed) => new()
    {
        ["name"] = s_rule.Id,
        ["description"] = "Debugging the exchange.",
        ["network"] = DemoScenario.Link("projects/harbor-net/global/networks/harbor-vpc"),
        ["priority"] = 1000,
        ["sourceRanges"] = new JsonArray("10.8.0.32/28"),
        ["targetTags"] = new JsonArray("partner-api"),
        ["allowed"] = new JsonArray(allowed),
        ["direction"] = "INGRESS",
        ["logConfig"] = new JsonObject { ["enable"] = true },
        ["disabled"] = false,
    };

    private static JsonObject Stored(JsonObject rule)
    {
        rule["kind"] = "compute#firewall";
        rule["id"] = AuditCalls.NumericId(s_rule);
        rule["selfLink"] = DemoScenario.Link(s_rule.Path);
        return rule;
    }
}
