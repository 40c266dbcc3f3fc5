using Auditor.Findings;
using Auditor.Reach.Intended;
using Auditor.Rules.Egress;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Egress;

public sealed class ConnectorServesMoreThanGoogleApisTests : IntentRuleTest<ConnectorServesMoreThanGoogleApis>
{
    private const string Connector = "\"connector\":\"projects/shop/locations/europe-west1/connectors/conn\"";

    [Fact]
    public void Fails_WhereAllThatItCallsAreGoogleApis()
    {
        var failed = Assert.IsType<Verdict.Failed>(Judge(Calls("https://storage.googleapis.com/bucket"), []));
        Assert.Equal("all that it is known to call are Google APIs (storage.googleapis.com), which need no connector, and it uses connector conn", failed.Because);
        Assert.Equal("gcloud run services update shop --region=europe-west1 --project=shop --clear-vpc-connector", failed.Fix);
    }

    [Fact]
    public void Fails_WhereOnlyGoogleApisAreDeclared() => Assert.Equal(
        "all that it is known to call are Google APIs (googleapis), which need no connector, and it uses connector conn", Fails(Judge(Healthy(), Flow(FlowDemand.Must, "googleapis"))));

    [Theory]
    [InlineData("10.1.0.5:5432")]
    [InlineData("shop:europe-west1:orders")]
    public void Passes_WhereItCallsSomethingPrivate(string endpoint) => Passes(Judge(Calls(endpoint), Flow(FlowDemand.Must, "googleapis")));

    [Theory]
    [InlineData("db")]
    [InlineData("10.1.0.5")]
    public void Passes_WhereAPrivateTargetIsDeclared(string to) => Passes(Judge(Calls("https://storage.googleapis.com"), Flow(FlowDemand.Must, to, "tcp:5432")));

    /// <summary>EGR004 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereAFixedAddressIsDeclared() => Passes(Judge(Calls("https://storage.googleapis.com"), Leaves("203.0.113.7")));

    [Fact]
    public void DoesNotApply_WhereNothingSaysWhatItCalls() => Assert.Equal("nothing says what the workload calls", DoesNotApply(Judge(Healthy(), [])));

    [Fact]
    public void DoesNotApply_WhereOnlyForbiddenFlowsAreDeclared() => Assert.Equal("nothing says what the workload calls", DoesNotApply(Judge(Healthy(), Flow(FlowDemand.Never, "googleapis"))));

    [Theory]
    [InlineData("https://db.internal.example:5432", "db.internal.example")]
    [InlineData("https://restricted.googleapis.com", "restricted.googleapis.com")]
    public void DoesNotApply_WhereANameMayBePrivate(string endpoint, string host) => Assert.Equal($"it calls {host}, which may be a private name", DoesNotApply(Judge(Calls(endpoint), [])));

    [Fact]
    public void DoesNotApply_WithAllTraffic() => Assert.Equal("the workload sends more than private ranges into the VPC", DoesNotApply(Judge(Calls("https://storage.googleapis.com", Connector + ",\"egress\":\"ALL_TRAFFIC\""), [])));

    [Fact]
    public void DoesNotApply_WithoutConnector() => Assert.Equal("the workload uses no connector", DoesNotApply(Judge(Calls("https://storage.googleapis.com", null), [])));

    [Fact]
    public void DoesNotApply_WhereItCallsTheInternetAsWell() => Assert.Equal("it calls the internet as well", DoesNotApply(Judge(Calls("https://storage.googleapis.com"), Flow(FlowDemand.Must, "internet"))));

    private static PathCase Calls(string endpoint, string? access = Connector) => Healthy().Caller(endpoint, access);
}
