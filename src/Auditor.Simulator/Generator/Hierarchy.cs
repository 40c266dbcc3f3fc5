using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>What stands above the projects: one organisation, one folder, one firewall policy on it.</summary>
internal static class Hierarchy
{
    public const string Organization = "organizations/900100200300";
    public const string Folder = "folders/900100200301";
    private const string Policy = "900100200302";

    public static void Write(AssetWriter assets)
    {
        const string Manager = "cloudresourcemanager.googleapis.com";
        assets.Write($"{Manager}/Organization", Manager, Organization, "v3", null, null, new JsonObject { ["name"] = Organization, ["displayName"] = "estate.example", ["state"] = "ACTIVE" });
        assets.Write($"{Manager}/Folder", Manager, Folder, "v3", null, null, new JsonObject { ["name"] = Folder, ["parent"] = Organization, ["displayName"] = "serverless", ["state"] = "ACTIVE" });
        assets.WriteCompute("FirewallPolicy", $"locations/global/firewallPolicies/{Policy}", null, "global", new JsonObject
        {
            ["name"] = Policy,
            ["shortName"] = "org-baseline",
            ["parent"] = Organization,
            ["rules"] = PolicyRules.Write(
                PolicyRules.Rule(1000, "deny", "INGRESS", "srcIpRanges", "198.51.100.0/24", "tcp", "23"),
                PolicyRules.Rule(2000, "goto_next", "INGRESS", "srcIpRanges", "10.0.0.0/8", "all")),
            ["associations"] = new JsonArray(new JsonObject { ["name"] = "on-folder", ["attachmentTarget"] = Folder, ["firewallPolicyId"] = Policy, ["shortName"] = "org-baseline" }),
        });
    }
}

/// <summary>Rules of firewall policies, with the four that Google ends each policy with.</summary>
internal static class PolicyRules
{
    private const int FirstImplied = 2147483644;

    public static JsonArray Write(params ReadOnlySpan<JsonObject> rules) =>
    [
        .. rules.ToArray(),
        Rule(FirstImplied, "goto_next", "EGRESS", "destIpRanges", "::/0", "all"),
        Rule(FirstImplied + 1, "goto_next", "INGRESS", "srcIpRanges", "::/0", "all"),
        Rule(FirstImplied + 2, "goto_next", "EGRESS", "destIpRanges", "0.0.0.0/0", "all"),
        Rule(FirstImplied + 3, "goto_next", "INGRESS", "srcIpRanges", "0.0.0.0/0", "all"),
    ];

    public static JsonObject Rule(int priority, string action, string direction, string side, string range, string protocol, params IEnumerable<string> ports)
    {
        var layer4 = new JsonObject { ["ipProtocol"] = protocol };
        if (ports.Any())
        {
            layer4["ports"] = AssetWriter.List(ports);
        }

        return new JsonObject
        {
            ["kind"] = "compute#firewallPolicyRule",
            ["priority"] = priority,
            ["action"] = action,
            ["direction"] = direction,
            ["match"] = new JsonObject { [side] = AssetWriter.List(range), ["layer4Configs"] = new JsonArray(layer4) },
            ["enableLogging"] = false,
            ["ruleTupleCount"] = 2,
        };
    }
}
