using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Firewall;
using CsCheck;

namespace Auditor.Tests.Reach.Firewalls;

/// <summary>
/// The engine against two readings of Google's documentation that share no code with it: a walk through raw JSON packet by packet, and formulas that
/// a prover compares with the engine's exact sets. AUDITOR_SOAK multiplies how much is tried.
/// </summary>
public sealed class FirewallAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void Packets_AreDecidedAsByWalkingTheRawRules()
    {
        var (packets, unknown, allowed) = (0L, 0L, 0L);
        RandomFirewall.Estate.Sample(
            estate =>
            {
                var (naive, engine) = (new NaiveFirewall(estate), new EngineUnderTest());
                var corners = new BoundaryPackets(estate);
                var random = new Random(estate.ToJsonString().Length);
                for (var i = 0; i < 12; i++)
                {
                    var query = corners.RandomQuery(random);
                    var slice = engine.Slice(estate, query);
                    var answer = slice.Answer(EngineUnderTest.PeerOf(query), Traffic.All);
                    foreach (var packet in corners.Grid(query).OrderBy(_ => random.Next()).Take(60).Concat(Enumerable.Range(0, 60).Select(_ => corners.RandomPacket(random)).Select(seen => query.At(seen.Protocol, seen.Port, seen.Peer))))
                    {
                        var expected = naive.Decide(packet);
                        var found = engine.Decide(estate, packet);
                        Interlocked.Increment(ref packets);
                        Interlocked.Add(ref unknown, expected.Answer == Answer.Unknown ? 1 : 0);
                        Interlocked.Add(ref allowed, expected.Answer == Answer.Allow ? 1 : 0);
                        Agree(expected, found, $"{packet}\n{estate}");

                        // The exact sets say of each packet what it gets when asked alone.
                        var decision = Assert.Single(answer.Decisions, pair => pair.Packets.Contains((byte)packet.Protocol, (ushort)packet.Port, IpRange.Parse(packet.Peer.ToString()))).Decision;
                        Assert.Equal(found.ToString(), new Verdict(Of(decision.Effect), decision.DecidedBy?.Name, [], [.. decision.Because], decision.DecidedBy?.Assumed ?? false).ToString());
                    }
                }
            },
            iter: 120 * Soak.Factor);
        output.WriteLine($"{packets} packets: {allowed} allowed, {unknown} unknown");
        Assert.True(packets >= 100_000L * Soak.Factor && unknown > packets / 100 && allowed > packets / 10, $"{packets} packets, {allowed} allowed, {unknown} unknown: too few of a sort to prove anything");
    }

    /// <summary>Every end of every range and port list and one beyond, every protocol that is mentioned and some that are not, in all combinations.</summary>
    [Fact]
    public void EveryPacketAtEveryBoundary_IsDecidedAsByWalkingTheRawRules()
    {
        var packets = 0L;
        RandomFirewall.Small.Sample(
            estate =>
            {
                var (naive, engine, corners) = (new NaiveFirewall(estate), new EngineUnderTest(), new BoundaryPackets(estate));
                var query = corners.RandomQuery(new Random(estate.ToJsonString().Length));
                var slice = engine.Slice(estate, query);
                foreach (var packet in corners.Grid(query))
                {
                    Interlocked.Increment(ref packets);
                    var decision = slice.Decide((byte)packet.Protocol, (ushort)packet.Port, IpRange.Parse(packet.Peer.ToString()), EngineUnderTest.PeerOf(query));
                    var expected = naive.Decide(packet);
                    Assert.True(expected.Answer == Of(decision.Effect), $"expected {expected}, found {decision} for {packet}\n{estate}");
                }
            },
            iter: 40 * Soak.Factor);
        output.WriteLine($"{packets} packets");
        Assert.True(packets > 10_000L * Soak.Factor, $"only {packets} packets");
    }

    [Fact]
    public void ExactSets_AreThoseOfAnEncodingInLogic()
    {
        using var z3 = Z3Firewall.Require();
        var queries = 0;
        RandomFirewall.Small.Sample(
            estate =>
            {
                var engine = new EngineUnderTest(platform: false);
                foreach (var query in new BoundaryPackets(estate) is var corners ? Enumerable.Range(1, 3).Select(seed => corners.RandomQuery(new Random(seed))) : [])
                {
                    queries++;
                    var found = z3.FindDifference(estate, query, engine.Answer(estate, query));
                    Assert.True(found is null, $"{found}: the engine says {(found is null ? null : engine.Decide(estate, found))}, the raw rules {(found is null ? null : new NaiveFirewall(estate, platform: false).Decide(found))}\n{estate}");
                }
            },
            iter: 60 * Soak.Factor,
            threads: 1);
        output.WriteLine($"{queries} questions, each compared on every IPv4 packet");
    }

    [Fact]
    public void AnExchangedRule_GivesWhatReadingEverythingAgainGives() => Gen.Select(RandomFirewall.Lists, RandomFirewall.Lists).Sample(
        (estate, other) =>
        {
            // One rule of the other network takes the place of one of this, or comes, or goes.
            var random = new Random(estate.ToJsonString().Length);
            var changed = estate.DeepClone();
            var rules = changed["firewalls"]!.AsArray();
            var old = rules.FirstOrDefault(rule => rule!["name"]!.ToString().StartsWith("rule-", StringComparison.Ordinal) && random.Next(4) > 0);
            var fresh = other["firewalls"]!.AsArray().FirstOrDefault(rule => rule!["name"]!.ToString().StartsWith("rule-", StringComparison.Ordinal) && random.Next(4) > 0)?.DeepClone();
            if (old is not null)
            {
                rules.Remove(old);
            }

            if (fresh is not null)
            {
                fresh["name"] = old?["name"]?.ToString() ?? "rule-new";
                rules.Add(fresh);
            }

            var (before, after) = (new EngineUnderTest(), new EngineUnderTest());
            var exchanged = before.Firewall(estate, "us-central1").With(OfNetwork(before.Rule(estate, old)), OfNetwork(after.Rule(changed, fresh)));
            var corners = new BoundaryPackets(changed);
            for (var i = 0; i < 4; i++)
            {
                var query = corners.RandomQuery(random) with { Region = "us-central1" };
                var own = new FirewallEnd(AddressSet.Of(IpRange.Parse(query.Own.ToString())), query.OwnTags.ToValueList(), query.OwnServiceAccount);
                var direction = query.Egress ? TrafficDirection.Egress : TrafficDirection.Ingress;
                var then = after.Firewall(changed, "us-central1").Answer(direction, own, EngineUnderTest.PeerOf(query), Traffic.All);
                Assert.Equal(then, exchanged.Answer(direction, own, EngineUnderTest.PeerOf(query), Traffic.All));

                // The exact delta is the difference of the two answers, and sets without deciders are those with.
                var was = before.Firewall(estate, "us-central1").Answer(direction, own, EngineUnderTest.PeerOf(query), Traffic.All);
                var delta = FirewallDelta.Between(before.Firewall(estate, "us-central1"), exchanged, OfNetwork(before.Rule(estate, old)), OfNetwork(after.Rule(changed, fresh)), [own], [EngineUnderTest.PeerOf(query)]).SingleOrDefault(found => found.Direction == direction);
                Assert.Equal(then.Allowed.Except(was.Allowed).Except(was.Unknown), delta?.Opened ?? PacketSet.None);
                Assert.Equal(was.Allowed.Except(then.Allowed).Except(then.Unknown), delta?.Closed ?? PacketSet.None);
                Assert.Equal(then.Unknown.Except(was.Unknown), delta?.BecameUnknown ?? PacketSet.None);
                Assert.Equal(was.Unknown.Except(then.Unknown), delta?.BecameKnown ?? PacketSet.None);
                var effects = Assert.Single(exchanged.Slices(direction, own)).Effects(EngineUnderTest.PeerOf(query), Traffic.All);
                Assert.Equal(new FirewallEffects(then.Allowed, then.Denied, then.Unknown), effects);
            }

            static Auditor.Model.Firewall? OfNetwork(Auditor.Model.Firewall? rule) => rule?.Network == EngineUnderTest.Network ? rule : null;
        },
        iter: 200 * Soak.Factor);

    private static void Agree(Verdict expected, Verdict found, string where)
    {
        Assert.True(expected.Answer == found.Answer, $"expected {expected}, found {found} for {where}");
        if (expected.Answer != Answer.Unknown)
        {
            Assert.True(expected.MayDecide.Contains(found.DecidedBy!) && expected.Assumed == found.Assumed, $"expected {expected} ({string.Join(", ", expected.MayDecide)}), found {found} for {where}");
        }
    }

    private static Answer Of(FirewallEffect effect) => effect switch
    {
        FirewallEffect.Allow => Answer.Allow,
        FirewallEffect.Deny => Answer.Deny,
        _ => Answer.Unknown,
    };
}
