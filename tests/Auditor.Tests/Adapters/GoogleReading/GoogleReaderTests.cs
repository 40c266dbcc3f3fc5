using System.Net.Http.Headers;
using Auditor.Adapters.Google;
using Auditor.Model;
using Microsoft.Extensions.Time.Testing;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Adapters.GoogleReading;

/// <summary>Reads of single resources: which request each kind makes, and what every kind of answer becomes.</summary>
public sealed class GoogleReaderTests : IDisposable
{
    private const string ConnectorRequest = "vpcaccess.googleapis.com/v1/projects/p1/locations/europe-west1/connectors/conn";

    private static readonly DateTimeOffset s_begun = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_begun);
    private readonly FakeGoogle _google = new();
    private readonly GoogleOptions _options = new();

    public void Dispose() => _google.Dispose();

    [Theory]
    [InlineData("//vpcaccess.googleapis.com/projects/p/locations/r/connectors/c", "vpcaccess.googleapis.com/v1/projects/p/locations/r/connectors/c")]
    [InlineData("//compute.googleapis.com/projects/p/global/networks/n", "compute.googleapis.com/compute/v1/projects/p/global/networks/n")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/subnetworks/s", "compute.googleapis.com/compute/v1/projects/p/regions/r/subnetworks/s")]
    [InlineData("//compute.googleapis.com/projects/p/global/firewalls/f", "compute.googleapis.com/compute/v1/projects/p/global/firewalls/f")]
    [InlineData("//compute.googleapis.com/projects/p/global/routes/x", "compute.googleapis.com/compute/v1/projects/p/global/routes/x")]
    [InlineData("//compute.googleapis.com/projects/p/regions/r/routers/x", "compute.googleapis.com/compute/v1/projects/p/regions/r/routers/x")]
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
    [InlineData("//redis.googleapis.com/projects/p/locations/r/clusters/c", "redis.googleapis.com/v1/projects/p/locations/r/clusters/c")]
    [InlineData("//memcache.googleapis.com/projects/p/locations/r/instances/i", "memcache.googleapis.com/v1/projects/p/locations/r/instances/i")]
    [InlineData("//memorystore.googleapis.com/projects/p/locations/r/instances/i", "memorystore.googleapis.com/v1/projects/p/locations/r/instances/i")]
    [InlineData("//alloydb.googleapis.com/projects/p/locations/r/clusters/c", "alloydb.googleapis.com/v1/projects/p/locations/r/clusters/c")]
    [InlineData("//alloydb.googleapis.com/projects/p/locations/r/clusters/c/instances/i", "alloydb.googleapis.com/v1/projects/p/locations/r/clusters/c/instances/i")]
    [InlineData("//file.googleapis.com/projects/p/locations/z/instances/i", "file.googleapis.com/v1/projects/p/locations/z/instances/i")]
    [InlineData("//compute.googleapis.com/projects/example.com:p/global/networks/n", "compute.googleapis.com/compute/v1/projects/example.com:p/global/networks/n")]
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

    [Fact]
    public async Task ReadOnlyHandler_LetsNothingButGetThrough()
    {
        using var client = new HttpClient(new ReadOnlyHandler { InnerHandler = _google });
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Head, HttpMethod.Options })
        {
            using var request = new HttpRequestMessage(method, "https://compute.googleapis.com/x");
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
        }

        Assert.Empty(_google.Asked);
    }

    [Fact]
    public void EveryModelledKind_HasAPlaceToRead() =>
        Assert.Equal(Enum.GetValues<ResourceKind>().Where(kind => kind != ResourceKind.Other), ApiTable.Rows.Select(row => row.Kind).Order());

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
