using Auditor.Rules;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

/// <summary>What the rules on connectors of service projects have in common.</summary>
public abstract class ServiceProjectTest<TRule> : RuleTest<TRule>
    where TRule : StateRule, new()
{
    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("permission compute.firewalls.list is missing", Unknown(NoRules, Guest, TheSubnetwork, TheNetwork, Vm), StringComparison.Ordinal);

    [Fact]
    public void Unknown_WithoutTheSubnetwork() => Assert.Equal("subnetwork conn-subnet was not read: project p1 was not read", Unknown(Guest));

    [Fact]
    public void DoesNotApply_WhereGoogleMakesTheRules() => Assert.NotEmpty(DoesNotApply(TheConnector, TheNetwork));
}
