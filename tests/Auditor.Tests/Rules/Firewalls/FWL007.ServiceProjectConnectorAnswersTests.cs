using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class ServiceProjectConnectorAnswersTests : ServiceProjectTest<ServiceProjectConnectorAnswers>
{
    [Fact]
    public void Passes_WithoutEgressRules() => Passes(Guest, TheSubnetwork, TheNetwork);

    [Fact]
    public void Fails_BehindADenyBaseline() => Assert.Equal(
        "the connector cannot answer the serverless infrastructure: icmp, tcp:667, udp:665-666 denied by firewall rule baseline (priority 65000)", Fails(Guest, TheSubnetwork, TheNetwork, DenyOut("baseline", 65000)));

    [Fact]
    public void Passes_WhereAnAllowForItsTagComesFirst() => Passes(Guest, TheSubnetwork, TheNetwork, DenyOut("baseline", 65000), Rule("answers", FirewallAction.Allow, "all") with
    {
        Direction = TrafficDirection.Egress,
        DestinationRanges = [Auditor.Network.IpRange.Parse("35.199.224.0/19")],
        TargetTags = ["vpc-connector-europe-west1-conn"],
    });
}
