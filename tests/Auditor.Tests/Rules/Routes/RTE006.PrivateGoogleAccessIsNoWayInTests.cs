using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Routes;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Routes;

public sealed class PrivateGoogleAccessIsNoWayInTests : RuleTest<PrivateGoogleAccessIsNoWayIn>
{
    private static readonly ResourceName s_shop = ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "shop");

    [Fact]
    public void Fails_WhereAnUnattachedWorkloadCallsIntoSuchASubnetwork() => Assert.Equal(
        "10.1.0.5:5432 is in subnetwork apps, whose Private Google Access lets nobody in from outside the VPC, and the workload is attached to no network",
        Assert.IsType<Verdict.Failed>(Judge(Apps(access: true).Caller("10.1.0.5:5432", null))).Because);

    /// <summary>EGR001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheSubnetworkHasNone() => Assert.IsType<Verdict.Passed>(Judge(Apps(access: false).Caller("10.1.0.5:5432", null)));

    [Fact]
    public void DoesNotApply_WithAnAttachment() => Assert.Equal(
        "the workload is attached to a network",
        Assert.IsType<Verdict.NotApplicable>(Judge(Apps(access: true).Caller("10.1.0.5:5432", "\"connector\":\"projects/shop/locations/europe-west1/connectors/conn\""))).Because);

    [Fact]
    public void DoesNotApply_WhereNothingSaysWhatIsCalled() => Assert.Equal("its variables name no private address with a port", Assert.IsType<Verdict.NotApplicable>(Judge(Apps(access: true).Service("shop", null))).Because);

    [Fact]
    public void Unknown_WhereSubnetworksCouldNotBeListed() => Assert.Equal(
        "subnetworks could not all be listed: compute.subnetworks.list is missing",
        Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(
            Apps(access: true).Caller("10.9.0.5:5432", null).Estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Subnetwork, "shop"), "compute.subnetworks.list is missing")]), s_shop))).Missing);

    private static PathCase Apps(bool access) => new PathCase().Subnetwork("apps", "10.1.0.0/16", fields: $"\"privateIpGoogleAccess\":{(access ? "true" : "false")}");

    private static Verdict Judge(PathCase here) => Assert.Single(Verdicts(here.Estate, s_shop));
}
