using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class DisabledRuleIsNotNeededTests : RuleTest<DisabledRuleIsNotNeeded>
{
    private static readonly Firewall s_off = Allow("db", "10.8.0.0/28", "tcp", "5432") with { Priority = 800, Disabled = true };
    private static readonly Firewall s_lock = Deny("lock", "10.0.0.0/8", 900);

    [Fact]
    public void Fails_WhereAWorkloadWaitsForIt()
    {
        var failed = Failed(s_off, s_lock, Caller, TheConnector, TheNetwork, Vm);
        Assert.Equal("the rule is disabled, and shop cannot reach 10.20.0.5:5432 (VM db) without it", failed.Because);
        Assert.Equal(("projects/p1/locations/europe-west1/services/shop|10.20.0.5:5432", "gcloud compute firewall-rules update db --project=p1 --no-disabled"), (failed.Discriminator, failed.Fix));
    }

    [Fact]
    public void Passes_WhereTheFlowIsOpenAnyway() => Passes(s_off, Caller, TheConnector, TheNetwork, Vm);

    [Fact]
    public void Passes_WhereItWouldNotHelp() => Passes(s_off with { Priority = 950 }, s_lock, Caller, TheConnector, TheNetwork, Vm);

    [Fact]
    public void Passes_WhereNobodyCalls() => Passes(s_off, s_lock, TheService, TheConnector, TheNetwork, Vm);

    [Fact]
    public void DoesNotApply_ToADisabledDeny() => Assert.Equal("the rule allows nothing of your own", DoesNotApply(s_lock with { Disabled = true }));

    [Fact]
    public void Unknown_WhereWorkloadsCouldNotBeListed() => Assert.Contains(
        "permission run.services.list is missing", Unknown(new Gap(new GapScope(ResourceKind.RunService, "p1"), "permission run.services.list is missing"), s_off, s_lock, TheConnector, TheNetwork, Vm), StringComparison.Ordinal);
}
