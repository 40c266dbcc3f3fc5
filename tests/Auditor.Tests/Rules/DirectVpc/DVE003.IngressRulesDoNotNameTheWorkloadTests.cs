using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.DirectVpc;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.DirectVpc;

public sealed class IngressRulesDoNotNameTheWorkloadTests : RuleTest<IngressRulesDoNotNameTheWorkload>
{
    private const string FromTag = """ "sourceTags":["shop-egress"],"targetTags":["db"],"allowed":[{"IPProtocol":"tcp","ports":["5432"]}] """;
    private static readonly ResourceName s_shop = ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "shop");

    [Fact]
    public void Fails_WhereATagAloneLetsItIn()
    {
        var failed = Assert.IsType<Verdict.Failed>(Judge(Direct().Rule("db-from-shop", FromTag)));
        Assert.Equal("firewall rule db-from-shop allows tag shop-egress of the workload, which Direct VPC egress does not support as a source, and no other rule lets all of that in from subnetwork direct", failed.Because);
        Assert.Equal("db-from-shop", failed.Discriminator);
    }

    [Fact]
    public void Fails_WhereItsServiceAccountAloneDoes() => Assert.Contains("allows its service account of the workload", Assert.IsType<Verdict.Failed>(Judge(Direct(account: "shop@shop.iam.gserviceaccount.com")
        .Rule("db-from-shop", """ "sourceServiceAccounts":["shop@shop.iam.gserviceaccount.com"],"allowed":[{"IPProtocol":"tcp"}] """))).Because, StringComparison.Ordinal);

    [Fact]
    public void Passes_WhereTheRangeIsLetInToo() => Assert.IsType<Verdict.Passed>(Judge(Direct().Rule("db-from-shop", FromTag).Rule("db-from-range", """ "sourceRanges":["10.20.0.0/24"],"targetTags":["db"],"allowed":[{"IPProtocol":"tcp"}] """)));

    [Fact]
    public void Fails_WhereOnlyAPartOfTheRangeIs() => Assert.IsType<Verdict.Failed>(Judge(Direct().Rule("db-from-shop", FromTag).Rule("db-from-range", """ "sourceRanges":["10.20.0.0/25"],"targetTags":["db"],"allowed":[{"IPProtocol":"tcp"}] """)));

    [Fact]
    public void Passes_WhereADenyIsMeant() => Assert.IsType<Verdict.Passed>(Judge(Direct().Rule("db-from-shop", FromTag).Rule("deny", """ "priority":900,"sourceRanges":["10.20.0.0/24"],"denied":[{"IPProtocol":"all"}] """)));

    [Fact]
    public void DoesNotApply_WhereNobodyNamesIt() => Assert.Equal("no ingress rule names a tag or the service account of the workload", DoesNotApply(Direct().Rule("db", """ "sourceTags":["web"],"allowed":[{"IPProtocol":"tcp"}] """)));

    /// <summary>A connector's tags count as a source.</summary>
    [Fact]
    public void DoesNotApply_ToAConnector() => Assert.Equal("the workload has no Direct VPC egress", DoesNotApply(new PathCase().Rule("conn", """ "sourceTags":["vpc-connector"],"allowed":[{"IPProtocol":"tcp"}] """)));

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Equal(
        "firewall rules of network main could not all be listed: compute.firewalls.list is missing",
        Assert.IsType<Verdict.Unknown>(Assert.Single(Verdicts(Direct().Estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Firewall, "shop"), "compute.firewalls.list is missing")]), s_shop))).Missing);

    private static PathCase Direct(string? account = null) => new PathCase().Subnetwork("direct", "10.20.0.0/24").With($$"""
        {"name":"projects/shop/locations/europe-west1/services/shop","template":{ {{(account is null ? "" : $"\"serviceAccount\":\"{account}\",")}}
          "vpcAccess":{"networkInterfaces":[{"network":"projects/shop/global/networks/main","subnetwork":"projects/shop/regions/europe-west1/subnetworks/direct","tags":["shop-egress"]}] } } }
        """);

    private static Verdict Judge(PathCase here) => Assert.Single(Verdicts(here.Estate, s_shop));

    private static string DoesNotApply(PathCase here) => Assert.IsType<Verdict.NotApplicable>(Judge(here)).Because;
}
