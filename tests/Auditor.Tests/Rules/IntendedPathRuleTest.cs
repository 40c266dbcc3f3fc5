using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules;

/// <summary>Asks a rule about one connection of a workload in a small network.</summary>
public abstract class IntendedPathRuleTest<TRule> : RuleTest<TRule>
    where TRule : StateRule, new()
{
    protected const string Connector = "\"connector\":\"projects/shop/locations/europe-west1/connectors/conn\"";
    private static readonly ResourceName s_shop = ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "shop");

    [Fact]
    public void DoesNotApply_WhereNothingSaysWhatIsCalled() => Assert.Equal("its variables name no private address with a port", Assert.IsType<Verdict.NotApplicable>(Judge(new PathCase(), "https://example.com")).Because);

    /// <summary>The network with a VM and the managed rules of the connector, in which every connection arrives.</summary>
    private protected static PathCase Healthy() => new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5");

    private protected static Verdict Judge(PathCase here, string endpoint, string? access = Connector) => Assert.Single(Verdicts(here.Caller(endpoint, access).Estate, s_shop));

    private protected static string Fails(PathCase here, string endpoint, string? access = Connector) => Assert.IsType<Verdict.Failed>(Judge(here, endpoint, access)).Because;

    private protected static void Passes(PathCase here, string endpoint, string? access = Connector) => Assert.IsType<Verdict.Passed>(Judge(here, endpoint, access));

    private protected static string Unknown(PathCase here, string endpoint, string? access = Connector) => Assert.IsType<Verdict.Unknown>(Judge(here, endpoint, access)).Missing;
}
