using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Paths;
using CsCheck;

namespace Auditor.Tests.Reach.Paths;

public sealed class PathDiagnosisTests(ITestOutputHelper output)
{
    private const string Vm = "\"status\":\"RUNNING\",\"tags\":{\"items\":[\"db\"]}";

    [Fact]
    public void ABlockedPath_NamesTheFirstCheckThatFails_AndARuleThatOpensJustIt()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Machine("other", "10.1.0.6", Vm)
            .Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """)
            .Rule("internal", """ "priority":65534,"sourceRanges":["10.1.0.0/16"],"allowed":[{"IPProtocol":"all"}] """);
        var diagnosis = Of(here, "db");
        Assert.Equal(["the connector is ready Ok", "the connector is in the workload's region Ok", "firewall rules let the packets pass Fails"], diagnosis.Checks.Select(check => $"{check.Question} {check.Outcome}"));
        Assert.Equal("FIREWALL_RULE by firewall rule deny (priority 900)", diagnosis.Checks[^1].Answer);
        Assert.True(diagnosis.IsSpecificToConnector);
        Assert.True(diagnosis.Repair!.Helps);
        Assert.Empty(diagnosis.Repair.OpensMore);
        Assert.Equal(
            "gcloud compute firewall-rules create allow-conn-to-db-in --project=shop --network=main --direction=INGRESS --priority=899 --action=ALLOW --rules=tcp:5432 --source-ranges=10.8.0.0/28 --destination-ranges=10.1.0.5/32",
            Assert.Single(diagnosis.Repair.Fixes).Gcloud);
        Assert.Contains("destination_ranges = [\"10.1.0.5/32\"]", diagnosis.Repair.Fixes[0].Terraform, StringComparison.Ordinal);
        Assert.Equal(
            "gcloud network-management connectivity-tests create audit-shop --project=shop --source-cloud-run-revision=projects/shop/locations/europe-west1/revisions/REVISION --destination-instance=projects/shop/zones/europe-west1-b/instances/db --destination-ip-address=10.1.0.5 --destination-port=5432 --protocol=TCP",
            diagnosis.ConnectivityTest());
    }

    [Fact]
    public void BothSidesBlocked_NeedTwoRules()
    {
        var repair = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .Rule("deny-out", """ "priority":10,"direction":"EGRESS","destinationRanges":["10.0.0.0/8"],"denied":[{"IPProtocol":"all"}] """)
            .Rule("deny-in", """ "priority":20,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """), "db").Repair!;
        Assert.Equal(["EGRESS 9".ToLowerInvariant(), "ingress 19"], repair.Fixes.Select(fix => (Firewall)fix.Change!.Resource!).Select(rule => $"{rule.Direction.ToString().ToLowerInvariant()} {rule.Priority}"));
        Assert.True(repair.Helps);
    }

    [Fact]
    public void AHierarchicalDeny_MustChangeItself()
    {
        var repair = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .With("""{"name":"7","shortName":"org-7","selfLink":"https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/7","parent":"organizations/9","associations":[{"name":"a","attachmentTarget":"organizations/9"}],"rules":[{"priority":5,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["10.8.0.0/28"],"layer4Configs":[{"ipProtocol":"tcp","ports":["5432"]}]}}]}"""), "db").Repair!;
        Assert.Empty(repair.Fixes);
        Assert.Equal("no VPC rule can open it: firewall policy rule org-7/5 must change", repair.MustChange);
    }

    [Fact]
    public void ACauseThatIsNoRule_HasAFixOfItsOwn()
    {
        var diagnosis = Of(new PathCase().Sql(settings: "\"activationPolicy\":\"NEVER\"").Subnetwork("apps", "10.1.0.0/16"), "orders");
        Assert.Equal(("the target runs and takes them", PathCheckOutcome.Fails), (diagnosis.Checks[^1].Question, diagnosis.Checks[^1].Outcome));
        Assert.False(diagnosis.IsSpecificToConnector);
        Assert.Equal("gcloud sql instances patch orders --project=shop --activation-policy=ALWAYS", Opens(diagnosis));
    }

    [Fact]
    public void NoAttachment_IsGivenOneOfTheTargetsNetwork()
    {
        var repair = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Service("shop", null), "db").Repair!;
        Assert.Equal("gcloud run services update shop --project=shop --region=europe-west1 --vpc-connector=projects/shop/locations/europe-west1/connectors/conn --vpc-egress=private-ranges-only", Assert.Single(repair.Fixes).Gcloud);
        Assert.True(repair.Helps);
        var more = Assert.Single(repair.OpensMore);
        Assert.Equal("db", more.Target.ShortName);
        Assert.DoesNotContain(more.Packets, pair => pair.Packets.Traffic.Contains(Traffic.Of(IpProtocol.Tcp, 5432)));
        Assert.Contains(more.Packets, pair => pair.Packets.Traffic.Contains(Traffic.Of(IpProtocol.Tcp, 5433)));
        var direct = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Service("shop", null).Without("connectors/conn"), "db").Repair!;
        Assert.Equal("gcloud run services update shop --project=shop --region=europe-west1 --network=projects/shop/global/networks/main --subnet=projects/shop/regions/europe-west1/subnetworks/apps --vpc-egress=private-ranges-only", direct.Fixes[0].Gcloud);

        // The interface has no managed allow: a rule is needed besides.
        Assert.Equal(2, direct.Fixes.Count);
        Assert.True(direct.Helps);
    }

    [Fact]
    public void AnAddressThatTheSettingSendsElsewhere_NeedsAllTraffic_WhichClosesTheInternetWithoutNat()
    {
        var repair = Of(new PathCase().Subnetwork("pupi", "25.1.0.0/16").Machine("db", "25.1.0.5", Vm), "db").Repair!;
        Assert.Equal("gcloud run services update shop --project=shop --region=europe-west1 --vpc-connector=projects/shop/locations/europe-west1/connectors/conn --vpc-egress=all-traffic", Assert.Single(repair.Fixes).Gcloud);
        Assert.Contains("egress    = \"ALL_TRAFFIC\"", repair.Fixes[0].Terraform, StringComparison.Ordinal);
        Assert.True(repair.Helps);
        Assert.Equal(["googleapis", "internet"], repair.Closes.Select(change => change.Target.ShortName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheInternet_NeedsANat_OrAWiderOne_OrAddresses_OrARoute()
    {
        Assert.Equal("gcloud compute routers create router-main --project=shop --region=europe-west1 --network=main && gcloud compute routers nats create nat-europe-west1 --router=router-main --project=shop --region=europe-west1 --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges",
            Opens(Internet(new PathCase("ALL_TRAFFIC"))));
        Assert.Equal("gcloud compute routers nats update nat --router=router --project=shop --region=europe-west1 --nat-all-subnet-ip-ranges",
            Opens(Internet(new PathCase("ALL_TRAFFIC").Subnetwork("apps", "10.1.0.0/16").Nat($$""" "sourceSubnetworkIpRangesToNat":"LIST_OF_SUBNETWORKS","subnetworks":[{"name":"{{PathCase.Compute}}regions/europe-west1/subnetworks/apps","sourceIpRangesToNat":["ALL_IP_RANGES"]}] """))));
        Assert.Equal("gcloud compute routers nats update nat --router=router --project=shop --region=europe-west1 --auto-allocate-nat-external-ips",
            Opens(Internet(new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"MANUAL_ONLY","natIps":[] """))));
        Assert.Equal("gcloud compute routes create default-internet --project=shop --network=main --destination-range=0.0.0.0/0 --next-hop-gateway=default-internet-gateway",
            Opens(Internet(new PathCase("ALL_TRAFFIC").Nat(""" "sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """).Without("routes/default-route"))));
    }

    [Fact]
    public void GoogleApis_NeedPrivateGoogleAccess() => Assert.Equal(
        "gcloud compute networks subnets update direct --project=shop --region=europe-west1 --enable-private-ip-google-access",
        Opens(Of(new PathCase().Subnetwork("direct", "10.2.0.0/24").Service("shop", """ "networkInterfaces":[{"subnetwork":"direct"}],"egress":"ALL_TRAFFIC" """), ReachTarget.GoogleApis)));

    [Fact]
    public void AFailedConnector_IsMadeAnew_AndOneThatGoogleCannotReachIsLetIn()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm);
        Assert.StartsWith("gcloud compute networks vpc-access connectors delete conn --project=shop --region=europe-west1 && gcloud compute networks vpc-access connectors create conn --project=shop --region=europe-west1 --network=main --range=10.8.0.0/28",
            Of(here.With("""{"name":"projects/shop/locations/europe-west1/connectors/conn","network":"main","ipCidrRange":"10.8.0.0/28","state":"ERROR"}"""), "db").Repair!.Fixes[0].Gcloud, StringComparison.Ordinal);
        Assert.Equal("gcloud compute firewall-rules create allow-serverless-to-connectors --project=shop --network=main --direction=INGRESS --priority=49 --action=ALLOW --rules=tcp:667,udp:665-666,icmp --source-ranges=35.199.224.0/19 --target-tags=vpc-connector",
            Opens(Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Rule("deny", """ "priority":50,"direction":"INGRESS","sourceRanges":["35.199.224.0/19"],"denied":[{"IPProtocol":"all"}] """), "db")));
    }

    [Fact]
    public void Targets_AreStarted_OpenedToRegions_AndToRanges()
    {
        Assert.Equal("gcloud compute instances start db --project=shop --zone=europe-west1-b", Opens(Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", "\"status\":\"TERMINATED\""), "db")));
        Assert.Equal("gcloud sql instances patch orders --project=shop --authorized-networks=100.64.0.0/24",
            Opens(Of(new PathCase().Sql().Subnetwork("direct", "100.64.0.0/24").Service("shop", """ "networkInterfaces":[{"subnetwork":"direct"}] """), "orders")));
        var cluster = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Cluster("\"privateEndpoint\":\"10.1.0.9\"", "\"masterAuthorizedNetworksConfig\":{\"enabled\":true,\"privateEndpointEnforcementEnabled\":true,\"cidrBlocks\":[{\"cidrBlock\":\"10.99.0.0/16\"}]},"), "c1", 443);
        Assert.Equal("gcloud container clusters update c1 --project=shop --location=europe-west1-b --enable-master-authorized-networks --master-authorized-networks=10.99.0.0/16,10.8.0.0/28", Opens(cluster));
        var far = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Cluster("\"privateEndpoint\":\"10.1.0.9\"", location: "us-east1"), "c1", 443);
        Assert.Equal("gcloud container clusters update c1 --project=shop --location=us-east1 --enable-master-global-access", Opens(far));
        Assert.Equal("gcloud compute service-attachments update sa --project=them --region=europe-west1 --consumer-accept-list=shop=10  # with those that are on the list already",
            Opens(Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").With($$"""{"name":"psc","selfLink":"{{PathCase.Compute}}regions/europe-west1/forwardingRules/psc","network":"{{PathCase.Network}}","IPAddress":"10.1.0.30","pscConnectionStatus":"PENDING","target":"https://www.googleapis.com/compute/v1/projects/them/regions/europe-west1/serviceAttachments/sa"}"""), "psc")));
    }

    [Theory]
    [InlineData("REQUIRED", "RUNNABLE", "Cloud SQL instance orders takes clients of Cloud SQL's connectors alone: connect through the Auth Proxy or a connector, which use tcp:3307")]
    [InlineData("NOT_REQUIRED", "SUSPENDED", "Cloud SQL instance orders does not run: gcloud sql operations list --instance=orders tells why")]
    public void WhatNoFixHereDoes_IsSaid(string enforcement, string state, string expected)
    {
        var repair = Of(new PathCase().Sql(settings: $"\"connectorEnforcement\":\"{enforcement}\"", state: state).Subnetwork("apps", "10.1.0.0/16"), "orders").Repair!;
        Assert.Empty(repair.Fixes);
        Assert.Equal((false, expected), (repair.Helps, repair.MustChange));
    }

    [Fact]
    public void AnOpenPath_PassesEveryCheck()
    {
        var diagnosis = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm), "db");
        Assert.Equal(8, diagnosis.Checks.Count);
        Assert.DoesNotContain(diagnosis.Checks, check => check.Outcome is PathCheckOutcome.Fails or PathCheckOutcome.Unknown);
        Assert.Null(diagnosis.IsSpecificToConnector);
    }

    [Theory]
    [InlineData("chekout", "--from is 'chekout', which is no workload here; did you mean checkout.")]
    [InlineData("zzz", "--from is 'zzz', which is no workload here; there are checkout, orders.")]
    [InlineData("orders", "--from is 'orders', which is more than one workload: a/orders, b/orders.")]
    public void AName_ThatMeansNothingOrTooMuch_SaysWhatThereIs(string text, string expected) => Assert.Equal(expected, Assert.Throws<FormatException>(() =>
        NameSearch.Find(["//x/a/checkout", "//x/a/orders", "//x/b/orders"], text, "workload", "--from", name => name[(name.LastIndexOf('/') + 1)..], name => name)).Message);

    [Fact]
    public void ALongerEndOfTheName_IsEnough() =>
        Assert.Equal(["//x/b/orders"], NameSearch.Find(["//x/a/orders", "//x/b/orders"], "b/orders", "workload", "--from", name => name[(name.LastIndexOf('/') + 1)..], name => name));

    [Fact]
    public void ConnectivityTests_AreAskedByTheFlagsTheyHave()
    {
        static string Ask(PathCase here, string to) => Of(here, to).ConnectivityTest().Split(" --project=shop ")[1];
        Assert.EndsWith("--destination-cloud-sql-instance=projects/shop/instances/orders --destination-port=5432 --protocol=TCP", Ask(new PathCase().Sql(), "orders"), StringComparison.Ordinal);
        Assert.EndsWith("--destination-gke-master-cluster=projects/shop/locations/europe-west1-b/clusters/c1 --destination-port=5432 --protocol=TCP", Ask(new PathCase().Subnetwork("apps", "10.1.0.0/16").Cluster("\"privateEndpoint\":\"10.1.0.9\""), "c1"), StringComparison.Ordinal);
        Assert.EndsWith("--destination-ip-address=8.8.8.8 --destination-port=443 --protocol=TCP", Internet(new PathCase()).ConnectivityTest(), StringComparison.Ordinal);
        var job = new PathCase().Subnetwork("direct", "10.2.0.0/24").Without("services/shop")
            .With("""{"name":"projects/shop/locations/europe-west1/jobs/nightly","template":{"template":{"vpcAccess":{"networkInterfaces":[{"network":"projects/shop/global/networks/main","subnetwork":"direct"}],"egress":"ALL_TRAFFIC"}}}}""");
        Assert.StartsWith("--source-ip-address=10.2.0.2 --source-network=projects/shop/global/networks/main ", Internet(job).ConnectivityTest().Split(" --project=shop ")[1], StringComparison.Ordinal);
    }

    /// <summary>Whatever blocks: a fix that is said to help leaves a path that is open, and without one it is said what must change.</summary>
    [Fact]
    public void RandomPaths_AreRepairedOrTheirCauseIsNamed()
    {
        var (helped, named, kinds) = (0L, 0L, new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal));
        Gen.Select(RandomPaths.WithZones, Gen.Int[0, 9999]).Sample(
            (raw, seed) =>
            {
                var estate = PathsUnderTest.EstateOf(raw);
                var view = new EstateView(estate, DateTimeOffset.UnixEpoch);
                var (random, sources) = (new Random(seed), PathSource.All(view).Sources);
                var targets = ReachTarget.All(view, []);
                for (var i = 0; i < 12; i++)
                {
                    var (source, target) = (sources[random.Next(sources.Count)], targets[random.Next(targets.Count)]);
                    var asked = target.IsWithoutPort ? target.On(IpProtocol.Tcp, 5432) : target;
                    var diagnosis = PathDiagnosis.Of(estate, source, asked, DateTimeOffset.UnixEpoch);
                    Assert.NotEmpty(diagnosis.ConnectivityTest());
                    var isBlocked = diagnosis.Flow.Answer.Disposition is PathEffect.Blocked or PathEffect.Partial;
                    Assert.True(!isBlocked || source.IsUnread || diagnosis.Repair is not null, $"nothing is said of {asked.ShortName}");
                    if (diagnosis.Repair is not { } repair)
                    {
                        continue;
                    }

                    Assert.True(repair.Helps == false ? repair.MustChange is { Length: > 0 } : !repair.Fixes.IsEmpty);
                    Assert.All(repair.Fixes, fix => Assert.True(fix.Gcloud.StartsWith("gcloud ", StringComparison.Ordinal) && fix.Terraform.Length > 0 && fix.What.Length > 0));
                    if (repair.Helps == true)
                    {
                        var changed = new EstateView(Estate.Empty.With(repair.Fixes.Aggregate(estate, (all, fix) => all.With([fix.Change!])).Entries, estate.CoveredProjects, estate.Gaps), DateTimeOffset.UnixEpoch);
                        var sender = repair.Fixes.Select(fix => fix.Change!.Resource).OfType<Workload>().LastOrDefault() is { } moved ? source with { Workload = moved } : source;
                        Assert.Equal(PathEffect.Reachable, PathWalk.Of(changed, sender).Find(asked).Disposition);
                        Interlocked.Increment(ref helped);
                    }
                    else
                    {
                        Interlocked.Increment(ref named);
                    }

                    foreach (var fix in repair.Fixes)
                    {
                        kinds.AddOrUpdate(string.Join(' ', fix.Gcloud.Split(' ')[1..4]), 1, (_, count) => count + 1);
                    }
                }
            },
            iter: 40 * Soak.Factor);
        output.WriteLine($"{helped} opened, {named} named; {string.Join(", ", kinds.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(helped > 30 && named > 30 && kinds.Count > 4, "too few of a sort to prove anything");
    }

    // Its one fix, which opens the path.
    private static string Opens(PathDiagnosis diagnosis)
    {
        Assert.NotNull(diagnosis.Repair);
        Assert.True(diagnosis.Repair.Helps, diagnosis.Repair.MustChange);
        Assert.Null(diagnosis.Repair.MustChange);
        return Assert.Single(diagnosis.Repair.Fixes).Gcloud;
    }

    private static PathDiagnosis Internet(PathCase here) => Of(here, ReachTarget.Internet);

    private static PathDiagnosis Of(PathCase here, ReachTarget target)
    {
        var estate = here.Estate;
        return PathDiagnosis.Of(estate, Assert.Single(PathSource.All(new EstateView(estate, default)).Sources), target, default);
    }

    private static PathDiagnosis Of(PathCase here, string to, ushort port = 5432) => Of(here, ReachTarget.All(new EstateView(here.Estate, default), []).First(target => target.ShortName == to).On(IpProtocol.Tcp, port));
}
