using Auditor.Model;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorSubnetworkIsDedicatedTests : RuleTest<ConnectorSubnetworkIsDedicated>
{
    private static readonly Instance s_vm = new(ResourceName.Of(ResourceKind.Instance, "p1", "europe-west1-b", "vm1"))
    {
        NetworkInterfaces = [new NetworkInterface("nic0") { Network = NetworkName, Subnetwork = SubnetworkName }],
    };

    [Fact]
    public void Passes_WhenNothingElseStandsThere() => Passes(OnSubnetwork, TheSubnetwork);

    [Fact]
    public void Passes_BesideAVmOfAnotherSubnetwork() => Passes(
        OnSubnetwork,
        TheSubnetwork,
        s_vm with { NetworkInterfaces = [new NetworkInterface("nic0") { Network = NetworkName, Subnetwork = ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "apps") }] });

    [Fact]
    public void Fails_BesideAVm() => Assert.Equal("its subnetwork conn-subnet also holds VM vm1 of project p1", Fails(OnSubnetwork, TheSubnetwork, s_vm));

    [Fact]
    public void Fails_BesideASecondConnector() => Assert.Equal(
        "its subnetwork conn-subnet also holds connector conn2 of project p1",
        Fails(OnSubnetwork, TheSubnetwork, OnSubnetwork with { Name = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "conn2") }));

    [Fact]
    public void Fails_BesideDirectVpcEgress() => Assert.Equal(
        "its subnetwork conn-subnet also holds workload with Direct VPC egress shop of project p1",
        Fails(OnSubnetwork, TheSubnetwork, TheService with { VpcAccess = new VpcAccess { Subnetwork = SubnetworkName } }));

    [Fact]
    public void Fails_BesideAForwardingRule() => Assert.Equal(
        "its subnetwork conn-subnet also holds forwarding rule ilb of project p1",
        Fails(OnSubnetwork, TheSubnetwork, new ForwardingRule(ResourceName.Of(ResourceKind.ForwardingRule, "p1", "europe-west1", "ilb")) { Subnetwork = SubnetworkName }));

    [Fact]
    public void Fails_OnAProxyOnlySubnetwork() => Assert.Equal(
        "its subnetwork conn-subnet has the purpose REGIONAL_MANAGED_PROXY",
        Fails(OnSubnetwork, TheSubnetwork with { Purpose = SubnetworkPurpose.RegionalManagedProxy }));

    [Fact]
    public void Unknown_WhenVmsCouldNotBeListed() => Assert.Equal(
        "what stands in subnetwork conn-subnet could not all be listed: permission compute.instances.list is missing",
        Unknown(new Gap(new GapScope(ResourceKind.Instance, "p1"), "permission compute.instances.list is missing"), OnSubnetwork, TheSubnetwork));

    [Fact]
    public void Unknown_WhenTheSubnetworkIsNotThere() => Assert.Equal("subnetwork conn-subnet does not exist", Unknown(OnSubnetwork));

    [Fact]
    public void DoesNotApply_ToACustomRange() => Assert.Equal("the connector has a custom range, whose subnetwork nothing else can use", DoesNotApply(TheConnector));
}
