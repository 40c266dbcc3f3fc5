using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.DirectVpc;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.DirectVpc;

public sealed class PrivateGoogleAccessIsOnTests : ExitRuleTest<PrivateGoogleAccessIsOn>
{
    [Fact]
    public void Passes_WithAccess() => Passes(Direct(access: true));

    [Fact]
    public void Fails_WithoutAccessAndNat()
    {
        var failed = Fails(Direct(access: false));
        Assert.Equal("subnetwork direct has no Private Google Access, and no Cloud NAT translates: Google APIs are not reached", failed.Because);
        Assert.Equal("gcloud compute networks subnets update direct --project=shop --region=europe-west1 --enable-private-ip-google-access", failed.Fix);
        Assert.Null(failed.Severity);
    }

    [Fact]
    public void Fails_MilderWithNat()
    {
        var failed = Fails(Direct(access: false).Nat(AllRanges));
        Assert.Equal("subnetwork direct has no Private Google Access, and Google APIs are reached through Cloud NAT nat of router router only", failed.Because);
        Assert.Equal(Severity.Medium, failed.Severity);
    }

    [Fact]
    public void Fails_MilderWhereRoutersCouldNotBeListed()
    {
        var failed = Assert.IsType<Verdict.Failed>(Assert.Single(Verdicts(Direct(access: false).Estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Router, "shop"), "compute.routers.list is missing")]), Shop)));
        Assert.Equal(
            "subnetwork direct has no Private Google Access, and whether Cloud NAT translates is not known (routers of network main could not all be listed: compute.routers.list is missing)", failed.Because);
        Assert.Equal(Severity.Medium, failed.Severity);
    }

    /// <summary>RTE005 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_ToConnectors() => Assert.Equal("the workload leaves through a connector", DoesNotApply(new PathCase(All)));
}
