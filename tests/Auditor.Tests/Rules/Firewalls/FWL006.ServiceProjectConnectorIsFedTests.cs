using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ServiceProjectConnectorIsFedTests : ServiceProjectTest<ServiceProjectConnectorIsFed>
{
    private static readonly Firewall s_needed = Allow("serverless", "35.199.224.0/19", "tcp", "667") with
    {
        Layer4 = [new Layer4("tcp", [new PortInterval(667, 667)]), new Layer4("udp", [new PortInterval(665, 666)]), new Layer4("icmp", [])],
        TargetTags = ["vpc-connector"],
    };

    [Fact]
    public void Passes_WithTheRuleOfTheGuide() => Passes(Guest, TheSubnetwork, TheNetwork, s_needed);

    [Fact]
    public void Fails_WithoutIt() => Assert.Equal("serverless traffic does not reach the connector: icmp, tcp:667, udp:665-666 denied by the implied ingress deny", Fails(Guest, TheSubnetwork, TheNetwork));

    [Fact]
    public void Fails_ForThePartThatIsMissing() => Assert.Equal(
        "serverless traffic does not reach the connector: udp:665-666 denied by the implied ingress deny",
        Fails(Guest, TheSubnetwork, TheNetwork, s_needed with { Layer4 = [new Layer4("tcp", [new PortInterval(667, 667)]), new Layer4("icmp", [])] }));

    [Fact]
    public void Fails_WhereADenyComesFirst() => Assert.Contains("denied by firewall rule lock (priority 1)", Fails(Guest, TheSubnetwork, TheNetwork, s_needed, Deny("lock", "0.0.0.0/0", 1)), StringComparison.Ordinal);
}
