using Auditor.Rules.Targets;

namespace Auditor.Tests.Rules.Targets;

public sealed class SqlLetsClientInTests : IntendedPathRuleTest<SqlLetsClientIn>
{
    private const string Shared = """{"name":"projects/shop/locations/europe-west1/connectors/conn","network":"main","ipCidrRange":"100.64.8.0/28","state":"READY"}""";

    [Fact]
    public void Passes_FromRfc1918() => Passes(Healthy().Sql(), "10.60.0.3:5432");

    [Fact]
    public void Passes_WhereTheRangeIsAuthorised() => Passes(Healthy().With(Shared).Sql(ip: "\"authorizedNetworks\":[{\"value\":\"100.64.8.0/28\"}]"), "10.60.0.3:5432");

    [Fact]
    public void Fails_WhereItIsNot() => Assert.Equal("10.60.0.3:5432 cannot be reached: Cloud SQL instance orders authorises no client outside RFC 1918 from there", Fails(Healthy().With(Shared).Sql(), "10.60.0.3:5432"));

    [Fact]
    public void Fails_ForTheHalfThatIsNot() => Assert.Equal(
        "10.60.0.3:5432 cannot be reached from 100.64.8.8-100.64.8.13: Cloud SQL instance orders authorises no client outside RFC 1918 from there",
        Fails(Healthy().With(Shared).Sql(ip: "\"authorizedNetworks\":[{\"value\":\"100.64.8.0/29\"}]"), "10.60.0.3:5432"));

    /// <summary>TGT001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheInstanceIsStopped() => Passes(Healthy().With(Shared).Sql(settings: "\"activationPolicy\":\"NEVER\""), "10.60.0.3:5432");
}
