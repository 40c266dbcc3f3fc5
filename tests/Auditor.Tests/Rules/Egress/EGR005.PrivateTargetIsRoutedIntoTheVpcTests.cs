using Auditor.Findings;
using Auditor.Reach.Intended;
using Auditor.Rules.Egress;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Egress;

public sealed class PrivateTargetIsRoutedIntoTheVpcTests : IntentRuleTest<PrivateTargetIsRoutedIntoTheVpc>
{
    [Fact]
    public void Passes_ToAPrivateAddress() => Passes(Judge(Healthy(), Flow(FlowDemand.Must, "db", "tcp:5432")));

    [Fact]
    public void Passes_WithAllTraffic() => Passes(Judge(Public("ALL_TRAFFIC"), Flow(FlowDemand.Must, "db", "tcp:5432")));

    [Fact]
    public void Fails_ToAPublicAddressUsedPrivately()
    {
        var failed = Assert.IsType<Verdict.Failed>(Judge(Public(), Flow(FlowDemand.Must, "db", "tcp:5432")));
        Assert.Equal("db cannot be reached: its address 11.1.0.5 is not one that private-ranges-only sends into the VPC", failed.Because);
        Assert.Equal("gcloud run services update shop --project=shop --region=europe-west1 --vpc-egress=all-traffic", failed.Fix);
        Assert.Equal("the flow -> db (11.1.0.5)", failed.Discriminator);
    }

    [Fact]
    public void Unknown_ToARangeThatGoogleDoesNotDocument() => Assert.Contains(
        "not documented", Unknown(Judge(new PathCase().Subnetwork("apps", "240.1.0.0/16").Machine("db", "240.1.0.5"), Flow(FlowDemand.Must, "db", "tcp:5432"))), StringComparison.Ordinal);

    [Fact]
    public void DoesNotApply_WhereNothingIsDeclaredOrConfigured() => Assert.Equal("its variables name no private address with a port", DoesNotApply(Judge(Public())));

    /// <summary>ISO004 fires here too: what is declared is told as declared. FWL001's sort of cause is not this rule's.</summary>
    [Fact]
    public void Passes_WhereAFirewallBlocks() => Passes(Judge(Healthy().Rule("deny", Deny), Flow(FlowDemand.Must, "db", "tcp:5432")));

    private static PathCase Public(string egress = "PRIVATE_RANGES_ONLY") => new PathCase(egress).Subnetwork("apps", "11.1.0.0/24").Machine("db", "11.1.0.5");
}
