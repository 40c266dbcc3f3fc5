using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class OtherListedPortsAreClosedTests : RuleTest<OtherListedPortsAreClosed>
{
    private static readonly Firewall s_open = Allow("open", "0.0.0.0/0", "tcp", "8080");

    [Fact]
    public void Fails_FromAnywhere() => Assert.Equal("firewall rule open (priority 1000) lets tcp:8080 in to every machine from every public IPv4 address", Fails(TheNetwork, TheConnector, s_open));

    [Theory]
    [InlineData("0.0.0.0/1 128.0.0.0/1")]
    [InlineData("::/0")]
    [InlineData("64.0.0.0/4")]
    public void Fails_HoweverTheRangeIsWritten(string sources) => Assert.StartsWith("firewall rule open (priority 1000) lets tcp:8080 in", Fails(TheNetwork, TheConnector, s_open with { SourceRanges = sources.Split(' ').Select(Auditor.Network.IpRange.Parse).ToValueList() }), StringComparison.Ordinal);

    [Fact]
    public void Fails_ForATag() => Assert.Contains("machines with network tag web", Fails(TheNetwork, TheConnector, s_open with { TargetTags = ["web"] }), StringComparison.Ordinal);

    [Fact]
    public void Passes_WhereADenyComesFirst_OrTheRuleIsDisabled()
    {
        Passes(TheNetwork, TheConnector, s_open, Deny("lock", "0.0.0.0/0", 1));
        Passes(TheNetwork, TheConnector, s_open with { Disabled = true });
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("203.0.113.0/24")]
    [InlineData("35.235.240.0/20")]
    [InlineData("35.191.0.0/16 130.211.0.0/22")]
    [InlineData("198.18.0.0/15 8.8.8.0/24")]
    public void Passes_FromPrivateRanges_FewPartners_AndGoogle(string sources) => Passes(TheNetwork, TheConnector, s_open with { SourceRanges = sources.Split(' ').Select(Auditor.Network.IpRange.Parse).ToValueList() });

    [Fact]
    public void Passes_ForOtherPorts_AndLeavesOpenEverythingToFWL020()
    {
        Passes(TheNetwork, TheConnector, s_open with { Layer4 = [new Layer4("tcp", [new PortInterval(12345, 12345)])] });
        Passes(TheNetwork, TheConnector, s_open with { Layer4 = [new Layer4("tcp", [])] });
    }

    [Fact]
    public void DoesNotApply_WhereNoServerlessWorkloadLeaves() => Assert.Equal("no serverless workload leaves for the network", DoesNotApply(TheNetwork, s_open));

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("permission compute.firewalls.list is missing", Unknown(NoRules, TheNetwork, TheConnector), StringComparison.Ordinal);
}
