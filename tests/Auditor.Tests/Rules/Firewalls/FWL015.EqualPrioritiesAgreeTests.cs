using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class EqualPrioritiesAgreeTests : RuleTest<EqualPrioritiesAgree>
{
    [Fact]
    public void Fails_WhereBothMatchAPacket()
    {
        var failed = Failed(TheNetwork, Allow("open", "10.1.0.0/16", "tcp", "80"), Deny("shut", "10.1.2.0/24", 1000));
        Assert.Equal("firewall rule open (priority 1000) allows what firewall rule shut (priority 1000) of the same priority denies, such as tcp:80 10.1.2.0", failed.Because);
        Assert.Equal("projects/p1/global/firewalls/open", failed.Discriminator);
    }

    [Fact]
    public void Passes_AtDifferentNumbers() => Passes(TheNetwork, Allow("open", "10.1.0.0/16", "tcp", "80"), Deny("shut", "10.1.2.0/24", 999));

    [Fact]
    public void Passes_WithoutACommonPacket() => Passes(TheNetwork, Allow("open", "10.1.0.0/16", "tcp", "80"), Deny("shut", "10.2.0.0/16", 1000));

    [Fact]
    public void Passes_ForDifferentTargets() => Passes(TheNetwork, Allow("open", "10.1.0.0/16", "tcp", "80") with { TargetTags = ["a"] }, Deny("shut", "10.1.0.0/16", 1000) with { TargetTags = ["b"] });

    [Fact]
    public void Passes_WhereWhatTheyShareIsDecidedBefore() => Passes(TheNetwork, Deny("first", "10.1.2.0/24", 10), Allow("open", "10.1.0.0/16", "tcp", "80"), Deny("shut", "10.1.2.0/24", 1000));

    [Fact]
    public void Passes_AgainstTheManagedAllow_WhichIsToldElsewhere() => Passes(TheNetwork, TheConnector, Managed("sbntfw"), Managed("tagfw"), Deny("fence", "10.8.0.0/28", 1000));

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("permission compute.firewalls.list is missing", Unknown(NoRules, TheNetwork), StringComparison.Ordinal);
}
