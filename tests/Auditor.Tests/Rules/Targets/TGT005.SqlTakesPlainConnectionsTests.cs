using Auditor.Rules.Targets;

namespace Auditor.Tests.Rules.Targets;

public sealed class SqlTakesPlainConnectionsTests : IntendedPathRuleTest<SqlTakesPlainConnections>
{
    private const string Required = "\"connectorEnforcement\":\"REQUIRED\"";

    [Fact]
    public void Passes_WithoutEnforcement() => Passes(Healthy().Sql(), "10.60.0.3:5432");

    [Fact]
    public void Passes_ThroughTheProxy() => Passes(Healthy().Sql(settings: Required), "10.60.0.3:3307");

    [Fact]
    public void Fails_AtTheDatabasePort() => Assert.Equal("10.60.0.3:5432 cannot be reached: Cloud SQL instance orders takes connections through its proxy or connectors only", Fails(Healthy().Sql(settings: Required), "10.60.0.3:5432"));

    /// <summary>RTE004 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereThePeeringIsInactive() => Passes(Healthy().Sql(settings: Required, peering: "INACTIVE"), "10.60.0.3:5432");
}
