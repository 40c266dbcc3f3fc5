using System.Diagnostics;
using System.Globalization;
using Auditor.Benchmarks.Harness;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Benchmarks;

/// <summary>Whole paths: all workloads to all targets, and what one firewall change opens and closes.</summary>
internal static class Reaching
{
    private const int Changes = 300;
    private const int WarmUps = 60;
    private static readonly DateTimeOffset s_at = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly ResourceName s_network = ResourceName.Of(ResourceKind.Network, "p", "n");

    /// <summary>One network with 1,000 workloads, 200 targets and 10,000 rules.</summary>
    public static IReadOnlyList<Row> Measure() => Measure("1,000 workloads, 200 targets, 10,000 rules", OneNetwork(), 150);

    public static async Task<IReadOnlyList<Row>> MeasureAsync(EstateFile file, CancellationToken cancellationToken) =>
        Measure($"{file.SizeWord}, {file.ShapeWord}", (await file.ReadAsync(cancellationToken)).Estate, null);

    private static Row[] Measure(string size, Estate estate, double? target)
    {
        var flows = new List<ReachFlow>();
        EstateView view = null!;
        var matrix = Sample.Of(
            5,
            7,
            () =>
            {
                var (sources, _) = PathSource.All(view);
                var targets = ReachTarget.All(view, sources.Select(source => source.Workload));
                flows = [.. ReachFlow.All(view, sources, [.. targets.Select(item => item.Port is null ? item.On(IpProtocol.Tcp, 5432) : item)])];
            },
            before: () => view = Fresh(estate));
        var random = new Random(5);
        var asked = Enumerable.Range(0, 300).Select(_ => flows[random.Next(flows.Count)]).ToList();
        var alone = Fresh(estate);
        var wrong = asked.Count(flow => !flow.Source.IsUnread && PathWalk.Of(alone, flow.Source).Find(flow.Target).Disposition != flow.Answer.Disposition);
        var reachable = flows.Count(flow => flow.Answer.Disposition == PathEffect.Reachable);
        var rules = estate.OfKind(ResourceKind.Firewall).Select(name => estate.Find(name)!.Resource).OfType<Firewall>().Where(rule => rule is { Action: FirewallAction.Allow, Direction: TrafficDirection.Ingress }).ToList();
        var ways = Sources().Select(source => source.Workload.VpcAccess).Distinct().ToList();
        var services = Sources().Select(source => source.Workload).OfType<RunWorkload>().ToList();
        return
        [
            new Row("all-pairs matrix", size, matrix.Median.TotalMilliseconds, "ms", target, target is null ? "" : "what is asked for", Gate.Of($"{flows.Count:N0} flows, {reachable:N0} reachable; 300 asked alone", wrong == 0, $"{wrong} of 300 differ when asked alone")),
            .. Exchange("one firewall change to exact flows", size, estate, random =>
            {
                var rule = rules[random.Next(rules.Count)];
                return rule with { Action = FirewallAction.Deny };
            }),
            .. Exchange("one deployment to exact flows", size, estate, random =>
            {
                var service = services[random.Next(services.Count)];
                return service with { VpcAccess = ways[random.Next(ways.Count)] };
            }),
        ];

        IEnumerable<PathSource> Sources() => PathSource.All(alone).Sources;
    }

    // What was worked out of the estate before is there, as in a function that has been running.
    private static Row[] Exchange(string what, string size, Estate estate, Func<Random, Resource> change)
    {
        var (random, durations, differ) = (new Random(9), new List<TimeSpan>(), 0);
        var before = Fresh(estate, out var warm);
        ReachDelta.Between(before, before);
        for (var i = -WarmUps; i < Changes; i++)
        {
            var changed = change(random);
            var started = Stopwatch.GetTimestamp();
            var flows = ReachDelta.Between(before, new EstateView(warm.With([new EstateEntry(changed.Name, changed)]), s_at)).Count;
            differ += flows;
            if (i >= 0)
            {
                durations.Add(Stopwatch.GetElapsedTime(started));
            }
        }

        var sample = new Sample(durations);
        var gate = Gate.Of($"{WarmUps + Changes} changes, {differ:N0} flows differ", differ > 0, "no flow changed");
        return
        [
            new Row($"{what}, p50", size, sample.Median.TotalMilliseconds, "ms", 0.3, "what is asked for", gate),
            new Row($"{what}, p99", size, sample.P99.TotalMilliseconds, "ms", 2, "what is asked for", gate),
        ];
    }

    // Nothing worked out yet.
    private static EstateView Fresh(Estate estate) => Fresh(estate, out _);

    private static EstateView Fresh(Estate estate, out Estate fresh) => new(fresh = Estate.Empty.With(estate.Entries, estate.CoveredProjects, estate.Gaps), s_at);

    private static Estate OneNetwork()
    {
        var random = new Random(3);
        var resources = new List<Resource> { new Project(ResourceName.Of(ResourceKind.Project, "p")) { ProjectId = "p" }, new VpcNetwork(s_network) };
        resources.Add(new Subnetwork(Name(ResourceKind.Subnetwork, "apps")) { Network = s_network, IpCidrRange = IpRange.Parse("10.20.0.0/16") });
        resources.AddRange(Enumerable.Range(0, 40).Select(i => new Connector(Name(ResourceKind.Connector, $"c{i}")) { Network = s_network, IpCidrRange = IpRange.Of(isV6: false, 0x0A08_0000u + ((uint)i << 4), 28), State = ConnectorState.Ready }));
        resources.AddRange(Enumerable.Range(0, 10).Select(i => new Subnetwork(Name(ResourceKind.Subnetwork, $"direct{i}")) { Network = s_network, IpCidrRange = IpRange.Of(isV6: false, 0x0A10_0000u + ((uint)i << 8), 24) }));
        resources.AddRange(Enumerable.Range(0, 1000).Select(i => new RunService(Name(ResourceKind.RunService, $"s{i}"))
        {
            VpcAccess = i % 10 < 7 ? new VpcAccess { Connector = Name(ResourceKind.Connector, $"c{i % 40}") } : new VpcAccess { Subnetwork = Name(ResourceKind.Subnetwork, $"direct{i % 10}"), Egress = VpcEgress.AllTraffic },
        }));
        resources.AddRange(Enumerable.Range(0, 200).Select(i => new Instance(ResourceName.Of(ResourceKind.Instance, "p", "us-central1-a", $"vm{i}"))
        {
            Status = "RUNNING",
            Tags = [$"t{i}"],
            NetworkInterfaces = [new NetworkInterface("nic0") { Network = s_network, Address = IpRange.Of(isV6: false, 0x0A14_0010u + (uint)i, 32) }],
        }));
        resources.AddRange(Enumerable.Range(0, 10_000).Select(i => new Firewall(ResourceName.Of(ResourceKind.Firewall, "p", string.Create(CultureInfo.InvariantCulture, $"r{i}")))
        {
            Network = s_network,
            Direction = TrafficDirection.Ingress,
            Priority = random.Next(1, 65535),
            Action = random.Next(10) < 7 ? FirewallAction.Allow : FirewallAction.Deny,
            SourceRanges = [IpRange.Of(isV6: false, 0x0A08_0000u + (uint)random.Next(1 << 20), random.Next(16, 33))],
            TargetTags = random.Next(10) < 6 ? [$"t{random.Next(200)}"] : [],
            Layer4 = [new Layer4("tcp", [new PortInterval(i % 60_000, (i % 60_000) + 99)])],
        }));
        return Estate.Empty.With(resources.Select(resource => new EstateEntry(resource.Name, resource)), ["p"]);

        static ResourceName Name(ResourceKind kind, string id) => ResourceName.Of(kind, "p", "us-central1", id);
    }
}
