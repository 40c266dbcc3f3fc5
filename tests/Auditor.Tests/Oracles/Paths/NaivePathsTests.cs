using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CsCheck;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>The oracle against what a person reads in Google's documentation, and what the random estates are made of.</summary>
public sealed class NaivePathsTests(ITestOutputHelper output)
{
    private const string Hop = "\"nextHopInstance\":\"@p1/zones/us-central1-a/instances/";

    [Fact]
    public void Egress_DecidesWhatGoesByTheAttachment()
    {
        var good = new PathCase();
        Assert.Equal("Blocked egress VPC_CONNECTOR_NOT_SET bare", good.Ask("bare", null, "10.0.1.5"));
        Assert.Equal("Reachable egress SERVERLESS_EXTERNAL_CONNECTION", good.Ask("bare", null, "8.8.8.8"));
        Assert.Equal("Blocked egress PRIVATE_TRAFFIC_TO_INTERNET bare", good.Ask("bare", null, "34.16.0.5", target: "//compute.googleapis.com/projects/p2/zones/us-central1-a/instances/vm-pub"));
        Assert.Equal("Blocked egress PRIVATE_TRAFFIC_TO_INTERNET bare", good.Ask("bare", null, "192.0.2.1"));
        Assert.StartsWith("Unknown egress", good.Ask("bare", null, "199.36.153.8"), StringComparison.Ordinal);
        Assert.Equal("Reachable target", good.Ask("private", "10.8.0.5", "10.0.1.5"));
        Assert.Equal("Reachable egress SERVERLESS_EXTERNAL_CONNECTION", good.Ask("private", "10.8.0.5", "8.8.8.8"));
        Assert.Equal("Reachable egress SERVERLESS_EXTERNAL_CONNECTION", good.Ask("private", "10.8.0.5", "142.250.1.1", 443, googleApis: true));
        Assert.Equal("Reachable google-apis", good.Ask("private", "10.8.0.5", "199.36.153.11", 443));
        Assert.StartsWith("Unknown egress", good.Ask("private", "10.8.0.5", "240.0.0.1"), StringComparison.Ordinal);
        Assert.StartsWith("Unknown egress", good.With("jobs", "through", """{"template":{"template":{"vpcAccess":{"connector":"conn-a","egress":"SOME"}}}}""").Through("10.0.1.5"), StringComparison.Ordinal);
    }

    [Fact]
    public void Revisions_AreAskedEachForItself()
    {
        const string Api = "projects/p1/locations/us-central1/services/api";
        var estate = new PathCase()
            .Add("services", $$"""{"name":"{{Api}}","template":{},"latestReadyRevision":"{{Api}}/revisions/api-2","latestCreatedRevision":"{{Api}}/revisions/api-3","traffic":[{"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST","percent":90},{"revision":"api-1","percent":10},{"revision":"api-0","percent":0}]}""")
            .Add("revisions", $$"""{"name":"{{Api}}/revisions/api-1"}""")
            .Add("revisions", $$"""{"name":"{{Api}}/revisions/api-2","vpcAccess":{"connector":"conn-a"} }""").Json;
        var paths = new NaivePaths(estate);
        Assert.Equal(["//run.googleapis.com/" + Api + "/revisions/api-2", "//run.googleapis.com/" + Api + "/revisions/api-1"], paths.Workloads.Where(name => name.Contains("/services/", StringComparison.Ordinal)));
        Assert.Equal(Effect.Reachable, paths.Answer(PathPacket.Tcp(paths.Workloads[0], "10.8.0.5", "10.0.1.5", 5432)).Effect);
        Assert.Equal(Effect.Reachable, paths.Answer(PathPacket.Tcp("//run.googleapis.com/" + Api, "10.8.0.5", "10.0.1.5", 5432)).Effect);
        var bare = paths.Answer(PathPacket.Tcp(paths.Workloads[1], null, "10.0.1.5", 5432));
        Assert.Equal(("VPC_CONNECTOR_NOT_SET", "api-1"), (bare.Reason, bare.DecidedBy));
        Assert.Contains("api", bare.MayDecide);
    }

    [Fact]
    public void Attachment_HasToExistAndRunInTheRegion()
    {
        Assert.Equal("Blocked attachment VPC_CONNECTOR_NOT_FOUND conn-a", new PathCase().Without("connectors", "conn-a").Through("10.0.1.5"));
        Assert.Equal("Blocked attachment VPC_CONNECTOR_NOT_RUNNING conn-a", new PathCase().With("connectors", "conn-a", """{"state":"ERROR"}""").Through("10.0.1.5"));
        Assert.StartsWith("Unknown attachment", new PathCase().With("connectors", "conn-a", """{"state":null}""").Through("10.0.1.5"), StringComparison.Ordinal);
        Assert.Equal("Reachable target", new PathCase().With("connectors", "conn-a", """{"state":"UPDATING"}""").Through("10.0.1.5"));
        Assert.Equal("Blocked attachment SUBNETWORK_NOT_FOUND conn-sub", new PathCase().Without("subnetworks", "conn-sub").Through("10.0.1.5"));
        Assert.Equal("Blocked attachment SUBNETWORK_NOT_FOUND run-sub", new PathCase().Without("subnetworks", "run-sub").Ask("direct", null, "10.0.1.5"));
        Assert.Equal("Blocked attachment VPC_CONNECTOR_WRONG_REGION conn-eu", OfJob("\"connector\":\"projects/p1/locations/europe-west1/connectors/conn-eu\""));
        Assert.StartsWith("Unknown attachment", OfJob("\"connector\":\"projects/p9/locations/us-central1/connectors/c\""), StringComparison.Ordinal);
        Assert.Equal("Blocked attachment SUBNETWORK_NOT_FOUND net", OfJob("\"networkInterfaces\":[{\"network\":\"net\"}]"));
        Assert.Equal("Blocked attachment SUBNETWORK_WRONG_REGION eu-sub", OfJob("\"networkInterfaces\":[{\"subnetwork\":\"projects/p1/regions/europe-west1/subnetworks/eu-sub\"}]"));

        static string OfJob(string access) => new PathCase().NotRead("p9")
            .Add("subnetworks", """{"name":"eu-sub","selfLink":"@p1/regions/europe-west1/subnetworks/eu-sub","network":"@p1/global/networks/net","ipCidrRange":"10.1.0.0/26"}""")
            .With("jobs", "through", $$$"""{"template":{"template":{"vpcAccess":{{{{access}}},"egress":"ALL_TRAFFIC"} } } }""").Through("10.0.1.5");
    }

    [Fact]
    public void Connector_NeedsGooglesOwnTraffic()
    {
        const string Ingress = "\"direction\":\"INGRESS\",\"denied\":[{\"IPProtocol\":\"tcp\"}]";
        Assert.Equal("Reachable target", new PathCase().AddRule("deny", $"\"priority\":101,{Ingress},\"sourceRanges\":[\"35.0.0.0/8\"]").Through("10.0.1.5"));
        Assert.Equal("Blocked attachment VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED deny", new PathCase().AddRule("deny", $"\"priority\":100,{Ingress},\"sourceRanges\":[\"35.199.224.0/19\"]").Through("10.0.1.5"));
        Assert.StartsWith("Unknown attachment", new PathCase().AddRule("deny", $"\"priority\":100,{Ingress},\"sourceRanges\":[\"35.199.224.0/20\"]").Through("10.0.1.5"), StringComparison.Ordinal);
        Assert.StartsWith("Unknown attachment", new PathCase().AddRule("deny", $"\"priority\":100,{Ingress},\"sourceRanges\":[\"130.211.0.0/22\"]").Through("10.0.1.5"), StringComparison.Ordinal);
        Assert.Equal("Blocked attachment VPC_CONNECTOR_HEALTH_CHECK_TRAFFIC_BLOCKED deny", new PathCase().AddRule("deny", $"\"priority\":100,{Ingress},\"sourceRanges\":[\"130.211.0.0/22\",\"35.191.0.0/16\"]").Through("10.0.1.5"));
        Assert.Equal(
            "Blocked attachment VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED out",
            new PathCase().AddRule("out", "\"priority\":99,\"direction\":\"EGRESS\",\"denied\":[{\"IPProtocol\":\"all\"}],\"targetTags\":[\"vpc-connector\"]").Through("10.0.1.5"));

        // Nobody makes the rules for a connector of another project.
        const string Shared = """{"name":"projects/p2/locations/us-central1/connectors/shared","subnet":{"name":"conn-sub","projectId":"p1"},"state":"READY"}""";
        const string Job = """{"template":{"template":{"vpcAccess":{"connector":"projects/p2/locations/us-central1/connectors/shared","egress":"ALL_TRAFFIC"}}}}""";
        var shared = new PathCase().Add("connectors", Shared).Without("connectors", "conn-a").With("jobs", "through", Job);
        Assert.Equal("Blocked attachment VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED implied-deny-ingress", shared.Through("10.0.1.5"));
        shared.AddRule("in", """ "allowed":[{"IPProtocol":"tcp","ports":["667"]}],"sourceRanges":["35.199.224.0/19"],"targetTags":["vpc-connector"]""");
        Assert.Equal("Blocked attachment VPC_CONNECTOR_HEALTH_CHECK_TRAFFIC_BLOCKED implied-deny-ingress", shared.Through("10.0.1.5"));
        shared.AddRule("health", """ "allowed":[{"IPProtocol":"tcp","ports":["667"]}],"sourceRanges":["35.191.0.0/16","35.191.192.0/18","130.211.0.0/22"],"targetTags":["vpc-connector-us-central1-shared"]""");
        Assert.Equal("Reachable target", shared.Through("10.0.1.5"));
    }

    [Fact]
    public void Firewalls_DecideAtBothEnds()
    {
        Assert.Equal(
            "Blocked egress-firewall FIREWALL_RULE out",
            new PathCase().AddRule("out", "\"direction\":\"EGRESS\",\"denied\":[{\"IPProtocol\":\"tcp\",\"ports\":[\"5432\"]}],\"targetTags\":[\"vpc-connector-us-central1-conn-a\"]").Through("10.0.1.5"));
        Assert.Equal("Blocked egress-firewall FIREWALL_RULE out", new PathCase().AddRule("out", "\"direction\":\"EGRESS\",\"denied\":[{\"IPProtocol\":\"all\"}],\"targetTags\":[\"run\"]").Ask("direct", "10.0.0.5", "10.0.1.5"));

        // Google's own rule for the connector stands at 1000: a deny wins the tie.
        foreach (var (priority, expected) in new[] { (999, "Blocked ingress-firewall FIREWALL_RULE in"), (1000, "Blocked ingress-firewall FIREWALL_RULE in"), (1001, "Reachable target") })
        {
            Assert.Equal(expected, new PathCase().AddRule("in", $"\"priority\":{priority},\"denied\":[{{\"IPProtocol\":\"tcp\"}}],\"targetTags\":[\"db\"]").Through("10.0.1.5"));
        }

        // Half of the /28.
        var half = new PathCase().AddRule("in", "\"priority\":900,\"denied\":[{\"IPProtocol\":\"tcp\"}],\"sourceRanges\":[\"10.8.0.0/29\"]");
        Assert.Equal("Blocked ingress-firewall FIREWALL_RULE in", half.Ask("through", "10.8.0.7", "10.0.1.5"));
        Assert.Equal("Reachable target", half.Ask("through", "10.8.0.8", "10.0.1.5"));

        // Tags of an interface of Direct VPC egress are not seen by ingress rules, those of a connector are.
        var tagged = new PathCase().AddRule("in", "\"priority\":900,\"denied\":[{\"IPProtocol\":\"tcp\"}],\"sourceTags\":[\"run\",\"vpc-connector\"]");
        Assert.Equal("Reachable target", tagged.Ask("direct", "10.0.0.5", "10.0.1.5"));
        Assert.Equal("Blocked ingress-firewall FIREWALL_RULE in", tagged.Through("10.0.1.5"));
    }

    [Fact]
    public void SubnetRoutes_LeadToOwnNetworkAndPeers()
    {
        const string Import = """{"importSubnetRoutesWithPublicIp":true}""";
        Assert.Equal("Reachable target", new PathCase().Through("10.64.0.15"));
        Assert.Equal("Blocked target UNKNOWN_INTERNAL_ADDRESS net", new PathCase().Through("10.64.0.16"));
        Assert.Equal("Reachable target", new PathCase().Through("10.16.0.5"));
        Assert.Equal("Blocked target UNKNOWN_INTERNAL_ADDRESS net-b", new PathCase().Through("10.16.0.6"));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", new PathCase().WithPeering("net-b", "to-net", """{"state":"INACTIVE"}""").Through("10.16.0.5"));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", new PathCase().Through("10.32.0.5"));
        Assert.Equal("Reachable internet", new PathCase().Through("34.16.0.5"));
        Assert.Equal("Reachable target", new PathCase().WithPeering("net", "to-b", Import).Through("34.16.0.5"));
        Assert.Equal("Reachable internet", new PathCase().WithPeering("net", "to-b", Import).WithPeering("net-b", "to-net", """{"exportSubnetRoutesWithPublicIp":false}""").Through("34.16.0.5"));

        var dark = new PathCase().NotRead("p2");
        Assert.Equal("Unknown route PEERING_VPC", dark.Through("10.16.0.5"));
        Assert.Equal("Unknown route PEERING_VPC", dark.Through("192.168.0.1"));
        Assert.Equal("Reachable internet", dark.Through("8.8.8.8"));
        Assert.Equal("Reachable target", dark.Through("10.0.1.5"));
        Assert.Equal("Unknown route PEERING_VPC", dark.WithPeering("net", "to-b", """{"importCustomRoutes":true}""").Through("8.8.8.8"));
    }

    [Fact]
    public void HybridSubnetwork_GoesOnForAddressesNotInUse()
    {
        var hybrid = new PathCase().AddRoute("to-site", "10.2.0.0/25", Hop + "vm-1\"");
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED to-site", hybrid.Through("10.2.0.5"));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", hybrid.Through("10.2.0.200"));
        Assert.Equal("Blocked target UNKNOWN_INTERNAL_ADDRESS net", new PathCase().Without("routes", "default").Through("10.2.0.5"));

        // The address of a stopped machine is not in use and goes on like any other.
        hybrid.Add("instances", """{"name":"vm-h","selfLink":"@p1/zones/us-central1-a/instances/vm-h","status":"RUNNING","networkInterfaces":[{"network":"@p1/global/networks/net","networkIP":"10.2.0.5"}]}""");
        Assert.Equal("Reachable target", hybrid.Through("10.2.0.5"));
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED to-site", hybrid.With("instances", "vm-h", """{"status":"TERMINATED"}""").Through("10.2.0.5"));
        Assert.Equal("Blocked target INSTANCE_NOT_RUNNING vm-h", hybrid.Without("routes", "to-site").Without("routes", "default").Through("10.2.0.5"));
    }

    [Fact]
    public void CustomRoutes_LongestThenAliveThenPriorityThenOwn()
    {
        Assert.Equal("Blocked route NO_ROUTE net", new PathCase().Without("routes", "default").Through("8.8.8.8"));
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED narrow", new PathCase().AddRoute("narrow", "8.8.8.0/24", $"\"priority\":65000,{Hop}vm-1\"").Through("8.8.8.8"));
        Assert.StartsWith("Unknown route forwarded by VM vm-2", new PathCase().AddRoute("narrow", "8.8.8.0/24", $"{Hop}vm-2\"").Through("8.8.8.8"), StringComparison.Ordinal);

        // A shorter prefix does not step in for a dead one, another hop of the same prefix does.
        var dead = new PathCase().With("instances", "vm-2", """{"status":"STOPPED"}""").AddRoute("narrow", "8.8.8.0/24", $"\"priority\":10,{Hop}vm-2\"");
        Assert.Equal("Blocked route INSTANCE_NOT_RUNNING narrow", dead.Through("8.8.8.8"));
        Assert.Equal("Reachable internet", dead.AddRoute("gateway", "8.8.8.0/24", "\"nextHopGateway\":\"@p1/global/gateways/default-internet-gateway\"").Through("8.8.8.8"));

        // Tags pick the sources.
        var tagged = new PathCase().AddRoute("tagged", "0.0.0.0/0", $"\"priority\":900,\"tags\":[\"run\"],{Hop}vm-1\"");
        Assert.Equal("Reachable internet", tagged.Through("8.8.8.8"));
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED tagged", tagged.Ask("direct", "10.0.0.5", "8.8.8.8"));

        // Two of equal priority share the traffic.
        var shared = new PathCase().AddRoute("other", "0.0.0.0/0", $"{Hop}vm-1\"");
        Assert.Equal("Partial route", shared.Through("8.8.8.8"));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", shared.Through("192.168.0.1"));
        Assert.Equal("Partial route", shared.AddRoute("third", "0.0.0.0/0", $"{Hop}vm-2\"").Through("8.8.8.8"));
        Assert.StartsWith("Unknown route forwarded", new PathCase().AddRoute("other", "0.0.0.0/0", $"{Hop}vm-2\"").Through("8.8.8.8"), StringComparison.Ordinal);

        // An imported route stands behind an own one of equal priority.
        var imported = new PathCase().AddRoute("from-b", "0.0.0.0/0", "\"nextHopInstance\":\"@p2/zones/us-central1-a/instances/vm-b\"", "p2/global/networks/net-b")
            .WithPeering("net", "to-b", """{"importCustomRoutes":true}""").WithPeering("net-b", "to-net", """{"exportCustomRoutes":true}""");
        Assert.Equal("Reachable internet", imported.Through("8.8.8.8"));
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED from-b", imported.Without("routes", "default").Through("8.8.8.8"));

        Assert.Equal("Unknown route dynamic routes", new PathCase().With("routers", "router-us", """{"bgpPeers":[{"name":"site"}]}""").Through("8.8.8.8"));
        Assert.Equal("Reachable target", new PathCase().With("routers", "router-us", """{"bgpPeers":[{"name":"site"}]}""").Through("10.0.1.5"));
    }

    [Fact]
    public void NextHops_SayWhyTheyDoNotWork()
    {
        const string Regional = "@p1/regions/us-central1/";
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND r", By(Hop + "gone\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_INSTANCE_WRONG_NETWORK r", By("\"nextHopInstance\":\"@p2/zones/us-central1-a/instances/vm-b\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED r", By("\"nextHopIp\":\"10.0.1.99\""));
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED r", By("\"nextHopIp\":\"10.0.1.5\""));
        Assert.Equal("Unknown route forwarded by a load balancer", By("\"nextHopIp\":\"10.0.1.20\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED r", By("\"nextHopIp\":\"10.0.1.21\""));
        Assert.Equal("Unknown route forwarded by a load balancer", By($"\"nextHopIlb\":\"{Regional}forwardingRules/ilb\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_FORWARDING_RULE_TYPE_INVALID r", By($"\"nextHopIlb\":\"{Regional}forwardingRules/proxy\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND r", By($"\"nextHopIlb\":\"{Regional}forwardingRules/gone\""));
        Assert.Equal("Unknown route VPN_GATEWAY", By($"\"nextHopVpnTunnel\":\"{Regional}vpnTunnels/up\""));
        Assert.Equal("Blocked route ROUTE_NEXT_HOP_VPN_TUNNEL_NOT_ESTABLISHED r", By($"\"nextHopVpnTunnel\":\"{Regional}vpnTunnels/down\""));
        Assert.Equal("Unknown route NCC_HUB", By("\"nextHopHub\":\"projects/p1/locations/global/hubs/h\""));

        static string By(string hop) => new PathCase().AddRoute("r", "192.168.0.0/16", hop)
            .Add("vpnTunnels", $$"""{"name":"up","selfLink":"{{Regional}}vpnTunnels/up","status":"ESTABLISHED"}""").Add("vpnTunnels", $$"""{"name":"down","selfLink":"{{Regional}}vpnTunnels/down","status":"FIRST_HANDSHAKE"}""")
            .Through("192.168.0.1");
    }

    [Fact]
    public void PolicyBasedRoutes_ComeFirst()
    {
        const string Drop = "\"nextHopIlbIp\":\"10.0.1.20\"";
        Assert.Equal("Unknown route policy-based route", With(100, Drop).Through("10.0.1.5"));
        Assert.Equal("Reachable target", With(100, Drop + ",\"virtualMachine\":{\"tags\":[\"run\"]}").Through("10.0.1.5"));
        Assert.Equal("Reachable target", With(100, Drop, "\"destRange\":\"10.16.0.0/16\"").Through("10.0.1.5"));
        Assert.Equal("Reachable target", With(100, Drop, "\"ipProtocol\":\"UDP\"").Through("10.0.1.5"));
        Assert.Equal("Reachable target", With(100, Drop, name: "b").Add("policyBasedRoutes", Pbr("a", 50, "\"nextHopOtherRoutes\":\"DEFAULT_ROUTING\"", "")).Through("10.0.1.5"));
        Assert.Equal("Unknown route policy-based route", With(50, Drop, name: "b").Add("policyBasedRoutes", Pbr("a", 50, "\"nextHopOtherRoutes\":\"DEFAULT_ROUTING\"", "")).Through("10.0.1.5"));

        static PathCase With(int priority, string fields, string filter = "", string name = "a") => new PathCase().Add("policyBasedRoutes", Pbr(name, priority, fields, filter));
        static string Pbr(string name, int priority, string fields, string filter) =>
            $$$"""{"name":"projects/p1/locations/global/policyBasedRoutes/{{{name}}}","network":"@p1/global/networks/net","priority":{{{priority}}},"filter":{{{{filter}}}},{{{fields}}}}""";
    }

    [Fact]
    public void Machines_HaveToRunAndKnowTheWayBack()
    {
        Assert.Equal("Blocked target INSTANCE_NOT_RUNNING vm-1", new PathCase().With("instances", "vm-1", """{"status":"TERMINATED"}""").Through("10.0.1.5"));
        Assert.Equal("Reachable target", new PathCase().With("instances", "vm-1", """{"status":null}""").Through("10.0.1.5"));

        var borrowed = new PathCase().With("subnetworks", "run-sub", """{"ipCidrRange":"34.1.0.0/26"}""");
        Assert.Equal("Reachable target", borrowed.Ask("direct", "34.1.0.5", "10.0.1.5"));
        Assert.Equal("Blocked target NO_ROUTE net-b", borrowed.Ask("direct", "34.1.0.5", "10.16.0.5"));
        borrowed.WithPeering("net-b", "to-net", """{"importSubnetRoutesWithPublicIp":true}""");
        Assert.Equal("Reachable target", borrowed.Ask("direct", "34.1.0.5", "10.16.0.5"));
        borrowed.WithPeering("net", "to-b", """{"exportSubnetRoutesWithPublicIp":false}""");
        Assert.Equal("Blocked target NO_ROUTE net-b", borrowed.Ask("direct", "34.1.0.5", "10.16.0.5"));
    }

    [Fact]
    public void LoadBalancers_AreAsGoodAsTheirBackends()
    {
        Assert.Equal("Reachable target", new PathCase().Through("10.0.1.20"));
        Assert.Equal("Blocked target FORWARDING_RULE_MISMATCH ilb", new PathCase().Through("10.0.1.20", 443));
        Assert.Equal("Blocked target FORWARDING_RULE_MISMATCH ilb", new PathCase().Through("10.0.1.20", 5432, 17));
        Assert.Equal("Partial target", new PathCase().With("instances", "vm-1", """{"status":"TERMINATED"}""").Through("10.0.1.20"));
        Assert.Equal("Partial target", new PathCase().AddRule("in", "\"priority\":900,\"denied\":[{\"IPProtocol\":\"tcp\"}],\"targetTags\":[\"db\"]").Through("10.0.1.20"));
        Assert.Equal("Blocked ingress-firewall FIREWALL_RULE in", new PathCase().AddRule("in", "\"priority\":900,\"denied\":[{\"IPProtocol\":\"tcp\"}],\"destinationRanges\":[\"10.0.1.20\"]").Through("10.0.1.20"));
        Assert.Equal("Blocked target FORWARDING_RULE_NO_INSTANCES ilb", new PathCase().With("instanceGroups", "ig", """{"members":[]}""").Through("10.0.1.20"));
        Assert.Equal("Unknown target backends not read", new PathCase().Without("backendServices", "bs").Through("10.0.1.20"));

        const string Elsewhere = """{"selfLink":"@p1/regions/europe-west1/forwardingRules/ilb"}""";
        Assert.Equal("Blocked target FORWARDING_RULE_REGION_MISMATCH ilb", new PathCase().With("forwardingRules", "ilb", Elsewhere).Through("10.0.1.20"));
        Assert.Equal("Reachable target", new PathCase().With("forwardingRules", "ilb", Elsewhere).With("forwardingRules", "ilb", """{"allowGlobalAccess":true}""").Through("10.0.1.20"));

        // A proxy asks its backends from its own range, at their own port.
        Assert.Equal("Reachable target", new PathCase().Through("10.0.1.21"));
        Assert.Equal("Blocked target LOAD_BALANCER_HAS_NO_PROXY_SUBNET proxy", new PathCase().With("subnetworks", "proxies", """{"role":"BACKUP"}""").Through("10.0.1.21"));
        Assert.Equal("Reachable target", new PathCase().AddRule("in", "\"priority\":900,\"denied\":[{\"IPProtocol\":\"tcp\",\"ports\":[\"5432\"]}]").Through("10.0.1.21"));
        Assert.Equal("Blocked ingress-firewall FIREWALL_RULE in", new PathCase().AddRule("in", "\"priority\":900,\"sourceRanges\":[\"10.3.0.0/26\"],\"denied\":[{\"IPProtocol\":\"tcp\",\"ports\":[\"8080\"]}]").Through("10.0.1.21"));
    }

    [Fact]
    public void Endpoints_HaveToBeAcceptedAndNear()
    {
        Assert.Equal("Reachable target", new PathCase().Through("10.0.1.30"));
        Assert.Equal("Blocked target PSC_CONNECTION_NOT_ACCEPTED psc", new PathCase().With("forwardingRules", "psc", """{"pscConnectionStatus":"PENDING"}""").Through("10.0.1.30"));
        Assert.Equal("Unknown target the endpoint's status", new PathCase().With("forwardingRules", "psc", """{"pscConnectionStatus":null}""").Through("10.0.1.30"));
        Assert.Equal("Blocked target CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT sql", new PathCase().Through("10.0.1.30", 443));
        Assert.Equal("Blocked target FORWARDING_RULE_REGION_MISMATCH psc", new PathCase().With("forwardingRules", "psc", """{"selfLink":"@p1/regions/europe-west1/forwardingRules/psc"}""").Through("10.0.1.30"));
        Assert.Equal("Blocked target PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK psc", new PathCase().With("forwardingRules", "psc", """{"network":"@p2/global/networks/net-b","IPAddress":"10.16.0.30"}""").Through("10.16.0.30"));
        Assert.Equal(
            "Reachable target",
            new PathCase().Add("forwardingRules", """{"name":"apis","selfLink":"@p1/global/forwardingRules/apis","network":"@p1/global/networks/net","IPAddress":"10.254.0.1","target":"all-apis","pscConnectionStatus":"ACCEPTED"}""").Through("10.254.0.1", 443));
    }

    [Fact]
    public void CloudSql_AsksForPortConnectorAndAddress()
    {
        Assert.Equal("Reachable target", new PathCase().Through("10.50.0.5"));
        Assert.Equal("Blocked target CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT sql", new PathCase().Through("10.50.0.5", 3306));
        Assert.Equal("Reachable target", new PathCase().Through("10.50.0.5", 3307));
        Assert.Equal("Blocked target CLOUD_SQL_INSTANCE_NOT_RUNNING sql", new PathCase().With("sqlInstances", "sql", """{"state":"MAINTENANCE"}""").Through("10.50.0.5"));
        Assert.Equal("Unknown target the instance's state", new PathCase().With("sqlInstances", "sql", """{"state":null}""").Through("10.50.0.5"));
        Assert.Equal("Blocked target CLOUD_SQL_INSTANCE_NOT_RUNNING sql", Sql("\"activationPolicy\":\"NEVER\"").Through("10.50.0.5"));
        Assert.Equal("Blocked target CLOUD_SQL_CONNECTOR_REQUIRED sql", Sql("\"connectorEnforcement\":\"REQUIRED\"").Through("10.50.0.5"));
        Assert.Equal("Reachable target", Sql("\"connectorEnforcement\":\"REQUIRED\"").Through("10.50.0.5", 3307));

        var shared = Sql("\"activationPolicy\":\"ALWAYS\"").With("subnetworks", "run-sub", """{"ipCidrRange":"100.64.0.0/26"}""");
        Assert.Equal("Blocked target CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS sql", shared.Ask("direct", "100.64.0.5", "10.50.0.5"));
        Assert.Equal("Reachable target", shared.Ask("direct", "100.64.0.33", "10.50.0.5"));
        Assert.Equal("Reachable target", shared.Ask("direct", "100.64.0.5", "10.50.0.5", 3307));
        Assert.Equal(
            "Blocked target NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION sql",
            new PathCase().With("subnetworks", "run-sub", """{"ipCidrRange":"172.17.0.0/26"}""").Ask("direct", "172.17.0.5", "10.50.0.5"));

        static PathCase Sql(string fields) => new PathCase().With(
            "sqlInstances", "sql", $$$"""{"settings":{{{{fields}}},"ipConfiguration":{"privateNetwork":"projects/p1/global/networks/net","authorizedNetworks":[{"value":"100.64.0.32/27"}]} } }""");
    }

    [Fact]
    public void ManagedServices_AreReachedByTheirPeeringOnly()
    {
        const string Inactive = """{"state":"INACTIVE"}""";
        Assert.Equal("Blocked route GOOGLE_MANAGED_SERVICE_NO_PEERING servicenetworking-googleapis-com", new PathCase().WithPeering("net", "servicenetworking-googleapis-com", Inactive).Through("10.50.0.5", target: PathCase.Sql));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", new PathCase().WithPeering("net", "servicenetworking-googleapis-com", Inactive).Through("10.50.0.5"));
        Assert.Equal("Blocked route GOOGLE_MANAGED_SERVICE_NO_PEERING net", new PathCase().WithPeering("net", "servicenetworking-googleapis-com", """{"name":"other"}""").Through("10.50.0.5", target: PathCase.Sql));

        // The instance of a peer is not reached: peering is not transitive.
        Assert.Equal(
            "Blocked route GOOGLE_MANAGED_SERVICE_NO_PEERING net",
            new PathCase().With("sqlInstances", "sql", """{"settings":{"ipConfiguration":{"privateNetwork":"projects/p2/global/networks/net-b"}}}""").Through("10.50.0.5", target: PathCase.Sql));

        // Redis by direct peering has a peering of its own.
        var redis = new PathCase().With("redisInstances", "redis", """{"connectMode":"DIRECT_PEERING"}""");
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", redis.Through("10.50.0.20", 6379));
        Assert.Equal("Reachable target", redis.WithPeering("net", "servicenetworking-googleapis-com", """{"name":"redis-peer-1"}""").Through("10.50.0.20", 6379));
        var allocated = new PathCase().Add("addresses", """{"name":"psa","selfLink":"@p1/global/addresses/psa","purpose":"VPC_PEERING","address":"10.50.0.0","prefixLength":24,"network":"@p1/global/networks/net"}""");
        Assert.StartsWith("Unknown target an allocated range", allocated.Through("10.50.0.77"), StringComparison.Ordinal);
    }

    [Fact]
    public void Redis_AsksForPortAndPrivateAddress()
    {
        Assert.Equal("Reachable target", new PathCase().Through("10.50.0.20", 6379));
        Assert.Equal("Blocked target REDIS_INSTANCE_UNSUPPORTED_PORT redis", new PathCase().Through("10.50.0.20", 6380));
        Assert.Equal("Reachable target", new PathCase().Through("10.50.0.21", 6380));
        Assert.Equal("Blocked target REDIS_INSTANCE_UNSUPPORTED_PROTOCOL redis", new PathCase().Through("10.50.0.20", 6379, 17));
        Assert.Equal("Blocked target REDIS_INSTANCE_NOT_RUNNING redis", new PathCase().With("redisInstances", "redis", """{"state":"IMPORTING"}""").Through("10.50.0.20", 6379));
        Assert.Equal("Reachable target", new PathCase().With("redisInstances", "redis", """{"state":"REPAIRING"}""").Through("10.50.0.20", 6379));
        Assert.Equal("Unknown target the instance's state", new PathCase().With("redisInstances", "redis", """{"state":null}""").Through("10.50.0.20", 6379));

        // A privately used public address: Redis refuses it, Cloud SQL needs it listed and a way back.
        var borrowed = new PathCase().With("subnetworks", "run-sub", """{"ipCidrRange":"34.1.0.0/26"}""");
        Assert.Equal("Blocked target REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS redis", borrowed.Ask("direct", "34.1.0.5", "10.50.0.20", 6379));
        borrowed.WithPeering("net", "servicenetworking-googleapis-com", """{"exportSubnetRoutesWithPublicIp":false}""");
        Assert.Equal("Blocked target NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION sql", borrowed.Ask("direct", "34.1.0.5", "10.50.0.5", 3307));
    }

    [Fact]
    public void Internet_NeedsRouteAndNat()
    {
        const string Listed = "\"sourceSubnetworkIpRangesToNat\":\"LIST_OF_SUBNETWORKS\",\"subnetworks\":[{\"name\":\"@p1/regions/us-central1/subnetworks/";
        const string All = "\"sourceSubnetworkIpRangesToNat\":\"ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES\"";
        Assert.Equal("Reachable internet", new PathCase().Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet PRIVATE_TRAFFIC_TO_INTERNET default", new PathCase().Through("192.168.7.7", 443));
        Assert.Equal("Blocked internet CLOUD_NAT_PROTOCOL_UNSUPPORTED nat-us", new PathCase().Through("8.8.8.8", 0, 47));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", new PathCase().Without("routers", "router-us").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", new PathCase().With("routers", "router-us", """{"selfLink":"@p1/regions/europe-west1/routers/router-us"}""").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", Nat(All + ",\"type\":\"PRIVATE\"").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", Nat(All + ",\"endpointTypes\":[\"ENDPOINT_TYPE_SWG\"]").Through("8.8.8.8", 443));
        Assert.Equal("Reachable internet", Nat(All + ",\"type\":\"PUBLIC\",\"endpointTypes\":[\"ENDPOINT_TYPE_SWG\",\"ENDPOINT_TYPE_VM\"]").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", Nat(Listed + "run-sub\",\"sourceIpRangesToNat\":[\"ALL_IP_RANGES\"]}]").Through("8.8.8.8", 443));
        Assert.Equal("Reachable internet", Nat(Listed + "conn-sub\",\"sourceIpRangesToNat\":[\"PRIMARY_IP_RANGE\"]}]").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", Nat(Listed + "conn-sub\",\"sourceIpRangesToNat\":[\"LIST_OF_SECONDARY_IP_RANGES\"]}]").Through("8.8.8.8", 443));
        Assert.Equal("Blocked internet CLOUD_NAT_NO_ADDRESSES n", Nat(All + ",\"natIpAllocateOption\":\"MANUAL_ONLY\",\"drainNatIps\":[\"projects/p1/regions/us-central1/addresses/a\"]").Through("8.8.8.8", 443));
        Assert.StartsWith("Unknown internet", Nat("\"sourceSubnetworkIpRangesToNat\":\"SOME\"").Through("8.8.8.8", 443), StringComparison.Ordinal);

        // The hidden subnetwork of a connector with a range of its own is in no list.
        var hidden = Nat(Listed + "conn-sub\",\"sourceIpRangesToNat\":[\"ALL_IP_RANGES\"]}]").With("connectors", "conn-a", """{"subnet":null,"network":"net","ipCidrRange":"10.8.0.0/28"}""").Without("subnetworks", "conn-sub");
        Assert.Equal("Blocked internet NO_EXTERNAL_ADDRESS net", hidden.Through("8.8.8.8", 443));

        static PathCase Nat(string fields) => new PathCase().With("routers", "router-us", $$"""{"nats":[{"name":"n",{{fields}}}]}""");
    }

    [Fact]
    public void GoogleApis_NeedPrivateAccessOrNat()
    {
        const string Off = """{"privateIpGoogleAccess":false}""";
        Assert.Equal("Reachable google-apis", new PathCase().Through("199.36.153.4", 443));
        Assert.Equal("Blocked google-apis PRIVATE_GOOGLE_ACCESS_DISALLOWED conn-sub", new PathCase().With("subnetworks", "conn-sub", Off).Through("199.36.153.4", 443));
        Assert.Equal("Blocked route NO_ROUTE net", new PathCase().Without("routes", "default").Through("199.36.153.4", 443));

        // Without the default route, but with a narrower one to the gateway.
        Assert.Equal("Reachable google-apis", new PathCase().Without("routes", "default").AddRoute("vips", "199.36.153.4/30", "\"nextHopGateway\":\"@p1/global/gateways/default-internet-gateway\"").Through("199.36.153.4", 443));

        Assert.Equal("Reachable google-apis", Default(new PathCase().Without("routers", "router-us")));
        Assert.Equal("Blocked google-apis PRIVATE_GOOGLE_ACCESS_DISALLOWED conn-sub", Default(new PathCase().Without("routers", "router-us").With("subnetworks", "conn-sub", Off)));
        Assert.Equal("Reachable internet", Default(new PathCase().With("subnetworks", "conn-sub", Off)));

        var hidden = new PathCase().With("connectors", "conn-a", """{"subnet":null,"network":"net","ipCidrRange":"10.8.0.0/28"}""").Without("subnetworks", "conn-sub");
        Assert.StartsWith("Unknown google-apis", hidden.Through("199.36.153.4", 443), StringComparison.Ordinal);
        Assert.Equal("Reachable internet", Default(hidden));
        Assert.StartsWith("Unknown google-apis", Default(hidden.Without("routers", "router-us")), StringComparison.Ordinal);
        hidden.Add("subnetworks", """{"name":"aet-uscentral1-conn--a","selfLink":"@p1/regions/us-central1/subnetworks/aet-uscentral1-conn--a","network":"@p1/global/networks/net","ipCidrRange":"10.8.0.0/28","privateIpGoogleAccess":true}""");
        Assert.Equal("Reachable google-apis", hidden.Through("199.36.153.4", 443));

        // A private zone that maps the names makes the virtual address the destination.
        const string Zone = """{"name":"apis","dnsName":"googleapis.com.","visibility":"private","privateVisibilityConfig":{"networks":[{"networkUrl":"@p1/global/networks/net"}]},"rrsets":[{"name":"*.googleapis.com.","type":"A","rrdatas":["199.36.153.8"]}]}""";
        Assert.Equal("Blocked google-apis PRIVATE_GOOGLE_ACCESS_DISALLOWED conn-sub", Default(new PathCase().Add("managedZones", Zone).With("subnetworks", "conn-sub", Off)));
        Assert.Equal("Reachable google-apis", new PathCase().Add("managedZones", Zone).Ask("private", "10.8.0.5", "142.250.1.1", 443, googleApis: true));
        Assert.Equal("Reachable egress SERVERLESS_EXTERNAL_CONNECTION", new PathCase().Add("managedZones", Zone).Ask("bare", null, "142.250.1.1", 443, googleApis: true));

        static string Default(PathCase item) => item.Ask("through", "10.8.0.5", "142.250.1.1", 443, googleApis: true);
    }

    [Fact]
    public void ListsThatAreNotWhole_MayHoldWhatIsMissing()
    {
        Assert.Equal("Unknown target what could have the address was not all listed", Gap("instances").Through("10.0.1.99"));
        Assert.Equal("Unknown target what could have the address was not all listed", Gap("forwardingRules").Through("10.0.1.99"));
        Assert.Equal("Reachable target", Gap("instances").Through("10.0.1.5"));
        Assert.Equal("Unknown internet routers could not all be listed", Gap("routers").Without("routers", "router-us").Through("8.8.8.8", 443));
        Assert.StartsWith("Unknown route", Gap("instances").AddRoute("r", "192.168.0.0/16", Hop + "gone\"").Through("192.168.0.1"), StringComparison.Ordinal);

        // A hop that may not be there loses to one that is and comes first.
        var two = Gap("instances").AddRoute("first", "192.168.0.0/16", $"\"priority\":10,{Hop}vm-1\"").AddRoute("second", "192.168.0.0/16", $"\"priority\":20,{Hop}gone\"");
        Assert.Equal("Blocked route FOREIGN_IP_DISALLOWED first", two.Through("192.168.0.1"));

        static PathCase Gap(string list) => new PathCase().Add("notListed", $$"""{"list":"{{list}}","project":"p1"}""");
    }

    /// <summary>Every stage and reason that a path may end with, in the order of the stages.</summary>
    private static readonly (string Stage, string[] Reasons)[] s_reasons =
    [
        (Stages.Egress, ["SERVERLESS_EXTERNAL_CONNECTION", "VPC_CONNECTOR_NOT_SET", "PRIVATE_TRAFFIC_TO_INTERNET"]),
        (Stages.Attachment, ["VPC_CONNECTOR_NOT_FOUND", "VPC_CONNECTOR_NOT_RUNNING", "VPC_CONNECTOR_WRONG_REGION", "SUBNETWORK_NOT_FOUND", "SUBNETWORK_WRONG_REGION", "VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED", "VPC_CONNECTOR_HEALTH_CHECK_TRAFFIC_BLOCKED"]),
        (Stages.EgressFirewall, ["FIREWALL_RULE"]),
        (Stages.Route,
        [
            "NO_ROUTE", "GOOGLE_MANAGED_SERVICE_NO_PEERING", "PEERING_VPC", "VPN_GATEWAY", "INTERCONNECT", "NCC_HUB", "FOREIGN_IP_DISALLOWED", "INSTANCE_NOT_RUNNING", "ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND", "ROUTE_NEXT_HOP_INSTANCE_WRONG_NETWORK",
            "ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED", "ROUTE_NEXT_HOP_FORWARDING_RULE_TYPE_INVALID", "ROUTE_NEXT_HOP_VPN_TUNNEL_NOT_ESTABLISHED",
        ]),
        (Stages.IngressFirewall, ["FIREWALL_RULE"]),
        (Stages.Target,
        [
            "UNKNOWN_INTERNAL_ADDRESS", "INSTANCE_NOT_RUNNING", "NO_ROUTE", "FORWARDING_RULE_REGION_MISMATCH", "FORWARDING_RULE_MISMATCH", "LOAD_BALANCER_HAS_NO_PROXY_SUBNET", "FORWARDING_RULE_NO_INSTANCES",
            "PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK", "PSC_CONNECTION_NOT_ACCEPTED", "CLOUD_SQL_INSTANCE_NOT_RUNNING", "CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT", "CLOUD_SQL_CONNECTOR_REQUIRED", "CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS",
            "NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION", "REDIS_INSTANCE_NOT_RUNNING", "REDIS_INSTANCE_UNSUPPORTED_PROTOCOL", "REDIS_INSTANCE_UNSUPPORTED_PORT", "REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS",
        ]),
        (Stages.Internet, ["PRIVATE_TRAFFIC_TO_INTERNET", "NO_EXTERNAL_ADDRESS", "CLOUD_NAT_NO_ADDRESSES", "CLOUD_NAT_PROTOCOL_UNSUPPORTED"]),
        (Stages.GoogleApis, ["PRIVATE_GOOGLE_ACCESS_DISALLOWED"]),
    ];

    [Fact]
    public void RandomEstates_ShowEveryAnswer()
    {
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var wanted = s_reasons.SelectMany(stage => stage.Reasons.Select(reason => $"{stage.Stage} {reason}"))
            .Concat(Enum.GetNames<Effect>()).Concat(["Partial route", "Partial target", "Reachable target", "Reachable internet", "Reachable google-apis"]).ToList();

        // What is rare may be missing from a few estates, but not from many.
        for (var round = 0; round < 10 && (round == 0 || !wanted.TrueForAll(seen.ContainsKey)); round++)
        {
            RandomPaths.Estate.Sample(estate => Count(estate, seen), iter: 200 * Soak.Factor);
        }

        var packets = Enum.GetNames<Effect>().Sum(effect => seen.GetValueOrDefault(effect));
        foreach (var (what, count) in seen.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{count,7} {100.0 * count / packets,5:F1} % {what}");
        }

        Assert.Equal("", string.Join(", ", wanted.Where(what => !seen.ContainsKey(what))));
        Assert.True(seen["Reachable"] > packets / 10 && seen["Unknown"] < packets / 3, $"of {packets} packets {seen["Reachable"]} arrive and {seen["Unknown"]} are unknown: too few and too many to prove much");
    }

    private static void Count(JsonNode estate, ConcurrentDictionary<string, int> seen)
    {
        var paths = new NaivePaths(estate);
        foreach (var packet in new PathBoundaries(estate).Sample(new Random(estate.ToJsonString().Length), 150))
        {
            var answer = paths.Answer(packet);
            foreach (var what in new[] { $"{answer.Effect}", $"{answer.Effect} {answer.Stage}", $"{answer.Stage} {answer.Reason}" })
            {
                seen.AddOrUpdate(what, 1, (_, count) => count + 1);
            }
        }
    }

    [Fact]
    public void RandomEstates_AreAnsweredAtEveryBoundaryWithGapsAndZones() => Gen.OneOf(RandomPaths.WithGaps, RandomPaths.WithZones).Sample(
        estate =>
        {
            var (paths, random) = (new NaivePaths(estate), new Random(estate.ToJsonString().Length));
            foreach (var packet in new PathBoundaries(estate).Grid().Where(_ => random.Next(200) == 0).Take(200))
            {
                var answer = paths.Answer(packet);
                Assert.True(answer.Effect is Effect.Blocked == answer.DecidedBy is not null && (answer.DecidedBy is null || answer.MayDecide.Contains(answer.DecidedBy)), $"{answer} for {packet}\n{estate}");
            }
        },
        iter: 20 * Soak.Factor);
}
