using System.Net;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Hosting;

namespace Auditor.Tests.Simulator;

public sealed class SimulatorHostTests : IAsyncLifetime
{
    private const string Compute = "compute.googleapis.com/compute/v1/projects";

    private readonly SimulatedCloud _cloud = DemoEstate.CreateCloud();
    private readonly HttpClient _client = new();
    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync(_cloud, new SimulatorOptions { MaxPageSize = 20 }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/europe-west1/connectors/edge-conn", "state", "READY")]
    [InlineData("vpcaccess.googleapis.com/v1/projects/100000000001/locations/europe-west1/connectors/edge-conn", "network", "harbor-vpc")]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/europe-west1/services/payments", "generation", "4")]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/europe-west1/services/payments/revisions/payments-00004-kiv", "service", "payments")]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/us-central1/workerPools/order-worker", "launchStage", "GA")]
    [InlineData("run.googleapis.com/v2/projects/harbor-data/locations/us-central1/jobs/legacy-export", "generation", "2")]
    [InlineData("cloudfunctions.googleapis.com/v1/projects/harbor-data/locations/us-central1/functions/ingest-events", "status", "ACTIVE")]
    [InlineData("cloudfunctions.googleapis.com/v2/projects/harbor-data/locations/us-central1/functions/ingest-events", "environment", "GEN_1")]
    [InlineData("cloudfunctions.googleapis.com/v2/projects/harbor-shop/locations/europe-west1/functions/resize-images", "environment", "GEN_2")]
    [InlineData("appengine.googleapis.com/v1/apps/harbor-shop", "locationId", "europe-west")]
    [InlineData("appengine.googleapis.com/v1/apps/harbor-shop/services/default/versions/20260412t101500?view=FULL", "servingStatus", "SERVING")]
    [InlineData(Compute + "/harbor-net/global/networks/harbor-vpc", "kind", "compute#network")]
    [InlineData(Compute + "/harbor-net/global/firewallPolicies/harbor-baseline", "kind", "compute#firewallPolicy")]
    [InlineData(Compute + "/harbor-net", "xpnProjectStatus", "HOST")]
    [InlineData(Compute + "/harbor-data/getXpnHost", "name", "harbor-net")]
    [InlineData("compute.googleapis.com/compute/v1/locations/global/firewallPolicies/900000000001", "shortName", "harbor-org-guardrails")]
    [InlineData("sqladmin.googleapis.com/v1/projects/harbor-shop/instances/orders-db", "databaseVersion", "POSTGRES_16")]
    [InlineData("redis.googleapis.com/v1/projects/harbor-shop/locations/europe-west1/instances/session-cache", "host", "10.30.8.4")]
    [InlineData("cloudresourcemanager.googleapis.com/v3/projects/harbor-net", "name", "projects/100000000001")]
    [InlineData("cloudresourcemanager.googleapis.com/v3/projects/100000000002", "projectId", "harbor-shop")]
    [InlineData("cloudresourcemanager.googleapis.com/v3/folders/600000000001", "displayName", "production")]
    public async Task Get_AnswersTheResource(string path, string field, string value)
    {
        var (status, body) = await GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, value), (status, (string?)body[field]));
    }

    [Theory]
    [InlineData("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/europe-west1/connectors/none", "The connector is not found.")]
    [InlineData(Compute + "/harbor-net/global/firewalls/none", "The resource 'projects/harbor-net/global/firewalls/none' was not found")]
    [InlineData(Compute + "/nowhere/global/firewalls", "The resource 'projects/nowhere' was not found")]
    [InlineData("cloudfunctions.googleapis.com/v1/projects/harbor-shop/locations/europe-west1/functions/resize-images", "Resource 'projects/harbor-shop/locations/europe-west1/functions/resize-images' was not found")]
    [InlineData("sqladmin.googleapis.com/v1/projects/harbor-shop/instances/none", "The Cloud SQL instance does not exist.")]
    [InlineData("storage.googleapis.com/v1/b/bucket", "The requested URL /storage.googleapis.com/v1/b/bucket was not found on this server.")]
    [InlineData(Compute + "/harbor-net/global/unicorns", "The requested URL /projects/harbor-net/global/unicorns was not found on this server.")]
    public async Task Get_OfWhatIsNotThere_Is404(string path, string message)
    {
        var (status, body) = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal((404, message, "NOT_FOUND"), ((int)body["error"]!["code"]!, (string)body["error"]!["message"]!, (string)body["error"]!["status"]!));
    }

    [Theory]
    [InlineData("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/-/connectors", "connectors", 3)]
    [InlineData("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/us-central1/connectors", "connectors", 1)]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/-/services", "services", 5)]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/europe-west1/services/storefront/revisions", "revisions", 2)]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/-/services/-/revisions", "revisions", 7)]
    [InlineData("run.googleapis.com/v2/projects/harbor-shop/locations/-/workerPools", "workerPools", 1)]
    [InlineData("run.googleapis.com/v2/projects/harbor-data/locations/-/jobs", "jobs", 1)]
    [InlineData("cloudfunctions.googleapis.com/v1/projects/harbor-data/locations/-/functions", "functions", 1)]
    [InlineData("cloudfunctions.googleapis.com/v2/projects/harbor-shop/locations/-/functions", "functions", 1)]
    [InlineData("appengine.googleapis.com/v1/apps/harbor-shop/services", "services", 1)]
    [InlineData("appengine.googleapis.com/v1/apps/harbor-shop/services/default/versions", "versions", 2)]
    [InlineData("sqladmin.googleapis.com/v1/projects/harbor-data/instances", "items", 1)]
    [InlineData("redis.googleapis.com/v1/projects/harbor-shop/locations/-/instances", "instances", 1)]
    [InlineData(Compute + "/harbor-net/global/networks", "items", 1)]
    [InlineData(Compute + "/harbor-net/regions/europe-west1/subnetworks", "items", 4)]
    [InlineData("cloudresourcemanager.googleapis.com/v3/projects?parent=folders/600000000001", "projects", 4)]
    public async Task List_HoldsItsItems(string path, string key, int count)
    {
        var (status, body) = await GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, count), (status, body[key]!.AsArray().Count));
    }

    [Theory]
    [InlineData("redis.googleapis.com/v1/projects/harbor-net/locations/-/clusters", "{}")]
    [InlineData("cloudfunctions.googleapis.com/v1/projects/harbor-shop/locations/-/functions", "{}")]
    [InlineData(Compute + "/harbor-data/global/firewallPolicies", """{"kind":"compute#firewallPolicyList","id":"projects/harbor-data/global/firewallPolicies","selfLink":"https://www.googleapis.com/compute/v1/projects/harbor-data/global/firewallPolicies"}""")]
    public async Task List_WithoutItems_HasNoKeyForThem(string path, string expected) => Assert.Equal(expected, (await GetAsync(path)).Body.ToJsonString());

    [Fact]
    public async Task List_InPages_HoldsEverythingOnce()
    {
        var names = new List<string>();
        var pages = 0;
        string? token = null;
        do
        {
            var (_, body) = await GetAsync($"{Compute}/harbor-net/global/firewalls?maxResults=7{(token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}")}");
            names.AddRange(body["items"]!.AsArray().Select(item => (string)item!["name"]!));
            token = (string?)body["nextPageToken"];
            pages++;
        }
        while (token is not null);

        var expected = _cloud.Names.Where(name => name is { Kind: ResourceKind.Firewall, Project: "harbor-net" }).Select(name => name.Id);
        Assert.Equal(expected, names);
        Assert.Equal(5, pages);
    }

    [Fact]
    public async Task List_WithABrokenToken_Is400() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync($"{Compute}/harbor-net/global/firewalls?pageToken=!")).Status);

    [Fact]
    public async Task AggregatedList_SaysWhichScopesAreEmpty()
    {
        var (_, body) = await GetAsync($"{Compute}/harbor-net/aggregated/subnetworks");

        Assert.Equal("compute#subnetworkAggregatedList", (string?)body["kind"]);
        Assert.Equal(4, body["items"]!["regions/europe-west1"]!["subnetworks"]!.AsArray().Count);
        Assert.Equal("NO_RESULTS_ON_PAGE", (string?)body["items"]!["regions/asia-east1"]!["warning"]!["code"]);
    }

    [Fact]
    public async Task AggregatedList_HoldsGlobalOnesToo()
    {
        var (_, body) = await GetAsync($"{Compute}/harbor-net/aggregated/addresses");

        Assert.Equal("harbor-psa", (string?)body["items"]!["global"]!["addresses"]![0]!["name"]);
    }

    [Fact]
    public async Task AggregatedList_WithAnUnreachableRegion_FailsUnlessPartIsEnough()
    {
        _cloud.Faults.MakeUnreachable("us-central1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync($"{Compute}/harbor-net/aggregated/subnetworks")).Status);
        var (_, body) = await GetAsync($"{Compute}/harbor-net/aggregated/subnetworks?returnPartialSuccess=true");
        Assert.Equal("UNREACHABLE", (string?)body["items"]!["regions/us-central1"]!["warning"]!["code"]);
        Assert.Equal("regions/us-central1", (string?)body["unreachables"]![0]);
    }

    [Fact]
    public async Task List_OverAllLocations_NamesUnreachableOnes()
    {
        _cloud.Faults.MakeUnreachable("us-central1");

        Assert.Equal("us-central1", (string?)(await GetAsync("run.googleapis.com/v2/projects/harbor-data/locations/-/services")).Body["unreachable"]![0]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/-/connectors")).Status);
    }

    [Theory]
    [InlineData("/harbor-net/global/networks/harbor-vpc/getEffectiveFirewalls")]
    [InlineData("/harbor-net/regions/europe-west1/firewallPolicies/getEffectiveFirewalls?network=projects/harbor-net/global/networks/harbor-vpc")]
    [InlineData("/harbor-net/zones/europe-west1-b/instances/bastion/getEffectiveFirewalls?networkInterface=nic0")]
    public async Task EffectiveFirewalls_HoldRulesAndPoliciesFromTheTopDown(string path)
    {
        var (_, body) = await GetAsync(Compute + path);

        Assert.Equal(29, body["firewalls"]!.AsArray().Count);
        Assert.Equal(["HIERARCHY harbor-org-guardrails", "NETWORK harbor-baseline"], body["firewallPolicys"]!.AsArray().Select(policy => $"{policy!["type"]} {policy["shortName"]}"));
    }

    [Fact]
    public async Task PeeringRoutes_AreTheSubnetworksOfThePeer()
    {
        var (_, body) = await GetAsync($"{Compute}/harbor-net/global/networks/harbor-vpc/listPeeringRoutes?peeringName=harbor-to-partner&direction=INCOMING");

        Assert.Equal(["10.70.16.0/20", "10.70.48.0/24", "10.70.0.0/20"], body["items"]!.AsArray().Select(route => (string?)route!["destRange"]));
    }

    [Fact]
    public async Task PeeringRoutes_OfPrivateServices_AreWhereTheManagedServicesAre()
    {
        var (_, body) = await GetAsync($"{Compute}/harbor-data/global/networks/data-vpc/listPeeringRoutes?peeringName=servicenetworking-googleapis-com&region=us-central1&direction=INCOMING");

        Assert.Equal(
            ["10.62.0.0/24 us-central1", "10.62.1.0/24 us-central1", "10.62.2.0/24 us-central1"],
            body["items"]!.AsArray().Select(route => $"{route!["destRange"]} {route["nextHopRegion"]}"));
    }

    [Theory]
    [InlineData("projects%2F100000000003%2Fglobal%2Fnetworks%2Fdata-vpc", "data-psa")]
    [InlineData("projects%2F100000000004%2Fglobal%2Fnetworks%2Fpartner-vpc", null)]
    public async Task Connections_OfANetwork_NameTheRangesReservedForThem(string network, string? reserved)
    {
        var (status, body) = await GetAsync($"/servicenetworking.googleapis.com/v1/services/servicenetworking.googleapis.com/connections?network={network}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(reserved is null ? [] : [reserved], (body["connections"]?.AsArray() ?? []).SelectMany(connection => connection!["reservedPeeringRanges"]!.AsArray()).Select(range => (string?)range));
    }

    [Theory]
    [InlineData("compute.firewalls.list", Compute + "/harbor-net/global/firewalls", "Required 'compute.firewalls.list' permission for 'projects/harbor-net/global/firewalls'")]
    [InlineData("compute.globalAddresses.get", Compute + "/harbor-net/global/addresses/harbor-psa", "Required 'compute.globalAddresses.get' permission for 'projects/harbor-net/global/addresses/harbor-psa'")]
    [InlineData("compute.networks.getEffectiveFirewalls", Compute + "/harbor-net/global/networks/harbor-vpc/getEffectiveFirewalls", "Required 'compute.networks.getEffectiveFirewalls' permission for 'projects/harbor-net/global/networks/harbor-vpc/getEffectiveFirewalls'")]
    [InlineData("vpcaccess.*", "vpcaccess.googleapis.com/v1/projects/harbor-net/locations/-/connectors", "Permission 'vpcaccess.connectors.list' denied on resource '//vpcaccess.googleapis.com/projects/harbor-net/locations/-/connectors' (or it may not exist).")]
    [InlineData("*", "run.googleapis.com/v2/projects/harbor-net/locations/-/workerPools", "Permission 'run.workerpools.list' denied on resource '//run.googleapis.com/projects/harbor-net/locations/-/workerPools' (or it may not exist).")]
    public async Task Get_WithoutPermission_Is403AndNamesIt(string permission, string path, string message)
    {
        _cloud.Faults.Forbid("harbor-net", permission);

        var (status, body) = await GetAsync(path);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal((message, "PERMISSION_DENIED"), ((string)body["error"]!["message"]!, (string)body["error"]!["status"]!));
        Assert.Equal("IAM_PERMISSION_DENIED", (string?)body["error"]!["details"]![0]!["reason"]);
    }

    [Fact]
    public async Task Get_WithTheApiOff_SaysSo()
    {
        _cloud.Faults.Disable("harbor-net", "redis.googleapis.com");

        var (status, body) = await GetAsync("redis.googleapis.com/v1/projects/harbor-net/locations/-/instances");

        Assert.Equal((HttpStatusCode.Forbidden, "SERVICE_DISABLED"), (status, (string?)body["error"]!["details"]![0]!["reason"]));
    }

    [Fact]
    public async Task Get_WhileRequestsFail_FailsThatManyTimes()
    {
        _cloud.Faults.FailNext(HttpStatusCode.TooManyRequests, 2);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync($"{Compute}/harbor-net")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync($"{Compute}/harbor-net")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"{Compute}/harbor-net")).Status);
    }

    [Theory]
    [InlineData("DELETE", Compute + "/harbor-net/global/firewalls/iap-ssh", 405)]
    [InlineData("PATCH", "vpcaccess.googleapis.com/v1/projects/harbor-net/locations/europe-west1/connectors/edge-conn", 405)]
    [InlineData("POST", Compute + "/harbor-net/global/firewalls", 405)]
    [InlineData("POST", Compute + "/harbor-net/zones/europe-west1-b/instanceGroups/inventory-group/listInstances", 200)]
    public async Task Send_OtherVerbs_AreRefusedAndCounted(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_host.Address, path));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 405 ? 1 : 0, _host.Requests.WriteAttempts);
    }

    [Fact]
    public async Task Requests_AreLogged()
    {
        await GetAsync($"{Compute}/harbor-net?fields=name");
        await GetAsync("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/-/connectors");

        Assert.Equal(new LoggedRequest("GET", $"{Compute}/harbor-net", "?fields=name", 200), _host.Requests.All[0]);
        Assert.Equal((2, 1), (_host.Requests.All.Count, _host.Requests.Count("compute.googleapis.com/")));
    }

    [Fact]
    public async Task Get_AfterAChange_ShowsIt()
    {
        var name = ResourceName.Parse("//vpcaccess.googleapis.com/projects/harbor-net/locations/europe-west1/connectors/edge-conn");
        _cloud.Patch(name, json => json["state"] = "ERROR");

        Assert.Equal("ERROR", (string?)(await GetAsync("vpcaccess.googleapis.com/v1/projects/harbor-net/locations/europe-west1/connectors/edge-conn")).Body["state"]);
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(_host.Address, path), TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }
}
