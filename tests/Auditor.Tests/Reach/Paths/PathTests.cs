namespace Auditor.Tests.Reach.Paths;

/// <summary>Whole paths case by case, the unkind ones above all.</summary>
public sealed class PathTests
{
    private const string Vm = "\"status\":\"RUNNING\",\"tags\":{\"items\":[\"db\"]}";

    [Fact]
    public void AMachine_IsReachedOverTheManagedRules()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm);
        Assert.Equal("reachable", here.Ask("db", "tcp:5432"));
        Assert.Equal("reachable", here.Ask("10.1.0.5", "tcp:5432"));
        Assert.Equal("blocked Target UNKNOWN_INTERNAL_ADDRESS by main", here.Ask("10.1.0.6", "tcp:5432"));
        Assert.Equal("blocked Target INSTANCE_NOT_RUNNING by db", here.Machine("db", "10.1.0.5", "\"status\":\"TERMINATED\"").Ask("db", "tcp:5432"));
    }

    [Theory]
    [InlineData(999, "blocked IngressFirewall FIREWALL_RULE by deny")]
    [InlineData(1000, "blocked IngressFirewall FIREWALL_RULE by deny")]
    [InlineData(1001, "reachable")]
    public void ADeny_CountsUpToThePriorityOfTheManagedAllow(int priority, string expected) => Assert.Equal(expected, new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
        .Rule("deny", $$""" "priority":{{priority}},"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """).Ask("db", "tcp:5432"));

    [Fact]
    public void AHalfCoveredRange_FailsByHalf()
    {
        var answer = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.8/29"],"denied":[{"IPProtocol":"all"}] """).Find("db", "tcp:5432");
        Assert.Equal(Auditor.Reach.Paths.PathEffect.Partial, answer.Disposition);
        Assert.Equal("10.8.0.8/30, 10.8.0.12/31", answer.Of(Auditor.Reach.Paths.PathEffect.Blocked).Single().Sources.ToString());
    }

    [Fact]
    public void WithoutAttachment_NoPrivateAddressIsReached_AndTheInternetIs()
    {
        var here = new PathCase().Service("bare", null).Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm);
        Assert.Equal("blocked Egress VPC_CONNECTOR_NOT_SET by sender", here.Ask("db", from: "bare"));
        Assert.Equal("reachable", here.Ask("internet", from: "bare"));
        Assert.Equal("reachable", here.Ask("googleapis", from: "bare"));
    }

    [Fact]
    public void PrivateRangesOnly_SendsNothingElseIntoTheVpc()
    {
        var here = new PathCase().Subnetwork("pupi", "25.1.0.0/16").Machine("db", "25.1.0.5", Vm).Subnetwork("e", "240.1.0.0/16").Machine("odd", "240.1.0.5", Vm);
        Assert.Equal("blocked Egress PRIVATE_TRAFFIC_TO_INTERNET by sender", here.Ask("db", "tcp:5432"));
        Assert.StartsWith("unknown Egress", here.Ask("odd", "tcp:5432"), StringComparison.Ordinal);
        Assert.Equal("reachable", here.Ask("internet"));
        Assert.Equal("reachable", new PathCase("ALL_TRAFFIC").Subnetwork("pupi", "25.1.0.0/16").Machine("db", "25.1.0.5", Vm).Ask("db", "tcp:5432"));
    }

    [Theory]
    [InlineData("ERROR", "blocked Attachment VPC_CONNECTOR_NOT_RUNNING by conn")]
    [InlineData("UPDATING", "blocked Route NO_ROUTE by main")]
    public void AConnector_MustWork(string state, string expected) => Assert.Equal(expected, new PathCase()
        .With($$"""{"name":"projects/shop/locations/europe-west1/connectors/conn","network":"main","ipCidrRange":"10.8.0.0/28","state":"{{state}}"}""").Without("routes/default-route").Ask("10.99.0.1"));

    [Fact]
    public void AConnectorThatGoogleCannotReach_CarriesNothing() => Assert.Equal("blocked Attachment VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED by deny", new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
        .Rule("deny", """ "priority":50,"direction":"INGRESS","sourceRanges":["35.199.224.0/19"],"denied":[{"IPProtocol":"all"}] """).Ask("db"));

    [Fact]
    public void PrivateTraffic_DoesNotLeaveAtTheInternetGateway() => Assert.Equal("blocked Internet PRIVATE_TRAFFIC_TO_INTERNET by default-route", new PathCase().Ask("10.99.0.1"));

    [Fact]
    public void TheInternet_NeedsANatThatCoversTheHiddenSubnetwork()
    {
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", new PathCase("ALL_TRAFFIC").Ask("internet"));
        Assert.Equal("reachable", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Ask("internet"));
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """, "us-east1").Ask("internet"));
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", new PathCase("ALL_TRAFFIC").Subnetwork("apps", "10.1.0.0/16").Nat($$""" "sourceSubnetworkIpRangesToNat":"LIST_OF_SUBNETWORKS","subnetworks":[{"name":"{{PathCase.Compute}}regions/europe-west1/subnetworks/apps","sourceIpRangesToNat":["ALL_IP_RANGES"]}] """).Ask("internet"));
        Assert.Equal("blocked Internet CLOUD_NAT_NO_ADDRESSES by nat", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"MANUAL_ONLY","natIps":[] """).Ask("internet"));
        Assert.Equal("blocked Internet CLOUD_NAT_PROTOCOL_UNSUPPORTED by nat", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Ask("internet", "esp"));
        Assert.Equal("blocked EgressFirewall FIREWALL_RULE by always-blocked", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Ask("internet", "tcp:25"));
    }

    [Fact]
    public void ADefaultRouteToAnAppliance_IsNotKnownToReachTheInternet()
    {
        var here = new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Without("routes/default-route")
            .Machine("fw", "10.1.0.2", "\"status\":\"RUNNING\",\"canIpForward\":true").Route("via-fw", "0.0.0.0/0", $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/fw" """);
        Assert.Equal("unknown Route: VM fw forwards it as its own configuration says", here.Ask("internet"));
        Assert.Equal("blocked Route FOREIGN_IP_DISALLOWED by fw", here.Machine("fw", "10.1.0.2").Ask("internet"));
        Assert.Equal("blocked Route INSTANCE_NOT_RUNNING by via-fw", here.Machine("fw", "10.1.0.2", "\"status\":\"TERMINATED\",\"canIpForward\":true").Ask("internet"));
        Assert.Equal("blocked Route ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND by via-fw", here.Without("instances/fw").Ask("internet"));
    }

    [Fact]
    public void GoogleApis_AreReachedByPrivateAccessOrByNat()
    {
        static PathCase OnSubnetwork(bool access) => new PathCase().Subnetwork("direct", "10.2.0.0/24", fields: $"\"privateIpGoogleAccess\":{(access ? "true" : "false")}")
            .Service("job", $$""" "networkInterfaces":[{"subnetwork":"direct"}],"egress":"ALL_TRAFFIC" """);
        Assert.Equal("reachable", OnSubnetwork(true).Ask("googleapis", from: "job"));
        Assert.Equal("reachable", OnSubnetwork(true).Ask("199.36.153.9", from: "job"));
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", OnSubnetwork(true).Ask("internet", from: "job"));
        Assert.Equal("blocked GoogleApis PRIVATE_GOOGLE_ACCESS_DISALLOWED by direct", OnSubnetwork(false).Ask("googleapis", from: "job"));
        Assert.Equal("reachable", OnSubnetwork(false).Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Ask("googleapis", from: "job"));
        Assert.StartsWith("unknown GoogleApis: whether the hidden subnetwork", new PathCase("ALL_TRAFFIC").Ask("googleapis"), StringComparison.Ordinal);
    }

    [Fact]
    public void AllTrafficWithPrivateGoogleAccessButWithoutNat_ReachesGoogleApisAndNotTheInternet()
    {
        var here = new PathCase().Subnetwork("direct", "10.2.0.0/24", fields: "\"privateIpGoogleAccess\":true").Service("job", """ "networkInterfaces":[{"subnetwork":"direct"}],"egress":"ALL_TRAFFIC" """);
        Assert.Equal("reachable", here.Ask("googleapis", from: "job"));
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", here.Ask("internet", from: "job"));
        Assert.Equal("blocked Internet NO_EXTERNAL_ADDRESS by main", here.Ask("93.184.216.34", from: "job"));
    }

    [Fact]
    public void AnInactivePeering_CarriesNothing()
    {
        static PathCase Here(string state) => new PathCase().Without("routes/default-route")
            .OfNetwork("main", $$""" "peerings":[{"name":"there","network":"{{PathCase.Compute}}global/networks/far","state":"{{state}}"}] """).OfNetwork("far", $$""" "peerings":[{"name":"back","network":"{{PathCase.Network}}","state":"{{state}}"}] """)
            .Subnetwork("apps", "10.1.0.0/16", "far").Machine("db", "10.1.0.5", Vm, "far").Rule("open", """ "sourceRanges":["10.8.0.0/28"],"allowed":[{"IPProtocol":"tcp"}] """, "far");
        Assert.Equal("reachable", Here("ACTIVE").Ask("db"));
        Assert.Equal("blocked Route NO_ROUTE by main", Here("INACTIVE").Ask("db"));
        Assert.Equal("blocked Route GOOGLE_MANAGED_SERVICE_NO_PEERING by servicenetworking-googleapis-com", new PathCase().Sql(peering: "INACTIVE").Ask("orders", "tcp:5432"));
    }

    [Fact]
    public void OfTwoEqualRoutes_OneThatLeadsNowhereLosesItsShare() => Assert.Equal("partial Route FOREIGN_IP_DISALLOWED by b", new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """)
        .Subnetwork("apps", "10.1.0.0/16").Machine("b", "10.1.0.3").Route("other-default", "0.0.0.0/0", $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/b" """).Ask("internet"));

    [Fact]
    public void TwoRoutesOfEqualPriority_ShareTheTraffic()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("a", "10.1.0.2", "\"status\":\"RUNNING\",\"canIpForward\":true").Machine("b", "10.1.0.3")
            .Route("r1", "10.50.0.0/16", $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/a" """).Route("r2", "10.50.0.0/16", $$""" "nextHopIp":"10.1.0.3" """);
        Assert.StartsWith("unknown Route: VM a forwards", here.Ask("10.50.0.9"), StringComparison.Ordinal);
        Assert.Equal("blocked Route FOREIGN_IP_DISALLOWED by b", here.Route("r1", "10.50.0.0/16", $$""" "nextHopInstance":"{{PathCase.Compute}}zones/europe-west1-b/instances/a" """, "\"priority\":2000").Ask("10.50.0.9"));
    }

    [Fact]
    public void ARouteByTag_IsForMachinesWithIt()
    {
        var here = new PathCase().Route("tagged", "0.0.0.0/0", """ "nextHopIp":"10.1.0.9" """, "\"priority\":10,\"tags\":[\"vpc-connector\"]");
        Assert.Equal("blocked Route ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED by tagged", here.Route("tagged", "10.0.0.0/8", """ "nextHopIp":"10.1.0.9" """, "\"priority\":10,\"tags\":[\"vpc-connector\"]").Ask("10.77.0.1"));
        Assert.Equal("blocked Internet PRIVATE_TRAFFIC_TO_INTERNET by default-route", here.Route("tagged", "10.0.0.0/8", """ "nextHopIp":"10.1.0.9" """, "\"priority\":10,\"tags\":[\"other\"]").Ask("10.77.0.1"));
    }

    [Fact]
    public void CloudSql_IsReachedOverItsPeeringAlone()
    {
        Assert.Equal("reachable", new PathCase().Sql().Ask("orders", "tcp:5432"));
        Assert.Equal("blocked Route GOOGLE_MANAGED_SERVICE_NO_PEERING by servicenetworking-googleapis-com", new PathCase().Sql(peering: "INACTIVE").Ask("orders", "tcp:5432"));
        Assert.Equal("blocked Route GOOGLE_MANAGED_SERVICE_NO_PEERING by main", new PathCase().Sql().OfNetwork("main").Ask("orders", "tcp:5432"));
        Assert.Equal("reachable", new PathCase().Sql().Rule("deny", """ "priority":1,"direction":"INGRESS","sourceRanges":["10.8.0.0/28"],"destinationRanges":["10.60.0.0/16"],"denied":[{"IPProtocol":"all"}] """).Ask("orders", "tcp:5432"));
        Assert.Equal("blocked EgressFirewall FIREWALL_RULE by deny", new PathCase().Sql().Rule("deny", """ "priority":900,"direction":"EGRESS","destinationRanges":["10.60.0.0/16"],"targetTags":["vpc-connector"],"denied":[{"IPProtocol":"all"}] """).Ask("orders", "tcp:5432"));
        Assert.Equal("blocked Target CLOUD_SQL_INSTANCE_NOT_RUNNING by orders", new PathCase().Sql(settings: "\"activationPolicy\":\"NEVER\"").Ask("orders", "tcp:5432"));
        Assert.Equal("blocked Target CLOUD_SQL_CONNECTOR_REQUIRED by orders", new PathCase().Sql(settings: "\"connectorEnforcement\":\"REQUIRED\"").Ask("orders", "tcp:5432"));
        Assert.Equal("reachable", new PathCase().Sql(settings: "\"connectorEnforcement\":\"REQUIRED\"").Ask("orders", "tcp:3307"));
        Assert.Equal("blocked Target CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT by orders", new PathCase().Sql().Ask("orders", "tcp:3306"));
    }

    [Fact]
    public void CloudSql_LetsClientsOutsideRfc1918InOnlyWhereAuthorised()
    {
        static PathCase From100(string ip) => new PathCase().Sql(ip: ip).With("""{"name":"projects/shop/locations/europe-west1/connectors/conn","network":"main","ipCidrRange":"100.64.8.0/28","state":"READY"}""");
        Assert.Equal("blocked Target CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS by orders", From100("\"ipv4Enabled\":false").Ask("orders", "tcp:5432"));
        Assert.Equal("reachable", From100("\"authorizedNetworks\":[{\"value\":\"100.64.8.0/28\"}]").Ask("orders", "tcp:5432"));
        Assert.Equal("100.64.8.2/31,100.64.8.4/30 reachable; 100.64.8.8/30,100.64.8.12/31 blocked Target CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS by orders", From100("\"authorizedNetworks\":[{\"value\":\"100.64.8.0/29\"}]").Ask("orders", "tcp:5432"));
    }

    [Fact]
    public void APeering_MustBeActiveOnBothSides_AndIsNotTransitive()
    {
        static string Peer(string name, string to, string state = "ACTIVE", string more = "\"exchangeSubnetRoutes\":true") => $$"""{"name":"{{name}}","network":"{{PathCase.Compute}}global/networks/{{to}}","state":"{{state}}",{{more}}}""";
        static PathCase Three(string mine = "ACTIVE", string theirs = "ACTIVE") => new PathCase()
            .OfNetwork("main", $""" "peerings":[{Peer("to-hub", "hub", mine)}] """)
            .OfNetwork("hub", $""" "peerings":[{Peer("to-main", "main", theirs)},{Peer("to-far", "far")}] """)
            .OfNetwork("far", $""" "peerings":[{Peer("to-hub", "hub")}] """)
            .Subnetwork("hub-apps", "10.20.0.0/16", "hub").Machine("near", "10.20.0.5", network: "hub").Rule("open-hub", """ "sourceRanges":["10.8.0.0/28"],"allowed":[{"IPProtocol":"tcp"}] """, "hub")
            .Subnetwork("far-apps", "10.30.0.0/16", "far").Machine("far-vm", "10.30.0.5", network: "far").Rule("open-far", """ "sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp"}] """, "far");
        Assert.Equal("reachable", Three().Ask("near"));
        Assert.Equal("blocked Internet PRIVATE_TRAFFIC_TO_INTERNET by default-route", Three().Ask("far-vm"));
        Assert.Equal("blocked Internet PRIVATE_TRAFFIC_TO_INTERNET by default-route", Three(mine: "INACTIVE").Ask("near"));
        Assert.Equal("blocked Internet PRIVATE_TRAFFIC_TO_INTERNET by default-route", Three(theirs: "INACTIVE").Ask("near"));

        // Tags stop at the peering.
        Assert.Equal("blocked IngressFirewall FIREWALL_RULE by implied-deny-ingress", Three().Rule("open-hub", """ "sourceTags":["vpc-connector"],"allowed":[{"IPProtocol":"tcp"}] """, "hub").Ask("near"));
    }

    [Fact]
    public void APeerThatWasNotRead_MayHaveAnyPrivateAddress()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .OfNetwork("main", """ "peerings":[{"name":"to-other","network":"https://www.googleapis.com/compute/v1/projects/other/global/networks/theirs","state":"ACTIVE"}] """);
        Assert.Equal("unknown Route: it may end in network theirs of project other, which was not read", here.Ask("10.99.0.1"));
        Assert.Equal("reachable", here.Ask("db"));
    }

    [Fact]
    public void DirectVpc_MeetsIngressRulesByAddressOnly()
    {
        var here = new PathCase().Subnetwork("direct", "10.2.0.0/24").Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .Service("job", """ "networkInterfaces":[{"subnetwork":"direct","tags":["job"]}] """);
        Assert.Equal("blocked IngressFirewall FIREWALL_RULE by implied-deny-ingress", here.Rule("by-tag", """ "sourceTags":["job"],"allowed":[{"IPProtocol":"tcp"}] """).Ask("db", from: "job"));
        Assert.Equal("reachable", here.Rule("by-range", """ "sourceRanges":["10.2.0.0/24"],"allowed":[{"IPProtocol":"tcp"}] """).Ask("db", from: "job"));
        Assert.Equal("blocked EgressFirewall FIREWALL_RULE by deny-out", here.Rule("deny-out", """ "priority":900,"direction":"EGRESS","targetTags":["job"],"destinationRanges":["10.1.0.0/16"],"denied":[{"IPProtocol":"tcp"}] """).Ask("db", from: "job"));
    }

    [Fact]
    public void AHybridSubnetwork_LeavesAddressesNobodyHasToTheCustomRoutes()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16", fields: "\"allowSubnetCidrRoutesOverlap\":true").Machine("db", "10.1.0.5", Vm)
            .Route("on-prem", "10.1.0.0/16", $$""" "nextHopVpnTunnel":"{{PathCase.Compute}}regions/europe-west1/vpnTunnels/t1" """);
        Assert.Equal("reachable", here.Ask("10.1.0.5"));
        Assert.Equal("blocked Route ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND by on-prem", here.Ask("10.1.0.6"));
        Assert.Equal("unknown Route: VPN tunnel t1 takes it out of Google Cloud", here.With($$"""{"name":"t1","selfLink":"{{PathCase.Compute}}regions/europe-west1/vpnTunnels/t1","status":"ESTABLISHED"}""").Ask("10.1.0.6"));
    }

    [Fact]
    public void SecondaryRanges_AreRoutedToMachinesWithAliases() => Assert.Equal("reachable", new PathCase().Subnetwork("apps", "10.1.0.0/16", fields: "\"secondaryIpRanges\":[{\"rangeName\":\"pods\",\"ipCidrRange\":\"10.40.0.0/16\"}]")
        .With($$"""{"name":"node","selfLink":"{{PathCase.Compute}}zones/europe-west1-b/instances/node","status":"RUNNING","networkInterfaces":[{"network":"{{PathCase.Network}}","networkIP":"10.1.0.7","aliasIpRanges":[{"ipCidrRange":"10.40.3.0/24","subnetworkRangeName":"pods"}]}]}""").Ask("10.40.3.9", "tcp:8080"));

    [Fact]
    public void AControlPlaneBehindAPeering_LetsInItsRegionAndItsAuthorisedNetworks()
    {
        static PathCase Here(string peering = "ACTIVE", string more = "", string location = "europe-west1-b", string status = "RUNNING", string own = "") => new PathCase().Subnetwork("apps", "10.1.0.0/16")
            .OfNetwork("main", $$""" "peerings":[{"name":"gke-n1-peer","network":"https://www.googleapis.com/compute/v1/projects/gke-prod/global/networks/gke-n1","state":"{{peering}}"}] """)
            .Cluster($$""" "masterIpv4CidrBlock":"172.16.0.0/28","privateEndpoint":"172.16.0.2","peeringName":"gke-n1-peer"{{own}}""", more, location, status);
        Assert.Equal("reachable", Here().Ask("c1"));
        Assert.Equal("reachable", Here().Ask("172.16.0.2"));
        Assert.Equal("blocked Target MANAGED_SERVICE_UNSUPPORTED_PORT by c1", Here().Ask("c1", "tcp:22"));
        Assert.Equal("blocked Route GOOGLE_MANAGED_SERVICE_NO_PEERING by gke-n1-peer", Here("INACTIVE").Ask("c1"));
        Assert.Equal("blocked Target GKE_CLUSTER_NOT_RUNNING by c1", Here(status: "PROVISIONING").Ask("c1"));
        Assert.Equal("unknown Target: the state of GKE cluster c1 is not known", Here(status: "ERROR").Ask("c1"));
        Assert.Equal("blocked Target GKE_CONTROL_PLANE_REGION_MISMATCH by c1", Here(location: "us-east1").Ask("c1"));
        Assert.Equal("reachable", Here(location: "us-east1", own: ",\"masterGlobalAccessConfig\":{\"enabled\":true}").Ask("c1"));
        const string Half = "\"masterAuthorizedNetworksConfig\":{\"enabled\":true,\"cidrBlocks\":[{\"cidrBlock\":\"10.8.0.0/29\"}]";
        Assert.Equal("10.8.0.2/31,10.8.0.4/30 reachable; 10.8.0.8/30,10.8.0.12/31 blocked Target GKE_MASTER_UNAUTHORIZED_ACCESS by c1", Here(more: Half + ",\"privateEndpointEnforcementEnabled\":true},").Ask("c1"));
        Assert.Equal("10.8.0.2/31,10.8.0.4/30 reachable; 10.8.0.8/30,10.8.0.12/31 unknown Target: whether the authorised networks of GKE cluster c1 hold for its private endpoint is not said", Here(more: Half + "},").Ask("c1"));
    }

    [Fact]
    public void AControlPlaneInASubnetwork_IsAnAddressThere_AndNotKnownToAnswerPeers()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Cluster("\"privateEndpoint\":\"10.1.0.9\"");
        Assert.Equal("reachable", here.Ask("c1"));
        Assert.Equal("blocked EgressFirewall FIREWALL_RULE by deny-out", here.Rule("deny-out", """ "priority":900,"direction":"EGRESS","destinationRanges":["10.1.0.9/32"],"denied":[{"IPProtocol":"tcp"}] """).Ask("c1"));
        const string Other = "https://www.googleapis.com/compute/v1/projects/shop/global/networks/";
        var peered = new PathCase().OfNetwork("main", $$""" "peerings":[{"name":"a","network":"{{Other}}far","state":"ACTIVE"}] """).OfNetwork("far", $$""" "peerings":[{"name":"b","network":"{{Other}}main","state":"ACTIVE"}] """)
            .Subnetwork("apps", "10.1.0.0/16", "far").Cluster("\"privateEndpoint\":\"10.1.0.9\"", network: "far");
        Assert.Equal("unknown Target: whether GKE cluster c1 answers clients of a peered network is not documented", peered.Ask("c1"));
    }

    [Fact]
    public void APeeringToControlPlanesThatNoClusterTellsOf_MayLeadAnywherePrivate() => Assert.Equal(
        "unknown Route: it may end at the control plane of a GKE cluster behind peering gke-n1-peer, which was not read",
        new PathCase().OfNetwork("main", """ "peerings":[{"name":"gke-n1-peer","network":"https://www.googleapis.com/compute/v1/projects/gke-prod/global/networks/gke-n1","state":"ACTIVE"}] """).Ask("172.16.0.2"));

    [Fact]
    public void Pods_MeetTheRulesOfTheirNode_AndPoliciesThatNobodySees()
    {
        static PathCase Here(string policy = "") => new PathCase().Subnetwork("apps", "10.1.0.0/16", fields: "\"secondaryIpRanges\":[{\"rangeName\":\"pods\",\"ipCidrRange\":\"10.40.0.0/16\"}]")
            .With($$"""{"name":"node","selfLink":"{{PathCase.Compute}}zones/europe-west1-b/instances/node","status":"RUNNING","tags":{"items":["gke-c1-node"]},"networkInterfaces":[{"network":"{{PathCase.Network}}","networkIP":"10.1.0.7","aliasIpRanges":[{"ipCidrRange":"10.40.3.0/24","subnetworkRangeName":"pods"}]}]}""")
            .Cluster("\"enablePrivateNodes\":true", "\"ipAllocationPolicy\":{\"useIpAliases\":true,\"clusterSecondaryRangeName\":\"pods\"}," + policy);
        Assert.Equal("reachable", Here().Ask("c1/pods", "tcp:8080"));
        Assert.Equal("blocked IngressFirewall FIREWALL_RULE by no-pods", Here().Rule("no-pods", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp"}],"targetTags":["gke-c1-node"] """).Ask("c1/pods", "tcp:8080"));
        Assert.Equal("unknown Target: network policies inside GKE cluster c1, which are not seen, may drop it at node node", Here("\"networkPolicy\":{\"enabled\":true},").Ask("10.40.3.9", "tcp:8080"));
        Assert.Equal("blocked Target UNKNOWN_INTERNAL_ADDRESS by main", Here().Ask("10.40.4.9", "tcp:8080"));
        Assert.Equal("unknown Target: which addresses nodes of GKE cluster c1 hold for pods is not known", Here().Without("instances/node").Ask("c1/pods", "tcp:8080"));
        Assert.Equal("reachable", Here("\"networkPolicy\":{\"enabled\":true},").Ask("10.1.0.7", "tcp:10250"));
    }

    [Fact]
    public void AServiceProjectsConnector_HasNoManagedRules()
    {
        var here = new PathCase().With("""{"name":"projects/222","projectId":"team","parent":"organizations/9"}""").Subnetwork("conn-subnet", "10.9.0.0/28").Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .With("""{"name":"projects/team/locations/europe-west1/connectors/svc","subnet":{"name":"conn-subnet","projectId":"shop"},"state":"READY"}""")
            .With("""{"name":"projects/team/locations/europe-west1/services/api","template":{"vpcAccess":{"connector":"projects/team/locations/europe-west1/connectors/svc"}}}""");
        Assert.Equal("blocked Attachment VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED by implied-deny-ingress", here.Ask("db", from: "api"));
        here.Rule("fed", """ "sourceRanges":["35.199.224.0/19"],"allowed":[{"IPProtocol":"tcp","ports":["667"]},{"IPProtocol":"udp","ports":["665-666"]},{"IPProtocol":"icmp"}],"targetTags":["vpc-connector"] """)
            .Rule("probed", """ "sourceRanges":["35.191.0.0/16","35.191.192.0/18","130.211.0.0/22"],"allowed":[{"IPProtocol":"tcp","ports":["667"]}],"targetTags":["vpc-connector"] """);
        Assert.Equal("blocked IngressFirewall FIREWALL_RULE by implied-deny-ingress", here.Ask("db", from: "api"));
        Assert.Equal("reachable", here.Rule("let-in", """ "sourceTags":["vpc-connector"],"allowed":[{"IPProtocol":"tcp"}] """).Ask("db", from: "api"));
    }
}
