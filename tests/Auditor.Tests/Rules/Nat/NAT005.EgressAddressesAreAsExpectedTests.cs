using Auditor.Findings;
using Auditor.Rules.Nat;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules.Nat;

public sealed class EgressAddressesAreAsExpectedTests : IntentRuleTest<EgressAddressesAreAsExpected>
{
    private const string Addresses = $"{PathCase.Compute}regions/europe-west1/addresses/";

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("exit")]
    [InlineData("regions/europe-west1/addresses/exit")]
    public void Passes_WithExactlyTheAddressExpected(string expected) => Passes(Judge(With("exit"), Leaves(expected)));

    [Fact]
    public void Passes_WithSeveral_InAnyOrder() => Passes(Judge(With("exit", "exit2"), Leaves("203.0.113.8", "exit")));

    [Fact]
    public void Fails_WhereOneCame() => Assert.Equal(
        "Cloud NAT nat of router router leaves by exit2 (203.0.113.8), which nobody expects", Fails(Judge(With("exit", "exit2"), Leaves("203.0.113.7"))));

    [Fact]
    public void Fails_WhereOneWent() => Assert.Equal("Cloud NAT nat of router router does not leave by 203.0.113.8", Fails(Judge(With("exit"), Leaves("203.0.113.7", "203.0.113.8"))));

    [Fact]
    public void Fails_WhereOneWasExchanged()
    {
        var failed = Assert.IsType<Verdict.Failed>(Judge(With("exit2"), Leaves("203.0.113.7")));
        Assert.Equal("Cloud NAT nat of router router does not leave by 203.0.113.7 and leaves by exit2 (203.0.113.8), which nobody expects", failed.Because);
        Assert.Equal("gcloud compute routers nats update nat --router=router --region=europe-west1 --project=shop --nat-external-ip-pool=ADDRESS", failed.Fix);
    }

    [Fact]
    public void Fails_WhereTheExpectedOneIsBeingDrained() => Assert.Equal(
        "Cloud NAT nat of router router does not leave by 203.0.113.8", Fails(Judge(With("exit").Nat(Nat($$""" "natIps":["{{Addresses}}exit"],"drainNatIps":["{{Addresses}}exit2"] """)), Leaves("exit", "203.0.113.8"))));

    [Fact]
    public void Unknown_WhereAnAddressWasNotRead() => Assert.Equal(
        "address elsewhere of Cloud NAT nat of router router was not read", Unknown(Judge(With("elsewhere"), Leaves("203.0.113.7"))));

    [Fact]
    public void Unknown_WhereRulesGiveSomeDestinationsOtherAddresses() => Assert.Equal(
        "rules of Cloud NAT nat of router router give some destinations other addresses, which are not read",
        Unknown(Judge(With("exit").Nat(Nat($$""" "natIps":["{{Addresses}}exit"],"rules":[{"ruleNumber":1,"match":"destination.ip == '198.51.100.1'"}] """)), Leaves("exit"))));

    /// <summary>NAT004 fires here, and this rule does not.</summary>
    [Fact]
    public void DoesNotApply_WhereItAllocatesAutomatically() => Assert.Equal(
        "Cloud NAT nat of router router allocates its addresses automatically, which is NAT004's to say",
        DoesNotApply(Judge(Healthy("ALL_TRAFFIC").Nat(""" "natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES" """), Leaves("exit"))));

    /// <summary>Both addresses are known; a NAT has "exit", which is 203.0.113.7, or others.</summary>
    private static PathCase With(params string[] names) => Healthy("ALL_TRAFFIC")
        .With($$"""{"name":"exit","selfLink":"{{Addresses}}exit","address":"203.0.113.7"}""").With($$"""{"name":"exit2","selfLink":"{{Addresses}}exit2","address":"203.0.113.8"}""")
        .Nat(Nat($$""" "natIps":[{{string.Join(',', names.Select(name => $"\"{Addresses}{name}\""))}}] """));

    private static string Nat(string fields) => $$""" "natIpAllocateOption":"MANUAL_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES",{{fields}} """;
}
