using System.Collections.Immutable;
using System.Net.Http.Headers;
using Auditor.Adapters.Google;
using Auditor.Model;
using Auditor.Network;
using Microsoft.Extensions.Time.Testing;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Adapters.GoogleReading;

/// <summary>Reads of single resources: which request each kind makes, and what every kind of answer becomes.</summary>
public sealed class GoogleReaderTests : IDisposable
{
    private const string ConnectorRequest = "vpcaccess.googleapis.com/v1/projects/p1/locations/europe-west1/connectors/conn";

    private const string Group = "compute.googleapis.com/compute/v1/projects/p/zones/z/instanceGroups/g";

    private const string Network = "compute.googleapis.com/compute/v1/projects/p/global/networks/n";
    private const string Router = "compute.googleapis.com/compute/v1/projects/p/regions/r/routers/x";
    private const string Connections = "servicenetworking.googleapis.com/v1/services/servicenetworking.googleapis.com/connections";

    private const string Zone = "dns.googleapis.com/dns/v1/projects/p/managedZones/z";

    private static readonly ResourceName s_zone = ResourceName.Of(ResourceKind.ManagedZone, "p", "z");
    private static readonly ResourceName s_network = ResourceName.Of(ResourceKind.Network, "p", "n");
    private static readonly ResourceName s_group = ResourceName.Of(ResourceKind.InstanceGroup, "p", "z", "g");
    private static readonly DateTimeOffset s_begun = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_begun);
    private readonly FakeGoogle _google = new();
    private readonly GoogleOptions _options = new();

    public void Dispose() => _google.Dispose();

    [Theory]
    [InlineData("//vpcaccess.googleapis.com/projects/p/locations/r/connectors/c", "vpcaccess.googleapis.com/v1/projects/p/locations/r/connectors/c")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/subnetworks/s", "compute.googleapis.com/compute/v1/projects/p/regions/r/subnetworks/s")]
    [InlineData("//compute.googleapis.com/projects/p/global/firewalls/f", "compute.googleapis.com/compute/v1/projects/p/global/firewalls/f")]
    [InlineData("//compute.googleapis.com/projects/p/global/routes/x", "compute.googleapis.com/compute/v1/projects/p/global/routes/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/addresses/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/addresses/x")]
    [InlineData("//compute.googleapis.com/projects/p/global/addresses/x", "compute.googleapis.com/compute/v1/projects/p/global/addresses/x")]
    [InlineData("//compute.googleapis.com/projects/p/zones/z/instances/x", "compute.googleapis.com/compute/v1/projects/p/zones/z/instances/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/forwardingRules/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/forwardingRules/x")]
    [InlineData("//run.googleapis.com/projects/p/locations/r/services/s", "run.googleapis.com/v2/projects/p/locations/r/services/s")]
    [InlineData("//run.googleapis.com/projects/p/locations/r/services/s/revisions/v", "run.googleapis.com/v2/projects/p/locations/r/services/s/revisions/v")]
    [InlineData("//run.googleapis.com/projects/p/locations/r/workerPools/w/revisions/v", "run.googleapis.com/v2/projects/p/locations/r/workerPools/w/revisions/v")]
    [InlineData("//run.googleapis.com/projects/p/locations/r/jobs/j", "run.googleapis.com/v2/projects/p/locations/r/jobs/j")]
    [InlineData("//run.googleapis.com/projects/p/locations/r/workerPools/w", "run.googleapis.com/v2/projects/p/locations/r/workerPools/w")]
    [InlineData("//cloudfunctions.googleapis.com/projects/p/locations/r/functions/f", "cloudfunctions.googleapis.com/v2/projects/p/locations/r/functions/f")]
    [InlineData("//appengine.googleapis.com/apps/p", "appengine.googleapis.com/v1/apps/p")]
    [InlineData("//appengine.googleapis.com/apps/p/services/s", "appengine.googleapis.com/v1/apps/p/services/s")]
    [InlineData("//appengine.googleapis.com/apps/p/services/s/versions/v", "appengine.googleapis.com/v1/apps/p/services/s/versions/v?view=FULL")]
    [InlineData("//cloudsql.googleapis.com/projects/p/instances/i", "sqladmin.googleapis.com/v1/projects/p/instances/i")]
    [InlineData("//redis.googleapis.com/projects/p/locations/r/instances/i", "redis.googleapis.com/v1/projects/p/locations/r/instances/i")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/backendServices/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/backendServices/x")]
    [InlineData("//compute.googleapis.com/projects/p/global/backendServices/x", "compute.googleapis.com/compute/v1/projects/p/global/backendServices/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/healthChecks/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/healthChecks/x")]
    [InlineData("//compute.googleapis.com/projects/p/global/healthChecks/x", "compute.googleapis.com/compute/v1/projects/p/global/healthChecks/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/targetTcpProxies/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/targetTcpProxies/x")]
    [InlineData("//compute.googleapis.com/projects/p/global/targetHttpProxies/x", "compute.googleapis.com/compute/v1/projects/p/global/targetHttpProxies/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/targetHttpsProxies/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/targetHttpsProxies/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/urlMaps/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/urlMaps/x")]
    [InlineData("//compute.googleapis.com/projects/p/global/urlMaps/x", "compute.googleapis.com/compute/v1/projects/p/global/urlMaps/x")]
    [InlineData("//compute.googleapis.com/projects/p/zones/z/targetInstances/x", "compute.googleapis.com/compute/v1/projects/p/zones/z/targetInstances/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/vpnTunnels/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/vpnTunnels/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/interconnectAttachments/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/interconnectAttachments/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/serviceAttachments/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/serviceAttachments/x")]
    [InlineData("//networkconnectivity.googleapis.com/projects/p/locations/global/policyBasedRoutes/x", "networkconnectivity.googleapis.com/v1/projects/p/locations/global/policyBasedRoutes/x")]
    [InlineData("//dns.googleapis.com/projects/p/policies/x", "dns.googleapis.com/dns/v1/projects/p/policies/x")]
    [InlineData("//container.googleapis.com/projects/p/locations/r/clusters/c", "container.googleapis.com/v1/projects/p/locations/r/clusters/c")]
    [InlineData("//redis.googleapis.com/projects/p/locations/r/clusters/c", "redis.googleapis.com/v1/projects/p/locations/r/clusters/c")]
    [InlineData("//memcache.googleapis.com/projects/p/locations/r/instances/i", "memcache.googleapis.com/v1/projects/p/locations/r/instances/i")]
    [InlineData("//memorystore.googleapis.com/projects/p/locations/r/instances/i", "memorystore.googleapis.com/v1/projects/p/locations/r/instances/i")]
    [InlineData("//alloydb.googleapis.com/projects/p/locations/r/clusters/c", "alloydb.googleapis.com/v1/projects/p/locations/r/clusters/c")]
    [InlineData("//alloydb.googleapis.com/projects/p/locations/r/clusters/c/instances/i", "alloydb.googleapis.com/v1/projects/p/locations/r/clusters/c/instances/i")]
    [InlineData("//file.googleapis.com/projects/p/locations/z/instances/i", "file.googleapis.com/v1/projects/p/locations/z/instances/i")]
    [InlineData("//compute.googleapis.com/projects/example.com:p/global/firewalls/n", "compute.googleapis.com/compute/v1/projects/example.com:p/global/firewalls/n")]
    public async Task Read_EachKind_AtItsOwnPlace(string name, string request)
    {
        _google.Answer(request, """{"x":1}""");
        var present = Assert.IsType<ResourceState.Present>(await ReadAsync(ResourceName.Parse(name)));
        Assert.Equal((ResourceName.Parse(name), s_begun, "1"), (present.Name, present.ReadAt, present.Json.GetProperty("x").GetRawText()));
        Assert.Equal([request], _google.Asked);
    }

    [Fact]
    public async Task Read_404_IsAbsent()
    {
        _google.Answer(ConnectorRequest, """{"error":{"code":404,"message":"The connector is not found.","status":"NOT_FOUND"}}""", 404);
        Assert.Equal(new ResourceState.Absent(ConnectorName, s_begun), await ReadAsync(ConnectorName));
    }

    [Theory]
    [InlineData("""{"error":{"code":403,"message":"denied","details":[{"reason":"IAM_PERMISSION_DENIED","metadata":{"permission":"vpcaccess.connectors.peek"}}]}}""", "permission vpcaccess.connectors.peek is missing")]
    [InlineData("""{"error":{"code":403,"message":"Permission 'vpcaccess.connectors.look' denied on resource '//x'"}}""", "permission vpcaccess.connectors.look is missing")]
    [InlineData("""{"error":{"code":403,"message":"The caller does not have permission"}}""", "permission vpcaccess.connectors.get is missing")]
    [InlineData("<html>", "permission vpcaccess.connectors.get is missing")]
    [InlineData("""{"error":{"code":403,"message":"Request had insufficient authentication scopes.","details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}""", "vpcaccess.googleapis.com refuses the scope of the credentials; Auditor:Google:Scope asks for another")]
    public async Task Read_403_NamesThePermission(string body, string reason)
    {
        _google.Answer(ConnectorRequest, body, 403);
        Assert.Equal(new ResourceState.Unreadable(ConnectorName, s_begun, reason), await ReadAsync(ConnectorName));
        Assert.Single(_google.Asked);
    }

    [Theory]
    [InlineData("""{"error":{"code":403,"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED"}]}}""")]
    [InlineData("""{"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}]}}""")]
    public async Task Read_AnApiThatIsOff_HasNoResources(string body)
    {
        _google.Answer(ConnectorRequest, body, 403);
        Assert.IsType<ResourceState.Absent>(await ReadAsync(ConnectorName));
    }

    [Theory]
    [InlineData("{\"name\":", "vpcaccess.googleapis.com answered something that is not JSON")]
    [InlineData("[]", "vpcaccess.googleapis.com answered a JSON array; an object was expected")]
    public async Task Read_AnAnswerThatIsNotUnderstood_IsUnreadable(string body, string reason)
    {
        _google.Answer(ConnectorRequest, body);
        Assert.Equal(reason, Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ConnectorName)).Reason);
    }

    [Theory]
    [InlineData(401, "vpcaccess.googleapis.com does not accept the credentials")]
    [InlineData(400, "vpcaccess.googleapis.com answered 400 INVALID_ARGUMENT")]
    [InlineData(301, "vpcaccess.googleapis.com answered 301 INVALID_ARGUMENT")]
    public async Task Read_AnyOtherAnswer_IsUnreadable_AndNotTriedAgain(int status, string reason)
    {
        _google.Answer(ConnectorRequest, """{"error":{"status":"INVALID_ARGUMENT"}}""", status);
        Assert.Equal(reason, Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ConnectorName)).Reason);
        Assert.Single(_google.Asked);
    }

    [Theory]
    [InlineData(429, "{}")]
    [InlineData(503, "{}")]
    [InlineData(500, "")]
    [InlineData(403, """{"error":{"errors":[{"reason":"rateLimitExceeded"}]}}""")]
    public async Task Read_WhatMayPass_IsTriedAgain(int status, string body)
    {
        _google.Answer(ConnectorRequest, body, status).Answer(ConnectorRequest, body, status).Answer(ConnectorRequest, """{"state":"READY"}""");
        Assert.IsType<ResourceState.Present>(await ReadAsync(ConnectorName));
        Assert.Equal(3, _google.Asked.Count);
    }

    [Fact]
    public async Task Read_WhatDoesNotPass_IsGivenUp()
    {
        _google.Answer(ConnectorRequest, """{"error":{"status":"UNAVAILABLE"}}""", 503);
        Assert.Equal("vpcaccess.googleapis.com answered 503 UNAVAILABLE", Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ConnectorName)).Reason);
        Assert.Equal(4, _google.Asked.Count);
    }

    [Fact]
    public async Task Read_ANetworkFailure_IsTriedAgain_ThenUnreadable()
    {
        _google.Answer(ConnectorRequest, () => throw new HttpRequestException(HttpRequestError.NameResolutionError));
        Assert.Equal("vpcaccess.googleapis.com could not be reached: NameResolutionError", Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ConnectorName)).Reason);
        Assert.Equal(4, _google.Asked.Count);
    }

    [Fact]
    public async Task Read_WaitsAsLongAsGoogleAsks()
    {
        _google.Answer(ConnectorRequest, "", 429, response => response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(20))).Answer(ConnectorRequest, "{}");
        Assert.Equal(s_begun, (await ReadAsync(ConnectorName)).ReadAt);
        Assert.InRange(_time.GetUtcNow(), s_begun.AddSeconds(20), s_begun.AddSeconds(60));
    }

    [Fact]
    public async Task Read_AFunctionOfTheFirstGeneration_IsFoundInTheFirstApi()
    {
        _google.Answer("cloudfunctions.googleapis.com/v2/projects/p/locations/r/functions/f", "{}", 404).Answer("cloudfunctions.googleapis.com/v1/projects/p/locations/r/functions/f", """{"runtime":"go121"}""");
        Assert.IsType<ResourceState.Present>(await ReadAsync(ResourceName.Of(ResourceKind.Function, "p", "r", "f")));
    }

    [Fact]
    public async Task Read_AProject_JoinsWhoItIsWithWhetherItShares()
    {
        _google.Answer("cloudresourcemanager.googleapis.com/v3/projects/p1", """{"name":"projects/123","projectId":"p1","state":"ACTIVE"}""")
            .Answer("compute.googleapis.com/compute/v1/projects/p1", """{"kind":"compute#project","name":"p1","id":"9","xpnProjectStatus":"HOST"}""");
        var present = Assert.IsType<ResourceState.Present>(await ReadAsync(ResourceName.Of(ResourceKind.Project, "p1")));
        Assert.Equal("""{"name":"projects/123","projectId":"p1","state":"ACTIVE","xpnProjectStatus":"HOST"}""", present.Json.GetRawText());
    }

    [Fact]
    public async Task Read_AHierarchicalPolicyThatMayNotBeRead_IsReadThroughTheNetworks()
    {
        _options.Projects.Add("p1");
        _google.Answer("compute.googleapis.com/compute/v1/locations/global/firewallPolicies/123", "{}", 403)
            .Answer("compute.googleapis.com/compute/v1/projects/p1/global/networks?maxResults=500", """{"items":[{"name":"vpc"}]}""")
            .Answer("compute.googleapis.com/compute/v1/projects/p1/global/networks/vpc/getEffectiveFirewalls", """{"firewallPolicys":[{"name":"123","shortName":"base","type":"HIERARCHY","rules":[{"priority":1,"action":"deny"}]}]}""");
        var present = Assert.IsType<ResourceState.Present>(await ReadAsync(ResourceName.Of(ResourceKind.FirewallPolicy, "123")));
        Assert.Equal("base", present.Json.GetProperty("shortName").GetString());
        Assert.Equal(NetworkName.Value, present.Json.GetProperty("associations")[0].GetProperty("attachmentTarget").GetString());
    }

    [Theory]
    [InlineData("//run.googleapis.com/projects/p/locations/r/revisions/v", "a revision can only be read under its service")]
    [InlineData("//storage.googleapis.com/projects/p/buckets/b", "its kind is not modelled")]
    [InlineData("//compute.googleapis.com/projects/p/global/networks/..", "its kind is not modelled")]
    public async Task Read_WhatCannotBeAsked_IsNotAsked(string name, string reason)
    {
        Assert.Equal(reason, Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ResourceName.Of(name[2..name.IndexOf('/', 2)], name[(name.IndexOf('/', 2) + 1)..]))).Reason);
        Assert.Empty(_google.Asked);
    }

    [Fact]
    public async Task Read_ANameFromALog_CannotLeaveItsPath()
    {
        _google.Answer("vpcaccess.googleapis.com/v1/projects/p/locations/r/connectors/c%3Fx%3D%23", "{}", 404);
        Assert.IsType<ResourceState.Absent>(await ReadAsync(ResourceName.Of("vpcaccess.googleapis.com", "projects/p/locations/r/connectors/c?x=#")));
    }

    [Fact]
    public async Task Read_Many_InTheOrderGiven_ABoundedNumberAtATime()
    {
        _google.Default = (404, "{}");
        _options.MaxParallelCalls = 3;
        ResourceName[] names = [.. Enumerable.Range(0, 50).Select(i => ResourceName.Of(ResourceKind.Firewall, "p", $"f{97 * i % 50}"))];
        var states = await Reader().ReadAsync(names, TestContext.Current.CancellationToken);
        Assert.Equal(names, states.Select(state => state.Name));
        Assert.InRange(_google.MostAtOnce, 1, 3);
    }

    [Fact]
    public async Task Read_WithAnEndpoint_EverythingGoesThere()
    {
        _options.Endpoint = "http://127.0.0.1:8085/";
        _google.Answer($"127.0.0.1/{ConnectorRequest}", "{}");
        Assert.IsType<ResourceState.Present>(await ReadAsync(ConnectorName));
    }

    [Theory]
    [InlineData("POST", "x")]
    [InlineData("POST", "compute/v1/projects/p/zones/z/instanceGroups/g/addInstances")]
    [InlineData("POST", "compute/v1/projects/p/zones/z/instanceGroups/listInstances/delete?x=/listInstances")]
    [InlineData("PUT", "compute/v1/projects/p/zones/z/instanceGroups/g/listInstances")]
    [InlineData("PATCH", "x")]
    [InlineData("DELETE", "x")]
    [InlineData("HEAD", "x")]
    [InlineData("OPTIONS", "x")]
    public async Task ReadOnlyHandler_LetsNothingButReadsThrough(string method, string path)
    {
        using var client = new HttpClient(new ReadOnlyHandler { InnerHandler = _google });
        using var request = new HttpRequestMessage(new HttpMethod(method), $"https://compute.googleapis.com/{path}");
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Empty(_google.Asked);
    }

    [Fact]
    public async Task ReadOnlyHandler_LetsListsThatArePostsThrough()
    {
        using var client = new HttpClient(new ReadOnlyHandler { InnerHandler = _google });
        using var content = new StringContent("{}");
        _google.Answer($"POST {Group}/listInstances {{}}", "{}");
        Assert.True((await client.PostAsync(new Uri($"https://{Group}/listInstances"), content, TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Read_InstanceGroup_AlsoAsksForItsMembers_PageByPage()
    {
        _google.Answer(Group, """{"name":"g","size":2,"selfLink":"https://www.googleapis.com/compute/v1/projects/p/zones/z/instanceGroups/g"}""")
            .Answer($"POST {Group}/listInstances?maxResults=500 {{\"instanceState\":\"ALL\"}}", """{"items":[{"instance":"https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/b","status":"STOPPED"}],"nextPageToken":"t"}""")
            .Answer($"POST {Group}/listInstances?maxResults=500&pageToken=t {{\"instanceState\":\"ALL\"}}", """{"items":[{"instance":"https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/a"}]}""");
        var group = await ReadResourceAsync<InstanceGroup>(s_group);
        Assert.Equal([ResourceName.Of(ResourceKind.Instance, "p", "z", "a"), ResourceName.Of(ResourceKind.Instance, "p", "z", "b")], group.Members!.Value);
    }

    [Fact]
    public async Task Read_InstanceGroup_WhoseMembersMayNotBeRead_SaysSo()
    {
        _google.Answer(Group, """{"name":"g","size":2}""").Answer($"POST {Group}/listInstances?maxResults=500 {{\"instanceState\":\"ALL\"}}", "{}", 403);
        var group = await ReadResourceAsync<InstanceGroup>(s_group);
        Assert.Null(group.Members);
        Assert.Equal("permission compute.instanceGroups.get is missing", group.MembersUnread);
    }

    [Fact]
    public async Task Read_InstanceGroup_ThatIsEmpty_IsNotAskedForMembers()
    {
        _google.Answer(Group, """{"name":"g","size":0}""");
        Assert.Empty((await ReadResourceAsync<InstanceGroup>(s_group)).Members!);
    }

    [Fact]
    public async Task Read_NetworkEndpointGroup_AlsoAsksForItsEndpoints()
    {
        const string Path = "compute.googleapis.com/compute/v1/projects/p/zones/z/networkEndpointGroups/n";
        _google.Answer(Path, """{"name":"n","networkEndpointType":"GCE_VM_IP_PORT","size":1}""")
            .Answer($"POST {Path}/listNetworkEndpoints?maxResults=500 {{\"healthStatus\":\"SKIP\"}}", """{"items":[{"networkEndpoint":{"instance":"vm1","ipAddress":"10.0.0.9","port":8080}}]}""");
        var group = await ReadResourceAsync<NetworkEndpointGroup>(ResourceName.Of(ResourceKind.NetworkEndpointGroup, "p", "z", "n"));
        Assert.Equal([new NetworkEndpoint(ResourceName.Of(ResourceKind.Instance, "p", "z", "vm1"), IpRange.Parse("10.0.0.9"), 8080, null)], group.Endpoints!.Value);
    }

    [Fact]
    public async Task Read_Network_AsksForWhatPeeringsBring_WhereItCannotBeKnownOtherwise()
    {
        _options.Projects.Add("seen");
        _google.Answer(Network, """
            {"name":"n","subnetworks":["https://www.googleapis.com/compute/v1/projects/p/regions/r2/subnetworks/b","https://www.googleapis.com/compute/v1/projects/p/regions/r1/subnetworks/a"],"peerings":[
              {"name":"servicenetworking-googleapis-com","network":"https://www.googleapis.com/compute/v1/projects/tp/global/networks/servicenetworking","state":"ACTIVE"},
              {"name":"monitored","network":"https://www.googleapis.com/compute/v1/projects/seen/global/networks/x","state":"ACTIVE"},
              {"name":"asleep","network":"https://www.googleapis.com/compute/v1/projects/tp/global/networks/y","state":"INACTIVE"},
              {"name":"imports","network":"https://www.googleapis.com/compute/v1/projects/seen/global/networks/z","state":"ACTIVE","importCustomRoutes":true}]}
            """)
            .Answer($"{Network}/listPeeringRoutes?direction=INCOMING&maxResults=500&peeringName=imports&region=r1", """{"kind":"compute#exchangedPeeringRoutesList"}""")
            .Answer($"{Network}/listPeeringRoutes?direction=INCOMING&maxResults=500&peeringName=imports&region=r2", """{"items":[{"destRange":"10.9.0.0/16","type":"DYNAMIC_PEERING_ROUTE","nextHopRegion":"r2","priority":10,"imported":true}]}""")
            .Answer($"{Network}/listPeeringRoutes?direction=INCOMING&maxResults=500&peeringName=servicenetworking-googleapis-com&region=r1", """{"items":[{"destRange":"10.1.1.0/24","type":"SUBNET_PEERING_ROUTE","imported":true},{"destRange":"10.1.0.0/24","type":"SUBNET_PEERING_ROUTE","imported":true}]}""")
            .Answer($"{Network}/listPeeringRoutes?direction=INCOMING&maxResults=500&peeringName=servicenetworking-googleapis-com&region=r2", "{}")
            .Answer("cloudresourcemanager.googleapis.com/v3/projects/p", """{"name":"projects/123","projectId":"p"}""")
            .Answer($"{Connections}?network=projects%2F123%2Fglobal%2Fnetworks%2Fn", """{"connections":[{"network":"projects/123/global/networks/n","peering":"servicenetworking-googleapis-com","reservedPeeringRanges":["a"],"service":"services/servicenetworking.googleapis.com"}]}""");
        var network = await ReadResourceAsync<VpcNetwork>(s_network);
        Assert.Equal(
            [
                new PeeringRouteList("imports", "r1", []),
                new PeeringRouteList("imports", "r2", [new PeeringRoute(IpRange.Parse("10.9.0.0/16"), PeeringRouteType.DynamicPeeringRoute, "r2", 10, true)]),
                new PeeringRouteList(
                    "servicenetworking-googleapis-com", "r1",
                    [
                        new PeeringRoute(IpRange.Parse("10.1.0.0/24"), PeeringRouteType.SubnetPeeringRoute, null, null, true),
                        new PeeringRoute(IpRange.Parse("10.1.1.0/24"), PeeringRouteType.SubnetPeeringRoute, null, null, true),
                    ]),
                new PeeringRouteList("servicenetworking-googleapis-com", "r2", []),
            ],
            network.PeeringRoutes!.Value);
        Assert.Equal([new ServiceConnection("servicenetworking-googleapis-com", "services/servicenetworking.googleapis.com", ["a"])], network.ServiceConnections!.Value);
    }

    [Fact]
    public async Task Read_Network_WhoseOtherCallsAreRefused_SaysWhichPermissions()
    {
        _google.Default = (403, "{}");
        _google.Answer(Network, """{"name":"n","subnetworks":["projects/p/regions/r1/subnetworks/a"],"peerings":[{"name":"servicenetworking-googleapis-com","network":"projects/tp/global/networks/s","state":"ACTIVE"}]}""")
            .Answer("cloudresourcemanager.googleapis.com/v3/projects/p", """{"name":"projects/123","projectId":"p"}""");
        var network = await ReadResourceAsync<VpcNetwork>(s_network);
        Assert.Equal(("permission compute.networks.listPeeringRoutes is missing", "permission servicenetworking.services.get is missing"), (network.PeeringRoutesUnread, network.ServiceConnectionsUnread));
        Assert.Null(network.PeeringRoutes);
        Assert.Null(network.ServiceConnections);
    }

    [Fact]
    public async Task Read_Network_WithoutPeerings_NeedsNoOtherCall()
    {
        _google.Answer(Network, """{"name":"n"}""");
        var network = await ReadResourceAsync<VpcNetwork>(s_network);
        Assert.Empty(network.PeeringRoutes!);
        Assert.Empty(network.ServiceConnections!);
    }

    [Fact]
    public async Task Read_ManagedZone_AlsoAsksForItsRecords_AndKeepsThoseThatLeadToAddresses()
    {
        _google.Answer(Zone, """{"kind":"dns#managedZone","name":"z","dnsName":"corp.example.","visibility":"private"}""")
            .Answer($"{Zone}/rrsets?maxResults=500", """{"rrsets":[{"name":"corp.example.","type":"TXT","rrdatas":["secret"]},{"name":"db.corp.example.","type":"A","rrdatas":["10.0.0.9"]}],"nextPageToken":"t"}""")
            .Answer($"{Zone}/rrsets?maxResults=500&pageToken=t", """{"rrsets":[{"name":"www.corp.example.","type":"CNAME","rrdatas":["db.corp.example."]}]}""");
        var zone = await ReadResourceAsync<ManagedZone>(s_zone);
        Assert.Equal([new DnsRecord("db.corp.example.", "A", ["10.0.0.9"]), new DnsRecord("www.corp.example.", "CNAME", ["db.corp.example."])], zone.Records!.Value);
    }

    [Fact]
    public async Task Read_ManagedZone_ThatAsksOthers_HasNoRecordsToAskFor()
    {
        _google.Answer(Zone, """{"kind":"dns#managedZone","name":"z","forwardingConfig":{"targetNameServers":[]}}""");
        Assert.Empty((await ReadResourceAsync<ManagedZone>(s_zone)).Records!);
    }

    [Fact]
    public async Task Read_ManagedZone_WhoseRecordsMayNotBeRead_SaysSo()
    {
        _google.Answer(Zone, """{"kind":"dns#managedZone","name":"z"}""").Answer($"{Zone}/rrsets?maxResults=500", "{}", 403);
        var zone = await ReadResourceAsync<ManagedZone>(s_zone);
        Assert.Equal((null, "permission dns.resourceRecordSets.list is missing"), (zone.Records, zone.RecordsUnread));
    }

    [Fact]
    public async Task Read_ResponsePolicy_AlsoAsksForItsRules()
    {
        const string Policy = "dns.googleapis.com/dns/v1/projects/p/responsePolicies/x";
        _google.Answer(Policy, """{"kind":"dns#responsePolicy","responsePolicyName":"x"}""")
            .Answer($"{Policy}/rules?maxResults=500", """{"responsePolicyRules":[{"ruleName":"r","dnsName":"a.example.","behavior":"BYPASS_RESPONSE_POLICY"}]}""");
        Assert.Equal([new ResponsePolicyRule("r", "a.example.", "BYPASS_RESPONSE_POLICY", [])], (await ReadResourceAsync<ResponsePolicy>(ResourceName.Of(ResourceKind.ResponsePolicy, "p", "x"))).Rules!.Value);
    }

    [Fact]
    public async Task Read_Router_WithPeers_AsksWhatItLearned()
    {
        _google.Answer(Router, """{"name":"x","bgpPeers":[{"name":"yard"}]}""").Answer($"{Router}/getRouterStatus", """
            {"kind":"compute#routerStatusResponse","result":{"network":"projects/p/global/networks/n","bestRoutes":[{"destRange":"192.168.0.0/16","priority":100,"nextHopIp":"169.254.0.2","creationTimestamp":"x"}],
             "bgpPeerStatus":[{"name":"yard","status":"UP","uptime":"3 days","advertisedRoutes":[{"destRange":"10.8.0.0/28"}]}]}}
            """);
        var router = await ReadResourceAsync<Router>(ResourceName.Of(ResourceKind.Router, "p", "r", "x"));
        Assert.Equal(
            new RouterStatus([new DynamicRoute(IpRange.Parse("192.168.0.0/16"), 100, new NextHop.Ip(IpRange.Parse("169.254.0.2")))], [new BgpPeerStatus("yard", "UP", [IpRange.Parse("10.8.0.0/28")])]),
            router.Status);
    }

    [Fact]
    public async Task Read_Router_WithoutPeers_HasLearnedNothing()
    {
        _google.Answer(Router, """{"name":"x"}""");
        Assert.Equal(new RouterStatus([], []), (await ReadResourceAsync<Router>(ResourceName.Of(ResourceKind.Router, "p", "r", "x"))).Status);
    }

    [Fact]
    public async Task Read_Router_WhoseStatusIsRefused_SaysSo()
    {
        _google.Answer(Router, """{"name":"x","bgpPeers":[{"name":"yard"}]}""").Answer($"{Router}/getRouterStatus", "{}", 403);
        var router = await ReadResourceAsync<Router>(ResourceName.Of(ResourceKind.Router, "p", "r", "x"));
        Assert.Equal((null, "permission compute.routers.get is missing"), (router.Status, router.StatusUnread));
    }

    [Fact]
    public async Task Read_NetworkEndpointGroup_OfAServerlessWorkload_HasNoEndpointsToAskFor()
    {
        _google.Answer("compute.googleapis.com/compute/v1/projects/p/regions/r/networkEndpointGroups/n", """{"name":"n","networkEndpointType":"SERVERLESS","cloudRun":{"service":"s"}}""");
        Assert.Null((await ReadResourceAsync<NetworkEndpointGroup>(ResourceName.Parse("//compute.googleapis.com/projects/p/regions/r/networkEndpointGroups/n"))).Endpoints);
    }

    [Theory]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/backendServices/x", "compute.regionBackendServices.get")]
    [InlineData("//compute.googleapis.com/projects/p/global/backendServices/x", "compute.backendServices.get")]
    [InlineData("//compute.googleapis.com/projects/p/global/addresses/x", "compute.globalAddresses.get")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/firewallPolicies/x", "compute.regionFirewallPolicies.get")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/targetHttpProxies/x", "compute.regionTargetHttpProxies.get")]
    [InlineData("//compute.googleapis.com/projects/p/global/targetHttpsProxies/x", "compute.targetHttpsProxies.get")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/networkEndpointGroups/x", "compute.regionNetworkEndpointGroups.get")]
    [InlineData("//compute.googleapis.com/projects/p/global/networkEndpointGroups/x", "compute.globalNetworkEndpointGroups.get")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/subnetworks/x", "compute.subnetworks.get")]
    public async Task Read_Refused_NamesThePermissionOfTheScope(string name, string permission)
    {
        _google.Default = (403, "{}");
        Assert.Equal($"permission {permission} is missing", Assert.IsType<ResourceState.Unreadable>(await ReadAsync(ResourceName.Parse(name))).Reason);
    }

    [Fact]
    public void EveryModelledKind_HasAPlaceToRead() =>
        Assert.Equal(Enum.GetValues<ResourceKind>().Where(kind => kind != ResourceKind.Other), ApiTable.Rows.Select(row => row.Kind).Order());

    private async Task<T> ReadResourceAsync<T>(ResourceName name)
        where T : Resource =>
        Assert.IsType<T>(ResourceParser.Parse(name, Assert.IsType<ResourceState.Present>(await ReadAsync(name)).Json, ImmutableDictionary<string, string>.Empty).Resource);

    private GoogleReader Reader() => new(new HttpClient(_google), _options, _time);

    // Time passes while a read waits for its next try.
    private async Task<ResourceState> ReadAsync(ResourceName name)
    {
        var reading = Reader().ReadAsync([name], TestContext.Current.CancellationToken);
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(5, TestContext.Current.CancellationToken));
            if (!reading.IsCompleted && _google.Asked.Count > 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(500));
            }
        }

        return Assert.Single(await reading);
    }
}
