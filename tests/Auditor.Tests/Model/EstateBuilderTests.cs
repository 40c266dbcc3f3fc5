using System.Text.Json;
using Auditor.Model;
using CsCheck;

namespace Auditor.Tests.Model;

public sealed class EstateBuilderTests
{
    private const string Parent = "//cloudresourcemanager.googleapis.com/projects/111111111111";

    [Fact]
    public void Add_ExportLine_SnakeOrCamelCase_IsTheSame()
    {
        var snake = Build(Asset("""{"network":"main","ipCidrRange":"10.8.0.0/28","state":"READY"}"""));
        var camel = Build("""{"name":"//vpcaccess.googleapis.com/projects/shop/locations/europe-west1/connectors/door","assetType":"vpcaccess.googleapis.com/Connector","resource":{"data":{"network":"main","ipCidrRange":"10.8.0.0/28","state":"READY"}},"updateTime":"2026-11-01T00:00:00Z"}""");
        Assert.Equal(snake.Estate.Entries, camel.Estate.Entries);
        Assert.Equal(Timestamps.TryParse("2026-11-01T00:00:00Z"), Assert.Single(snake.Estate.Entries).LifecycleSince);
    }

    [Fact]
    public void Add_KnativeAsset_LearnsTheNumberFromAnotherAsset()
    {
        var build = Build(
            """{"name":"//run.googleapis.com/projects/111111111111/locations/europe-west1/services/cart","asset_type":"run.googleapis.com/Service","resource":{"data":{"metadata":{"namespace":"111111111111"},"spec":{}}}}""",
            Asset("{}"));
        Assert.NotNull(build.Estate.Find(ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "cart")));
        Assert.Empty(build.Estate.Gaps);
    }

    [Fact]
    public void Build_UnmappedNumber_IsAGapAndNothingElse()
    {
        var build = Build("""{"name":"projects/999/locations/europe-west1/connectors/door","network":"main"}""");
        Assert.Empty(build.Estate.Entries);
        Assert.Equal("project number 999 belongs to no project in the input", Assert.Single(build.Estate.Gaps).Reason);
    }

    [Fact]
    public void Build_Project_JoinsWhatTwoApisSay()
    {
        var build = Build(
            """{"name":"projects/111111111111","projectId":"shop","parent":"folders/22","labels":{"env":"prod"},"state":"ACTIVE"}""",
            """{"kind":"compute#project","name":"shop","id":"111111111111","xpnProjectStatus":"HOST","labels":{}}""");
        var project = Assert.IsType<Project>(Assert.Single(build.Estate.Resources));
        Assert.Equal(("111111111111", "folders/22", true, "prod"), (project.Number, project.Parent, project.IsSharedVpcHost, project.Labels.Find("env")));
    }

    [Fact]
    public void Build_Duplicate_LaterUpdateTimeWins()
    {
        var older = Asset("""{"state":"CREATING"}""", "2026-10-01T00:00:00Z");
        var newer = Asset("""{"state":"READY"}""");
        Assert.Equal(Build(older, newer).Estate.Entries, Build(newer, older).Estate.Entries);
        Assert.Equal("READY", Build(newer, older).Estate.Resources.Single().Lifecycle);
    }

    [Fact]
    public void Build_NotUnderstood_IsAGapOfTheResource()
    {
        var build = Build(Asset("""{"ipCidrRange":"x"}"""));
        var name = ResourceName.Of(ResourceKind.Connector, "shop", "europe-west1", "door");
        Assert.Equal([new Gap(new GapScope(Resource: name), "ipCidrRange is \"x\"; an address or CIDR block was expected")], build.Estate.Gaps);
        Assert.Equal([new EstateProblem("file", name, "ipCidrRange is \"x\"; an address or CIDR block was expected")], build.Problems);
    }

    [Theory]
    [InlineData("""{"name":"projects/shop/locations/europe-west1/instances/notebook","machineType":"e2-standard-4","network":"n","state":"ACTIVE"}""", "projects/locations/instances")]
    [InlineData("""{"name":"projects/shop/locations/europe-west1/clusters/i","description":"a message broker","gcpConfig":{}}""", "projects/locations/clusters")]
    [InlineData("""{"name":"projects/shop/instances/spanner","config":"c","nodeCount":1}""", "projects/instances")]
    [InlineData("""{"name":"projects/shop/locations/europe-west1/jobs/cron","schedule":"* * * * *"}""", "projects/locations/jobs")]
    [InlineData("""{"kind":"compute#backendService","name":"bs","backends":[{"group":"g"}]}""", "compute#backendService")]
    public void Add_WhatIsNotModelled_IsCountedAndNeverMisread(string json, string type)
    {
        var build = Build(json);
        Assert.Equal([new TypeCount(type, 1)], build.NotModelled);
        Assert.Empty(build.Estate.Entries);
    }

    [Theory]
    [InlineData("""{"name":"projects/shop/locations/r/instances/i","redisVersion":"REDIS_7_0"}""", "//redis.googleapis.com/projects/shop/locations/r/instances/i")]
    [InlineData("""{"name":"projects/shop/locations/r/instances/i","memcacheNodes":[{"host":"10.0.0.1"}],"authorizedNetwork":"n"}""", "//memcache.googleapis.com/projects/shop/locations/r/instances/i")]
    [InlineData("""{"name":"projects/shop/locations/r/instances/i","engineVersion":"VALKEY_8_0","shardCount":1}""", "//memorystore.googleapis.com/projects/shop/locations/r/instances/i")]
    [InlineData("""{"name":"projects/shop/locations/r/instances/i","tier":"BASIC_HDD","networks":[],"fileShares":[]}""", "//file.googleapis.com/projects/shop/locations/r/instances/i")]
    [InlineData("""{"name":"projects/shop/locations/r/clusters/c","pscConfigs":[],"shardCount":3}""", "//redis.googleapis.com/projects/shop/locations/r/clusters/c")]
    [InlineData("""{"name":"projects/shop/locations/r/clusters/c","clusterType":"PRIMARY","databaseVersion":"POSTGRES_16"}""", "//alloydb.googleapis.com/projects/shop/locations/r/clusters/c")]
    [InlineData("""{"name":"projects/shop/locations/r/clusters/c/instances/i","instanceType":"PRIMARY"}""", "//alloydb.googleapis.com/projects/shop/locations/r/clusters/c/instances/i")]
    public void Add_NamesOfOneShape_AreToldApartByTheirFields(string json, string name) =>
        Assert.Equal(ResourceName.Parse(name), Assert.Single(Build(json).Estate.Entries).Name);

    [Fact]
    public void Add_AggregatedList_UnreachableScopeIsAGap()
    {
        var build = Build("""
            {"kind":"compute#subnetworkAggregatedList","id":"projects/shop/aggregated/subnetworks","items":{
              "regions/us-central1":{"subnetworks":[{"name":"a","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/regions/us-central1/subnetworks/a"}]},
              "regions/asia-east1":{"warning":{"code":"NO_RESULTS_ON_PAGE"}},
              "regions/me-west1":{"warning":{"code":"UNREACHABLE","message":"..."}}}}
            """);
        Assert.Equal([new Gap(new GapScope(ResourceKind.Subnetwork, "shop", "me-west1"), "Google answered UNREACHABLE for regions/me-west1")], build.Estate.Gaps);
        Assert.Equal([new KindCount(ResourceKind.Subnetwork, 1)], build.Counts);
    }

    [Fact]
    public void Add_ListWithUnreachable_IsAGapOfKindAndPlace()
    {
        var build = Build("""{"functions":[{"name":"projects/shop/locations/europe-west1/functions/f","state":"ACTIVE"}],"unreachable":["projects/shop/locations/us-east1"]}""");
        Assert.Equal([new Gap(new GapScope(ResourceKind.Function, "shop", "us-east1"), "Google could not reach projects/shop/locations/us-east1")], build.Estate.Gaps);
    }

    [Fact]
    public void Add_EffectiveFirewalls_AssociatesPoliciesWithTheNetwork()
    {
        var build = Build("""
            {"firewalls":[{"name":"f","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/main","allowed":[{"IPProtocol":"tcp"}]}],
             "firewallPolicys":[{"name":"123","type":"HIERARCHY","shortName":"org","rules":[{"priority":1,"action":"allow","match":{}}]},
                                {"name":"456","type":"HIERARCHY","shortName":"folder","rules":[]},
                                {"name":"pol","type":"NETWORK","rules":[]}]}
            """);
        var network = ResourceName.Of(ResourceKind.Network, "shop", "main");
        var policies = build.Estate.Referrers(ResourceKind.FirewallPolicy, network).Select(name => (FirewallPolicy)build.Estate.Find(name)!.Resource!).ToList();
        Assert.Equal(["123", "456", "pol"], policies.Select(policy => policy.Name.Id));
        Assert.Equal([0, 1, 2], policies.Select(policy => policy.Associations[0].Order));
        Assert.Equal(FirewallPolicyLevel.GlobalNetwork, policies[2].Level);
        Assert.Equal([ResourceName.Of(ResourceKind.Firewall, "shop", "f")], build.Estate.Referrers(ResourceKind.Firewall, network));
    }

    [Fact]
    public void Add_EffectiveFirewallsWithoutRules_TakesTheNetworkFromTheSource()
    {
        var builder = new EstateBuilder();
        builder.Add(JsonElement.Parse("""{"firewallPolicys":[{"name":"123","type":"HIERARCHY","rules":[]}]}"""), "dumps/compute-effective-firewalls-main.json", new DocumentHint(Project: "shop"));
        Assert.Single(builder.Build().Estate.Referrers(ResourceKind.FirewallPolicy, ResourceName.Of(ResourceKind.Network, "shop", "main")));
    }

    [Fact]
    public void Build_PartsOfAResource_AreThereWhicheverCameFirst()
    {
        var group = ResourceName.Of(ResourceKind.InstanceGroup, "shop", "z", "g");
        var builder = new EstateBuilder(keepJson: true);
        builder.AddPart(ResourcePart.Members, group, [JsonElement.Parse("""{"instance":"b"}""")]);
        builder.Add(JsonElement.Parse("""{"kind":"compute#instanceGroup","name":"g","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/zones/z/instanceGroups/g","auditorMembers":[{"instance":"old"}]}"""), "file");
        builder.AddPart(ResourcePart.Members, group, [JsonElement.Parse("""{"instance":"a","status":"RUNNING"}""")]);
        var build = builder.Build();
        Assert.Equal([ResourceName.Of(ResourceKind.Instance, "shop", "z", "a"), ResourceName.Of(ResourceKind.Instance, "shop", "z", "b")], ((InstanceGroup)build.Estate.Find(group)!.Resource!).Members!.Value);
        Assert.Equal("""{"auditorMembers":[{"instance":"a"},{"instance":"b"}]}""", System.Text.Encoding.UTF8.GetString(build.Json[group]));
    }

    [Fact]
    public void Build_RecordSetsOfAnExport_ArePartsOfTheirZone()
    {
        const string Zone = "//dns.googleapis.com/projects/shop/managedZones/corp";
        var build = Build(
            $$"""{"name":"{{Zone}}/rrsets/db.corp.example./A","asset_type":"dns.googleapis.com/ResourceRecordSet","resource":{"data":{"name":"db.corp.example.","type":"A","rrdatas":["10.0.0.9"]} } }""",
            $$"""{"name":"{{Zone}}/rrsets/corp.example./TXT","asset_type":"dns.googleapis.com/ResourceRecordSet","resource":{"data":{"name":"corp.example.","type":"TXT","rrdatas":["hunter2"]} } }""",
            $$"""{"name":"//dns.googleapis.com/projects/shop/managedZones/9141","asset_type":"dns.googleapis.com/ManagedZone","resource":{"data":{"id":"9141","name":"corp","dnsName":"corp.example."} } }""");
        var zone = (ManagedZone)Assert.Single(build.Estate.Entries).Resource!;
        Assert.Equal(Zone, zone.Name.Value);
        Assert.Equal([new DnsRecord("db.corp.example.", "A", ["10.0.0.9"])], zone.Records!.Value);
    }

    [Fact]
    public void Build_PartOfWhichAPageFailed_IsNotKnown()
    {
        var group = ResourceName.Of(ResourceKind.InstanceGroup, "shop", "z", "g");
        var builder = new EstateBuilder();
        builder.Add(JsonElement.Parse("""{"kind":"compute#instanceGroup","name":"g","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/zones/z/instanceGroups/g"}"""), "file");
        builder.AddPart(ResourcePart.Members, group, [JsonElement.Parse("""{"instance":"b"}""")]);
        builder.AddUnreadPart(ResourcePart.Members, group, "it did not answer");
        Assert.Equal(new InstanceGroup(group) { MembersUnread = "it did not answer" }, builder.Build().Estate.Find(group)!.Resource);
    }

    [Fact]
    public void Build_Covered_NeedsTwoApis()
    {
        Assert.Empty(Build(Asset("{}")).Estate.CoveredProjects);
        Assert.Equal(["shop"], Build(Asset("{}"), """{"projectId":"shop","projectNumber":"111111111111"}""").Estate.CoveredProjects);
        var builder = new EstateBuilder();
        builder.Add(JsonElement.Parse(Asset("{}")), "file");
        Assert.Equal(["shop"], builder.Build(complete: true).Estate.CoveredProjects);
    }

    [Fact]
    public void Build_SameInputsInAnyOrder_GiveTheSameEstate()
    {
        var documents = ModelFixtures.All.Where((_, i) => i is not 1 and not 7 and not 10)
            .Select(item => $$"""{"name":"{{item.Name}}","asset_type":"x/Y","resource":{"parent":"{{Parent}}","data":{{item.Json}} },"update_time":"2026-11-01T00:00:00Z"}""")
            .Append("""{"firewallPolicys":[{"name":"123","type":"HIERARCHY","rules":[]}],"firewalls":[{"name":"zz","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/main"}]}""")
            .Append("""{"name":"projects/999/locations/europe-west1/connectors/door"}""").ToArray();
        var expected = Build(documents);
        Assert.True(expected.Estate.Count > 20);
        Gen.Shuffle(documents).Sample(shuffled => AssertSame(expected, Build(shuffled)), iter: 100);
    }

    [Fact]
    public void EstateWith_EqualsAFreshBuild()
    {
        var entries = Build([.. ModelFixtures.All.Select(item => $$"""{"name":"{{item.Name}}","asset_type":"x/Y","resource":{"data":{{item.Json}} } }""")]).Estate.Entries.OrderBy(entry => entry.Name).ToArray();
        var changed = entries.Select(entry => entry with { Resource = null }).ToArray();
        Gen.Shuffle(entries).Select(Gen.Bool.Array[entries.Length]).Sample((order, gone) =>
        {
            var grown = order.Aggregate(Estate.Empty, (estate, entry) => estate.With([entry]));
            var final = entries.Select((entry, i) => gone[i] ? changed[i] : entry).ToArray();
            var stepped = grown.With(final);
            var fresh = Estate.Empty.With(final);
            Assert.Equal(fresh.Entries.OrderBy(entry => entry.Name), stepped.Entries.OrderBy(entry => entry.Name));
            foreach (var key in entries.SelectMany(entry => Estate.Keys(entry.Resource)).Distinct())
            {
                Assert.Equal(fresh.Referrers(key.Kind, key.Target), stepped.Referrers(key.Kind, key.Target));
            }
        }, iter: 50);
    }

    private static void AssertSame(EstateBuild left, EstateBuild right)
    {
        Assert.Equal(left.Estate.Entries.OrderBy(entry => entry.Name), right.Estate.Entries.OrderBy(entry => entry.Name));
        Assert.Equal(left.Estate.Gaps, right.Estate.Gaps);
        Assert.True(left.Estate.CoveredProjects.SetEquals(right.Estate.CoveredProjects));
        Assert.Equal((left.Counts, left.NotModelled, left.Problems), (right.Counts, right.NotModelled, right.Problems));
    }

    private static string Asset(string data, string time = "2026-11-01T00:00:00Z") =>
        $$"""{"name":"//vpcaccess.googleapis.com/projects/shop/locations/europe-west1/connectors/door","asset_type":"vpcaccess.googleapis.com/Connector","resource":{"parent":"{{Parent}}","data":{{data}}},"ancestors":["projects/111111111111"],"update_time":"{{time}}"}""";

    private static EstateBuild Build(params string[] documents)
    {
        var builder = new EstateBuilder();
        foreach (var document in documents)
        {
            builder.Add(JsonElement.Parse(document), "file");
        }

        return builder.Build();
    }
}
