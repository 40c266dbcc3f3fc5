using System.Security.Cryptography;
using System.Text.Json;
using Auditor.Model;
using Auditor.Simulator.Generator;

namespace Auditor.Tests.Simulator.Generator;

public sealed class EstateGeneratorTests
{
    public static TheoryData<RuleShape> Shapes => [RuleShape.Random, RuleShape.EarlyDeny, RuleShape.FallThrough];

    [Theory, MemberData(nameof(Shapes))]
    public void Write_SameSeed_SameBytes(RuleShape shape) => Assert.Equal(Hash(shape, 7), Hash(shape, 7));

    [Theory, MemberData(nameof(Shapes))]
    public void Write_OtherSeed_OtherBytes(RuleShape shape) => Assert.NotEqual(Hash(shape, 7), Hash(shape, 8));

    // The bytes are the same on every machine and runtime. A change of the generator changes this hash, and with it every recorded measurement.
    [Fact]
    public void Write_SmallRandom7_IsThatOne() => Assert.Equal("3797daa7d7821be86c2e6d40d416efe3719cb9501ce0396b33b0086c4048dd73", Hash(RuleShape.Random, 7));

    [Fact]
    public void Write_OtherShape_ChangesFirewallRulesOnly()
    {
        string[] Others(RuleShape shape) => [.. new Generated(EstateSize.Small, shape, 7).Lines.Where(line => !line.Contains("compute.googleapis.com/Firewall\"", StringComparison.Ordinal))];

        Assert.Equal(Others(RuleShape.Random), Others(RuleShape.EarlyDeny));
        Assert.Equal(Others(RuleShape.Random), Others(RuleShape.FallThrough));
        Assert.NotEqual(Hash(RuleShape.Random, 7), Hash(RuleShape.EarlyDeny, 7));
        Assert.NotEqual(Hash(RuleShape.Random, 7), Hash(RuleShape.FallThrough, 7));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Write_Small_HasExactlyItsNumbers(RuleShape shape) => HasItsNumbers(new Generated(EstateSize.Small, shape, 11), new EstateNumbers(1, 100, 1_000, 50, 8));

    [Fact]
    public void Write_Medium_HasExactlyItsNumbers() => HasItsNumbers(new Generated(EstateSize.Medium, RuleShape.Random, 11), new EstateNumbers(10, 1_000, 10_000, 200, 40));

    [Fact]
    public void Write_ThirtyPercent_UseDirectVpc()
    {
        var workloads = Workloads(new Generated(EstateSize.Small, RuleShape.Random, 7)).ToList();

        Assert.Equal(30, workloads.Count(asset => Text(asset).Contains("networkInterfaces", StringComparison.Ordinal)
            || Text(asset).Contains("network-interfaces", StringComparison.Ordinal) || Text(asset).Contains("directVpcNetworkInterface", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_EachNetworkHasConnectorsOfBothKinds_AlsoInServiceProjects()
    {
        var connectors = new Generated(EstateSize.Medium, RuleShape.Random, 7).OfType("vpcaccess.googleapis.com/Connector").Select(asset => asset.GetProperty("resource").GetProperty("data")).ToList();

        Assert.Equal(10, connectors.Count(connector => connector.TryGetProperty("ipCidrRange", out _)));
        Assert.Equal(10, connectors.Count(connector => connector.TryGetProperty("subnet", out var subnet) && !subnet.TryGetProperty("projectId", out _)));
        Assert.Equal(20, connectors.Count(connector => connector.TryGetProperty("subnet", out var subnet) && subnet.TryGetProperty("projectId", out _)));
    }

    [Fact]
    public void Write_Faults_AreOfVouchedRulesAndOfResourcesThatExist()
    {
        var estate = new Generated(EstateSize.Medium, RuleShape.Random, 7);

        Assert.Equal(estate.Said.Faults.Distinct().Order(), estate.Said.Faults);
        Assert.All(estate.Said.Faults, fault => Assert.Contains(fault.RuleId, GeneratedEstate.VouchedRules));
        Assert.All(estate.Said.Faults, fault => Assert.Contains(fault.Resource, estate.Names));
        Assert.Equal(
            [("CON001", 2), ("CON003", 2), ("CON007", 2), ("CON012", 20), ("CON013", 10), ("CON015", 2), ("EGR008", 20), ("FWL004", 20), ("NAT002", 2)],
            estate.Said.Faults.CountBy(fault => fault.RuleId).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Write_BalancersHaveBackends_AndEachNetworkAZoneAnEndpointAndACluster()
    {
        var estate = new Generated(EstateSize.Medium, RuleShape.Random, 7);
        var builder = new EstateBuilder();
        estate.Assets.ForEach(asset => builder.Add(asset, "estate"));
        var build = builder.Build();

        Assert.Empty(build.Problems);
        var groups = build.Estate.Resources.OfType<InstanceGroup>().ToList();
        Assert.NotEmpty(groups);
        Assert.All(groups, group => Assert.NotNull(build.Estate.Find(Assert.Single(group.Members!.Value))));
        Assert.All(groups, group => Assert.Single(build.Estate.Referrers(ResourceKind.BackendService, group.Name)));
        Assert.All(build.Estate.OfKind(ResourceKind.Network), network =>
        {
            var zone = (ManagedZone)build.Estate.Find(Assert.Single(build.Estate.Referrers(ResourceKind.ManagedZone, network)))!.Resource!;
            Assert.Single(zone.Records!.Value);
            Assert.Single(build.Estate.Referrers(ResourceKind.GkeCluster, network));
            Assert.Single(build.Estate.Referrers(ResourceKind.ForwardingRule, network).Select(name => (ForwardingRule)build.Estate.Find(name)!.Resource!), rule => rule.IsPscEndpoint);
        });
    }

    private static void HasItsNumbers(Generated estate, EstateNumbers numbers)
    {
        Assert.Equal(numbers, estate.Said.Numbers);
        Assert.Equal(numbers.Networks, estate.OfType("compute.googleapis.com/Network").Count());
        Assert.Equal(numbers.FirewallRules, estate.OfType("compute.googleapis.com/Firewall").Count());
        Assert.Equal(numbers.Connectors, estate.OfType("vpcaccess.googleapis.com/Connector").Count());
        Assert.Equal(numbers.Workloads, Workloads(estate).Count());
        Assert.Equal(numbers.Workloads, estate.Said.Workloads);
        Assert.Equal(numbers.Targets, new[] { "sqladmin.googleapis.com/Instance", "redis.googleapis.com/Instance", "compute.googleapis.com/Instance", "compute.googleapis.com/ForwardingRule" }.Sum(type => estate.OfType(type).Count()));
        Assert.Equal(estate.Lines.Count, estate.Said.Lines);
        Assert.Equal(estate.Bytes.LongLength, estate.Said.Bytes);
        Assert.Equal(numbers.Networks, estate.OfType("compute.googleapis.com/Router").Count(asset => asset.GetProperty("resource").GetProperty("data").GetProperty("nats").GetArrayLength() > 0));
        Assert.Equal(estate.Lines.Count, estate.Names.Count);
        foreach (var (type, count) in estate.Said.Assets)
        {
            Assert.Equal(count, estate.OfType(type).Count());
        }
    }

    // A service under a function is the function's.
    private static IEnumerable<JsonElement> Workloads(Generated estate) => estate.Assets.Where(asset => asset.GetProperty("asset_type").GetString() is
        "run.googleapis.com/Service" or "run.googleapis.com/Job" or "run.googleapis.com/WorkerPool" or "cloudfunctions.googleapis.com/CloudFunction" or "cloudfunctions.googleapis.com/Function" or "appengine.googleapis.com/Version"
        && !Text(asset).Contains("goog-managed-by", StringComparison.Ordinal));

    private static string Text(JsonElement asset) => asset.GetRawText();

    private static string Hash(RuleShape shape, ulong seed) => Convert.ToHexStringLower(SHA256.HashData(new Generated(EstateSize.Small, shape, seed).Bytes));
}
