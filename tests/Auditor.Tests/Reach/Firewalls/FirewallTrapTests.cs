using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Tests.Reach.Firewalls;

/// <summary>What other tools are known to get wrong: each test is one that the tool named in its comment fails.</summary>
public sealed class FirewallTrapTests
{
    private const string Connector = """{"name":"projects/shop/locations/europe-west1/connectors/door","network":"main","ipCidrRange":"10.8.0.0/28","state":"READY"}""";
    private const string Tcp = """
        "allowed":[{"IPProtocol":"tcp","ports":["5432"]}]
        """;

    // gcpdiag allows only what one rule covers whole.
    [Fact]
    public void TwoHalvesThatAreAllowed_AreTheWhole() => Assert.Equal(
        "tcp:5432 10.9.0.0/28",
        new FirewallCase().Rule("low", $$""" "sourceRanges":["10.9.0.0/29"],{{Tcp}} """).Rule("high", $$""" "sourceRanges":["10.9.0.8/29"],{{Tcp}} """).Ingress("10.9.0.0/28", "tcp", 5432).Allowed.ToString());

    // gcpdiag blocks the whole where a deny overlaps a part.
    [Fact]
    public void ADenyOfAHalf_BlocksTheHalf()
    {
        var answer = new FirewallCase().Rule("all", $$""" "sourceRanges":["10.0.0.0/8"],{{Tcp}} """)
            .Rule("half", """ "priority":900,"sourceRanges":["10.9.0.0/29"],"denied":[{"IPProtocol":"all"}] """).Ingress("10.9.0.0/28", "tcp", 5432);
        Assert.Equal(("tcp:5432 10.9.0.8/29", "tcp:5432 10.9.0.0/29"), (answer.Allowed.ToString(), answer.Denied.ToString()));
    }

    // gcpdiag reads every policy before the VPC rules, whatever the network says.
    [Fact]
    public void NetworkPolicies_ComeWhereTheNetworkSays()
    {
        FirewallCase Case() => new FirewallCase().Rule("open", $$""" "sourceRanges":["10.0.0.0/8"],{{Tcp}} """)
            .NetworkPolicy("shut", """{"priority":1,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["10.0.0.0/8"],"layer4Configs":[{"ipProtocol":"all"}]}}""");
        Assert.Equal("open", Decider(Case().Ingress("10.1.2.3", "tcp", 5432)));
        Assert.Equal("shut/1", Decider(Case().BeforeClassic().Ingress("10.1.2.3", "tcp", 5432)));
    }

    // gcpdiag compares protocols as they are written.
    [Fact]
    public void AProtocolsNumber_IsItsName() => Assert.Equal("six", Decider(new FirewallCase().Rule("six", """ "sourceRanges":["10.0.0.0/8"],"allowed":[{"IPProtocol":"6"}] """).Ingress("10.1.2.3", "tcp", 80)));

    // gcpdiag ignores targetResources.
    [Fact]
    public void ARuleForAnotherNetwork_DecidesNothing() => Assert.Equal("implied-deny-ingress", Decider(new FirewallCase().Hierarchical(
        "7", """{"priority":1,"action":"allow","direction":"INGRESS","targetResources":["https://www.googleapis.com/compute/v1/projects/shop/global/networks/other"],"match":{"srcIpRanges":["10.0.0.0/8"],"layer4Configs":[{"ipProtocol":"all"}]}}""").Ingress("10.1.2.3", "tcp", 80)));

    // gcpdiag raises KeyError where a policy's rule has no srcIpRanges.
    [Fact]
    public void ARuleByFqdn_LeavesOpenWhatItMayMatch_AndNothingElse()
    {
        var answer = new FirewallCase().Hierarchical("7", """{"priority":1,"action":"allow","direction":"EGRESS","match":{"destFqdns":["api.example.com"],"layer4Configs":[{"ipProtocol":"tcp","ports":["443"]}]}}""")
            .Rule("shut", """ "direction":"EGRESS","priority":65000,"denied":[{"IPProtocol":"all"}] """).Egress("8.8.8.0/24", "tcp", 443);
        Assert.Equal(("firewall policy rule org-7/1 selects by FQDN", true), (Assert.Single(Assert.Single(answer.Decisions).Decision.Because), answer.Denied.IsEmpty));
    }

    // The same, where the answer does not depend on it.
    [Fact]
    public void ARuleByFqdn_ThatAllowsWhatIsAllowedAnyway_LeavesNothingOpen() => Assert.Equal("implied-allow-egress", Decider(
        new FirewallCase().Hierarchical("7", """{"priority":1,"action":"allow","direction":"EGRESS","match":{"destFqdns":["api.example.com"],"layer4Configs":[{"ipProtocol":"tcp"}]}}""").Egress("8.8.8.8", "tcp", 443)));

    // gcpdiag takes the parameter of the source for the destination of an egress check.
    [Fact]
    public void Egress_IsJudgedByDestination()
    {
        var shut = new FirewallCase().Rule("shut", """ "direction":"EGRESS","destinationRanges":["10.20.0.0/16"],"denied":[{"IPProtocol":"tcp"}] """);
        Assert.Equal(("shut", "implied-allow-egress"), (Decider(shut.Egress("10.20.1.1", "tcp", 80)), Decider(shut.Egress("10.30.1.1", "tcp", 80))));
    }

    // Prowler knows one spelling of "anywhere".
    [Theory]
    [InlineData("0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0")]
    [InlineData("::/1", "8000::/1", "::/0")]
    public void AnywhereInTwoHalves_IsAnywhere(string low, string high, string anywhere) => Assert.Equal(
        $"tcp:22 {anywhere}",
        new FirewallCase().Rule("ssh", $$""" "sourceRanges":["{{low}}","{{high}}"],"allowed":[{"IPProtocol":"tcp","ports":["22"]}] """).Ingress(anywhere, "tcp", 22).Allowed.ToString());

    // Prowler looks at neither priority nor "disabled".
    [Fact]
    public void AnOpenRule_ThatIsDisabledOrOverridden_OpensNothing()
    {
        const string Open = """ "sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp","ports":["22"]}] """;
        Assert.True(new FirewallCase().Rule("off", $$""" "disabled":true,{{Open}} """).Ingress("0.0.0.0/0", "tcp", 22).Allowed.IsEmpty);
        Assert.True(new FirewallCase().Rule("open", Open).Rule("shut", """ "priority":1,"denied":[{"IPProtocol":"all"}] """).Ingress("0.0.0.0/0", "tcp", 22).Allowed.IsEmpty);
    }

    // Checkov lets "tcp" without ports pass: the widest rule of all.
    [Fact]
    public void TcpWithoutPorts_IsEveryPort() => Assert.Equal(
        "tcp 0.0.0.0/0",
        new FirewallCase().Rule("wide", """ "sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp"}] """).Build().Answer(TrafficDirection.Ingress, FirewallEnd.Anywhere, FirewallEnd.At("0.0.0.0/0"), Traffic.All).Allowed.ToString());

    // Trivy leaves rules with tags alone.
    [Fact]
    public void AnOpenRuleForATag_IsOpenForTheTag()
    {
        var open = new FirewallCase().Rule("open", """ "targetTags":["web"],"sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp","ports":["22"]}] """);
        Assert.Equal(("open", "implied-deny-ingress"), (Decider(open.Ingress("203.0.113.7", "tcp", 22, "web")), Decider(open.Ingress("203.0.113.7", "tcp", 22))));
    }

    [Theory]
    [InlineData(999, "shut")]
    [InlineData(1000, "shut")]
    [InlineData(1001, "aet-europewest1-door-sbntfw")]
    public void ADeny_OverridesAConnectorsManagedAllow_UpToItsOwnPriority(int priority, string decider) => Assert.Equal(
        decider, Decider(new FirewallCase().With(Connector).Rule("shut", $$""" "priority":{{priority}},"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """).Ingress("10.8.0.4", "tcp", 5432)));

    [Fact]
    public void AManagedRule_ThatIsNotListed_IsAssumed_AndSaysSo()
    {
        var decider = Assert.Single(new FirewallCase().With(Connector).Ingress("10.8.0.0/28", "tcp", 5432).Decisions).Decision.DecidedBy!;
        Assert.Equal((true, FirewallDeciderKind.ManagedRule), (decider.Assumed, decider.Kind));
    }

    [Fact]
    public void AConnectorOfAServiceProject_HasNoManagedRule() => Assert.Equal("implied-deny-ingress", Decider(new FirewallCase()
        .With("""{"name":"sub","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/subnetworks/sub","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/main","region":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1","ipCidrRange":"10.8.0.0/28"}""")
        .With("""{"name":"projects/guest/locations/europe-west1/connectors/door","subnet":{"name":"sub","projectId":"shop"},"state":"READY"}""").Ingress("10.8.0.4", "tcp", 5432)));

    [Fact]
    public void EqualPriority_IsDeniedFirst() => Assert.Equal(
        "b-shut", Decider(new FirewallCase().Rule("a-open", $$""" "priority":500,{{Tcp}} """).Rule("b-shut", """ "priority":500,"denied":[{"IPProtocol":"tcp"}] """).Ingress("10.1.1.1", "tcp", 5432)));

    [Fact]
    public void GotoNext_LeavesTheRestOfItsPolicyOut() => Assert.Equal("open", Decider(new FirewallCase().Hierarchical(
        "7",
        """
        {"priority":1,"action":"goto_next","direction":"INGRESS","match":{"srcIpRanges":["10.0.0.0/8"],"layer4Configs":[{"ipProtocol":"all"}]}},
        {"priority":2,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"all"}]}}
        """).Rule("open", $$""" "sourceRanges":["10.0.0.0/8"],{{Tcp}} """).Ingress("10.1.1.1", "tcp", 5432)));

    [Fact]
    public void TheMetadataServer_IsReachable_WhateverTheRulesSay()
    {
        var shut = new FirewallCase().Rule("shut", """ "direction":"EGRESS","priority":0,"denied":[{"IPProtocol":"all"}] """);
        Assert.Equal(("always-allowed", "shut"), (Decider(shut.Egress("169.254.169.254", "udp", 53)), Decider(shut.Egress("169.254.169.253", "udp", 53))));
    }

    [Fact]
    public void MailToTheInternet_IsBlocked_AndAssumed()
    {
        var open = new FirewallCase().Rule("open", """ "direction":"EGRESS","priority":0,"allowed":[{"IPProtocol":"all"}] """);
        Assert.Equal(("always-blocked", "open"), (Decider(open.Egress("8.8.8.8", "tcp", 25)), Decider(open.Egress("10.1.1.1", "tcp", 25))));
        Assert.True(Assert.Single(open.Egress("8.8.8.8", "tcp", 25).Decisions).Decision.DecidedBy!.Assumed);
    }

    [Fact]
    public void ARuleThatAsksForTheMachinesOwnAddress_IsUndecidableWithoutOne()
    {
        var open = new FirewallCase().Rule("open", """ "sourceRanges":["10.0.0.0/8"],"destinationRanges":["10.9.0.0/24"],"allowed":[{"IPProtocol":"tcp"}] """);
        Assert.Equal(FirewallEffect.Unknown, Assert.Single(open.Ingress("10.1.1.1", "tcp", 80).Decisions).Decision.Effect);
        FirewallAnswer At(string own) => open.Build().Answer(TrafficDirection.Ingress, FirewallEnd.At(own), FirewallEnd.At("10.1.1.1"), Traffic.All);
        Assert.Equal(("tcp 10.1.1.1/32", "none"), (At("10.9.0.7").Allowed.ToString(), At("10.9.1.7").Allowed.ToString()));
        Assert.Equal(["10.9.0.0/24", "10.9.1.0/24"], open.Build().Slices(TrafficDirection.Ingress, FirewallEnd.At("10.9.0.0/23")).Select(slice => slice.Own.ToString()));
    }

    [Fact]
    public void RulesThatCouldNotBeListed_LeaveOpenWhatNoEarlierPolicyDecides()
    {
        var builder = new EstateBuilder();
        builder.AddGap(new GapScope(ResourceKind.Firewall, "shop"), "permission compute.firewalls.list is missing");
        builder.Add(System.Text.Json.JsonElement.Parse("""{"firewalls":[],"firewallPolicys":[{"name":"7","type":"HIERARCHY","rules":[{"priority":1,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["203.0.113.0/24"],"layer4Configs":[{"ipProtocol":"all"}]}}]}]}"""), "x", new DocumentHint(Project: "shop", Network: ResourceName.Of(ResourceKind.Network, "shop", "main")));
        var firewall = EffectiveFirewall.Of(new EstateView(builder.Build(complete: true).Estate, DateTimeOffset.UnixEpoch), ResourceName.Of(ResourceKind.Network, "shop", "main"), null);
        var answer = firewall.Answer(TrafficDirection.Ingress, FirewallEnd.Anywhere, FirewallEnd.At("203.0.113.0/23"), Traffic.All);
        Assert.Equal(("all 203.0.113.0/24", "all 203.0.112.0/24"), (answer.Denied.ToString(), answer.Unknown.ToString()));
        Assert.Contains("permission compute.firewalls.list is missing", Assert.Single(answer.Decisions, pair => pair.Decision.Effect == FirewallEffect.Unknown).Decision.Because[0], StringComparison.Ordinal);
    }

    private static string Decider(FirewallAnswer answer) => Assert.Single(answer.Decisions).Decision.DecidedBy!.Name;
}
