using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>
/// Random estates as raw JSON: network "net" of the host project p1 with its peer "net-b", a third "net-c" beyond the peer, a service project svc,
/// and at times a peer in project p9 that was not read. Pools are small so that ranges, ports, tags and priorities collide; names and addresses of
/// machines are fixed, so that rules and routes hit them.
/// </summary>
internal static class RandomPaths
{
    private const string Compute = "https://www.googleapis.com/compute/v1/";
    private const string Net = Compute + "projects/p1/global/networks/net";
    private const string NetB = Compute + "projects/p2/global/networks/net-b";
    private const string NetC = Compute + "projects/p2/global/networks/net-c";

    private static readonly Gen<string> s_flag = Often(2, "true", "false");

    private static Gen<JsonArray> NetworksOf { get; } = Gen.Select(
        Gen.Select(Often(9, "ACTIVE", "INACTIVE"), Often(9, "ACTIVE", "INACTIVE"), Often(7, "ACTIVE", "INACTIVE"), Gen.Int[0, 11]),
        Gen.Select(Flags(), Flags(), Flags(), Flags()),
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 6], Often(3, "true", "false"), Gen.OneOf("", "", "", "AFTER_CLASSIC_FIREWALL", "BEFORE_CLASSIC_FIREWALL"))).Select((states, flags, more) =>
        {
            var (near, far, third, sides) = states;
            var (psa, redis, dark, exports, order) = more;
            var ofNet = new List<string>();
            var ofB = new List<string> { Peering("to-c", NetC, third, flags.Item3) };
            if (sides > 0)
            {
                ofNet.Add(Peering("to-b", sides == 1 ? "projects/1002/global/networks/net-b" : NetB, near, flags.Item1));
            }

            if (sides != 1)
            {
                ofB.Add(Peering("to-net", Net, far, flags.Item2));
            }

            if (dark == 0)
            {
                ofNet.Add(Peering("to-dark", Compute + "projects/p9/global/networks/dark", sides > 9 ? "INACTIVE" : "ACTIVE", flags.Item4));
            }

            const string Producer = Compute + "projects/tenant/global/networks/";
            if (psa > 0)
            {
                ofNet.Add(Peering(psa == 9 ? "cloudsql-postgres-googleapis-com" : "servicenetworking-googleapis-com", Producer + "servicenetworking", psa == 1 ? "INACTIVE" : "ACTIVE", $"\"exportSubnetRoutesWithPublicIp\":{exports}"));
                ofB.Add(Peering("servicenetworking-googleapis-com", Producer + "other", "ACTIVE", ""));
            }

            if (redis > 1)
            {
                ofNet.Add(Peering("redis-peer-1234", Producer + "redis", redis == 2 ? "INACTIVE" : "ACTIVE", ""));
            }

            var enforcement = order.Length > 0 ? $"\"networkFirewallPolicyEnforcementOrder\":\"{order}\"," : "";
            return List(
                $$"""{"name":"net","selfLink":"{{Net}}",{{enforcement}}"autoCreateSubnetworks":false,"peerings":[{{string.Join(',', ofNet)}}]}""",
                $$"""{"name":"net-b","selfLink":"{{NetB}}","autoCreateSubnetworks":false,"peerings":[{{string.Join(',', ofB)}}]}""",
                $$"""{"name":"net-c","selfLink":"{{NetC}}","autoCreateSubnetworks":false,"peerings":[{{Peering("to-b", NetB, "ACTIVE", "")}}]}""");
        });

    private static Gen<string> Flags() => Gen.Select(Gen.OneOf("", "true", "false"), Gen.OneOf("", "true", "true"), Gen.OneOf("", "true", "true"), Gen.OneOf("", "true", "true", "false")).Select((exportPublic, importPublic, export, import) =>
        string.Join(',', new[] { Field("exportSubnetRoutesWithPublicIp", exportPublic), Field("importSubnetRoutesWithPublicIp", importPublic), Field("exportCustomRoutes", export), Field("importCustomRoutes", import) }.Where(text => text.Length > 0)));

    private static string Peering(string name, string network, string state, string flags) =>
        $$"""{"name":"{{name}}","network":"{{network}}","state":"{{state}}"{{(flags.Length > 0 ? "," + flags : "")}}}""";

    // Half of the ranges are the usual ones; the others are those that targets or the internet treat differently.
    private static readonly Gen<string> s_direct = Gen.Frequency((5, Gen.Const("10.0.0.0/26")), (1, Gen.Const("100.64.0.0/26")), (1, Gen.Const("240.0.0.0/26")), (2, Gen.Const("34.1.0.0/26")));
    private static readonly Gen<string> s_slash28 = Gen.Frequency((5, Gen.Const("10.8.0.0/28")), (1, Gen.Const("172.17.0.0/28")), (1, Gen.Const("100.64.8.0/28")), (2, Gen.Const("34.1.8.0/28")));

    private static Gen<JsonArray> SubnetworksOf(string connectorRange) => Gen.Select(
        Gen.Select(s_direct, s_flag, s_flag, s_flag),
        Gen.Select(Often(2, "", "\"allowSubnetCidrRoutesOverlap\":true,"), Often(3, "10.3.0.0/26", ""), Often(3, "ACTIVE", "BACKUP"), Gen.Int[0, 5])).Select((access, more) =>
        {
            var (range, run, connector, eu) = access;
            var (hybrid, proxy, role, choice) = more;
            var list = new List<string>
            {
                Subnetwork(Net, "us-central1", "run-sub", range, $"\"privateIpGoogleAccess\":{run},\"secondaryIpRanges\":[{{\"rangeName\":\"more\",\"ipCidrRange\":\"10.64.0.0/24\"}}],"),
                Subnetwork(Net, "us-central1", "conn-sub", connectorRange, $"\"privateIpGoogleAccess\":{connector},"),
                Subnetwork(Net, "us-central1", "conn-svc", "10.8.0.16/28", $"\"privateIpGoogleAccess\":{connector},\"purpose\":\"PRIVATE\","),
                Subnetwork(Net, "us-central1", "db-sub", "10.0.1.0/24", ""),
                Subnetwork(Net, "us-central1", "hyb-sub", "10.2.0.0/24", hybrid),
                Subnetwork(Net, "europe-west1", "eu-sub", "10.1.0.0/26", $"\"privateIpGoogleAccess\":{eu},"),
                Subnetwork(NetB, "us-central1", "b-sub", "10.16.0.0/24", "\"secondaryIpRanges\":[{\"rangeName\":\"pods\",\"ipCidrRange\":\"10.17.0.0/24\"}],"),
                Subnetwork(NetB, "us-central1", "b-run", "10.16.1.0/26", $"\"privateIpGoogleAccess\":{run},"),
                Subnetwork(NetB, "europe-west1", "b-eu", "10.18.0.0/26", ""),
                Subnetwork(NetB, "us-central1", "b-pub", "34.16.0.0/24", ""),
                Subnetwork(NetC, "us-central1", "c-sub", "10.32.0.0/24", ""),
                Subnetwork(NetC, "us-central1", "c-pub", "34.32.0.0/24", ""),
            };
            if (proxy.Length > 0)
            {
                list.Add(Subnetwork(Net, "us-central1", "proxies", proxy, $"\"purpose\":\"{(choice == 1 ? "INTERNAL_HTTPS_LOAD_BALANCER" : "REGIONAL_MANAGED_PROXY")}\",{(choice == 2 ? "" : $"\"role\":\"{role}\",")}"));
            }

            if (choice < 3)
            {
                // Where an interface names the network only, this is its subnetwork.
                list.Add(Subnetwork(Net, "us-central1", "net", "10.4.0.0/26", $"\"privateIpGoogleAccess\":{eu},"));
            }

            return List([.. list]);
        });

    private static string Subnetwork(string network, string region, string name, string range, string more) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{network.Split('/')[6]}}/regions/{{region}}/subnetworks/{{name}}","network":"{{network}}","region":"{{Compute}}projects/{{network.Split('/')[6]}}/regions/{{region}}",{{more}}"ipCidrRange":"{{range}}"}""";

    private static readonly Gen<string> s_state = Gen.Frequency(
        (40, Gen.Const("READY")), (6, Gen.Const("UPDATING")), (1, Gen.Const("CREATING")), (1, Gen.Const("DELETING")), (2, Gen.Const("ERROR")), (1, Gen.Const("")), (1, Gen.Const("STATE_UNSPECIFIED")), (1, Gen.Const("SLEEPING")));

    /// <summary>Four connectors; the first has a range of its own or the subnetwork conn-sub. Range of that subnetwork besides.</summary>
    private static Gen<(JsonArray List, string Range, bool Hidden)> ConnectorsOf { get; } = Gen.Select(s_slash28, Gen.Select(s_state, s_state, s_state), Gen.Int[0, 23]).Select((range, states, choice) =>
    {
        var own = choice % 2 == 0;
        var place = choice == 2 ? "\"network\":\"net\"" : own ? $"\"network\":\"net\",\"ipCidrRange\":\"{range}\"" : choice == 1 ? "\"subnet\":{\"name\":\"gone\"}" : "\"subnet\":{\"name\":\"conn-sub\"}";
        var shared = choice switch { 3 => "\"subnet\":{\"name\":\"gone\",\"projectId\":\"p1\"}", 4 => "\"subnet\":{\"name\":\"dark\",\"projectId\":\"p9\"}", _ => "\"subnet\":{\"name\":\"conn-svc\",\"projectId\":\"p1\"}" };
        return (
            List(
                Connector("projects/p1/locations/us-central1/connectors/conn-a", place, states.Item1),
                Connector("projects/svc/locations/us-central1/connectors/conn-s", shared, states.Item2),
                Connector("projects/p1/locations/europe-west1/connectors/conn-eu", "\"network\":\"net\",\"ipCidrRange\":\"10.9.0.0/28\"", states.Item3)),
            range,
            own && choice > 16);
    });

    private static string Connector(string name, string place, string state) => $$"""{"name":"{{name}}",{{place}}{{(state.Length > 0 ? $",\"state\":\"{state}\"" : "")}}}""";

    private static readonly Gen<string> s_egress = Gen.Frequency(
        (30, Gen.Const("ALL_TRAFFIC")), (10, Gen.Const("PRIVATE_RANGES_ONLY")), (1, Gen.Const("")), (1, Gen.Const("VPC_EGRESS_UNSPECIFIED")), (1, Gen.Const("SOME_TRAFFIC")));

    private const string Regions = "projects/p1/regions/";

    private static readonly Gen<string> s_attachment = Gen.Frequency(
        (14, Through("p1", "us-central1", "conn-a")), (2, Through("1001", "us-central1", "conn-a")), (10, Through("svc", "us-central1", "conn-s")), (1, Through("p1", "europe-west1", "conn-eu")), (1, Through("p1", "us-central1", "conn-x")), (1, Through("p9", "us-central1", "conn-dark")),
        (10, On("\"network\":\"projects/p1/global/networks/net\",", Regions + "us-central1/subnetworks/run-sub", "\"run\"")), (6, On("", Regions + "us-central1/subnetworks/run-sub", "")),
        (2, Gen.Const("\"networkInterfaces\":[{\"network\":\"projects/p1/global/networks/net\",\"tags\":[\"web\",\"run\"]}]")),
        (8, On("", "projects/p2/regions/us-central1/subnetworks/b-run", "\"run\"")),
        (1, On("", Regions + "europe-west1/subnetworks/eu-sub", "")), (1, On("", Regions + "us-central1/subnetworks/gone", "")), (1, On("", "projects/p9/regions/us-central1/subnetworks/dark", "")),
        (3, Gen.Const("")));

    private static readonly Gen<string> s_attachmentInEurope = Gen.Frequency(
        (8, Through("p1", "europe-west1", "conn-eu")), (1, Through("p1", "us-central1", "conn-a")), (8, On("", Regions + "europe-west1/subnetworks/eu-sub", "\"web\"")), (1, On("", Regions + "us-central1/subnetworks/run-sub", "")), (1, Gen.Const("")));

    private static Gen<string> Through(string project, string region, string name) => Gen.Const($"\"connector\":\"projects/{project}/locations/{region}/connectors/{name}\"");

    private static Gen<string> On(string network, string subnetwork, string tags) => Gen.Const($"\"networkInterfaces\":[{{{network}\"subnetwork\":\"{subnetwork}\",\"tags\":[{tags}]}}]");

    /// <summary>A place and what runs there says of its way out, twice, as the object vpcAccess; empty for none.</summary>
    private static readonly Gen<(string Place, string Access, string Other)> s_run = Gen.Frequency(
        (6, Runs("projects/p1/locations/us-central1", s_attachment)), (4, Runs("projects/svc/locations/us-central1", s_attachment)), (2, Runs("projects/p1/locations/europe-west1", s_attachmentInEurope)));

    private static Gen<(string, string, string)> Runs(string place, Gen<string> attachment) => Gen.Select(Access(attachment), Access(attachment)).Select((access, other) => (place, access, other));

    private static Gen<string> Access(Gen<string> attachments) => Gen.Select(attachments, s_egress).Select((attachment, egress) =>
        attachment.Length == 0 ? "" : $"\"vpcAccess\":{{{attachment}{(egress.Length > 0 ? $",\"egress\":\"{egress}\"" : "")}}}");

    private static Gen<JsonObject> WorkloadsOf { get; } = Gen.Select(
        Gen.Select(s_run, s_run, s_run, Gen.Int[0, 5]), Gen.Select(Gen.OneOf("conn-a", "projects/p1/locations/us-central1/connectors/conn-a", ""), s_egress, Gen.Int[0, 2])).Select((runs, function) =>
        {
            var (service, job, pool, split) = runs;
            var api = $"{service.Place}/services/api";
            var traffic = split switch
            {
                0 => """[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST","percent":100}]""",
                1 => """[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST","percent":50},{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","revision":"api-1","percent":50}]""",
                2 => """[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","revision":"api-1","percent":100}]""",
                _ => "[]",
            };
            var setting = function.Item2.Length == 0 || function.Item1.Length == 0 ? "" : $",\"vpcConnectorEgressSettings\":\"{function.Item2.Replace("VPC_EGRESS", "VPC_CONNECTOR_EGRESS_SETTINGS", StringComparison.Ordinal)}\"";
            var functions = new List<string> { $$$"""{"name":"projects/p1/locations/us-central1/functions/twin","environment":"GEN_2","state":"ACTIVE","serviceConfig":{"service":"{{{api}}}"}}""" };
            if (function.Item3 == 0)
            {
                functions.Add($$"""{"name":"projects/p1/locations/us-central1/functions/old","status":"ACTIVE","runtime":"dotnet8"{{(function.Item1.Length > 0 ? $",\"vpcConnector\":\"{function.Item1}\"" : "")}}{{setting}}}""");
            }

            // At times a third revision is made and not ready: the template is its own, and it serves nobody.
            var created = split == 5 ? "api-3" : "api-2";
            return new JsonObject
            {
                ["services"] = List($$"""{"name":"{{api}}","template":{{{(split == 5 ? service.Access : service.Other)}}},"traffic":{{traffic}},"latestReadyRevision":"{{api}}/revisions/api-2","latestCreatedRevision":"{{api}}/revisions/{{created}}"}"""),
                ["revisions"] = List([Revision(api, "api-1", service.Access), Revision(api, "api-2", service.Other), .. split == 5 ? new[] { Revision(api, "api-3", service.Access) } : []]),
                ["jobs"] = List($$$"""{"name":"{{{job.Place}}}/jobs/nightly","template":{"template":{{{{job.Access}}}} } }"""),
                ["workerPools"] = List($$$"""{"name":"{{{pool.Place}}}/workerPools/queue","template":{{{{pool.Access}}}} }"""),
                ["functions"] = List([.. functions]),
            };
        });

    private static string Revision(string service, string id, string access) => $$"""{"name":"{{service}}/revisions/{{id}}","service":"api","containers":[]{{(access.Length > 0 ? "," + access : "")}}}""";

    private static readonly Gen<string> s_range = Gen.OneOf(
        "10.8.0.0/28", "10.8.0.0/29", "10.8.0.8/29", "10.8.0.4/30", "10.8.0.0/27", "10.0.0.0/26", "10.0.0.16/28", "10.0.1.5/32", "10.0.1.0/28", "10.0.0.0/8", "0.0.0.0/0", "10.16.0.0/24", "10.50.0.0/24",
        "35.199.224.0/19", "35.191.0.0/16", "8.8.8.0/24", "128.0.0.0/1", "10.3.0.0/26", "100.64.0.0/10", "34.0.0.0/8", "10.64.0.0/28", "199.36.153.8/30");

    private static readonly Gen<string> s_tag = Gen.OneOf("web", "db", "run", "vpc-connector", "vpc-connector-us-central1-conn-a", "vpc-connector-us-central1-conn-s");
    private static readonly Gen<string> s_layer4 = Gen.OneOf(
        "\"all\"", "\"tcp\"", "\"tcp\",\"ports\":[\"5432\"]", "\"tcp\",\"ports\":[\"5430-5440\",\"3307\"]", "\"tcp\",\"ports\":[\"443\",\"80\"]", "\"tcp\",\"ports\":[\"667\"]", "\"6\",\"ports\":[\"6379\"]", "\"udp\"", "\"icmp\"");

    private static readonly Gen<string> s_network = Gen.Frequency((4, Gen.Const(Net)), (1, Gen.Const(NetB)), (1, Gen.Const("projects/1001/global/networks/net")));

    private static readonly Gen<string> s_firewall = Gen.Select(
        Gen.Select(s_network, Gen.Bool, Gen.Bool, Gen.OneOf(0, 99, 100, 900, 999, 1000, 1000, 1001, 1100), Gen.Int[0, 11]),
        s_layer4,
        Gen.Select(s_range.Array[1, 2], Gen.Int[0, 3]),
        Gen.Select(s_tag, s_tag, Gen.Int[0, 9])).Select((basics, layer4, ranges, tags) =>
        {
            var (network, egress, deny, priority, disabled) = basics;
            var fields = new List<string> { $"\"network\":\"{network}\"", $"\"direction\":\"{(egress ? "EGRESS" : "INGRESS")}\"", $"\"{(deny ? "denied" : "allowed")}\":[{{\"IPProtocol\":{layer4}}}]" };
            if (priority > 0)
            {
                fields.Add($"\"priority\":{priority}");
            }

            if (disabled == 0)
            {
                fields.Add("\"disabled\":true");
            }

            if (ranges.Item2 > 0)
            {
                fields.Add($"\"{(egress ? "destinationRanges" : "sourceRanges")}\":[{string.Join(',', ranges.Item1.Select(range => $"\"{range}\""))}]");
            }

            var (source, target, use) = tags;
            if (!egress && use is 0 or 1 or 2)
            {
                fields.Add($"\"sourceTags\":[\"{source}\"]");
            }

            if (use is 2 or 3 or 4)
            {
                fields.Add($"\"targetTags\":[\"{target}\"]");
            }
            else if (use == 5)
            {
                fields.Add("\"targetServiceAccounts\":[\"app@p1.iam.gserviceaccount.com\"]");
            }

            return string.Join(',', fields);
        });

    /// <summary>Random rules beside those that most networks have: internal traffic is let in, and Google's own to connectors of service projects.</summary>
    private static Gen<JsonArray> FirewallsOf { get; } = Gen.Select(s_firewall.Array[0, 6], Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 9]).Select((rules, basics, managed, internals) =>
    {
        var list = rules.Select((rule, i) => $$"""{"name":"rule-{{i}}","selfLink":"{{Compute}}projects/{{(rule.Contains("net-b", StringComparison.Ordinal) ? "p2" : "p1")}}/global/firewalls/rule-{{i}}",{{rule}}}""").ToList();
        if (basics > 0)
        {
            list.Add(Named("p1", Net, "shared-in", """ "priority":500,"sourceRanges":["35.199.224.0/19"],"targetTags":["vpc-connector"],"allowed":[{"IPProtocol":"tcp","ports":["667"]},{"IPProtocol":"icmp"}]"""));
        }

        if (basics != 1)
        {
            list.Add(Named("p1", Net, "shared-health", """ "priority":500,"sourceRanges":["35.191.0.0/16","35.191.192.0/18","130.211.0.0/22"],"targetTags":["vpc-connector"],"allowed":[{"IPProtocol":"tcp","ports":["667"]}]"""));
        }

        if (internals > 1)
        {
            list.Add(Named("p1", Net, "internal", """ "priority":65534,"sourceRanges":["10.0.0.0/8","100.64.0.0/10","34.1.0.0/16","172.16.0.0/12","240.0.0.0/4"],"allowed":[{"IPProtocol":"all"}]"""));
            list.Add(Named("p2", NetB, "internal-b", """ "priority":65534,"sourceRanges":["10.0.0.0/8","100.64.0.0/10","34.1.0.0/16"],"allowed":[{"IPProtocol":"all"}]"""));
        }

        if (managed == 0)
        {
            list.Add(Named("p1", Net, "aet-uscentral1-conn--a-hcfw", """ "priority":100,"sourceRanges":["35.191.0.0/16","35.191.192.0/18","130.211.0.0/22"],"targetTags":["vpc-connector-us-central1-conn-a"],"allowed":[{"IPProtocol":"tcp","ports":["667"]}]"""));
        }

        return List([.. list]);
    });

    private static string Named(string project, string network, string name, string fields) => $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/global/firewalls/{{name}}","network":"{{network}}",{{fields}}}""";

    private static readonly Gen<string> s_policyRule = Gen.Select(
        Gen.Frequency((3, Gen.Const("allow")), (3, Gen.Const("deny")), (3, Gen.Const("goto_next"))), Gen.Bool, s_layer4, s_range, Gen.Int[0, 15]).Select((action, egress, layer4, range, kind) =>
        {
            var match = kind == 0 ? $"\"{(egress ? "dest" : "src")}Fqdns\":[\"example.com\"]" : $"\"{(egress ? "dest" : "src")}IpRanges\":[\"{range}\"]";
            return $"\"action\":\"{action}\",\"direction\":\"{(egress ? "EGRESS" : "INGRESS")}\",\"match\":{{{match},\"layer4Configs\":[{{\"ipProtocol\":{layer4}}}]}}";
        });

    private static Gen<JsonArray> PoliciesOf { get; } = Gen.Select(s_policyRule.Array[0, 2], s_policyRule.Array[0, 2], s_policyRule.Array[0, 2], Gen.Int[0, 5]).Select((organization, global, regional, use) =>
    {
        var list = new List<string>();
        Add(use == 0 ? organization : [], "900", "locations/global", "\"parent\":\"organizations/9\",", "organizations/9");
        Add(use is 0 or 1 ? global : [], "global-policy", "projects/p1/global", "", Net);
        Add(use == 2 ? regional : [], "regional-policy", "projects/p1/regions/us-central1", $"\"region\":\"{Compute}projects/p1/regions/us-central1\",", Net);
        return List([.. list]);

        void Add(string[] rules, string name, string scope, string more, string target)
        {
            if (rules.Length > 0)
            {
                var numbered = rules.Select((rule, i) => $"{{\"priority\":{100 + (10 * i)},{rule}}}");
                list.Add($$"""{"name":"{{name}}","selfLink":"{{Compute}}{{scope}}/firewallPolicies/{{name}}",{{more}}"associations":[{"name":"a","attachmentTarget":"{{target}}"}],"rules":[{{string.Join(',', numbered)}}]}""");
            }
        }
    });

    private static readonly Gen<string> s_destination = Gen.OneOf(
        "0.0.0.0/0", "8.8.0.0/16", "8.8.8.0/24", "8.8.8.8/32", "192.168.0.0/16", "192.168.1.0/24", "192.168.1.128/25", "10.2.0.0/24", "10.2.0.128/25", "10.200.0.0/16", "10.32.0.0/16", "10.32.0.0/24", "10.50.0.0/16", "34.32.0.0/24",
        "199.36.153.4/30", "10.16.0.0/16", "0.0.0.0/1");

    private const string Gateway = "\"nextHopGateway\":\"" + Compute + "projects/p1/global/gateways/default-internet-gateway\"";

    private static readonly Gen<string> s_hop = Gen.Frequency(
        (8, Gen.Const(Gateway)),
        (2, Instance("p1", "router-1")), (4, Instance("p1", "vm-1")), (1, Instance("p1", "router-off")), (1, Instance("p1", "gone")), (1, Instance("p2", "vm-c")), (1, Instance("p9", "dark")),
        (1, Gen.Const("\"nextHopIp\":\"10.0.1.10\"")), (1, Gen.Const("\"nextHopIp\":\"10.0.1.20\"")), (1, Gen.Const("\"nextHopIp\":\"10.0.1.99\"")), (1, Gen.Const("\"nextHopIp\":\"10.0.1.6\"")), (1, Gen.Const("\"nextHopIp\":\"10.0.1.21\"")),
        (1, Ilb("ilb-1")), (1, Ilb("proxy-1")), (1, Ilb("gone")), (1, Gen.Const("\"nextHopIlb\":\"10.0.1.20\"")),
        (1, Hop("nextHopVpnTunnel", "vpnTunnels/tunnel-up")), (1, Hop("nextHopVpnTunnel", "vpnTunnels/tunnel-down")), (1, Hop("nextHopVpnTunnel", "vpnTunnels/gone")),
        (1, Hop("nextHopInterconnectAttachment", "interconnectAttachments/attached")), (1, Hop("nextHopInterconnectAttachment", "interconnectAttachments/defunct")),
        (1, Gen.Const("\"nextHopHub\":\"projects/p1/locations/global/hubs/hub\"")));

    private static Gen<string> Instance(string project, string name) => Gen.Const($"\"nextHopInstance\":\"{Compute}projects/{project}/zones/us-central1-a/instances/{name}\"");

    private static Gen<string> Ilb(string name) => Hop("nextHopIlb", $"forwardingRules/{name}");

    private static Gen<string> Hop(string field, string what) => Gen.Const($"\"{field}\":\"{Compute}projects/p1/regions/us-central1/{what}\"");

    private static readonly Gen<string> s_route = Gen.Select(
        Gen.Frequency((4, Gen.Const(Net)), (1, Gen.Const(NetB))), s_destination, s_hop, Gen.OneOf(0, 900, 1000, 1000, 1100), Gen.Frequency((5, Gen.Const("")), (1, s_tag)), Gen.Frequency((14, Gen.Const("")), (1, Gen.Const("ACTIVE")), (1, Gen.Const("DROPPED")))).Select(
        (network, destination, hop, priority, tag, status) => string.Join(',', new[]
        {
            $"\"network\":\"{network}\"", $"\"destRange\":\"{destination}\"", hop, priority > 0 ? $"\"priority\":{priority}" : "", tag.Length > 0 ? $"\"tags\":[\"{tag}\"]" : "", status.Length > 0 ? $"\"routeStatus\":\"{status}\"" : "",
        }.Where(text => text.Length > 0)));

    /// <summary>Two ways of one destination and priority share the traffic.</summary>
    private static readonly Gen<string[]> s_shared = Gen.Select(
        Gen.OneOf("0.0.0.0/0", "8.8.8.0/24", "8.8.0.0/16", "128.0.0.0/1", "192.168.0.0/16"), Gen.Frequency((2, Gen.Const(Gateway)), (1, s_hop)), Gen.Frequency((1, Instance("p1", "vm-1")), (1, s_hop)), Gen.OneOf(900, 1000), Gen.Int[0, 2]).Select((destination, first, second, priority, use) => use > 0
        ? System.Array.Empty<string>()
        : [.. new[] { first, second }.Select(hop => $"\"network\":\"{Net}\",\"destRange\":\"{destination}\",\"priority\":{priority},{hop}")]);

    private static Gen<JsonArray> RoutesOf { get; } = Gen.Select(s_route.Array[0, 5], s_shared, Gen.Int[0, 9], Gen.Int[0, 9]).Select((single, shared, basic, ofB) =>
    {
        var routes = single.Concat(shared);
        var list = routes.Select((route, i) => $$"""{"name":"route-{{i}}","selfLink":"{{Compute}}projects/{{(route.Contains("net-b\"", StringComparison.Ordinal) ? "p2" : "p1")}}/global/routes/route-{{i}}",{{route}}}""").ToList();
        if (basic > 1)
        {
            list.Add(Route("p1", "default-net", Net, "0.0.0.0/0", Gateway));
        }
        else if (basic == 1)
        {
            list.Add(Route("p1", "vips-only", Net, "199.36.153.8/30", Gateway));
        }

        if (ofB > 2)
        {
            list.Add(Route("p2", "default-b", NetB, "0.0.0.0/0", Gateway));
        }

        list.Add(Route("p1", "subnet-route", Net, "10.0.1.0/24", $"\"routeType\":\"SUBNET\",\"nextHopNetwork\":\"{Net}\""));
        return List([.. list]);
    });

    private static string Route(string project, string name, string network, string destination, string hop) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/global/routes/{{name}}","network":"{{network}}","destRange":"{{destination}}","priority":1000,{{hop}}}""";

    private static readonly Gen<string> s_status = Gen.Frequency((8, Gen.Const("\"status\":\"RUNNING\",")), (2, Gen.Const("\"status\":\"TERMINATED\",")), (1, Gen.Const("\"status\":\"SUSPENDED\",")), (1, Gen.Const("")));

    private static Gen<JsonArray> InstancesOf { get; } = Gen.Select(s_status.Array[8, 8], Gen.OneOf("\"db\"", "\"web\",\"db\"", ""), Gen.OneOf("", "app@p1.iam.gserviceaccount.com")).Select((states, tags, account) => List(
        Vm("p1", "us-central1-a", "vm-1", states[0], tags, account, "", Nic(Net, "10.0.1.5", "10.64.0.0/28")),
        Vm("p1", "us-central1-b", "vm-2", states[1], "\"web\"", "", "", Nic(Net, "10.0.1.6", "10.64.0.32")),
        Vm("p1", "europe-west1-b", "vm-eu", states[2], tags, account, "", Nic(Net, "10.1.0.40", "")),
        Vm("p1", "us-central1-a", "router-1", states[3], "", "", "\"canIpForward\":true,", Nic(Net, "10.0.1.10", ""), Nic(NetC, "10.32.0.10", "")),
        Vm("p1", "us-central1-a", "router-off", "\"status\":\"STOPPED\",", "", "", "\"canIpForward\":true,", Nic(Net, "10.0.1.11", "")),
        Vm("p1", "us-central1-a", "vm-hyb", states[4], "", "", "", Nic(Net, "10.2.0.5", "")),
        Vm("p2", "us-central1-a", "vm-b", states[5], tags, "", "", Nic(NetB, "10.16.0.5", "10.17.0.16/29")),
        Vm("p2", "us-central1-a", "vm-pub", states[6], "", "", "", Nic(NetB, "34.16.0.5", "")),
        Vm("p2", "us-central1-a", "vm-c", states[7], "", "", "\"canIpForward\":true,", Nic(NetC, "10.32.0.5", ""))));

    private static string Vm(string project, string zone, string name, string status, string tags, string account, string more, params string[] interfaces) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/zones/{{zone}}/instances/{{name}}","zone":"{{Compute}}projects/{{project}}/zones/{{zone}}",{{status}}{{more}}"tags":{"items":[{{tags}}]},{{(account.Length > 0 ? $"\"serviceAccounts\":[{{\"email\":\"{account}\"}}]," : "")}}"networkInterfaces":[{{string.Join(',', interfaces)}}]}""";

    private static string Nic(string network, string address, string alias) => $$"""{"network":"{{network}}","networkIP":"{{address}}"{{(alias.Length > 0 ? $",\"aliasIpRanges\":[{{\"ipCidrRange\":\"{alias}\"}}]" : "")}}}""";

    private static readonly Gen<string> s_served = Gen.OneOf(
        "\"IPProtocol\":\"TCP\",\"ports\":[\"5432\",\"443\"]", "\"IPProtocol\":\"TCP\",\"allPorts\":true", "\"IPProtocol\":\"UDP\",\"ports\":[\"53\"]", "\"IPProtocol\":\"L3_DEFAULT\",\"allPorts\":true", "\"IPProtocol\":\"TCP\",\"portRange\":\"5432-5440\"", "\"IPProtocol\":\"TCP\"");

    private static readonly Gen<string> s_psc = Gen.Frequency((8, Gen.Const("\"pscConnectionStatus\":\"ACCEPTED\",")), (1, Gen.Const("\"pscConnectionStatus\":\"PENDING\",")), (1, Gen.OneOf("\"pscConnectionStatus\":\"CLOSED\",", "\"pscConnectionStatus\":\"REJECTED\",", "\"pscConnectionStatus\":\"NEEDS_ATTENTION\",")), (1, Gen.Const("")));
    private static readonly Gen<string> s_global = Gen.OneOf("", "\"allowGlobalAccess\":true,", "\"allowGlobalAccess\":false,");

    private static Gen<JsonArray> ForwardingRulesOf { get; } = Gen.Select(
        Gen.Select(s_served, s_served, s_served), Gen.Select(s_global, s_global, s_global), Gen.Select(s_psc, s_psc, s_psc), Gen.Select(Gen.Bool, Gen.Bool)).Select((served, global, psc, choice) =>
        {
            var list = new List<string>
            {
                Rule("p1", "regions/us-central1", Net, "ilb-1", "10.0.1.20", $"\"loadBalancingScheme\":\"INTERNAL\",{global.Item1}{served.Item1},{Service("backend-1")}"),
                Rule("p1", "regions/europe-west1", Net, "ilb-eu", "10.1.0.41", $"\"loadBalancingScheme\":\"INTERNAL\",{global.Item2}{served.Item2},{Service("backend-eu").Replace("us-central1", "europe-west1", StringComparison.Ordinal)}"),
                Rule("p1", "regions/us-central1", Net, "proxy-1", "10.0.1.21", $"\"loadBalancingScheme\":\"INTERNAL_MANAGED\",{global.Item3}\"IPProtocol\":\"TCP\",\"portRange\":\"443-443\",\"target\":\"{Compute}projects/p1/regions/us-central1/targetTcpProxies/tcp-1\""),
                Rule("p1", "regions/us-central1", Net, "ilb-none", "10.0.1.22", $"\"loadBalancingScheme\":\"INTERNAL\",{served.Item3},{Service("backend-none")}"),
                Rule("p2", "regions/us-central1", NetB, "ilb-b", "10.16.0.20", $"\"loadBalancingScheme\":\"INTERNAL\",{served.Item2},{Service("backend-b")}"),
                Rule("p1", "regions/us-central1", Net, "psc-sql", "10.0.1.30", $"{psc.Item1}{Attachment("sql")}"),
                Rule("p1", "regions/europe-west1", Net, "psc-eu", "10.1.0.30", $"{psc.Item2}{(choice.Item1 ? "\"allowPscGlobalAccess\":true," : "")}{Attachment("other")}"),
                Rule("p2", "regions/us-central1", NetB, "psc-b", "10.16.0.30", $"{psc.Item3}{Attachment("other")}"),
            };
            if (choice.Item2)
            {
                list.Add(Rule("p1", "global", Net, "psc-apis", "10.254.0.1", $"{psc.Item2}\"target\":\"all-apis\""));
            }

            return List([.. list]);
        });

    private static string Service(string name) => $"\"backendService\":\"{Compute}projects/p1/regions/us-central1/backendServices/{name}\"";

    private static string Attachment(string name) => $"\"target\":\"{Compute}projects/tenant/regions/us-central1/serviceAttachments/{name}\"";

    private static string Rule(string project, string scope, string network, string name, string address, string fields) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/{{scope}}/forwardingRules/{{name}}","network":"{{network}}","IPAddress":"{{address}}",{{fields}}}""";

    private static readonly Gen<string> s_sqlState = Gen.Frequency((9, Gen.Const("\"state\":\"RUNNABLE\",")), (1, Gen.Const("\"state\":\"SUSPENDED\",")), (1, Gen.Const("")));
    private static readonly Gen<string> s_engine = Gen.Frequency((9, Gen.Const("POSTGRES_16")), (2, Gen.Const("MYSQL_8_0")), (1, Gen.Const("SQLSERVER_2022_STANDARD")), (1, Gen.Const("ORACLE_23")));

    private static readonly Gen<string> s_settings = Gen.Select(
        Gen.Frequency((7, Gen.Const("\"activationPolicy\":\"ALWAYS\",")), (1, Gen.Const("\"activationPolicy\":\"NEVER\",")), (1, Gen.Const(""))),
        Gen.Frequency((5, Gen.Const("")), (1, Gen.Const("\"connectorEnforcement\":\"REQUIRED\",")), (1, Gen.Const("\"connectorEnforcement\":\"NOT_REQUIRED\","))),
        Gen.OneOf("", "100.64.0.0/11", "240.0.0.0/27", "34.1.0.0/16", "100.64.8.4/30", "8.8.8.0/24")).Select((activation, enforcement, authorized) =>
            activation + enforcement + "\"ipConfiguration\":{" + (authorized.Length > 0 ? $"\"authorizedNetworks\":[{{\"value\":\"{authorized}\"}}]" : "\"authorizedNetworks\":[]"));

    private static Gen<JsonArray> SqlOf { get; } = Gen.Select(
        Gen.Select(s_engine, s_engine, s_engine), Gen.Select(s_sqlState, s_sqlState, s_sqlState), Gen.Select(s_settings, s_settings, s_settings), Often(4, "10.50.0.5", "34.50.0.5")).Select((engines, states, settings, address) => List(
            Sql("p1", "sql-a", engines.Item1, states.Item1, settings.Item1, "projects/p1/global/networks/net", address, ""),
            Sql("p2", "sql-b", engines.Item2, states.Item2, settings.Item2, "projects/p2/global/networks/net-b", "10.52.0.5", ""),
            Sql("p1", "sql-psc", engines.Item3, states.Item3, settings.Item3, "", "", "\"pscServiceAttachmentLink\":\"projects/tenant/regions/us-central1/serviceAttachments/sql\",")));

    private static string Sql(string project, string name, string engine, string state, string settings, string network, string address, string more) =>
        $$$"""{"name":"{{{name}}}","project":"{{{project}}}","region":"us-central1","databaseVersion":"{{{engine}}}",{{{state}}}{{{more}}}"ipAddresses":[{{{(address.Length > 0 ? $"{{\"ipAddress\":\"{address}\",\"type\":\"PRIVATE\"}}," : "")}}}{"ipAddress":"34.99.0.1","type":"PRIMARY"}],"settings":{{{{settings}}}{{{(network.Length > 0 ? $",\"privateNetwork\":\"{network}\"" : "")}}} } }}""";

    private static readonly Gen<string> s_redisState = Gen.Frequency(
        (6, Gen.Const("\"state\":\"READY\",")), (1, Gen.Const("\"state\":\"UPDATING\",")), (1, Gen.Const("\"state\":\"MAINTENANCE\",")), (1, Gen.Const("\"state\":\"CREATING\",")), (1, Gen.Const("\"state\":\"IMPORTING\",")), (1, Gen.Const("")));

    private static Gen<JsonArray> RedisOf { get; } = Gen.Select(s_redisState, s_redisState, Gen.OneOf("", "\"port\":6379,", "\"port\":6378,"), Gen.OneOf("\"connectMode\":\"DIRECT_PEERING\",", "")).Select((first, second, port, mode) => List(
        $$"""{"name":"projects/p1/locations/us-central1/instances/redis-a","tier":"STANDARD_HA","memorySizeGb":1,{{first}}"connectMode":"PRIVATE_SERVICE_ACCESS","host":"10.50.0.20","port":6379,"readEndpoint":"10.50.0.21","readEndpointPort":6380,"authorizedNetwork":"projects/p1/global/networks/net"}""",
        $$"""{"name":"projects/p1/locations/us-central1/instances/redis-d","tier":"BASIC","memorySizeGb":1,{{second}}{{mode}}"host":"10.51.0.4",{{port}}"authorizedNetwork":"projects/p1/global/networks/net"}"""));

    private const string Manual = "\"natIpAllocateOption\":\"MANUAL_ONLY\",";
    private const string Ip0 = "[\"projects/p1/regions/us-central1/addresses/ip0\"],";

    private static readonly Gen<string> s_nat = Gen.Select(
        Gen.OneOf("", "\"type\":\"PUBLIC\",", "\"type\":\"PUBLIC\",", "\"type\":\"PUBLIC\",", "\"type\":\"PRIVATE\","),
        Gen.OneOf("", "\"natIpAllocateOption\":\"AUTO_ONLY\",", Manual + "\"natIps\":" + Ip0, Manual + "\"natIps\":[],", Manual + "\"drainNatIps\":" + Ip0, Manual + "\"natIps\":" + Ip0 + "\"drainNatIps\":" + Ip0),
        Gen.OneOf("", "\"endpointTypes\":[],", "\"endpointTypes\":[\"ENDPOINT_TYPE_VM\"],", "\"endpointTypes\":[\"ENDPOINT_TYPE_MANAGED_PROXY_LB\",\"ENDPOINT_TYPE_VM\"],", "\"endpointTypes\":[\"ENDPOINT_TYPE_SWG\"],"),
        Gen.Frequency(
            (6, Gen.Const("\"sourceSubnetworkIpRangesToNat\":\"ALL_SUBNETWORKS_ALL_IP_RANGES\"")),
            (4, Gen.Const("\"sourceSubnetworkIpRangesToNat\":\"ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES\"")),
            (1, Listed("run-sub", "ALL_IP_RANGES")), (1, Listed("run-sub", "LIST_OF_SECONDARY_IP_RANGES")), (1, Listed("conn-sub", "PRIMARY_IP_RANGE")), (1, Listed("aet-uscentral1-conn--a", "ALL_IP_RANGES")),
            (1, Gen.Const("\"sourceSubnetworkIpRangesToNat\":\"SOME_SUBNETWORKS\"")))).Select((type, option, endpoints, ranges) => type + option + endpoints + ranges);

    private static Gen<string> Listed(string subnetwork, string ranges) => Gen.Const(
        $"\"sourceSubnetworkIpRangesToNat\":\"LIST_OF_SUBNETWORKS\",\"subnetworks\":[{{\"name\":\"projects/p1/regions/us-central1/subnetworks/{subnetwork}\",\"sourceIpRangesToNat\":[\"{ranges}\"]}}]");

    private static Gen<JsonArray> RoutersOf { get; } = Gen.Select(s_nat, s_nat, s_nat, Gen.Int[0, 31]).Select((first, eu, ofB, bgp) => List(
        Router("p1", "us-central1", Net, "router-us", bgp == 0 ? "\"bgp\":{\"asn\":65001},\"bgpPeers\":[{\"name\":\"peer-1\"}]," : "", "nat-us", first),
        Router("p1", "europe-west1", Net, "router-eu", "", "nat-eu", eu),
        Router("p2", "us-central1", NetB, "router-b", "", "nat-b", ofB)));

    private static string Router(string project, string region, string network, string name, string more, string nat, string fields) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/regions/{{region}}/routers/{{name}}","region":"{{Compute}}projects/{{project}}/regions/{{region}}","network":"{{network}}",{{more}}"nats":[{"name":"{{nat}}",{{fields}}}]}""";

    private static Gen<JsonArray> PolicyBasedOf { get; } = Gen.Select(
        Gen.Select(Gen.OneOf("", "\"ipProtocol\":\"ALL\",", "\"ipProtocol\":\"TCP\",", "\"protocolVersion\":\"IPV6\","), Gen.OneOf("", "\"srcRange\":\"0.0.0.0/0\",", "\"srcRange\":\"10.8.0.0/29\",", "\"srcRange\":\"10.0.0.0/26\","), Gen.OneOf("", "\"destRange\":\"10.0.0.0/8\",", "\"destRange\":\"8.0.0.0/8\",")),
        Gen.OneOf("", "\"virtualMachine\":{\"tags\":[\"run\"]},", "\"virtualMachine\":{\"tags\":[\"vpc-connector\"]},", "\"interconnectAttachment\":{\"region\":\"all\"},"),
        Gen.OneOf("\"nextHopIlbIp\":\"10.0.1.20\"", "\"nextHopOtherRoutes\":\"DEFAULT_ROUTING\"", "\"nextHopOtherRoutes\":\"DEFAULT_ROUTING\""),
        Gen.OneOf(100, 100, 200)).Select((filter, machine, hop, priority) =>
            $"\"network\":\"{Net}\",\"priority\":{priority.ToString(CultureInfo.InvariantCulture)},\"filter\":{{{(filter.Item1 + filter.Item2 + filter.Item3).TrimEnd(',')}}},{machine}{hop}").Array[0, 3].Select(routes => List([.. routes.Select((route, i) =>
                $$"""{"name":"projects/p1/locations/global/policyBasedRoutes/policy-route-{{i}}",{{route}}}""")]));

    private static Gen<JsonObject> BackendsOf { get; } = Gen.Select(
        Gen.OneOf("", Member("vm-1"), Member("vm-1"), Member("vm-2"), Member("vm-1") + "," + Member("vm-2"), Member("vm-1") + "," + Member("vm-2")), Gen.OneOf(Endpoint("vm-1"), Endpoint("vm-1") + "," + Endpoint("vm-2"), ""), Gen.Int[0, 7]).Select((members, endpoints, forget) => new JsonObject
        {
            ["backendServices"] = List(
                Backend("p1", "us-central1", "backend-1", Group("instanceGroups/ig-1")),
                Backend("p1", "us-central1", "backend-none", ""),
                Backend("p1", "us-central1", "backend-proxy", Group("networkEndpointGroups/neg-1")),
                Backend("p1", "europe-west1", "backend-eu", Group("instanceGroups/ig-eu")),
                Backend("p1", "us-central1", "backend-b", Group(forget == 0 ? "instanceGroups/gone" : "instanceGroups/ig-b"))),
            ["targetTcpProxies"] = List($$"""{"name":"tcp-1","selfLink":"{{Compute}}projects/p1/regions/us-central1/targetTcpProxies/tcp-1","service":"{{Compute}}projects/p1/regions/us-central1/backendServices/backend-proxy"}"""),
            ["instanceGroups"] = List(
                $$"""{"name":"ig-1","selfLink":"{{Compute}}projects/p1/zones/us-central1-a/instanceGroups/ig-1","network":"{{Net}}","members":[{{members}}]}""",
                $$"""{"name":"ig-eu","selfLink":"{{Compute}}projects/p1/zones/us-central1-a/instanceGroups/ig-eu","network":"{{Net}}","members":[{{Member("vm-eu").Replace("us-central1-a", "europe-west1-b", StringComparison.Ordinal)}}]}""",
                $$"""{"name":"ig-b","selfLink":"{{Compute}}projects/p1/zones/us-central1-a/instanceGroups/ig-b","network":"{{NetB}}","members":[{{Member("vm-b").Replace("/p1/", "/p2/", StringComparison.Ordinal)}}]}"""),
            ["networkEndpointGroups"] = List($$"""{"name":"neg-1","selfLink":"{{Compute}}projects/p1/zones/us-central1-a/networkEndpointGroups/neg-1","networkEndpointType":"GCE_VM_IP_PORT","network":"{{Net}}","defaultPort":80,"endpoints":[{{endpoints}}]}"""),
        });

    private static string Member(string vm) => $$"""{"instance":"{{Compute}}projects/p1/zones/us-central1-{{(vm == "vm-2" ? "b" : "a")}}/instances/{{vm}}","status":"RUNNING"}""";

    private static string Endpoint(string vm) => $$$"""{"networkEndpoint":{"instance":"{{{(vm == "vm-2" ? $"{Compute}projects/p1/zones/us-central1-b/instances/vm-2" : vm)}}}","ipAddress":"{{{(vm == "vm-1" ? "10.0.1.5" : "10.0.1.6")}}}"{{{(vm == "vm-1" ? ",\"port\":8080" : "")}}}}}""";

    private static string Group(string group) => $$"""{"group":"{{Compute}}projects/p1/zones/us-central1-a/{{group}}"}""";

    private static string Backend(string project, string region, string name, string group) =>
        $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/{{project}}/regions/{{region}}/backendServices/{{name}}","region":"{{Compute}}projects/{{project}}/regions/{{region}}","protocol":"TCP","backends":[{{group}}]}""";

    /// <summary>Estates of the kinds that the model had from the beginning.</summary>
    public static Gen<JsonNode> Basic { get; } = Gen.Select(
        Gen.Select(NetworksOf, ConnectorsOf.SelectMany(connectors => SubnetworksOf(connectors.Range).Select(subnetworks => (Connectors: connectors, Subnetworks: subnetworks)))),
        WorkloadsOf,
        Gen.Select(FirewallsOf, PoliciesOf, RoutesOf),
        Gen.Select(InstancesOf, ForwardingRulesOf, RoutersOf),
        Gen.Select(SqlOf, RedisOf)).Select((networks, workloads, rules, machines, managed) =>
        {
            var (connectors, subnetworks) = networks.Item2;
            var estate = new JsonObject
            {
                ["notRead"] = new JsonArray("p9"),
                ["projects"] = List("""{"name":"projects/1001","projectId":"p1","parent":"folders/1"}""", """{"name":"projects/1002","projectId":"p2","parent":"folders/1"}""", """{"name":"projects/1003","projectId":"svc","parent":"folders/1"}"""),
                ["folders"] = List("""{"name":"folders/1","parent":"organizations/9"}"""),
                ["networks"] = networks.Item1,
                ["subnetworks"] = Placed(subnetworks, connectors.List, connectors.Range, connectors.Hidden),
                ["connectors"] = connectors.List.DeepClone(),
                ["firewalls"] = rules.Item1,
                ["firewallPolicies"] = rules.Item2,
                ["routes"] = rules.Item3,
                ["instances"] = machines.Item1,
                ["forwardingRules"] = machines.Item2,
                ["routers"] = machines.Item3,
                ["addresses"] = List($$"""{"name":"psa-range","selfLink":"{{Compute}}projects/p1/global/addresses/psa-range","addressType":"INTERNAL","purpose":"VPC_PEERING","address":"10.50.0.0","prefixLength":24,"network":"{{Net}}"}"""),
                ["sqlInstances"] = managed.Item1,
                ["redisInstances"] = managed.Item2,
            };
            foreach (var (list, items) in workloads)
            {
                estate[list] = items!.DeepClone();
            }

            return (JsonNode)estate.DeepClone();
        });

    private static readonly Gen<string> s_authorized = Gen.OneOf(
        "", "", ",\"masterAuthorizedNetworksConfig\":{\"enabled\":true,\"privateEndpointEnforcementEnabled\":true,\"cidrBlocks\":[{\"cidrBlock\":\"10.8.0.0/29\"},{\"cidrBlock\":\"34.1.0.0/27\"}]}",
        ",\"masterAuthorizedNetworksConfig\":{\"enabled\":true,\"privateEndpointEnforcementEnabled\":true}", ",\"masterAuthorizedNetworksConfig\":{\"enabled\":true,\"cidrBlocks\":[{\"cidrBlock\":\"10.0.0.0/27\"}]}", ",\"masterAuthorizedNetworksConfig\":{\"cidrBlocks\":[]}");

    private static readonly Gen<string> s_clusterState = Gen.Frequency((6, Gen.Const("RUNNING")), (1, Gen.Const("RECONCILING")), (1, Gen.Const("DEGRADED")), (1, Gen.Const("STOPPING")), (1, Gen.Const("ERROR")), (1, Gen.Const("STATUS_UNSPECIFIED")));
    private static readonly Gen<string> s_policies = Gen.OneOf("", "", "\"networkPolicy\":{\"enabled\":true},", "\"networkPolicy\":{},");

    /// <summary>Clusters whose control plane is behind a peering, in a subnetwork of net, and in one of net-b; the peering, if any.</summary>
    private static Gen<(JsonArray List, string Peering)> ClustersOf { get; } = Gen.Select(
        Gen.Select(s_authorized, s_authorized), Gen.Select(s_clusterState, s_clusterState), Gen.Select(s_policies, s_policies, Gen.Bool), Gen.Select(Gen.OneOf("us-central1", "us-central1-a", "europe-west1"), Gen.Bool, Gen.Bool),
        Gen.Frequency((6, Gen.Const("ACTIVE")), (1, Gen.Const("INACTIVE")), (1, Gen.Const("")), (1, Gen.Const("OTHER"))), Often(4, "", "\"exportSubnetRoutesWithPublicIp\":false")).Select((authorized, states, policies, place, peering, exports) => (
            List(
                Cluster("p1", place.Item1, "c-old", "net", "run-sub", $"\"masterIpv4CidrBlock\":\"172.20.0.0/28\",\"privateEndpoint\":\"172.20.0.2\",\"peeringName\":\"gke-old-peer\"", place.Item2, states.Item1, "\"ipAllocationPolicy\":{}," + policies.Item1, "", authorized.Item1),
                Cluster("p1", "us-central1", "c-new", "net", "run-sub", "\"privateEndpoint\":\"10.0.1.60\"", place.Item3, states.Item2, "\"ipAllocationPolicy\":{\"useIpAliases\":true,\"clusterSecondaryRangeName\":\"more\"}," + policies.Item2, policies.Item3 ? ",\"datapathProvider\":\"LEGACY_DATAPATH\"" : "", authorized.Item2),
                Cluster("p2", "us-central1-a", "c-b", "net-b", "b-sub", "\"privateEndpoint\":\"10.16.0.60\"", false, states.Item2, "\"clusterIpv4Cidr\":\"10.17.0.0/25\",\"ipAllocationPolicy\":{\"useIpAliases\":true},", policies.Item3 ? ",\"datapathProvider\":\"ADVANCED_DATAPATH\"" : "", "")),
            peering switch { "" => "", "OTHER" => Peering("gke-other-peer", Compute + "projects/tenant/global/networks/gke", "ACTIVE", exports), _ => Peering("gke-old-peer", Compute + "projects/tenant/global/networks/gke", peering, exports) }));

    private static string Cluster(string project, string location, string name, string network, string subnetwork, string control, bool isGlobal, string status, string fields, string config, string more) =>
        $$"""{"name":"{{name}}","selfLink":"https://container.googleapis.com/v1/projects/{{project}}/locations/{{location}}/clusters/{{name}}","location":"{{location}}","status":"{{status}}","network":"{{network}}","subnetwork":"{{subnetwork}}",{{fields}}"networkConfig":{"network":"projects/{{project}}/global/networks/{{network}}","subnetwork":"projects/{{project}}/regions/us-central1/subnetworks/{{subnetwork}}"{{config}}},"privateClusterConfig":{"enablePrivateNodes":true,{{(isGlobal ? "\"masterGlobalAccessConfig\":{\"enabled\":true}," : "")}}{{control}}}{{more}}}""";

    /// <summary>Estates with everything that the oracle knows: backends, tunnels, attachments, policy-based routes and clusters too.</summary>
    public static Gen<JsonNode> Estate { get; } = Gen.Select(Basic, BackendsOf, Gen.Frequency((3, Gen.Const(new JsonArray())), (1, PolicyBasedOf)), Gen.Frequency((1, Gen.Const((new JsonArray(), ""))), (2, ClustersOf))).Select((basic, backends, policyBased, clusters) =>
    {
        var estate = basic.DeepClone();
        estate["clusters"] = clusters.Item1.DeepClone();
        if (clusters.Item2.Length > 0)
        {
            estate["networks"]![0]!["peerings"]!.AsArray().Add(JsonNode.Parse(clusters.Item2));
        }

        foreach (var (list, items) in backends)
        {
            estate[list] = items!.DeepClone();
        }

        estate["policyBasedRoutes"] = policyBased.DeepClone();
        estate["vpnTunnels"] = List(Regional("vpnTunnels", "tunnel-up", "\"status\":\"ESTABLISHED\""), Regional("vpnTunnels", "tunnel-down", "\"status\":\"NO_INCOMING_PACKETS\""));
        estate["interconnectAttachments"] = List(
            Regional("interconnectAttachments", "attached", "\"operationalStatus\":\"OS_ACTIVE\",\"state\":\"ACTIVE\""), Regional("interconnectAttachments", "defunct", "\"operationalStatus\":\"OS_ACTIVE\",\"state\":\"DEFUNCT\""));
        return estate;
    });

    /// <summary>Estates of which some lists are not whole: an item is missing, and the estate says that the list is not all.</summary>
    public static Gen<JsonNode> WithGaps { get; } = Gen.Select(Estate, Gen.OneOf("instances", "forwardingRules", "routers"), Gen.Int[0, 7]).Select((whole, list, missing) =>
    {
        var estate = whole.DeepClone();
        var items = estate[list]!.AsArray();
        items.RemoveAt(missing % items.Count);
        estate["notListed"] = new JsonArray([.. new[] { "p1", "p2", "svc" }.Select(project => new JsonObject { ["list"] = list, ["project"] = project })]);
        return estate;
    });

    /// <summary>Estates in which private zones map the names of Google's APIs to virtual addresses.</summary>
    public static Gen<JsonNode> WithZones { get; } = Gen.Select(Estate, Gen.OneOf(Net, NetB), Gen.OneOf("4", "8"), Gen.OneOf("private", "public")).Select((whole, network, first, visibility) =>
    {
        var estate = whole.DeepClone();
        estate["managedZones"] = List($$"""
            {"name":"apis","dnsName":"googleapis.com.","visibility":"{{visibility}}","privateVisibilityConfig":{"networks":[{"networkUrl":"{{network}}"}]},
             "rrsets":[{"name":"vip.googleapis.com.","type":"A","rrdatas":["199.36.153.{{first}}"]},{"name":"*.googleapis.com.","type":"CNAME","rrdatas":["vip.googleapis.com."]}]}
            """);
        return estate;
    });

    private static string Regional(string collection, string name, string fields) => $$"""{"name":"{{name}}","selfLink":"{{Compute}}projects/p1/regions/us-central1/{{collection}}/{{name}}",{{fields}}}""";

    /// <summary>A connector with a range of its own takes conn-sub's place; at times Google's subnetwork for it is listed.</summary>
    private static JsonArray Placed(JsonArray subnetworks, JsonArray connectors, string range, bool hidden)
    {
        var hasOwn = connectors[0]!["ipCidrRange"] is not null;
        var list = subnetworks.Where(item => !hasOwn || item!["name"]!.ToString() != "conn-sub").Select(item => item!.DeepClone()).ToList();
        if (hidden && hasOwn)
        {
            list.Add(JsonNode.Parse(Subnetwork(Net, "us-central1", "aet-uscentral1-conn--a", range, "\"privateIpGoogleAccess\":true,"))!);
        }

        return [.. list];
    }

    private static Gen<string> Often(int times, string usual, string rare) => Gen.Frequency((times, Gen.Const(usual)), (1, Gen.Const(rare)));

    private static string Field(string name, string value) => value.Length == 0 ? "" : $"\"{name}\":{value}";

    private static JsonArray List(params string[] items) => new JsonArray([.. items.Select(item => JsonNode.Parse(item))]);
}
