using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Egress;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Egress;

public sealed class ServingRevisionsLeaveAlikeTests : RuleTest<ServingRevisionsLeaveAlike>
{
    private static readonly ResourceName s_oldName = ResourceName.Of(ResourceKind.RunRevision, "p1", "europe-west1", "shop", "shop-00001");
    private static readonly ResourceName s_newName = ResourceName.Of(ResourceKind.RunRevision, "p1", "europe-west1", "shop", "shop-00002");
    private static readonly RunRevision s_old = new(s_oldName) { VpcAccess = TheService.VpcAccess };
    private static readonly RunService s_split = AllTraffic with
    {
        LatestReadyRevision = s_newName,
        Traffic = [new TrafficTarget(s_oldName, false, 30, null), new TrafficTarget(null, true, 70, null)],
    };

    [Fact]
    public void Passes_WhenTheOldRevisionLeavesAlike() => Passes(s_split with { VpcAccess = TheService.VpcAccess }, s_old);

    [Fact]
    public void Passes_WhenTheRevisionNamesTheNetworkBesideTheSubnetwork() => Passes(
        s_split with { VpcAccess = new VpcAccess { Subnetwork = SubnetworkName } },
        s_old with { VpcAccess = new VpcAccess { Subnetwork = SubnetworkName, Network = NetworkName } });

    [Fact]
    public void Fails_WhenTheOldRevisionStillLeavesAnotherWay() => Assert.Equal(
        "revision shop-00001 gets 30 % of the traffic with connector conn, private-ranges-only, and the service now has connector conn, all-traffic",
        Fails(s_split, s_old));

    [Fact]
    public void Fails_ForATagUrlWithoutTraffic() => Assert.Equal(
        "revision shop-00001 has the tag URL beta with no VPC access, and the service now has connector conn, all-traffic",
        Fails(s_split with { Traffic = [new TrafficTarget(s_oldName, false, 0, "beta"), new TrafficTarget(null, true, 100, null)] }, s_old with { VpcAccess = null }));

    [Fact]
    public void Fails_PerRevision() => Assert.Equal("shop-00001", Failed(s_split, s_old).Discriminator);

    [Fact]
    public void Fails_ByWhatServesNow_NotByWhatWasAskedFor() => Assert.IsType<Verdict.Failed>(Assert.Single(
        Verdicts(s_split with { Traffic = [new TrafficTarget(null, true, 100, null)], TrafficStatuses = [new TrafficTarget(s_oldName, false, 100, null)] }, s_old)));

    [Fact]
    public void Unknown_WhenARevisionWasNotRead() => Assert.Equal("revision shop-00001 gets 30 % of the traffic and was not read: it is not among the revisions that are known", Unknown(s_split));

    [Fact]
    public void Passes_WhenAllTrafficGoesToTheLatest() => Passes(s_split with { Traffic = [new TrafficTarget(s_newName, false, 100, null)] });
}
