using System.Collections.Immutable;
using Auditor.Adapters.Google;
using Auditor.Model;
using Microsoft.Extensions.Time.Testing;

namespace Auditor.Tests.Adapters.GoogleReading;

/// <summary>Sweeps of one project: which lists are asked, and what a partial, refused or strange answer becomes.</summary>
public sealed class GoogleSweepTests : IDisposable
{
    private const string Compute = "compute.googleapis.com/compute/v1/projects/p1";
    private const string Off = """{"error":{"code":403,"details":[{"reason":"SERVICE_DISABLED"}]}}""";

    private static readonly DateTimeOffset s_begun = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    // Everything is switched off but what a test switches on.
    private readonly FakeGoogle _google = new() { Default = (403, Off) };
    private readonly FakeTimeProvider _time = new(s_begun);
    private readonly GoogleOptions _options = new() { Projects = { "p1" }, MaxTries = 1 };

    public GoogleSweepTests() => _google.Answer("cloudresourcemanager.googleapis.com/v3/projects/p1", """{"name":"projects/123","projectId":"p1"}""");

    public void Dispose() => _google.Dispose();

    [Fact]
    public async Task Sweep_AsksForEveryModelledKind_WithGetAlone()
    {
        _google.Answer("appengine.googleapis.com/v1/apps/p1", """{"name":"apps/p1","id":"p1"}""")
            .Answer("appengine.googleapis.com/v1/apps/p1/services?pageSize=100", """{"services":[{"name":"apps/p1/services/default","id":"default"}]}""")
            .Answer($"{Compute}/global/networks?maxResults=500", """{"kind":"compute#networkList","items":[{"name":"vpc","selfLink":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/vpc"}]}""");
        var picture = await SweepAsync();
        Assert.Empty(picture.Gaps);
        Assert.Equal(["p1"], picture.Projects);
        Assert.Equal(
            [
                "//appengine.googleapis.com/apps/p1", "//appengine.googleapis.com/apps/p1/services/default",
                "//cloudresourcemanager.googleapis.com/projects/p1", "//compute.googleapis.com/projects/p1/global/networks/vpc",
            ],
            picture.States.Select(state => state.Name.Value));
        Assert.All(picture.States, state => Assert.Equal(s_begun, state.ReadAt));
        Assert.Equal(
            new[]
            {
                "appengine.googleapis.com/v1/apps/p1",
                "appengine.googleapis.com/v1/apps/p1/services/default/versions?pageSize=100&view=FULL",
                "appengine.googleapis.com/v1/apps/p1/services?pageSize=100",
                "cloudfunctions.googleapis.com/v2/projects/p1/locations/-/functions?pageSize=100",
                "cloudresourcemanager.googleapis.com/v3/projects/p1",
                Compute,
                $"{Compute}/aggregated/addresses?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/backendServices?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/healthChecks?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/instanceGroups?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/networkEndpointGroups?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/targetHttpProxies?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/targetHttpsProxies?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/targetInstances?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/targetTcpProxies?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/urlMaps?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/interconnectAttachments?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/serviceAttachments?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/vpnTunnels?maxResults=500&returnPartialSuccess=true",
                "container.googleapis.com/v1/projects/p1/locations/-/clusters?pageSize=100",
                "dns.googleapis.com/dns/v1/projects/p1/managedZones?maxResults=500",
                "dns.googleapis.com/dns/v1/projects/p1/policies?maxResults=500",
                "dns.googleapis.com/dns/v1/projects/p1/responsePolicies?maxResults=500",
                "networkconnectivity.googleapis.com/v1/projects/p1/locations/global/policyBasedRoutes?pageSize=100",
                $"{Compute}/aggregated/firewallPolicies?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/forwardingRules?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/instances?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/routers?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/aggregated/subnetworks?maxResults=500&returnPartialSuccess=true",
                $"{Compute}/global/firewalls?maxResults=500",
                $"{Compute}/global/forwardingRules?maxResults=500",
                $"{Compute}/global/networks/vpc/getEffectiveFirewalls",
                $"{Compute}/global/networks?maxResults=500",
                $"{Compute}/global/routes?maxResults=500",
                "alloydb.googleapis.com/v1/projects/p1/locations/-/clusters/-/instances?pageSize=100",
                "alloydb.googleapis.com/v1/projects/p1/locations/-/clusters?pageSize=100",
                "file.googleapis.com/v1/projects/p1/locations/-/instances?pageSize=100",
                "memcache.googleapis.com/v1/projects/p1/locations/-/instances?pageSize=100",
                "memorystore.googleapis.com/v1/projects/p1/locations/-/instances?pageSize=100",
                "redis.googleapis.com/v1/projects/p1/locations/-/clusters?pageSize=100",
                "redis.googleapis.com/v1/projects/p1/locations/-/instances?pageSize=100",
                "run.googleapis.com/v2/projects/p1/locations/-/jobs?pageSize=100",
                "run.googleapis.com/v2/projects/p1/locations/-/services/-/revisions?pageSize=100",
                "run.googleapis.com/v2/projects/p1/locations/-/services?pageSize=100",
                "run.googleapis.com/v2/projects/p1/locations/-/workerPools/-/revisions?pageSize=100",
                "run.googleapis.com/v2/projects/p1/locations/-/workerPools?pageSize=100",
                "sqladmin.googleapis.com/v1/projects/p1/instances?maxResults=500",
                "vpcaccess.googleapis.com/v1/projects/p1/locations/-/connectors?pageSize=100",
            }.Order(StringComparer.Ordinal),
            _google.Asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sweep_FollowsPages()
    {
        _google.Answer($"{Compute}/global/firewalls?maxResults=500", """{"kind":"compute#firewallList","items":[{"name":"a","network":"projects/p1/global/networks/n","allowed":[]}],"nextPageToken":"x/y="}""")
            .Answer($"{Compute}/global/firewalls?maxResults=500&pageToken=x%2Fy%3D", """{"kind":"compute#firewallList","items":[{"name":"b","network":"projects/p1/global/networks/n","allowed":[]}]}""");
        var picture = await SweepAsync();
        Assert.Equal(["a", "b"], picture.States.Where(state => state.Name.Kind == ResourceKind.Firewall).Select(state => state.Name.Id));
        Assert.Empty(picture.Gaps);
    }

    [Fact]
    public async Task Sweep_APageThatFails_KeepsTheOnesBefore_AndIsAGap()
    {
        _google.Answer($"{Compute}/global/firewalls?maxResults=500", """{"items":[{"name":"a","network":"projects/p1/global/networks/n","allowed":[]}],"nextPageToken":"t"}""")
            .Answer($"{Compute}/global/firewalls?maxResults=500&pageToken=t", "{}", 503);
        var picture = await SweepAsync();
        Assert.Contains(picture.States, state => state.Name.Id == "a");
        AssertGaps(picture, new Gap(new GapScope(ResourceKind.Firewall, "p1"), "compute.googleapis.com answered 503"));
    }

    [Fact]
    public async Task Sweep_TheSamePageAgain_EndsIt()
    {
        _google.Answer($"{Compute}/global/routes?maxResults=500", """{"nextPageToken":"t","kind":"compute#routeList"}""").Answer($"{Compute}/global/routes?maxResults=500&pageToken=t", """{"nextPageToken":"t","kind":"compute#routeList"}""");
        AssertGaps(await SweepAsync(), new Gap(new GapScope(ResourceKind.Route, "p1"), "compute.googleapis.com gave page 2 twice"));
    }

    [Fact]
    public async Task Sweep_ARefusedList_IsAGapThatNamesThePermission()
    {
        _google.Answer("vpcaccess.googleapis.com/v1/projects/p1/locations/-/connectors?pageSize=100", "{}", 403);
        AssertGaps(await SweepAsync(), new Gap(new GapScope(ResourceKind.Connector, "p1"), "permission vpcaccess.connectors.list is missing"));
    }

    [Fact]
    public async Task Sweep_ARefusedProject_IsAGapOfEverythingButNoFailure()
    {
        _google.Default = (403, "{}");
        var picture = await SweepAsync();
        Assert.Equal(
            Enum.GetValues<ResourceKind>().Where(kind => kind is not (ResourceKind.Other or ResourceKind.Folder or ResourceKind.Project)),
            picture.Gaps.Where(gap => gap.Scope.Project == "p1").Select(gap => gap.Scope.Kind!.Value).Distinct().Order());
        Assert.All(picture.Gaps, gap => Assert.Matches("^permission [a-zA-Z.]+ is missing$", gap.Reason));
    }

    [Fact]
    public async Task Sweep_PartialAnswers_AreGapsOfJustThatPlace()
    {
        _google.Answer(
                $"{Compute}/aggregated/subnetworks?maxResults=500&returnPartialSuccess=true",
                """{"kind":"compute#subnetworkAggregatedList","items":{"regions/a":{"warning":{"code":"NO_RESULTS_ON_PAGE"}},"regions/b":{"warning":{"code":"UNREACHABLE"}}}}""")
            .Answer("run.googleapis.com/v2/projects/p1/locations/-/services?pageSize=100", """{"unreachable":["europe-west9"]}""");
        AssertGaps(
            await SweepAsync(),
            new Gap(new GapScope(ResourceKind.RunService, "p1", "europe-west9"), "Google could not reach europe-west9"),
            new Gap(new GapScope(ResourceKind.Subnetwork, "p1", "b"), "Google answered UNREACHABLE for regions/b"));
    }

    [Fact]
    public async Task Sweep_WhereAnApiTakesNoWildcard_EachLocationIsAsked()
    {
        const string Run = "run.googleapis.com/v2/projects/p1/locations";
        _google.Answer($"{Run}/-/jobs?pageSize=100", """{"error":{"status":"INVALID_ARGUMENT"}}""", 400)
            .Answer("run.googleapis.com/v1/projects/p1/locations?pageSize=100", """{"locations":[{"locationId":"r1"},{"locationId":"r2"}]}""")
            .Answer($"{Run}/r1/jobs?pageSize=100", """{"jobs":[{"name":"projects/p1/locations/r1/jobs/j","template":{"template":{}}}]}""")
            .Answer($"{Run}/r2/jobs?pageSize=100", "{}", 403);
        var picture = await SweepAsync();
        Assert.Contains(picture.States, state => state.Name == ResourceName.Of(ResourceKind.RunJob, "p1", "r1", "j"));
        AssertGaps(picture, new Gap(new GapScope(ResourceKind.RunJob, "p1", "r2"), "permission run.jobs.list is missing"));
    }

    [Fact]
    public async Task Sweep_SomethingStrangeInAList_MakesTheListIncomplete()
    {
        _google.Answer("redis.googleapis.com/v1/projects/p1/locations/-/instances?pageSize=100", """{"instances":[{"name":"projects/p1/locations/r/instances/i","new":"shape"}]}""")
            .Answer("vpcaccess.googleapis.com/v1/projects/p1/locations/-/connectors?pageSize=100", """{"connectors":[{"name":"projects/p1/locations/r/connectors/c","ipCidrRange":"everything"}]}""");
        AssertGaps(
            await SweepAsync(),
            new Gap(new GapScope(Resource: ResourceName.Of(ResourceKind.Connector, "p1", "r", "c")), "ipCidrRange is \"everything\"; an address or CIDR block was expected"),
            new Gap(new GapScope(ResourceKind.RedisInstance, "p1"), "redis.googleapis.com/projects/p1/locations/-/instances lists something that is not understood"));
    }

    [Fact]
    public async Task Sweep_ATextThatIsNotUnicode_IsAGap()
    {
        _google.Answer("vpcaccess.googleapis.com/v1/projects/p1/locations/-/connectors?pageSize=100", """{"connectors":[{"name":"projects/p1/locations/r/connectors/\ud800"}]}""");
        AssertGaps(await SweepAsync(), new Gap(new GapScope(ResourceKind.Connector, "p1"), "vpcaccess.googleapis.com/projects/p1/locations/-/connectors holds a text that is not Unicode"));
    }

    [Fact]
    public async Task Sweep_EffectiveFirewallsThatMayNotBeRead_HidePolicies()
    {
        _google.Answer($"{Compute}/global/networks?maxResults=500", """{"items":[{"name":"vpc","autoCreateSubnetworks":false,"selfLink":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/vpc"}]}""")
            .Answer($"{Compute}/global/networks/vpc/getEffectiveFirewalls", "{}", 403);
        var gap = Assert.Single((await SweepAsync()).Gaps);
        Assert.Equal(new Gap(new GapScope(ResourceKind.FirewallPolicy, "p1"), "permission compute.networks.getEffectiveFirewalls is missing"), gap);
        Assert.True(gap.Scope.Hides(ResourceName.Of(ResourceKind.FirewallPolicy, "123")));
    }

    [Fact]
    public async Task Sweep_MembersThatMayNotBeRead_AreAGapOfTheirGroups_WhichAreThereAllTheSame()
    {
        const string Zone = "https://www.googleapis.com/compute/v1/projects/p1/zones/z";
        _google.Answer(
                $"{Compute}/aggregated/instanceGroups?maxResults=500&returnPartialSuccess=true",
                $$$"""{"kind":"compute#instanceGroupAggregatedList","items":{"zones/z":{"instanceGroups":[{"name":"a","size":1,"selfLink":"{{{Zone}}}/instanceGroups/a"},{"name":"b","size":1,"selfLink":"{{{Zone}}}/instanceGroups/b"}]} } }""")
            .Answer($$"""POST {{Compute}}/zones/z/instanceGroups/a/listInstances?maxResults=500 {"instanceState":"ALL"}""", $$"""{"items":[{"instance":"{{Zone}}/instances/vm"}]}""")
            .Answer($$"""POST {{Compute}}/zones/z/instanceGroups/b/listInstances?maxResults=500 {"instanceState":"ALL"}""", "{}", 403);
        var picture = await SweepAsync();
        AssertGaps(picture, new Gap(new GapScope(ResourceKind.InstanceGroup, "p1", "z"), "permission compute.instanceGroups.get is missing"));
        var groups = picture.States.OfType<ResourceState.Present>().Select(state => ResourceParser.Parse(state.Name, state.Json, ImmutableDictionary<string, string>.Empty).Resource).OfType<InstanceGroup>().ToList();
        Assert.Equal([ResourceName.Of(ResourceKind.Instance, "p1", "z", "vm")], groups[0].Members!.Value);
        Assert.Null(groups[1].Members);
        Assert.Equal("permission compute.instanceGroups.get is missing", groups[1].MembersUnread);
    }

    [Fact]
    public async Task Sweep_ZonesAndClustersOfAList_AreNamedByTheProjectAsked()
    {
        _google.Answer("dns.googleapis.com/dns/v1/projects/p1/managedZones?maxResults=500", """{"kind":"dns#managedZonesListResponse","managedZones":[{"kind":"dns#managedZone","name":"z","dnsName":"corp.example."}]}""")
            .Answer("dns.googleapis.com/dns/v1/projects/p1/managedZones/z/rrsets?maxResults=500", """{"kind":"dns#resourceRecordSetsListResponse","rrsets":[]}""")
            .Answer(
                "container.googleapis.com/v1/projects/p1/locations/-/clusters?pageSize=100",
                """{"clusters":[{"name":"c","nodePools":[],"selfLink":"https://container.googleapis.com/v1/projects/p1/zones/europe-west1-b/clusters/c"}],"missingZones":["europe-west1-c"]}""");
        var picture = await SweepAsync();
        Assert.Contains(ResourceName.Of(ResourceKind.ManagedZone, "p1", "z"), picture.States.Select(state => state.Name));
        Assert.Contains(ResourceName.Of(ResourceKind.GkeCluster, "p1", "europe-west1-b", "c"), picture.States.Select(state => state.Name));
        AssertGaps(picture, new Gap(new GapScope(ResourceKind.GkeCluster, "p1", "europe-west1-c"), "Google could not reach europe-west1-c"));
    }

    [Fact]
    public async Task Sweep_WithoutProjects_ShowsNothing()
    {
        _options.Projects.Clear();
        var picture = await SweepAsync();
        Assert.Equal((0, 0, 0), (picture.States.Count, picture.Projects.Count, picture.Gaps.Count));
        Assert.Empty(_google.Asked);
    }

    private static void AssertGaps(Picture picture, params Gap[] gaps) => Assert.Equal(gaps.ToImmutableArray(), picture.Gaps);

    private Task<Picture> SweepAsync() => new GoogleReader(new HttpClient(_google), _options, _time).SweepAsync(TestContext.Current.CancellationToken);
}
