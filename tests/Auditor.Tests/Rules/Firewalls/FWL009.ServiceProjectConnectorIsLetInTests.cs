using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ServiceProjectConnectorIsLetInTests : ServiceProjectTest<ServiceProjectConnectorIsLetIn>
{
    [Fact]
    public void Passes_WhereItsTagIsLetIn() => Passes(Guest, TheSubnetwork, TheNetwork, Vm, Rule("in", FirewallAction.Allow, "tcp", "5432") with { SourceTags = ["vpc-connector"], TargetTags = ["db"] });

    [Fact]
    public void Passes_WhereItsRangeIsLetIn() => Passes(Guest, TheSubnetwork, TheNetwork, Vm, Allow("in", "10.8.0.0/24", "udp", "53"));

    [Fact]
    public void Fails_WithoutARule() => Assert.Equal("no rule of network vpc lets a TCP or UDP packet of the connector in to any machine", Fails(Guest, TheSubnetwork, TheNetwork, Vm));

    [Fact]
    public void Fails_WhereTheAllowIsOverridden() => Assert.StartsWith("no rule of network vpc lets", Fails(Guest, TheSubnetwork, TheNetwork, Vm, Allow("in", "10.8.0.0/28", "tcp"), Deny("lock", "10.0.0.0/8", 500)), StringComparison.Ordinal);

    [Fact]
    public void DoesNotApply_WhereThereIsNoMachine() => Assert.Equal("network vpc has no VM", DoesNotApply(Guest, TheSubnetwork, TheNetwork));
}
