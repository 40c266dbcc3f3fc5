using Auditor.Rules.Targets;

namespace Auditor.Tests.Rules.Targets;

public sealed class TargetRunsTests : IntendedPathRuleTest<TargetRuns>
{
    [Fact]
    public void Passes_WhereTheVmRuns() => Passes(Healthy(), "10.1.0.5:5432");

    [Fact]
    public void Fails_WhereTheVmIsStopped() => Assert.Equal("10.1.0.5:5432 cannot be reached: VM instance db is not running (INSTANCE_NOT_RUNNING)", Fails(Healthy().Machine("db", "10.1.0.5", "\"status\":\"TERMINATED\""), "10.1.0.5:5432"));

    [Fact]
    public void Fails_WhereTheActivationPolicyStopsCloudSql() => Assert.Equal(
        "10.60.0.3:5432 cannot be reached: Cloud SQL instance orders is not running (CLOUD_SQL_INSTANCE_NOT_RUNNING)", Fails(Healthy().Sql(settings: "\"activationPolicy\":\"NEVER\""), "10.60.0.3:5432"));

    [Fact]
    public void Unknown_WhereTheStateIsNotSaid() => Assert.Equal("the state of Cloud SQL instance orders is not known", Unknown(Healthy().Sql(state: "SQL_INSTANCE_STATE_UNSPECIFIED"), "10.60.0.3:5432"));

    /// <summary>RTE004 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereThePeeringIsInactive() => Passes(Healthy().Sql(peering: "INACTIVE", settings: "\"activationPolicy\":\"NEVER\""), "10.60.0.3:5432");
}
