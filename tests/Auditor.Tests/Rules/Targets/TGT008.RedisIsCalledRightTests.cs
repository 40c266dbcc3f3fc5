using Auditor.Rules.Targets;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Targets;

public sealed class RedisIsCalledRightTests : IntendedPathRuleTest<RedisIsCalledRight>
{
    private static PathCase Redis(string peering = "ACTIVE") => Healthy()
        .OfNetwork("main", $$""" "peerings":[{"name":"redis-peer-1","network":"https://www.googleapis.com/compute/v1/projects/tenant-tp/global/networks/redis","state":"{{peering}}"}] """)
        .With("""{"name":"projects/shop/locations/europe-west1/instances/cache","host":"10.70.0.4","port":6379,"authorizedNetwork":"projects/shop/global/networks/main","state":"READY","tier":"BASIC","memorySizeGb":1}""");

    [Fact]
    public void Passes_AtItsPort() => Passes(Redis(), "10.70.0.4:6379");

    [Fact]
    public void Fails_AtAnother() => Assert.Equal("10.70.0.4:6380 cannot be reached: Redis instance cache does not take such a connection (REDIS_INSTANCE_UNSUPPORTED_PORT)", Fails(Redis(), "10.70.0.4:6380"));

    /// <summary>RTE004 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereThePeeringIsInactive() => Passes(Redis("INACTIVE"), "10.70.0.4:6380");
}
