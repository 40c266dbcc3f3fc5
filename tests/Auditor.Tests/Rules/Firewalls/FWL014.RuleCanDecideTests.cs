using Auditor.Model;
using Auditor.Network;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class RuleCanDecideTests : RuleTest<RuleCanDecide>
{
    [Fact]
    public void Passes_WithoutRules() => Passes(TheNetwork);

    [Fact]
    public void Fails_ForARuleThatOneCovers()
    {
        var failed = Failed(TheNetwork, Deny("wide", "10.0.0.0/8", 100), Allow("narrow", "10.1.0.0/16", "tcp", "80"));
        Assert.Equal("firewall rule narrow (priority 1000) can never decide: its packets are decided by firewall rule wide (priority 100)", failed.Because);
        Assert.Equal(("projects/p1/global/firewalls/narrow", "gcloud compute firewall-rules delete narrow --project=p1"), (failed.Discriminator, failed.Fix));
    }

    [Fact]
    public void Fails_ForARuleThatTwoCoverTogether() => Assert.Equal(
        "firewall rule whole (priority 1000) can never decide: its packets are decided by firewall rule high (priority 200), firewall rule low (priority 200)",
        Fails(TheNetwork, Allow("low", "10.0.0.0/9", "tcp") with { Priority = 200 }, Allow("high", "10.128.0.0/9", "tcp") with { Priority = 200 }, Allow("whole", "10.0.0.0/8", "tcp", "80")));

    [Fact]
    public void Passes_ForARuleThatIsCoveredInPart() => Passes(TheNetwork, Allow("low", "10.0.0.0/9", "tcp") with { Priority = 200 }, Allow("whole", "10.0.0.0/8", "tcp", "80"));

    [Fact]
    public void Passes_WhereTheRuleBeforeIsForAnotherTag() => Passes(TheNetwork, Deny("wide", "10.0.0.0/8", 100) with { TargetTags = ["web"] }, Allow("narrow", "10.1.0.0/16", "tcp") with { TargetTags = ["db"] });

    [Fact]
    public void Passes_ForATagBesideAServiceAccount_OfWhichOneIsNotCovered() =>
        Passes(TheNetwork, Deny("wide", "10.0.0.0/8", 100) with { TargetTags = ["web"] }, Allow("narrow", "10.1.0.0/16", "tcp") with { TargetTags = ["web", "db"] });

    [Fact]
    public void Fails_ForOneOfTwoEqualRules() => Assert.StartsWith("firewall rule b (priority 1000) can never decide", Fails(TheNetwork, Allow("a", "10.0.0.0/8", "tcp"), Allow("b", "10.0.0.0/8", "tcp")), StringComparison.Ordinal);

    [Fact]
    public void Passes_WhereOnlyAnAssumedRuleCovers_OrTheRuleIsDisabled()
    {
        Passes(TheNetwork, TheConnector, Allow("own", "10.8.0.0/28", "tcp", "5432") with { Priority = 2000 });
        Passes(TheNetwork, Deny("wide", "10.0.0.0/8", 100), Allow("narrow", "10.1.0.0/16", "tcp") with { Disabled = true });
    }

    [Fact]
    public void Fails_ForARuleOfANetworkPolicy_BehindTheVpcRules()
    {
        var policy = new FirewallPolicy(ResourceName.Parse("//compute.googleapis.com/projects/p1/global/firewallPolicies/late"))
        {
            Associations = [new PolicyAssociation("a", NetworkName.Value, NetworkName, null)],
            Rules = [new FirewallPolicyRule(5) { Action = FirewallAction.Allow, SourceRanges = [IpRange.Parse("10.1.0.0/16")], Layer4 = [new Layer4("all", [])] }],
        };
        Assert.Equal("firewall policy rule late/5 can never decide: its packets are decided by firewall rule wide (priority 100)", Fails(TheNetwork, Deny("wide", "10.0.0.0/8", 100), policy));
        Passes(TheNetwork with { EnforcementOrder = FirewallEnforcementOrder.BeforeClassicFirewall }, Deny("wide", "10.0.0.0/8", 100), policy);
    }

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("permission compute.firewalls.list is missing", Unknown(NoRules, TheNetwork), StringComparison.Ordinal);
}
