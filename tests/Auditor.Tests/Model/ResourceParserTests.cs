using System.Text.Json;
using Auditor.Model;
using Auditor.Network;
using Auditor.Tests.Corpus;

namespace Auditor.Tests.Model;

public sealed class ResourceParserTests
{
    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");
    private static readonly ResourceName s_apps = ResourceName.Of(ResourceKind.Subnetwork, "shop", "europe-west1", "apps");
    private static readonly ResourceName s_door = ResourceName.Of(ResourceKind.Connector, "shop", "europe-west1", "door");

    public static TheoryData<int> Fixtures => [.. Enumerable.Range(0, ModelFixtures.All.Length)];

    [Fact]
    public void EveryKindHasAFixture() => Assert.Equal(
        Enum.GetValues<ResourceKind>().Where(kind => kind != ResourceKind.Other).Order(),
        ModelFixtures.All.Select(item => ResourceName.Parse(item.Name).Kind).Distinct().Order());

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Parse_TrimmedJson_GivesTheSameRecord(int fixture)
    {
        var (name, json) = ModelFixtures.All[fixture];
        var first = ModelFixtures.Parse(name, json);
        Assert.Null(first.Problem);
        var again = ResourceParser.Parse(first.Name, JsonElement.Parse(first.CanonicalJson!), ModelFixtures.Numbers, keepJson: true);
        Assert.Equal(first.Resource, again.Resource);
        Assert.Equal(first.CanonicalJson, again.CanonicalJson);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Parse_AnyKeptFieldChanged_GivesAnotherRecord(int fixture)
    {
        var (name, json) = ModelFixtures.All[fixture];
        var first = ModelFixtures.Parse(name, json);
        Assert.All(JsonPaths.Mutations(JsonElement.Parse(first.CanonicalJson!)), leaf => Assert.Contains(leaf.Changed, changed =>
            ResourceParser.Parse(first.Name, changed, ModelFixtures.Numbers) is var other && (other.Problem is not null || !Equals(other.Resource, first.Resource))));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Parse_AnyFixture_KeepsNoEnvironmentValue(int fixture)
    {
        var (name, json) = ModelFixtures.All[fixture];
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(ModelFixtures.Parse(name, json).CanonicalJson!), StringComparison.Ordinal);
    }

    [Fact]
    public void RunService_V2() => Assert.Equal(
        new RunService(ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "cart"))
        {
            VpcAccess = new VpcAccess { Connector = s_door, Egress = VpcEgress.AllTraffic },
            ServiceAccount = "cart@shop.iam.gserviceaccount.com",
            Labels = [KeyValuePair.Create("team", "cart")],
            Generation = 7,
            ObservedGeneration = 7,
            Condition = new RunCondition(RunConditionState.Failed, "HEALTH_CHECK_CONTAINER_ERROR", "no", Timestamps.TryParse("2026-10-01T10:00:00.1234567Z")),
            ExecutionEnvironment = "EXECUTION_ENVIRONMENT_GEN2",
            MinInstances = 1,
            MaxInstances = 20,
            CloudSqlInstances = ["shop:europe-west1:orders"],
            Ingress = IngressSetting.InternalOnly,
            LatestReadyRevision = Revision("cart-00007-abc"),
            Traffic = [new TrafficTarget(null, true, 90, null), new TrafficTarget(Revision("cart-00003-xyz"), false, 10, "old")],
        },
        ModelFixtures.Parse<RunService>("/services/cart"));

    [Fact]
    public void RunService_V2_ServesLatestAndNamedRevision() =>
        Assert.Equal([Revision("cart-00003-xyz"), Revision("cart-00007-abc")], ModelFixtures.Parse<RunService>("/services/cart").ServingRevisions);

    [Fact]
    public void RunService_Knative_ReadsAnnotations()
    {
        var service = ModelFixtures.Parse<RunService>("/services/cart", nth: 1);
        Assert.Equal(new VpcAccess { Network = s_main, Subnetwork = s_apps, Tags = ["run"], Egress = VpcEgress.AllTraffic }, service.VpcAccess);
        Assert.Equal(IngressSetting.InternalLoadBalancer, service.Ingress);
        Assert.Equal(20, service.MaxInstances);
        Assert.Equal("CONDITION_SUCCEEDED", service.Lifecycle);
        Assert.True(service.IsManagedByFunctions);
        Assert.Equal([Revision("cart-00007-abc")], service.ServingRevisions);
        Assert.Equal(["shop:europe-west1:orders", "shop:europe-west1:stock"], service.CloudSqlInstances);
    }

    [Fact]
    public void RunJob_EnumByNumber_IsCloudRunsNumber() =>
        Assert.Equal(new VpcAccess { Connector = s_door, Egress = VpcEgress.PrivateRangesOnly }, ModelFixtures.Parse<RunJob>("/jobs/nightly").VpcAccess);

    [Fact]
    public void RunJob_Knative_ReadsTheExecutionTemplateOnly() =>
        Assert.Equal(s_door, ModelFixtures.Parse<RunJob>("/jobs/nightly", nth: 1).VpcAccess!.Connector);

    [Fact]
    public void Function_FirstGeneration()
    {
        var function = ModelFixtures.Parse<Auditor.Model.Function>("/functions/mail");
        Assert.Equal(FunctionGeneration.First, function.Generation);
        Assert.Equal("DEPLOYING", function.Lifecycle);
        Assert.Equal(new VpcAccess { Connector = s_door, Egress = VpcEgress.AllTraffic }, function.VpcAccess);
    }

    [Fact]
    public void Function_SecondGeneration_NamesItsServiceAndInterface()
    {
        var function = ModelFixtures.Parse<Auditor.Model.Function>("/functions/resize");
        Assert.Equal(ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "resize"), function.RunService);
        Assert.Equal(new VpcAccess { Network = s_main, Subnetwork = s_apps, Tags = ["fn"], Egress = VpcEgress.AllTraffic }, function.VpcAccess);
        Assert.Contains(s_apps, function.References);
    }

    [Fact]
    public void Firewall_Denies() => Assert.Equal(
        new Firewall(ResourceName.Of(ResourceKind.Firewall, "shop", "deny-db"))
        {
            Network = s_main,
            Priority = 990,
            Action = FirewallAction.Deny,
            Layer4 = [new Layer4("tcp", [new PortInterval(5432, 5432), new PortInterval(6379, 6380)])],
            SourceRanges = [IpRange.Parse("10.8.0.0/28")],
            TargetTags = ["db"],
            Logs = true,
        },
        ModelFixtures.Parse<Firewall>("/firewalls/deny-db"));

    [Fact]
    public void Firewall_LowerCaseProtocolKeyAndProjectNumber_AreRead() => Assert.Equal(
        new Firewall(ResourceName.Of(ResourceKind.Firewall, "shop", "allow-all")) { Network = s_main, Action = FirewallAction.Allow, Layer4 = [new Layer4("all", [])] },
        ModelFixtures.Parse<Firewall>("/firewalls/allow-all"));

    [Fact]
    public void FirewallPolicy_RulesAreInOrder()
    {
        var policy = ModelFixtures.Parse<FirewallPolicy>("/firewallPolicies/123");
        Assert.Equal([1000, 2000], policy.Rules.Select(rule => rule.Priority));
        Assert.Equal([FirewallAction.Deny, FirewallAction.GotoNext], policy.Rules.Select(rule => rule.Action));
        Assert.Equal(FirewallPolicyLevel.Hierarchical, policy.Level);
        Assert.Equal([s_main], policy.References);
    }

    [Fact]
    public void Route_NextHops()
    {
        Assert.Equal(new NextHop.Vm(ResourceName.Of(ResourceKind.Instance, "shop", "europe-west1-b", "gate")), ModelFixtures.Parse<Route>("/routes/via-vm").NextHop);
        Assert.True(Assert.IsType<NextHop.Gateway>(ModelFixtures.Parse<Route>("/routes/out").NextHop).IsDefaultInternet);
    }

    [Fact]
    public void Router_NamesSubnetworksOfItsNats() =>
        Assert.Equal([s_main, s_apps, ResourceName.Of(ResourceKind.Address, "shop", "europe-west1", "ip0")], ModelFixtures.Parse<Router>("/routers/r1").References);

    [Fact]
    public void Address_WithPrefixLength_IsARange() => Assert.Equal(IpRange.Parse("10.40.0.0/16"), ModelFixtures.Parse<Address>("/addresses/psa").Range);

    [Fact]
    public void SqlInstance_HasPrivateAddressAndPort()
    {
        var instance = ModelFixtures.Parse<SqlInstance>("/instances/orders");
        Assert.Equal((IpRange.Parse("10.40.0.3"), 5432, true), (instance.PrivateAddress!.Value, instance.Port!.Value, instance.IsRunning));
    }

    [Fact]
    public void ForwardingRule_ForGoogleApis_IsAnEndpoint() => Assert.True(ModelFixtures.Parse<ForwardingRule>("/forwardingRules/apis").IsPscEndpoint);

    [Theory]
    [InlineData("""{"network":"main","ipCidrRange":"10.8.0.0/99"}""", "ipCidrRange is \"10.8.0.0/99\"; an address or CIDR block was expected")]
    [InlineData("""{"network":["main"]}""", "network is a list; a text was expected")]
    [InlineData("""{"minInstances":"many"}""", "minInstances is \"many\"; a whole number was expected")]
    [InlineData("[]", "the resource is not a JSON object")]
    [InlineData("""{"network":"\ud800"}""", "a text in it is not Unicode")]
    public void Parse_Nonsense_IsAProblemInWords(string json, string problem) => Assert.Equal(problem, ModelFixtures.Parse(s_door.Value, json).Problem);

    private static ResourceName Revision(string id) => ResourceName.Of(ResourceKind.RunRevision, "shop", "europe-west1", "cart", id);
}
