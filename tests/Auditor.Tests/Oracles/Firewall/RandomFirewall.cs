using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>Random networks as raw JSON. The pools are small so that ranges, ports and priorities collide.</summary>
internal static class RandomFirewall
{
    private const string Network = "https://www.googleapis.com/compute/v1/projects/p1/global/networks/net";

    private static readonly Gen<string> s_range = Gen.OneOf(
        "10.8.0.0/28", "10.8.0.0/29", "10.8.0.8/29", "10.8.0.4/30", "10.8.0.5", "10.8.0.6/32", "10.0.0.0/8", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1",
        "35.199.224.0/19", "10.8.0.16/28", "10.8.0.7/28", "192.168.0.0/16", "203.0.113.0/24", "255.255.255.255/32", "::/0", "fd20:1::/64", "fd20:1::/65", "fd20:1::5");

    private static readonly Gen<string> s_range4 = s_range.Where(range => !range.Contains(':', StringComparison.Ordinal));
    private static readonly Gen<string> s_tag = Gen.OneOf("web", "db", "vpc-connector", "vpc-connector-us-central1-conn-a");
    private static readonly Gen<string> s_account = Gen.OneOf("app@p1.iam.gserviceaccount.com", "job@p1.iam.gserviceaccount.com");
    private static readonly Gen<string> s_ports = Gen.OneOf("22", "5432", "5430-5440", "1-65535", "0-65535", "0", "65535", "5433-6000", "1000-2000", "2000");
    private static readonly Gen<string> s_withPorts = Gen.OneOf("tcp", "udp", "6", "17", "sctp", "132");
    private static readonly Gen<string> s_other = Gen.OneOf("all", "icmp", "1", "esp", "50", "ah", "51", "ipip", "47", "58", "TCP");
    private static readonly Gen<string> s_networkLink = Gen.OneOf(
        Network, "https://compute.googleapis.com/compute/v1/projects/p1/global/networks/net", "projects/p1/global/networks/net", "https://www.googleapis.com/compute/v1/projects/1001/global/networks/net");

    private static readonly Gen<string> s_otherLink = Gen.OneOf("https://www.googleapis.com/compute/v1/projects/p1/global/networks/net2", "https://www.googleapis.com/compute/v1/projects/p2/global/networks/net");

    private static readonly Gen<JsonObject> s_layer4 = Gen.OneOf(
        Gen.Select(s_withPorts, s_ports.Array[0, 3]).Select((protocol, ports) => ports.Length == 0 ? Fields(("P", protocol)) : Fields(("P", protocol), ("ports", Array(ports)))),
        s_other.Where(text => text != "TCP").Select(protocol => Fields(("P", protocol))));

    /// <summary>Missing one time in three, or as number, string or fraction.</summary>
    private static readonly Gen<JsonNode?> s_priority = Gen.Select(Gen.OneOf(0, 100, 900, 999, 1000, 1000, 1001, 65534, 65535), Gen.Int[0, 5]).Select((number, form) => form switch
    {
        0 or 1 => null,
        2 => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        3 => JsonValue.Create((double)number),
        _ => (JsonNode?)JsonValue.Create(number),
    });

    private static readonly Gen<JsonObject> s_vpcRule = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Bool, s_priority, Gen.Int[0, 9], Gen.Int[0, 7]),
        s_layer4.Array[1, 2],
        Gen.Select(s_range.Array[0, 3], s_range4.Array[0, 2], Gen.Int[0, 7]),
        Gen.Select(s_tag.Array[1, 2], s_account.Array[1, 1], Gen.Int[0, 7]),
        Gen.Select(s_tag.Array[1, 2], s_account.Array[1, 1], Gen.Int[0, 7]),
        Gen.Frequency((15, s_networkLink), (1, s_otherLink))).Select((basics, layer4, ranges, source, target, network) =>
        {
            var (egress, deny, priority, disabled, implicitDirection) = basics;
            var rule = Fields(("network", network));
            if (egress || implicitDirection > 2)
            {
                rule["direction"] = egress ? "EGRESS" : "INGRESS";
            }

            if (priority is not null)
            {
                rule["priority"] = priority.DeepClone();
            }

            if (disabled < 3)
            {
                rule["disabled"] = disabled == 0;
            }

            rule[deny ? "denied" : "allowed"] = new JsonArray([.. layer4.Select(item => Layer4(item, disabled % 3 == 0 ? "ipProtocol" : "IPProtocol"))]);
            var (peer, own, both) = ranges;
            Put(rule, egress ? "destinationRanges" : "sourceRanges", peer);
            if (both == 0 && own.Length > 0)
            {
                Put(rule, egress ? "sourceRanges" : "destinationRanges", own);
            }

            // Tags and service accounts exclude each other on both sides.
            var useTags = source.Item3 < 4;
            if (!egress && source.Item3 is 0 or 1 or 4 && !egress)
            {
                Put(rule, useTags ? "sourceTags" : "sourceServiceAccounts", useTags ? source.Item1 : source.Item2);
            }

            if (target.Item3 < 3)
            {
                Put(rule, useTags ? "targetTags" : "targetServiceAccounts", useTags ? target.Item1 : target.Item2);
            }

            return rule;
        });

    private static readonly Gen<JsonObject> s_policyRule = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Frequency((4, Gen.Const("allow")), (4, Gen.Const("deny")), (3, Gen.Const("goto_next")), (1, Gen.Const("apply_security_profile_group"))), Gen.Int[0, 9]),
        s_layer4.Array[1, 2],
        Gen.Select(s_range.Array[1, 3], s_range4.Array[0, 2], Gen.Int[0, 7]),
        Gen.Select(Gen.Int[0, 23], Gen.Bool),
        Gen.Int[0, 15],
        Gen.Select(s_account, Gen.Frequency((4, s_networkLink), (1, s_otherLink)))).Select((basics, layer4, ranges, open, target, names) =>
        {
            var (egress, action, disabled) = basics;
            var (kind, withRanges) = open;
            var (near, far) = egress ? ("src", "dest") : ("dest", "src");
            var match = Fields(("layer4Configs", new JsonArray([.. layer4.Select(item => Layer4(item, "ipProtocol"))])));
            if (withRanges || kind is > 3 and not 7)
            {
                Put(match, far + "IpRanges", ranges.Item1);
            }

            if (ranges.Item3 == 0)
            {
                Put(match, near + "IpRanges", ranges.Item2);
            }

            switch (kind)
            {
                case 0: Put(match, far + "Fqdns", ["example.com"]); break;
                case 1: Put(match, far + "RegionCodes", ["US"]); break;
                case 2: Put(match, far + "ThreatIntelligences", ["iplist-known-malicious-ips"]); break;
                case 3: Put(match, far + "AddressGroups", ["projects/p1/locations/global/addressGroups/g1"]); break;
                case 4: match[far + "NetworkType"] = "INTERNET"; break;
                case 5 when !egress: match["srcSecureTags"] = SecureTags("EFFECTIVE"); break;
                case 6 when !egress: match["srcSecureTags"] = SecureTags("INEFFECTIVE", "EFFECTIVE"); break;
                case 7 when !egress: match["srcSecureTags"] = SecureTags("INEFFECTIVE"); break;
                case 7: Put(match, far + "IpRanges", ranges.Item1); break;
            }

            var rule = Fields(("action", action), ("direction", egress ? "EGRESS" : "INGRESS"), ("match", match));
            if (disabled < 2)
            {
                rule["disabled"] = disabled == 0;
            }

            switch (target)
            {
                case 0: rule["targetSecureTags"] = SecureTags("EFFECTIVE"); break;
                case 1: rule["targetSecureTags"] = SecureTags("INEFFECTIVE"); break;
                case 2 or 3: Put(rule, "targetServiceAccounts", [names.Item1]); break;
                case 4 or 5: Put(rule, "targetResources", [names.Item2]); break;
                case 6: rule["targetType"] = "INTERNAL_MANAGED_LB"; break;
            }

            return rule;
        });

    /// <summary>The four rules that end every policy are listed by Google as well.</summary>
    private static readonly Gen<JsonArray> s_policyRules = Gen.Select(s_policyRule.Array[0, 4], Gen.Int[0, 3], Gen.Bool).Select((rules, form, tie) =>
    {
        var list = new List<JsonNode>();
        for (var i = 0; i < rules.Length; i++)
        {
            var rule = Copy(rules[i]);
            var number = 100 + (10 * i);
            var isTie = tie && i > 0 && rule["action"]!.ToString() is "allow" or "deny" && rules[Math.Max(0, i - 1)]["action"]!.ToString() is "allow" or "deny" && tie && i == 1;
            rule["priority"] = (isTie ? 100 : number, form) switch { (var p, 0) => p.ToString(CultureInfo.InvariantCulture), (var p, 1) => (double)p, var (p, _) => p };
            list.Add(rule);
        }

        if (form > 0)
        {
            list.AddRange(JsonNode.Parse("""
                [{"priority":2147483644,"action":"goto_next","direction":"EGRESS","match":{"destIpRanges":["::/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
                 {"priority":2147483645,"action":"goto_next","direction":"INGRESS","match":{"srcIpRanges":["::/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
                 {"priority":2147483646,"action":"goto_next","direction":"EGRESS","match":{"destIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
                 {"priority":2147483647,"action":"goto_next","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"all"}]}}]
                """)!.AsArray().Select(rule => rule!.DeepClone()));
        }

        return new JsonArray([.. form == 2 ? list.AsEnumerable().Reverse() : list]);
    });

    private static readonly Gen<JsonArray> s_connectors = Gen.OneOf(
        Gen.Const("[]"),
        Gen.Const("""[{"name":"projects/p1/locations/us-central1/connectors/conn-a","network":"net","ipCidrRange":"10.8.0.0/28","state":"READY"}]"""),
        Gen.Const("""[{"name":"projects/p1/locations/us-central1/connectors/conn-a","subnet":{"name":"conn-sub"},"state":"READY"}]"""),
        Gen.Const("""[{"name":"projects/svc/locations/us-central1/connectors/conn-a","subnet":{"name":"conn-sub","projectId":"p1"},"state":"READY"}]"""),
        Gen.Const("""[{"name":"projects/p1/locations/us-central1/connectors/conn-a","network":"net2","ipCidrRange":"10.8.0.0/28"}]""")).Select(text => JsonNode.Parse(text)!.AsArray());

    private static readonly Gen<JsonArray> s_listedManaged = Gen.OneOf(
        Gen.Const("[]"),
        Gen.Const("[]"),
        Gen.Const("""[{"name":"aet-uscentral1-conn--a-hcfw","priority":100,"sourceRanges":["35.191.0.0/16"],"allowed":[{"IPProtocol":"tcp","ports":["667"]}]}]"""),
        Gen.Const("""
            [{"name":"aet-uscentral1-conn--a-sbntfw","priority":1000,"sourceRanges":["10.8.0.0/28"],"allowed":[{"IPProtocol":"tcp"},{"IPProtocol":"udp"},{"IPProtocol":"icmp"}]},
             {"name":"aet-us-central1-conn-a-tagfw","sourceTags":["vpc-connector-us-central1-conn-a"],"allowed":[{"IPProtocol":"tcp"},{"IPProtocol":"udp"},{"IPProtocol":"icmp"}]}]
            """),
        Gen.Const("""[{"name":"aet-uscentral1-other-sbntfw","sourceRanges":["10.8.0.16/28"],"allowed":[{"IPProtocol":"tcp"}]}]""")).Select(text => JsonNode.Parse(text)!.AsArray());

    /// <summary>A network with everything around it as lists.</summary>
    public static Gen<JsonNode> Lists { get; } = EstateOf(s_vpcRule.Array[0, 7], Gen.Frequency((1, s_policyRules), (1, Gen.Const(new JsonArray()))));

    /// <summary>A network as lists or as a recorded effective-firewall answer.</summary>
    public static Gen<JsonNode> Estate { get; } = Gen.Select(Lists, Gen.Int[0, 2]).Select((estate, form) => form == 0 ? AsAnswer(estate) : estate);

    /// <summary>A few rules, for provers.</summary>
    public static Gen<JsonNode> Small { get; } = EstateOf(s_vpcRule.Array[0, 4], Gen.Frequency((1, s_policyRules), (3, Gen.Const(new JsonArray())))).Where(estate => estate.ToJsonString().Length < 6000);

    /// <summary>The same network as regionNetworkFirewallPolicies.getEffectiveFirewalls of us-central1 answers.</summary>
    public static JsonNode AsAnswer(JsonNode estate)
    {
        var answer = new JsonObject { ["firewalls"] = new JsonArray([.. estate["firewalls"]!.AsArray().Where(rule => !rule!["network"]!.ToString().EndsWith("net2", StringComparison.Ordinal) && !rule["network"]!.ToString().Contains("/p2/", StringComparison.Ordinal)).Select(rule => rule!.DeepClone())]) };
        var policies = new List<(int Order, JsonObject Policy)>();
        foreach (var policy in estate["firewallPolicies"]!.AsArray())
        {
            var target = policy!["associations"]![0]!["attachmentTarget"]!.ToString();
            var (order, type) = target switch
            {
                "organizations/9" => (0, "HIERARCHY"),
                "folders/2" => (1, "HIERARCHY"),
                "folders/1" => (2, "HIERARCHY"),
                "folders/3" => (-1, ""),
                _ when policy["region"] is null => (3, "NETWORK"),
                _ => (policy["region"]!.ToString().EndsWith("us-central1", StringComparison.Ordinal) ? 4 : -1, "NETWORK_REGIONAL"),
            };
            if (order >= 0)
            {
                policies.Add((order, Fields(("name", policy["name"]!.ToString()), ("type", type), ("rules", policy["rules"]!.DeepClone()))));
            }
        }

        var ordered = policies.OrderBy(pair => pair.Order).Select(pair => pair.Policy).ToList();
        if (estate.ToJsonString().Length % 2 == 0)
        {
            // Newer answers number the policies of each type; then their place in the list says nothing.
            foreach (var (policy, i) in ordered.Select((policy, i) => (policy, i)))
            {
                policy["priority"] = i;
            }

            ordered.Reverse();
        }

        answer["firewallPolicys"] = new JsonArray([.. ordered]);
        var result = estate.DeepClone();
        result.AsObject().Remove("firewalls");
        result.AsObject().Remove("firewallPolicies");
        result["effectiveFirewalls"] = answer;
        return result;
    }

    private static Gen<JsonNode> EstateOf(Gen<JsonObject[]> vpcRules, Gen<JsonArray> rules) => Gen.Select(
        vpcRules,
        Gen.Select(rules, rules, rules, rules),
        Gen.Select(rules, rules),
        Gen.Select(s_connectors, s_listedManaged),
        Gen.OneOf("", "AFTER_CLASSIC_FIREWALL", "BEFORE_CLASSIC_FIREWALL"),
        Gen.Int[0, 3]).Select((firewalls, hierarchy, network, connectors, order, shuffle) =>
        {
            var vpc = new JsonObject { ["name"] = "net", ["selfLink"] = Network };
            if (order.Length > 0)
            {
                vpc["networkFirewallPolicyEnforcementOrder"] = order;
            }

            var list = new JsonArray([.. firewalls.Select((rule, i) => { var copy = Copy(rule); copy["name"] = $"rule-{i}"; return copy; })]);
            foreach (var rule in connectors.Item2)
            {
                var copy = Copy(rule!.AsObject());
                copy["network"] = Network;
                list.Add(copy);
            }

            var policies = new List<JsonObject>
            {
                Policy("900", "organizations/9", hierarchy.Item1, null),
                Policy("902", "folders/2", hierarchy.Item2, null),
                Policy("901", "folders/1", hierarchy.Item3, null),
                Policy("903", "folders/3", hierarchy.Item4, null),
                Policy("global-policy", Network, network.Item1, null),
                Policy("regional-policy", shuffle == 1 ? "projects/p1/global/networks/net" : Network, network.Item2, shuffle == 0 ? "europe-west1" : "us-central1"),
            };
            if (shuffle > 1)
            {
                policies.Reverse();
            }

            return (JsonNode)new JsonObject
            {
                ["network"] = vpc,
                ["firewalls"] = list,
                ["firewallPolicies"] = new JsonArray([.. policies.Where(policy => policy["rules"]!.AsArray().Count > 0)]),
                ["projects"] = JsonNode.Parse("""[{"name":"projects/1001","projectId":"p1","parent":"folders/1"},{"name":"projects/1002","projectId":"svc","parent":"folders/3"}]"""),
                ["folders"] = JsonNode.Parse("""[{"name":"folders/1","parent":"folders/2"},{"name":"folders/2","parent":"organizations/9"},{"name":"folders/3","parent":"organizations/9"}]"""),
                ["connectors"] = connectors.Item1.DeepClone(),
                ["subnetworks"] = JsonNode.Parse($$"""[{"name":"conn-sub","selfLink":"https://www.googleapis.com/compute/v1/projects/p1/regions/us-central1/subnetworks/conn-sub","network":"{{Network}}","ipCidrRange":"10.8.0.0/28"}]"""),
            };
        });

    private static JsonObject Policy(string name, string target, JsonArray rules, string? region)
    {
        var policy = Fields(("name", name), ("associations", new JsonArray(Fields(("name", "a"), ("attachmentTarget", target)))), ("rules", rules.DeepClone()));
        if (!target.Contains("networks", StringComparison.Ordinal))
        {
            policy["parent"] = "organizations/9";
        }

        if (region is not null)
        {
            policy["region"] = $"https://www.googleapis.com/compute/v1/projects/p1/regions/{region}";
        }

        return policy;
    }

    private static JsonArray SecureTags(params string[] states) => new([.. states.Select((state, i) => Fields(("name", $"tagValues/{i + 1}"), ("state", state)))]);

    private static JsonObject Layer4(JsonObject item, string key)
    {
        var entry = Fields((key, item["P"]!.ToString()));
        if (item["ports"] is { } ports)
        {
            entry["ports"] = ports.DeepClone();
        }

        return entry;
    }

    private static JsonObject Copy(JsonObject item) => item.DeepClone().AsObject();

    private static void Put(JsonObject rule, string key, string[] items)
    {
        if (items.Length > 0)
        {
            rule[key] = Array([.. items.Distinct(StringComparer.Ordinal)]);
        }
    }

    private static JsonArray Array(string[] items) => new([.. items.Select(item => JsonValue.Create(item))]);

    private static JsonObject Fields(params (string Key, JsonNode? Value)[] fields) => new([.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value))]);
}
