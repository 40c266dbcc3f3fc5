using System.Globalization;
using Auditor.Benchmarks.Harness;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Benchmarks;

/// <summary>The effective firewall of one network: single packets, exact sets, one rule exchanged.</summary>
internal static class Firewalling
{
    private const int Packets = 1_000_000;
    private const int TargetClasses = 200;
    private static readonly ResourceName s_network = ResourceName.Of(ResourceKind.Network, "p", "n");
    private static readonly DateTimeOffset s_at = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Row> Measure()
    {
        var rows = new List<Row>();
        var ten = Shape.FallThrough(10_000);
        rows.AddRange(Verdicts(ten, out var tenRate));
        rows.AddRange(Verdicts(Shape.FallThrough(100_000), out var hundredRate));
        rows.Add(new Row("verdicts, 10x the rules", "100,000 against 10,000 rules", tenRate / hundredRate, "times slower", 3, "three times", Gate.Of("at most 3 times", tenRate / hundredRate <= 3, $"{tenRate / hundredRate:N1} times slower")));
        foreach (var worst in (Shape[])[Shape.OnePortEach(10_000), Shape.Nested(10_000), Shape.BothEnds(10_000)])
        {
            rows.AddRange(Verdicts(worst, out _));
            rows.Add(ExactSets(worst));
        }

        rows.Add(ExactSets(ten));
        rows.AddRange(Exchange(ten));
        return rows;
    }

    private static IEnumerable<Row> Verdicts(Shape shape, out double rate)
    {
        EffectiveFirewall firewall = null!;
        var index = Sample.Of(1, 3, () => firewall = shape.Build());
        var slices = shape.Targets.Select(target => firewall.Slices(TrafficDirection.Ingress, target).First()).ToArray();
        var random = new Random(11);
        var packets = Enumerable.Range(0, Packets).Select(_ => (Slice: random.Next(slices.Length), Port: (ushort)random.Next(65536), Peer: IpRange.Of(isV6: false, shape.Address(random), 32))).ToArray();
        var allowed = 0;
        var nobody = new FirewallEnd(null);
        var run = Sample.Of(1, 3, () =>
        {
            allowed = 0;
            foreach (var (slice, port, peer) in packets)
            {
                allowed += slices[slice].Decide(IpProtocol.Tcp, port, peer, nobody).Effect == FirewallEffect.Allow ? 1 : 0;
            }
        });
        var table = packets.DistinctBy(packet => packet.Peer).ToDictionary(packet => packet.Peer, packet => packet.Port);
        var found = 0L;
        var lookup = Sample.Of(1, 3, () =>
        {
            foreach (var (_, _, peer) in packets)
            {
                found += table[peer];
            }
        });
        rate = Packets / run.Median.TotalSeconds;
        var wrong = packets.Take(2_000).Count(packet => slices[packet.Slice].Decide(IpProtocol.Tcp, packet.Port, packet.Peer, nobody).Effect != shape.Walk(shape.Targets[packet.Slice], packet.Port, packet.Peer));
        var gate = Gate.Of($"2,000 walked rule by rule, {allowed:N0} of {Packets:N0} allowed", wrong == 0 && found > 0, $"{wrong} of 2,000 differ from a walk through the rules");
        return
        [
            new Row("verdicts on packets", shape.Name, rate, "verdicts/s", Packets / lookup.Median.TotalSeconds, "one hash lookup a packet", gate),
            new Row("firewall index", shape.Name, index.Median.TotalMilliseconds, "ms", null, "", Gate.Of("built from the rules", true, "")),
        ];
    }

    private static Row ExactSets(Shape shape)
    {
        var firewall = shape.Build();
        var connector = new FirewallEnd(AddressSet.Of(IntervalSet.Of(0x0A08_0002u, 0x0A08_000Du), default), ["vpc-connector"]);
        var answers = new List<FirewallEffects>();
        var run = Sample.Of(2, 9, () =>
        {
            // From nothing but the index.
            firewall = firewall.With(null, null);
            answers.Clear();
            foreach (var target in shape.Targets)
            {
                answers.AddRange(firewall.Slices(TrafficDirection.Ingress, target).Select(slice => slice.Effects(connector, Traffic.All)));
            }
        });
        var random = new Random(3);
        var wrong = Enumerable.Range(0, 2_000).Count(_ =>
        {
            var (target, port, peer) = (random.Next(shape.Targets.Count), (ushort)random.Next(65536), IpRange.Of(isV6: false, 0x0A08_0002u + (uint)random.Next(12), 32));
            return answers[target].Allowed.Contains(IpProtocol.Tcp, port, peer) != (shape.Walk(shape.Targets[target], port, peer) == FirewallEffect.Allow);
        });
        return new Row("exact allowed sets, one connector", $"{shape.Name}, {TargetClasses} target classes", run.Median.TotalMilliseconds, "ms", 20, "what is asked for", Gate.Of("2,000 packets walked", wrong == 0, $"{wrong} of 2,000 differ from a walk through the rules"));
    }

    private static IEnumerable<Row> Exchange(Shape shape)
    {
        const int Rounds = 1_000;
        var firewall = shape.Build();
        var random = new Random(5);
        FirewallEnd[] connectors = [.. Enumerable.Range(0, 4).Select(i => new FirewallEnd(AddressSet.Of(IpRange.Of(isV6: false, 0x0A08_0000u + (uint)(i * 16), 28)), ["vpc-connector"]))];
        var deltas = 0;
        var durations = new List<TimeSpan>(Rounds);
        var wrong = 0;
        for (var i = -50; i < Rounds; i++)
        {
            // Half of the changes are made to rules that a connector's packets meet.
            var before = shape.Rules[random.Next(shape.Rules.Count)];
            var after = before with { Action = before.Action == FirewallAction.Allow ? FirewallAction.Deny : FirewallAction.Allow, Priority = random.Next(1, 65535) };
            after = random.Next(2) == 0 ? after with { SourceRanges = [IpRange.Of(isV6: false, 0x0A08_0000u, 26)] } : after;
            var started = TimeProvider.System.GetTimestamp();
            var now = firewall.With(before, after);
            var found = FirewallDelta.Between(firewall, now, before, after, shape.Targets, connectors).ToList();
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            if (i >= 0)
            {
                durations.Add(elapsed);
                deltas += found.Count;
            }

            if (i % 200 == 0)
            {
                wrong += shape.Targets.Take(20).SelectMany(target => connectors, (target, connector) => (target, connector)).Count(pair =>
                {
                    var (was, then) = (firewall.Answer(TrafficDirection.Ingress, pair.target, pair.connector, Traffic.All).Allowed, now.Answer(TrafficDirection.Ingress, pair.target, pair.connector, Traffic.All).Allowed);
                    var delta = found.Find(item => item.Own == pair.target && item.Peer == pair.connector);
                    return !then.Except(was).Equals(delta?.Opened ?? PacketSet.None) || !was.Except(then).Equals(delta?.Closed ?? PacketSet.None);
                });
            }
        }

        var sample = new Sample(durations);
        var gate = Gate.Of($"{deltas:N0} flows of 4 connectors and {TargetClasses} targets changed, some compared in full", wrong == 0, $"{wrong} differ from the difference of two full answers");
        return
        [
            new Row("one rule exchanged to exact delta, p50", shape.Name, sample.Median.TotalMicroseconds, "us", 100, "what is asked for", gate),
            new Row("one rule exchanged to exact delta, p99", shape.Name, sample.P99.TotalMicroseconds, "us", 1000, "what is asked for", gate),
        ];
    }

    /// <summary>Ingress rules laid out in one way, and what asks them.</summary>
    private sealed record Shape(string Name, IReadOnlyList<Firewall> Rules, Func<Random, uint> Address)
    {
        /// <summary>Machines that rules tell apart, each with an address.</summary>
        public IReadOnlyList<FirewallEnd> Targets { get; } = [.. Enumerable.Range(0, TargetClasses).Select(i => new FirewallEnd(AddressSet.Of(IpRange.Of(isV6: false, 0x0A14_0000u + (uint)i, 32)), [Tag(i)]))];

        /// <summary>No rule is about the packets asked: every one is compared with all of them.</summary>
        public static Shape FallThrough(int count) => new($"{count:N0} rules, fall-through", Make(count, (random, i) => Rule(random, i) with
        {
            SourceRanges = [IpRange.Of(isV6: false, (uint)random.Next(), random.Next(16, 33))],
            TargetTags = random.Next(10) < 6 ? [Tag(random.Next(TargetClasses))] : [],
            Layer4 = [Tcp(random.Next(65000), random.Next(1, 100))],
        }), random => (uint)random.NextInt64(1L << 32));

        /// <summary>From anywhere, each to a port of its own.</summary>
        public static Shape OnePortEach(int count) => new($"{count:N0} rules, a port each", Make(count, (random, i) => Rule(random, i) with
        {
            SourceRanges = [IpRange.AnyV4],
            Layer4 = [Tcp(i * 6 % 65536, 1)],
        }), random => (uint)random.NextInt64(1L << 32));

        /// <summary>Every prefix length around one place.</summary>
        public static Shape Nested(int count) => new($"{count:N0} rules, nested ranges", Make(count, (random, i) => Rule(random, i) with
        {
            SourceRanges = [IpRange.Of(isV6: false, 0x0A08_0000u + (uint)random.Next(64), i % 33)],
            Layer4 = [Tcp(random.Next(65000), random.Next(1, 400))],
        }), random => 0x0A08_0000u + (uint)random.Next(256));

        /// <summary>Each asks for both ends' addresses.</summary>
        public static Shape BothEnds(int count) => new($"{count:N0} rules, both ends' ranges", Make(count, (random, i) => Rule(random, i) with
        {
            SourceRanges = [IpRange.Of(isV6: false, 0x0A08_0000u + (uint)random.Next(4096), random.Next(20, 33))],
            DestinationRanges = [IpRange.Of(isV6: false, 0x0A14_0000u + (uint)random.Next(256), random.Next(24, 33))],
            Layer4 = [Tcp(random.Next(65000), random.Next(1, 100))],
        }), random => 0x0A08_0000u + (uint)random.Next(4096));

        public EffectiveFirewall Build()
        {
            var estate = Estate.Empty.With([new EstateEntry(s_network, new VpcNetwork(s_network)), .. Rules.Select(rule => new EstateEntry(rule.Name, rule))], ["p"]);
            return EffectiveFirewall.Of(new EstateView(estate, s_at), s_network, null);
        }

        /// <summary>The verdict by reading one rule after the other.</summary>
        public FirewallEffect Walk(FirewallEnd target, ushort port, IpRange peer) => Rules
            .Where(rule => (rule.TargetTags.IsEmpty || target.Tags.Contains(rule.TargetTags[0])) && rule.SourceRanges[0].Contains(peer)
                && (rule.DestinationRanges.IsEmpty || target.Addresses!.Value.Overlaps(AddressSet.Of(rule.DestinationRanges))) && rule.Layer4[0].Ports[0].Contains(port))
            .OrderBy(rule => rule.Priority).ThenBy(rule => rule.Action == FirewallAction.Deny ? 0 : 1).FirstOrDefault()?.Action == FirewallAction.Allow ? FirewallEffect.Allow : FirewallEffect.Deny;

        private static List<Firewall> Make(int count, Func<Random, int, Firewall> rule)
        {
            var random = new Random(count);
            return [.. Enumerable.Range(0, count).Select(i => rule(random, i))];
        }

        private static Firewall Rule(Random random, int i) => new(ResourceName.Of(ResourceKind.Firewall, "p", string.Create(CultureInfo.InvariantCulture, $"r{i}")))
        {
            Network = s_network,
            Priority = random.Next(1, 65535),
            Action = random.Next(10) < 7 ? FirewallAction.Allow : FirewallAction.Deny,
        };

        private static Layer4 Tcp(int first, int count) => new("tcp", [new PortInterval(first, Math.Min(65535, first + count - 1))]);

        private static string Tag(int i) => string.Create(CultureInfo.InvariantCulture, $"t{i}");
    }
}
