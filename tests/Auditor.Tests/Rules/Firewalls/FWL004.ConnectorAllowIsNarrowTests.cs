using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Rules;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ConnectorAllowIsNarrowTests : RuleTest<ConnectorAllowIsNarrow>
{
    private static readonly Firewall s_narrow = new(ResourceName.Of(ResourceKind.Firewall, "p1", "allow-conn-db"))
    {
        Network = NetworkName,
        Direction = TrafficDirection.Ingress,
        Action = FirewallAction.Allow,
        SourceRanges = [IpRange.Parse("10.8.0.0/28")],
        Layer4 = [Tcp("5432")],
    };

    private static readonly Firewall s_broad = s_narrow with { Layer4 = [new Layer4("tcp", [])] };

    [Fact]
    public void Passes_ForOnePort() => Passes(s_narrow, TheConnector);

    [Fact]
    public void Passes_UpToTheLimit() => Passes(s_narrow with { Layer4 = [Tcp("8000-8009")] }, TheConnector);

    [Fact]
    public void Passes_ForIcmp_WhichHasNoPorts() => Passes(s_narrow with { Layer4 = [new Layer4("icmp", []), Tcp("5432")] }, TheConnector);

    [Fact]
    public void Fails_ForAllPorts_WrittenAsNone() => Assert.Equal("it allows all tcp ports from 10.8.0.0/28, which covers connector conn in europe-west1", Fails(s_broad, TheConnector));

    [Fact]
    public void Fails_ForAllPortsOfANumberedProtocol() => Assert.Equal(
        "it allows all tcp ports from 10.8.0.0/28, which covers connector conn in europe-west1",
        Fails(s_narrow with { Layer4 = [new Layer4("6", [])] }, TheConnector));

    [Fact]
    public void Fails_ForAllPorts_WrittenInFull() => Assert.Equal(
        "it allows all tcp ports from 10.8.0.0/28, which covers connector conn in europe-west1",
        Fails(s_narrow with { Layer4 = [Tcp("0-1023", "1024-65535"), new Layer4("icmp", [])] }, TheConnector));

    [Fact]
    public void Fails_ForAllProtocols() => Assert.Equal(
        "it allows all protocols from 10.8.0.0/28, which covers connector conn in europe-west1",
        Fails(s_narrow with { Layer4 = [new Layer4("all", [])] }, TheConnector));

    [Fact]
    public void Fails_OverTheLimit_CountingEachPortOnce() => Assert.Equal(
        "it allows 11 ports from 10.8.0.0/28, which covers connector conn in europe-west1",
        Fails(s_narrow with { Layer4 = [Tcp("8000-8009"), Tcp("8005-8010")] }, TheConnector));

    [Fact]
    public void Fails_ForAWiderSource() => Assert.Equal(
        "it allows all tcp ports from 10.0.0.0/8, which covers connector conn in europe-west1",
        Fails(s_broad with { SourceRanges = [IpRange.Parse("10.0.0.0/8")] }, TheConnector));

    [Fact]
    public void Fails_WhenNoSourceMeansAny() => Assert.Equal("it allows all tcp ports from any source, which covers connector conn in europe-west1", Fails(s_broad with { SourceRanges = [] }, TheConnector));

    [Theory]
    [InlineData("vpc-connector")]
    [InlineData("vpc-connector-europe-west1-conn")]
    public void Fails_ForAConnectorsNetworkTag(string tag) => Assert.Equal(
        $"it allows all tcp ports from network tag {tag}, which covers connector conn in europe-west1",
        Fails(s_broad with { SourceRanges = [], SourceTags = [tag] }, TheConnector));

    [Fact]
    public void Fails_ForAConnectorOnASubnetwork() => Assert.Equal("projects/p1/locations/europe-west1/connectors/conn", Failed(s_broad, OnSubnetwork, TheSubnetwork).Discriminator);

    [Fact]
    public void Limit_IsAnOption() => Assert.IsType<Verdict.Passed>(Assert.Single(
        Verdicts(EstateOf(s_narrow with { Layer4 = [Tcp("8000-8019")] }, TheConnector), s_narrow.Name, new RuleOptions { MaxAllowedPorts = 20 })));

    [Fact]
    public void Fails_ForAConnectorOfAServiceProject() => Assert.Equal(
        "it allows all tcp ports from 10.8.0.0/28, which covers connector conn in europe-west1",
        Fails(s_broad, OnSubnetwork with { Name = ResourceName.Of(ResourceKind.Connector, "svc", "europe-west1", "conn") }, TheSubnetwork));

    [Fact]
    public void Unknown_WhenConnectorsCouldNotBeListed() => Assert.Equal(
        "connectors on vpc could not all be listed: permission vpcaccess.connectors.list is missing",
        Unknown(new Gap(new GapScope(ResourceKind.Connector, "p1"), "permission vpcaccess.connectors.list is missing"), s_broad, TheSubnetwork));

    [Fact]
    public void DoesNotApply_WhenItCoversHalfAConnectorOnly() =>
        Assert.Equal("it covers no connector", DoesNotApply(s_broad with { SourceRanges = [IpRange.Parse("10.8.0.0/29")] }, TheConnector));

    [Fact]
    public void DoesNotApply_InAnotherNetwork() =>
        Assert.Equal("it covers no connector", DoesNotApply(s_broad with { Network = ResourceName.Of(ResourceKind.Network, "p1", "other") }, TheConnector));

    [Fact]
    public void DoesNotApply_ToWhatLetsNobodyIn()
    {
        Assert.Equal("the rule is disabled", DoesNotApply(s_broad with { Disabled = true }, TheConnector));
        Assert.Equal("the rule is for egress", DoesNotApply(s_broad with { Direction = TrafficDirection.Egress }, TheConnector));
        Assert.Equal("the rule denies", DoesNotApply(s_broad with { Action = FirewallAction.Deny }, TheConnector));
        Assert.Equal("Google manages the rule for a connector", DoesNotApply(s_broad with { Name = ResourceName.Of(ResourceKind.Firewall, "p1", "aet-europewest1-conn-sbntfw") }, TheConnector));
    }

    private static Layer4 Tcp(params string[] ports) => new("tcp", ports.Select(port => PortInterval.TryParse(port)!.Value).ToValueList());
}
