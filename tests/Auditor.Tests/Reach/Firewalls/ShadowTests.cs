using Auditor.Tests.Oracles.Firewall;
using CsCheck;

namespace Auditor.Tests.Reach.Firewalls;

/// <summary>A rule that is said never to decide does not decide any packet, whoever sends it to whomever.</summary>
public sealed class ShadowTests(ITestOutputHelper output)
{
    [Fact]
    public void AShadowedRule_DecidesNoPacketAtAll()
    {
        var (shadowed, asked) = (0, 0);
        RandomFirewall.Lists.Sample(
            estate =>
            {
                var engine = new EngineUnderTest();
                var shadows = engine.Firewall(estate, "us-central1").Shadows().Select(shadow => (shadow.Rule.Name, shadow.Direction == Auditor.Model.TrafficDirection.Egress)).ToHashSet();
                if (shadows.Count == 0)
                {
                    return;
                }

                Interlocked.Add(ref shadowed, shadows.Count);
                var (naive, corners, random) = (new NaiveFirewall(estate), new BoundaryPackets(estate), new Random(1));
                for (var i = 0; i < 40; i++)
                {
                    var query = corners.RandomQuery(random) with { Region = "us-central1" };
                    for (var j = 0; j < 20; j++)
                    {
                        var seen = corners.RandomPacket(random);
                        var verdict = naive.Decide(query.At(seen.Protocol, seen.Port, seen.Peer));
                        Interlocked.Increment(ref asked);

                        // Of equal rules either may be named.
                        Assert.False(verdict.DecidedBy is { } name && shadows.Contains((name, query.Egress)) && verdict.MayDecide.All(other => shadows.Contains((other, query.Egress))), $"{verdict}, which is said to be shadowed\n{estate}");
                    }
                }
            },
            iter: 120);
        output.WriteLine($"{shadowed} shadowed rules, {asked} packets");
        Assert.True(shadowed > 20, $"only {shadowed} rules were shadowed");
    }

    [Fact]
    public void ARuleThatIsNotShadowed_DecidesSomePacket_OfTheLeastMachineAndPeer()
    {
        var case3 = new FirewallCase().Rule("first", """ "priority":10,"sourceRanges":["10.0.0.0/9"],"denied":[{"IPProtocol":"all"}] """)
            .Rule("half", """ "priority":20,"sourceRanges":["10.0.0.0/8"],"allowed":[{"IPProtocol":"tcp"}] """)
            .Rule("gone", """ "priority":30,"sourceRanges":["10.64.0.0/10"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """)
            .Rule("tagged", """ "priority":40,"sourceRanges":["10.1.0.0/16"],"sourceTags":["web"],"allowed":[{"IPProtocol":"tcp"}] """).Build();
        Assert.Equal(["gone"], case3.Shadows().Select(shadow => shadow.Rule.Name));
        Assert.Equal(["half partly by first", "gone fully by first", "tagged partly by first, half"], case3.Shadows(withPartial: true).Select(shadow => $"{shadow.Rule.Name} {(shadow.IsFull ? "fully" : "partly")} by {string.Join(", ", shadow.By.Select(decider => decider.Name))}"));
    }

    [Fact]
    public void ARuleBySecureTags_IsNeverCalledShadowed() => Assert.Empty(new FirewallCase().Hierarchical(
        "7",
        """
        {"priority":1,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0","::/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
        {"priority":2,"action":"allow","direction":"INGRESS","match":{"srcSecureTags":[{"name":"tagValues/1","state":"EFFECTIVE"}],"layer4Configs":[{"ipProtocol":"all"}]}}
        """).Build().Shadows());
}
