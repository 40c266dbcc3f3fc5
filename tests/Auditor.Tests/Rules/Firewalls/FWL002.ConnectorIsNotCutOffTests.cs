using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ConnectorIsNotCutOffTests : RuleTest<ConnectorIsNotCutOff>
{
    [Fact]
    public void Passes_WithTheManagedAllowAssumed() => Passes(TheConnector, TheNetwork);

    [Theory]
    [InlineData(999)]
    [InlineData(1000)]
    public void Fails_WhereADenyTakesEverything_UpToTheManagedAllowsNumber(int priority) => Assert.Equal(
        $"no machine of network vpc takes a TCP or UDP packet of the connector: firewall rule lock (priority {priority}) comes before the managed allow",
        Fails(TheConnector, TheNetwork, Deny("lock", "10.0.0.0/8", priority)));

    [Fact]
    public void Passes_AtTheNextNumber() => Passes(TheConnector, TheNetwork, Deny("lock", "10.0.0.0/8", 1001));

    [Fact]
    public void Passes_WhereAnAllowKeepsOnePortOpen_ForATag() =>
        Passes(TheConnector, TheNetwork, Deny("lock", "10.0.0.0/8", 900), Allow("db", "10.8.0.0/28", "tcp", "5432") with { Priority = 800, TargetTags = ["db"] });

    [Fact]
    public void Unknown_WhileManagedRulesAreListedInPart() => Assert.Equal("Google's managed rules for the connector are listed in part", Unknown(TheConnector, TheNetwork, Managed("hcfw")));

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("could not all be listed", Unknown(NoRules, TheConnector, TheNetwork), StringComparison.Ordinal);

    [Fact]
    public void DoesNotApply_ToServiceProjects_NorWhatCarriesNothing()
    {
        Assert.Contains("service project", DoesNotApply(Guest, TheSubnetwork, TheNetwork), StringComparison.Ordinal);
        Assert.Contains("ERROR", DoesNotApply(TheConnector with { State = Auditor.Model.ConnectorState.Error }, TheNetwork), StringComparison.Ordinal);
    }
}
