using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorRangeIsFreeTests : RuleTest<ConnectorRangeIsFree>
{
    private static readonly Subnetwork s_other = new(ResourceName.Of(ResourceKind.Subnetwork, "p1", "us-central1", "apps"))
    {
        Network = NetworkName,
        IpCidrRange = IpRange.Parse("10.20.0.0/24"),
    };

    private static readonly Subnetwork s_hidden = new(ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "aet-europewest1-conn-sbnt"))
    {
        Network = NetworkName,
        IpCidrRange = IpRange.Parse("10.8.0.0/28"),
    };

    [Fact]
    public void Passes_WhenRangesAreApart() => Passes(TheConnector, s_other);

    [Fact]
    public void Passes_BesideItsHiddenSubnetwork() => Passes(TheConnector, s_hidden);

    [Fact]
    public void Passes_OnItsOwnSubnetwork() => Passes(OnSubnetwork, TheSubnetwork, s_other);

    [Fact]
    public void Passes_WhenTheSameRangeStandsInAnotherNetwork() =>
        Passes(TheConnector, s_other with { IpCidrRange = IpRange.Parse("10.8.0.0/24"), Network = ResourceName.Of(ResourceKind.Network, "p1", "other") });

    [Fact]
    public void Fails_WhenAPrimaryRangeCoversIt() => Assert.Equal(
        "its range 10.8.0.0/28 overlaps 10.8.0.0/24, the primary range of subnetwork apps in us-central1",
        Fails(TheConnector, s_other with { IpCidrRange = IpRange.Parse("10.8.0.0/24") }));

    [Fact]
    public void Fails_WhenASecondaryRangeTouchesOneAddress() => Assert.Equal(
        "its range 10.8.0.0/28 overlaps 10.8.0.15/32, the secondary range of subnetwork apps in us-central1",
        Fails(TheConnector, s_other with { SecondaryRanges = [new SecondaryRange("pods", IpRange.Parse("10.8.0.15/32"))] }));

    [Fact]
    public void Fails_WhenAnAetSubnetworkOfAnotherConnectorTakesTheRange() => Assert.Equal(
        "its range 10.8.0.0/28 overlaps 10.8.0.8/29, the primary range of subnetwork aet-europewest1-conn-sbnt in europe-west1",
        Fails(TheConnector, s_hidden with { IpCidrRange = IpRange.Parse("10.8.0.8/29") }));

    [Fact]
    public void Fails_OncePerSubnetwork() => Assert.Equal(
        ["projects/p1/regions/europe-west1/subnetworks/b", "projects/p1/regions/us-central1/subnetworks/apps"],
        Verdicts(
            TheConnector,
            s_other with { IpCidrRange = IpRange.Parse("10.8.0.0/29") },
            s_other with { Name = ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "b"), IpCidrRange = IpRange.Parse("10.8.0.8/29") })
            .Cast<Verdict.Failed>().Select(verdict => verdict.Discriminator));

    [Fact]
    public void Unknown_WhenSubnetworksCouldNotBeListed() => Assert.Equal(
        "subnetworks of vpc could not all be listed: permission compute.subnetworks.list is missing",
        Unknown(new Gap(new GapScope(ResourceKind.Subnetwork, "p1"), "permission compute.subnetworks.list is missing"), TheConnector, s_other));

    [Fact]
    public void Unknown_KeepsWhatIsCertain()
    {
        var verdicts = Verdicts([new Gap(new GapScope(ResourceKind.Subnetwork, "p1", "asia-east1"), "the region did not answer")], TheConnector, s_other with { IpCidrRange = IpRange.Parse("10.8.0.0/24") });
        Assert.Contains(verdicts, verdict => verdict is Verdict.Failed);
        Assert.Contains(verdicts, verdict => verdict is Verdict.Unknown);
    }
}
