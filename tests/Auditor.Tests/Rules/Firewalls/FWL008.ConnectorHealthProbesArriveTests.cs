using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ConnectorHealthProbesArriveTests : ServiceProjectTest<ConnectorHealthProbesArrive>
{
    private static readonly Firewall s_needed = Allow("probes", "35.191.0.0/16 35.191.192.0/18 130.211.0.0/22", "tcp", "667") with { TargetTags = ["vpc-connector"] };

    [Fact]
    public void Passes_WithTheRuleOfTheGuide() => Passes(Guest, TheSubnetwork, TheNetwork, s_needed);

    [Fact]
    public void Fails_WithoutIt() => Assert.Equal("health probes do not reach the connector: tcp:667 denied by the implied ingress deny", Fails(Guest, TheSubnetwork, TheNetwork));

    [Fact]
    public void Fails_WhereOneRangeIsMissing() => Assert.StartsWith(
        "health probes do not reach the connector", Fails(Guest, TheSubnetwork, TheNetwork, s_needed with { SourceRanges = [Auditor.Network.IpRange.Parse("35.191.0.0/16")] }), StringComparison.Ordinal);
}
