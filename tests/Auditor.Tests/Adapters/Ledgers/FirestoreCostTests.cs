using System.Globalization;
using System.Text.Json;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>What an event costs in Firestore: documents that are read and written.</summary>
public sealed class FirestoreCostTests(FirestoreEmulator emulator, ITestOutputHelper output)
{
    private const int ServiceProjects = 300;

    private static readonly ResourceName s_rule = ResourceName.Of("compute.googleapis.com", "projects/host/global/firewalls/from-connectors");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Workloads of 300 projects depend on the network that the rule is of; it is about one of them. The state that is judged is in memory, so that the
    /// event costs what it changes, and not what it may concern.
    /// </summary>
    [Fact]
    public async Task AFirewallChange_OnASharedVpcHostOfManyProjects_CostsAWarmInstanceAFewDocuments()
    {
        var meter = new FirestoreMeter();
        await using var ledger = await emulator.OpenAsync(emulator.NewAddress(), null, meter);
        var cloud = new SharedVpc();
        var channel = new SilentChannel();
        using var run = new AuditRun(ledger, cloud, [channel], RuleCatalog.All, new AuditRunOptions { Holder = "test" }, TimeProvider.System);
        await run.SweepAsync(Cancellation);
        await run.DispatchAsync(Cancellation);
        Assert.Equal((4 * ServiceProjects) + 4, (await ledger.LoadAsync(Cancellation)).Resources.Length);

        // One that warms up, and one that counts.
        foreach (var isOpen in new[] { false, true })
        {
            meter.Reset();
            cloud.IsOpen = isOpen;
            var taken = await run.TakeAsync(Patched(isOpen), Cancellation);
            Assert.IsType<Intake.Taken>(taken);
            var commit = Assert.Single(await run.DrainAsync(Cancellation));
            var (reads, writes) = (meter.Reads, meter.Writes);
            var sent = await run.DispatchAsync(Cancellation);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(isOpen ? "opened" : "narrowed")}: {commit.Transitions.Count} transitions, {sent} alerts; {reads} reads and {writes} writes until it is committed, {meter.Reads - reads} and {meter.Writes - writes} to send"));
            Assert.Equal(isOpen ? TransitionKind.Reopened : TransitionKind.Resolved, commit.Transitions.Select(transition => transition.Kind).Distinct().Single());
            Assert.InRange(meter.Reads, 1, 10);
            Assert.InRange(meter.Writes, 1, 20);
        }
    }

    private static AuditEvent Patched(bool isOpen) => ((AuditReading.Understood)AuditEventReader.Read($$$"""
        {"logName":"projects/host/logs/cloudaudit.googleapis.com%2Factivity","insertId":"{{{isOpen}}}","timestamp":"{{{Timestamps.Format(TimeProvider.System.GetUtcNow())}}}",
         "resource":{"type":"gce_firewall_rule","labels":{"project_id":"host"} },"operation":{"id":"op-{{{isOpen}}}","producer":"compute.googleapis.com","last":true},
         "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"compute.googleapis.com","methodName":"v1.compute.firewalls.patch",
          "resourceName":"{{{s_rule.Path}}}","authenticationInfo":{"principalEmail":"ops@example.com"},"status":{} }}
        """)[0]).Event;

    private sealed class SilentChannel : IAlertChannel
    {
        public string Name => "silent";

        public Task SendAsync(OutboxItem item, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // A network of the host project; in each service project a service behind a connector that uses it.
    private sealed class SharedVpc : IResourceReader
    {
        public bool IsOpen { get; set; } = true;

        public Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyList<ResourceName> names, CancellationToken cancellationToken)
        {
            var all = All().ToDictionary(state => state.Name);
            return Task.FromResult<IReadOnlyList<ResourceState>>([.. names.Select(name => all.TryGetValue(name, out var state) ? state : (ResourceState)new ResourceState.Absent(name, TimeProvider.System.GetUtcNow()))]);
        }

        public Task<Picture> SweepAsync(CancellationToken cancellationToken) => Task.FromResult(
            new Picture([.. All()], ["host", .. Enumerable.Range(0, ServiceProjects).Select(Project)], []));

        private static string Project(int i) => string.Create(CultureInfo.InvariantCulture, $"service-{i:D3}");

        private IEnumerable<ResourceState.Present> All()
        {
            yield return Present(ResourceName.Of(ResourceKind.Project, "host"), """{"name":"projects/1","projectId":"host","state":"ACTIVE"}""");
            yield return Present(ResourceName.Of(ResourceKind.Network, "host", "shared"), """{"name":"shared","autoCreateSubnetworks":false,"selfLink":"https://www.googleapis.com/compute/v1/projects/host/global/networks/shared"}""");
            yield return Present(s_rule, $$"""
                {"name":"from-connectors","network":"https://www.googleapis.com/compute/v1/projects/host/global/networks/shared","priority":1000,"direction":"INGRESS","disabled":false,
                 "sourceRanges":["10.8.0.0/28"],"targetTags":["db"],"allowed":[{{(IsOpen ? """{"IPProtocol":"all"}""" : """{"IPProtocol":"tcp","ports":["5432"]}""")}}]}
                """);
            yield return Present(ResourceName.Of("compute.googleapis.com", "projects/host/zones/europe-west1-b/instances/db"), """
                {"name":"db","status":"RUNNING","tags":{"items":["db"]},"networkInterfaces":[{"network":"https://www.googleapis.com/compute/v1/projects/host/global/networks/shared","networkIP":"10.0.0.5"}]}
                """);
            for (var i = 0; i < ServiceProjects; i++)
            {
                var (project, range) = (Project(i), string.Create(CultureInfo.InvariantCulture, $"10.8.{i / 16}.{i % 16 * 16}/28"));
                yield return Present(ResourceName.Of(ResourceKind.Project, project), string.Create(CultureInfo.InvariantCulture, $$"""{"name":"projects/{{i + 2}}","projectId":"{{project}}","state":"ACTIVE"}"""));
                yield return Present(ResourceName.Parse($"//compute.googleapis.com/projects/host/regions/europe-west1/subnetworks/{project}"), $$"""
                    {"name":"{{project}}","network":"https://www.googleapis.com/compute/v1/projects/host/global/networks/shared","ipCidrRange":"{{range}}","region":"https://www.googleapis.com/compute/v1/projects/host/regions/europe-west1"}
                    """);
                yield return Present(ResourceName.Of(ResourceKind.Connector, project, "europe-west1", "conn"), $$"""
                    {"name":"projects/{{project}}/locations/europe-west1/connectors/conn","subnet":{"name":"{{project}}","projectId":"host"},"state":"READY","minInstances":2,"maxInstances":4}
                    """);
                yield return Present(ResourceName.Of("run.googleapis.com", $"projects/{project}/locations/europe-west1/services/shop"), $$"""
                    {"name":"projects/{{project}}/locations/europe-west1/services/shop","template":{"vpcAccess":{"connector":"projects/{{project}}/locations/europe-west1/connectors/conn","egress":"PRIVATE_RANGES_ONLY"} } }
                    """);
            }
        }

        private static ResourceState.Present Present(ResourceName name, string json) => new(name, TimeProvider.System.GetUtcNow(), JsonElement.Parse(json));
    }
}
