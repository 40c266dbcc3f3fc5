using Auditor.Network;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorRangeIsSlash28Tests : RuleTest<ConnectorRangeIsSlash28>
{
    [Fact]
    public void Passes_OnASlash28() => Passes(TheConnector);

    [Fact]
    public void Passes_OnASubnetworkOfThatSize() => Passes(OnSubnetwork, TheSubnetwork);

    [Fact]
    public void Fails_OnASlash27() => Assert.Equal("its range 10.8.0.0/27 is a /27", Fails(TheConnector with { IpCidrRange = IpRange.Parse("10.8.0.0/27") }));

    [Fact]
    public void Fails_OnALargerSubnetwork() => Assert.Equal(
        "its subnetwork conn-subnet has the range 10.8.0.0/24, a /24",
        Fails(OnSubnetwork, TheSubnetwork with { IpCidrRange = IpRange.Parse("10.8.0.0/24") }));

    [Fact]
    public void Unknown_WhenTheSubnetworkDoesNotExist() => Assert.Equal("subnetwork conn-subnet does not exist", Unknown(OnSubnetwork));

    [Fact]
    public void Unknown_WhenTheHostProjectWasNotRead() => Assert.Equal(
        "subnetwork s was not read: project host was not read",
        Unknown(OnSubnetwork with { Subnetwork = Auditor.Model.ResourceName.Of(Auditor.Model.ResourceKind.Subnetwork, "host", "europe-west1", "s") }));

    [Fact]
    public void Unknown_WhenItNamesNoPlace() => Assert.Equal("the connector names neither a range nor a subnetwork", Unknown(TheConnector with { IpCidrRange = null }));
}
