using System.Text.Json;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Model;

/// <summary>The chain behind a forwarding rule, as the engine follows it in both directions.</summary>
public sealed class LoadBalancerTests
{
    private const string Region = "europe-west1";
    private const string Zone = "europe-west1-b";

    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");
    private static readonly ResourceName s_workers = ResourceName.Of(ResourceKind.InstanceGroup, "shop", Zone, "workers");
    private static readonly ResourceName s_pods = ResourceName.Of(ResourceKind.NetworkEndpointGroup, "shop", Zone, "pods");
    private static readonly ResourceName s_inventory = ResourceName.Of(ResourceKind.BackendService, "shop", Region, "inventory");

    [Fact]
    public void BackendService_NamesGroupsAndCheck()
    {
        var service = ModelFixtures.Parse<BackendService>("/backendServices/inventory");
        Assert.Equal(
            new BackendService(s_inventory)
            {
                Scheme = LoadBalancingScheme.Internal,
                Protocol = "TCP",
                Network = s_main,
                HealthChecks = [ResourceName.Of(ResourceKind.HealthCheck, "shop", Region, "probe")],
                Backends = [new Backend(s_workers, "CONNECTION", null, false), new Backend(s_pods, "RATE", 0, true)],
            },
            service);
        Assert.Equal([false, true], service.Backends.Select(backend => backend.IsDrained));
        Assert.Equal([s_main, s_workers, s_pods, .. service.HealthChecks], service.References);
    }

    [Fact]
    public void BackendService_Global_IsTheSameKind() =>
        Assert.Equal(ResourceKind.BackendService, ModelFixtures.Parse<BackendService>("/global/backendServices/web").Name.Kind);

    [Fact]
    public void BackendService_CapacityThatIsNoNumber_IsAProblem() =>
        Assert.Equal("backends[0].capacityScaler is \"much\"; a number was expected", ModelFixtures.Parse(s_inventory.Value, """{"backends":[{"capacityScaler":"much"}]}""").Problem);

    [Fact]
    public void InstanceGroup_HasItsMembersSorted() => Assert.Equal(
        new InstanceGroup(s_workers)
        {
            Network = s_main,
            Subnetwork = ResourceName.Of(ResourceKind.Subnetwork, "shop", Region, "apps"),
            NamedPorts = [new NamedPort("http", 8080)],
            Members = [Vm("w1"), Vm("w2")],
        },
        ModelFixtures.Parse<InstanceGroup>("/instanceGroups/workers"));

    [Fact]
    public void InstanceGroup_MembersNotRead_AreNotNone()
    {
        var group = ModelFixtures.Parse<InstanceGroup>("/instanceGroups/spread");
        Assert.Null(group.Members);
        Assert.Equal("permission compute.instanceGroups.get is missing", group.MembersUnread);
        Assert.NotEqual(Assert.IsType<InstanceGroup>(ModelFixtures.Parse(s_workers.Value, """{"auditorMembers":[]}""").Resource), ModelFixtures.Parse(s_workers.Value, "{}").Resource);
    }

    [Fact]
    public void NetworkEndpointGroup_ShortInstanceNamesAreOfItsZone()
    {
        var group = ModelFixtures.Parse<NetworkEndpointGroup>("/networkEndpointGroups/pods");
        Assert.Equal(NetworkEndpointType.GceVmIpPort, group.Type);
        Assert.Equal([new NetworkEndpoint(Vm("w1"), IpRange.Parse("10.21.0.10"), 9090, "a.example"), new NetworkEndpoint(Vm("w2"), IpRange.Parse("10.21.0.9"), 8080, null)], group.Endpoints!.Value);
        Assert.Contains(Vm("w2"), group.References);
    }

    [Fact]
    public void NetworkEndpointGroup_PointsToAWorkloadOrAPublishedService()
    {
        var run = ModelFixtures.Parse<NetworkEndpointGroup>("/networkEndpointGroups/run");
        Assert.Equal((NetworkEndpointType.Serverless, ResourceName.Of(ResourceKind.RunService, "shop", Region, "cart"), "blue"), (run.Type, run.CloudRunService!.Value, run.CloudRunTag));
        Assert.Equal(ResourceName.Of(ResourceKind.Function, "shop", Region, "mail"), ModelFixtures.Parse<NetworkEndpointGroup>("/networkEndpointGroups/fn").CloudFunction);
        var bought = ModelFixtures.Parse<NetworkEndpointGroup>("/networkEndpointGroups/bought");
        Assert.Equal("//compute.googleapis.com/projects/maker/regions/europe-west1/serviceAttachments/sa1", bought.PscServiceAttachment!.Value.Value);
        Assert.Equal(("ACCEPTED", IpRange.Parse("10.20.0.77"), (string?)null), (bought.PscConnectionStatus, bought.PscConsumerAddress!.Value, bought.PscTargetApi));
        Assert.Equal("europe-west1-storage.googleapis.com", ModelFixtures.Parse<NetworkEndpointGroup>("/networkEndpointGroups/storage").PscTargetApi);
    }

    [Fact]
    public void HealthCheck_PortStandsInTheObjectOfItsType()
    {
        var probe = ModelFixtures.Parse<HealthCheck>("/healthChecks/probe");
        Assert.Equal(("TCP", 5432, "db", "USE_FIXED_PORT"), (probe.Type, probe.Port!.Value, probe.PortName, probe.PortSpecification));
        Assert.Equal("USE_SERVING_PORT", ModelFixtures.Parse<HealthCheck>("/global/healthChecks/web").PortSpecification);
    }

    [Fact]
    public void TargetProxy_NamesAServiceOrAMap()
    {
        Assert.Equal([s_inventory], ModelFixtures.Parse<TargetProxy>("/targetTcpProxies/db").References);
        Assert.Equal([ResourceName.Parse("//compute.googleapis.com/projects/shop/global/urlMaps/web")], ModelFixtures.Parse<TargetProxy>("/targetHttpsProxies/web").References);
    }

    [Fact]
    public void UrlMap_NamesEveryServiceOnce_AndNoMirror() => Assert.Equal(
        "abcdef".Select(id => ResourceName.Parse($"//compute.googleapis.com/projects/shop/global/backendServices/{id}")),
        ModelFixtures.Parse<UrlMap>("/global/urlMaps/web").Services);

    [Fact]
    public void TargetInstance_NamesItsVm() => Assert.Equal([Vm("gate"), s_main], ModelFixtures.Parse<TargetInstance>("/targetInstances/gate").References);

    [Fact]
    public void Estate_IsAskedFromTheVmToTheForwardingRule()
    {
        var builder = new EstateBuilder();
        foreach (var (name, json) in ModelFixtures.All.Where(item => item.Name.Contains("compute", StringComparison.Ordinal)))
        {
            builder.Add(JsonElement.Parse($$"""{"name":"{{name}}","asset_type":"x/Y","resource":{"data":{{json}} } }"""), "file");
        }

        var estate = builder.Build().Estate;
        Assert.Equal([s_workers], estate.Referrers(ResourceKind.InstanceGroup, Vm("w1")));
        Assert.Equal([s_pods], estate.Referrers(ResourceKind.NetworkEndpointGroup, Vm("w1")));
        Assert.Equal([s_inventory], estate.Referrers(ResourceKind.BackendService, s_workers));
        Assert.Equal(["//compute.googleapis.com/projects/shop/regions/europe-west1/urlMaps/web"], estate.Referrers(ResourceKind.UrlMap, s_inventory).Select(name => name.Value));
        Assert.Contains(s_workers, estate.Referrers(ResourceKind.InstanceGroup, s_main));
    }

    private static ResourceName Vm(string id) => ResourceName.Of(ResourceKind.Instance, "shop", Zone, id);
}
