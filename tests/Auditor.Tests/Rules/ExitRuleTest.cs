using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules;

/// <summary>Asks a rule about how a workload that sends all traffic into a small network gets out again.</summary>
public abstract class ExitRuleTest<TRule> : RuleTest<TRule>
    where TRule : StateRule, new()
{
    protected const string All = "ALL_TRAFFIC";
    protected const string AllRanges = """ "natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """;
    protected static readonly ResourceName Shop = ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "shop");

    [Fact]
    public void DoesNotApply_WithPrivateRangesOnly() => Assert.Equal("the workload sends only private ranges into the VPC", DoesNotApply(new PathCase()));

    [Fact]
    public void DoesNotApply_WithoutAttachment() => Assert.Equal("the workload is attached to no network", DoesNotApply(new PathCase().Service("shop", null)));

    [Fact]
    public void DoesNotApply_WhereTheConnectorCarriesNothing() => Assert.Equal(
        "nothing gets into the network: VPC_CONNECTOR_NOT_FOUND, decided by connector conn", DoesNotApply(new PathCase(All).Without("projects/shop/locations/europe-west1/connectors/conn")));

    /// <summary>A workload on a Direct VPC subnetwork "direct" to which all its traffic goes.</summary>
    private protected static PathCase Direct(bool access, string tags = "") => new PathCase().Subnetwork("direct", "10.20.0.0/24", fields: $"\"privateIpGoogleAccess\":{(access ? "true" : "false")}")
        .Service("shop", $$""" "networkInterfaces":[{"network":"projects/shop/global/networks/main","subnetwork":"projects/shop/regions/europe-west1/subnetworks/direct"{{tags}}}],"egress":"ALL_TRAFFIC" """);

    private protected static Verdict Judge(PathCase here, RuleOptions? options = null) => Assert.Single(Verdicts(here.Estate, Shop, options));

    private protected static Verdict.Failed Fails(PathCase here, RuleOptions? options = null) => Assert.IsType<Verdict.Failed>(Judge(here, options));

    private protected static void Passes(PathCase here, RuleOptions? options = null) => Assert.IsType<Verdict.Passed>(Judge(here, options));

    private protected static string DoesNotApply(PathCase here) => Assert.IsType<Verdict.NotApplicable>(Judge(here)).Because;

    private protected static string Unknown(PathCase here) => Assert.IsType<Verdict.Unknown>(Judge(here)).Missing;
}
