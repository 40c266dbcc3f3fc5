using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Nat;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Nat;

public sealed class NatHasAnAddressTests : RuleTest<NatHasAnAddress>
{
    private const string Address = $"\"{PathCase.Compute}regions/europe-west1/addresses/exit\"";
    private static readonly ResourceName s_router = ResourceName.Of(ResourceKind.Router, "shop", "europe-west1", "router");

    [Theory]
    [InlineData(""" "natIpAllocateOption":"AUTO_ONLY" """)]
    [InlineData($$""" "natIpAllocateOption":"MANUAL_ONLY","natIps":[{{Address}}] """)]
    public void Passes_WithAnAddress(string nat) => Assert.IsType<Verdict.Passed>(Judge(new PathCase().Nat(nat)));

    [Fact]
    public void Fails_WithoutAddress() => Assert.Equal("Cloud NAT nat allocates manually and names no address", Fails(new PathCase().Nat(""" "natIpAllocateOption":"MANUAL_ONLY" """)));

    [Fact]
    public void Fails_WhereTheLastOneIsDrained() => Assert.Equal(
        "Cloud NAT nat drains every address that it has", Fails(new PathCase().Nat($$""" "natIpAllocateOption":"MANUAL_ONLY","natIps":[{{Address}}],"drainNatIps":[{{Address}}] """)));

    [Fact]
    public void DoesNotApply_ToAPrivateNat() => Assert.Equal("the router has no public Cloud NAT for machines", DoesNotApply(new PathCase().Nat(""" "type":"PRIVATE","natIpAllocateOption":"MANUAL_ONLY" """)));

    [Fact]
    public void DoesNotApply_WhereNoWorkloadLeaves() => Assert.Equal(
        "no serverless workload leaves for the network",
        DoesNotApply(new PathCase().Without("projects/shop/locations/europe-west1/connectors/conn").Service("shop", null).Nat(""" "natIpAllocateOption":"MANUAL_ONLY" """)));

    /// <summary>NAT001 fires here, and this rule does not.</summary>
    [Fact]
    public void Passes_WhereTheNatIsElsewhere() => Assert.IsType<Verdict.Passed>(Assert.Single(Verdicts(
        new PathCase("ALL_TRAFFIC").Nat(""" "natIpAllocateOption":"AUTO_ONLY" """, "us-central1").Estate, ResourceName.Of(ResourceKind.Router, "shop", "us-central1", "router"))));

    private static Verdict Judge(PathCase here) => Assert.Single(Verdicts(here.Estate, s_router));

    private static string Fails(PathCase here) => Assert.IsType<Verdict.Failed>(Judge(here)).Because;

    private static string DoesNotApply(PathCase here) => Assert.IsType<Verdict.NotApplicable>(Judge(here)).Because;
}
