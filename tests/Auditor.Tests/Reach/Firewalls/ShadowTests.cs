using System.Text.Json.Nodes;
using Auditor.Reach.Firewalls;
using Auditor.Tests.Oracles;
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
            iter: 600 * Soak.Factor);
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

    /// <summary>A rule that hands packets on decides none, and matters all the same: it keeps them from the rules after it.</summary>
    [Fact]
    public void ARuleThatHandsOn_IsShadowedOnlyByRulesBeforeIt()
    {
        const string HandsOn = """{"priority":5,"action":"goto_next","direction":"INGRESS","match":{"srcIpRanges":["10.1.0.0/16"],"layer4Configs":[{"ipProtocol":"tcp"}]}}""";
        const string Denies = """{"priority":9,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"all"}]}}""";
        Assert.Empty(new FirewallCase().Hierarchical("7", $"{HandsOn},{Denies}").Build().Shadows());
        Assert.Equal("org-7/5", Assert.Single(new FirewallCase().Hierarchical("7", $"{HandsOn},{Denies.Replace("9,", "1,", StringComparison.Ordinal)}").Build().Shadows()).Rule.Name);
    }

    /// <summary>For machines with the account, the deny is passed by.</summary>
    [Fact]
    public void ARuleBehindADeny_CountsForMachinesThatAreHandedPastIt() => Assert.Empty(new FirewallCase()
        .Hierarchical("7", """{"priority":5,"action":"goto_next","direction":"INGRESS","targetServiceAccounts":["app@shop.iam.gserviceaccount.com"],"match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"tcp"}]}},{"priority":9,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"tcp"}]}}""")
        .Rule("allow", """ "priority":1000,"sourceRanges":["10.0.0.0/8"],"allowed":[{"IPProtocol":"tcp"}] """).Build().Shadows());

    /// <summary>For machines in the range, the first allow is passed by; that the second one allows as well hides nothing.</summary>
    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    public void ARuleThatOnlyMachinesAtSomeAddressesComeTo_Decides(string action) => Assert.Empty(new FirewallCase()
        .Hierarchical("7", $$$"""{"priority":5,"action":"goto_next","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"destIpRanges":["10.0.0.0/8"],"layer4Configs":[{"ipProtocol":"tcp"}]}},{"priority":9,"action":"{{{action}}}","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"tcp"}]}}""")
        .Rule("allow", """ "priority":1000,"sourceRanges":["10.0.0.0/8"],"allowed":[{"IPProtocol":"tcp"}] """).Build().Shadows());

    /// <summary>Taking out a rule that is said never to decide changes the fate of no packet. (Google's managed rules are assumed where none is listed: they stay.)</summary>
    [Fact]
    public void AShadowedRule_CanBeTakenOut()
    {
        var taken = 0;
        RandomFirewall.Lists.Sample(
            estate =>
            {
                var (naive, corners, random) = (new NaiveFirewall(estate), new BoundaryPackets(estate), new Random(2));
                foreach (var shadow in new EngineUnderTest().Firewall(estate, "us-central1").Shadows().Where(shadow => shadow.Rule.Kind != FirewallDeciderKind.ManagedRule).Take(4))
                {
                    Interlocked.Increment(ref taken);
                    var without = new NaiveFirewall(Without(estate, shadow));
                    for (var i = 0; i < 200; i++)
                    {
                        var seen = corners.RandomPacket(random);
                        var packet = (corners.RandomQuery(random) with { Region = "us-central1" }).At(seen.Protocol, seen.Port, seen.Peer);
                        Assert.True(naive.Decide(packet).Answer == without.Decide(packet).Answer, $"without {shadow.Rule} {packet} gets {without.Decide(packet)} for {naive.Decide(packet)}\n{estate}");
                    }
                }
            },
            iter: 600 * Soak.Factor);
        output.WriteLine($"{taken} rules taken out");
        Assert.True(taken > 20, $"only {taken} rules were taken out");

        static JsonNode Without(JsonNode estate, Shadow shadow)
        {
            var copy = estate.DeepClone();
            var isEgress = shadow.Direction == Auditor.Model.TrafficDirection.Egress;
            var parts = shadow.Rule.Name.Split('/');
            var rules = parts.Length == 1 ? copy["firewalls"]!.AsArray() : RawJson.List(copy, "firewallPolicies").Single(policy => policy["name"]!.ToString() == parts[0])["rules"]!.AsArray();
            foreach (var rule in rules.Where(rule => parts.Length == 1 ? rule!["name"]!.ToString() == parts[0] : RawJson.Number(rule, "priority") == shadow.Rule.Priority && rule!["direction"]!.ToString() == (isEgress ? "EGRESS" : "INGRESS")).ToList())
            {
                rules.Remove(rule);
            }

            return copy;
        }
    }

    [Fact]
    public void ARuleBySecureTags_IsNeverCalledShadowed() => Assert.Empty(new FirewallCase().Hierarchical(
        "7",
        """
        {"priority":1,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0","::/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
        {"priority":2,"action":"allow","direction":"INGRESS","match":{"srcSecureTags":[{"name":"tagValues/1","state":"EFFECTIVE"}],"layer4Configs":[{"ipProtocol":"all"}]}}
        """).Build().Shadows());
}
