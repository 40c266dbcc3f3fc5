using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Connectors;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorRangeIsRoutedNowhereElseTests : RuleTest<ConnectorRangeIsRoutedNowhereElse>
{
    private const string ToPeer = $$""" "peerings":[{"name":"to-peer","network":"{{PathCase.Compute}}global/networks/peer","state":"ACTIVE","exchangeSubnetRoutes":true}] """;
    private const string ToMain = $$""" "peerings":[{"name":"to-main","network":"{{PathCase.Network}}","state":"ACTIVE","exchangeSubnetRoutes":true}] """;
    private static readonly ResourceName s_connector = ResourceName.Of(ResourceKind.Connector, "shop", "europe-west1", "conn");

    [Fact]
    public void Passes_WhereNobodyElseHasIt() => Assert.IsType<Verdict.Passed>(Judge(Peered("10.9.0.0/16")));

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("0.0.0.0/0")]
    public void Passes_BesideAWiderRoute(string range) => Assert.IsType<Verdict.Passed>(Judge(Peered("10.9.0.0/16").Machine("vpn", "10.1.0.9").Subnetwork("apps", "10.1.0.0/16").Route("wide", range, """ "nextHopIp":"10.1.0.9" """)));

    [Fact]
    public void Fails_OnASubnetworkOfAPeer() => Assert.Equal(
        "its range 10.8.0.0/28 overlaps 10.8.0.0/20 of subnetwork theirs of project shop, which peering to-peer brings", Fails(Peered("10.8.0.0/20")));

    [Fact]
    public void Fails_OnAnAllocatedRange() => Assert.Equal(
        "its range 10.8.0.0/28 overlaps 10.8.0.0/24 of managed, which is allocated for private services access",
        Fails(new PathCase().With($$"""{"name":"managed","selfLink":"{{PathCase.Compute}}global/addresses/managed","kind":"compute#address","address":"10.8.0.0","prefixLength":24,"purpose":"VPC_PEERING","addressType":"INTERNAL","network":"{{PathCase.Network}}"}""")));

    [Fact]
    public void Fails_WhereARouteTakesAPart() => Assert.Equal(
        "route half takes 10.8.0.8/29 of its range 10.8.0.0/28", Fails(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("vpn", "10.1.0.9").Route("half", "10.8.0.8/29", """ "nextHopIp":"10.1.0.9" """)));

    [Fact]
    public void Unknown_WhereAPeerWasNotRead() => Assert.Equal(
        "what has its addresses is not known: it may end in network theirs of project other, which was not read",
        Assert.IsType<Verdict.Unknown>(Judge(new PathCase().OfNetwork("main", """ "peerings":[{"name":"to-other","network":"https://www.googleapis.com/compute/v1/projects/other/global/networks/theirs","state":"ACTIVE"}] """))).Missing);

    [Fact]
    public void DoesNotApply_WithoutTheNetwork() => Assert.Equal(
        "network main does not exist", Assert.IsType<Verdict.NotApplicable>(Judge(new PathCase().Without("networks/main"))).Because);

    [Fact]
    public void Unknown_WhereWhatARouterLearnedWasNotRead() => Assert.Equal("what router edge of network main has learned was not read", Assert.IsType<Verdict.Unknown>(Judge(new PathCase().With($$"""
        {"name":"edge","selfLink":"{{PathCase.Compute}}regions/europe-west1/routers/edge","network":"{{PathCase.Network}}","bgpPeers":[{"name":"peer"}]}
        """))).Missing);

    /// <summary>CON003 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_OverASubnetworkOfItsOwnNetwork() => Assert.IsType<Verdict.Passed>(Judge(new PathCase().Subnetwork("apps", "10.8.0.0/24")));

    private static PathCase Peered(string range) => new PathCase().OfNetwork("main", ToPeer).OfNetwork("peer", ToMain).Subnetwork("theirs", range, "peer");

    private static Verdict Judge(PathCase here) => Assert.Single(Verdicts(here.Estate, s_connector));

    private static string Fails(PathCase here) => Assert.IsType<Verdict.Failed>(Judge(here)).Because;
}
