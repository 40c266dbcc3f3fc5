using System.Text.Json.Nodes;
using CsCheck;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Random zones and policies of two networks that were read; names are few, so that suffixes, wildcards and aliases meet.</summary>
internal static class RandomNames
{
    private const string Net = "https://www.googleapis.com/compute/v1/projects/p1/global/networks/net";
    private const string NetB = "https://www.googleapis.com/compute/v1/projects/p2/global/networks/net-b";

    public static readonly string[] Names = ["corp.", "a.corp.", "b.a.corp.", "c.b.a.corp.", "d.corp.", "x.d.corp.", "api.example.", "example."];

    private static readonly Gen<string> s_name = Gen.OneOf(Names);
    private static readonly Gen<string> s_owner = Gen.OneOf([.. Names, "*.corp.", "*.a.corp.", "*.b.a.corp.", "*.example."]);

    private static readonly Gen<string> s_record = Gen.Select(s_owner, Gen.Int[0, 9], s_name).Select((owner, kind, target) => kind switch
    {
        < 5 => $$"""{"name":"{{owner}}","type":"A","rrdatas":["10.0.0.{{kind}}"]}""",
        5 => $$"""{"name":"{{owner}}","type":"A","rrdatas":["10.0.0.9","10.0.1.9"]}""",
        6 => $$"""{"name":"{{owner}}","type":"AAAA","rrdatas":["fd00::1"]}""",
        _ => $$"""{"name":"{{owner}}","type":"CNAME","rrdatas":["{{target}}"]}""",
    });

    private static readonly Gen<string> s_zone = Gen.Select(Gen.OneOf("corp.", "corp.", "a.corp.", "b.a.corp.", "example."), Gen.OneOf(Net, Net, NetB), Gen.Bool, Gen.Int[0, 13], s_record.Array[0, 6]).Select((suffix, network, both, kind, records) =>
    {
        var what = kind switch
        {
            0 => $"\"peeringConfig\":{{\"targetNetwork\":{{\"networkUrl\":\"{(network == Net ? NetB : Net)}\"}}}}",
            1 => "\"forwardingConfig\":{\"targetNameServers\":[{\"ipv4Address\":\"10.9.9.9\"}]}",
            2 => """ "peeringConfig":{"targetNetwork":{"networkUrl":"https://www.googleapis.com/compute/v1/projects/p9/global/networks/dark"}} """,
            _ => $"\"rrsets\":[{string.Join(',', records)}]",
        };
        var more = both ? $$""",{"networkUrl":"{{(network == Net ? NetB : Net)}}"}""" : "";
        return $$""" "dnsName":"{{suffix}}","visibility":"{{(kind == 3 ? "public" : "private")}}","privateVisibilityConfig":{"networks":[{"networkUrl":"{{network}}"}{{more}}]},{{what}} """;
    });

    private static readonly Gen<string> s_policyRule = Gen.Select(s_owner, s_record, Gen.Bool).Select((owner, record, isBypass) =>
    {
        var local = JsonNode.Parse(record)!;
        local["name"] = owner;
        return isBypass ? $$"""{"ruleName":"r","dnsName":"{{owner}}","behavior":"bypassResponsePolicy"}""" : $$"""{"ruleName":"r","dnsName":"{{owner}}","localData":{"localDatas":[{{local.ToJsonString()}}] } }""";
    });

    public static Gen<JsonNode> Estate { get; } = Gen.Select(s_zone.Array[0, 6], s_policyRule.Array[1, 3], Gen.Int[0, 7], Gen.Int[0, 15]).Select((zones, rules, policy, servers) =>
    {
        var distinct = rules.DistinctBy(rule => JsonNode.Parse(rule)!["dnsName"]!.ToString());
        return (JsonNode)new JsonObject
        {
            ["notRead"] = new JsonArray("p9"),
            ["projects"] = List("""{"name":"projects/1001","projectId":"p1"}""", """{"name":"projects/1002","projectId":"p2"}"""),
            ["networks"] = List($$"""{"name":"net","selfLink":"{{Net}}","autoCreateSubnetworks":false}""", $$"""{"name":"net-b","selfLink":"{{NetB}}","autoCreateSubnetworks":false}"""),
            ["managedZones"] = List([.. zones.Select((zone, i) => $$"""{"name":"zone-{{i}}",{{zone}}}""")]),
            ["responsePolicies"] = policy > 1 ? new JsonArray() : List($$"""{"name":"response-policy","responsePolicyName":"response-policy","networks":[{"networkUrl":"{{(policy == 0 ? Net : NetB)}}"}],"rules":[{{string.Join(",", distinct)}}] }"""),
            ["dnsPolicies"] = servers > 0 ? new JsonArray() : List($$"""{"name":"servers","networks":[{"networkUrl":"{{NetB}}"}],"alternativeNameServerConfig":{"targetNameServers":[{"ipv4Address":"10.9.9.9"}] } }"""),
        };
    });

    private static JsonArray List(params string[] items) => new JsonArray([.. items.Select(item => JsonNode.Parse(item))]);
}
