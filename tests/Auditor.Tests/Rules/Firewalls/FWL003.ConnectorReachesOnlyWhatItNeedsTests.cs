using Auditor.Findings;
using Auditor.Rules;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ConnectorReachesOnlyWhatItNeedsTests : RuleTest<ConnectorReachesOnlyWhatItNeeds>
{
    [Fact]
    public void Fails_WithTheManagedAllowAlone_AndSaysThatItIsAssumed() => Assert.Equal(
        "the managed allow lets it in to every machine of network vpc on 131,072 TCP and UDP ports, and no egress rule bounds it; Google's managed rules are not listed and were assumed",
        Fails(TheConnector, TheNetwork));

    [Fact]
    public void Fails_WithTheManagedRulesListed() => Assert.Equal(
        "the managed allow lets it in to every machine of network vpc on 65,536 TCP and UDP ports, and no egress rule bounds it", Fails(TheConnector, TheNetwork, Managed("sbntfw"), Managed("tagfw")));

    [Fact]
    public void Passes_WhereADenyOfItsTagComesFirst() => Passes(TheConnector, TheNetwork, Deny("fence", "", 990) with { SourceTags = ["vpc-connector-europe-west1-conn"] });

    [Fact]
    public void Passes_WhereEgressIsBounded() => Passes(TheConnector, TheNetwork, DenyOut("fence", 990) with { TargetTags = ["vpc-connector"] });

    [Fact]
    public void Fails_WhereTheDenyIsForOnePort() => Assert.StartsWith(
        "the managed allow lets it in to every machine of network vpc on 131,071 TCP and UDP ports",
        Fails(TheConnector, TheNetwork, Rule("telnet", Auditor.Model.FirewallAction.Deny, "tcp", "23") with { Priority = 500 }),
        StringComparison.Ordinal);

    [Fact]
    public void Limit_IsAnOption() => Assert.IsType<Verdict.Passed>(Assert.Single(Verdicts(
        EstateOf(TheConnector, TheNetwork, Rule("most", Auditor.Model.FirewallAction.Deny, "all") with { Priority = 990, SourceRanges = [Auditor.Network.IpRange.Parse("10.0.0.0/8")] }, Allow("few", "10.8.0.0/28", "tcp", "1-20") with { Priority = 900 }),
        TheConnector.Name,
        new RuleOptions { MaxManagedPorts = 20 })));

    [Fact]
    public void Unknown_WhileManagedRulesAreListedInPart() => Assert.Equal("Google's managed rules for the connector are listed in part", Unknown(TheConnector, TheNetwork, Managed("sbntfw")));

    [Fact]
    public void DoesNotApply_ToServiceProjects() => Assert.Contains("service project", DoesNotApply(Guest, TheSubnetwork, TheNetwork), StringComparison.Ordinal);
}
