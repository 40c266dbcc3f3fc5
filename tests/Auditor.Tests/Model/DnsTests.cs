using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Model;

/// <summary>How names become addresses in a network.</summary>
public sealed class DnsTests
{
    private static readonly ResourceName s_main = ResourceName.Of(ResourceKind.Network, "shop", "main");
    private static readonly ResourceName s_lake = ResourceName.Of(ResourceKind.Network, "data", "lake");

    [Fact]
    public void ManagedZone_IsSeenByItsNetworks()
    {
        var zone = ModelFixtures.Parse<ManagedZone>("/managedZones/corp");
        Assert.Equal(("corp.example.", true), (zone.DnsName, zone.IsPrivate));
        Assert.Equal([s_main], zone.References);
        Assert.False(ModelFixtures.Parse<ManagedZone>("/managedZones/www").IsPrivate);
    }

    [Theory]
    [InlineData(0, "db.corp.example.", "10.0.0.9 10.0.0.10")]
    [InlineData(1, "db2.corp.example.", "")]
    [InlineData(2, "geo.corp.example.", "10.0.1.1 10.0.1.2")]
    [InlineData(3, "wrr.corp.example.", "10.0.2.1")]
    [InlineData(4, "ha.corp.example.", "10.0.3.2 10.0.3.1")]
    public void ManagedZone_RecordsHoldWhateverAClientMayGet(int nth, string name, string addresses)
    {
        var record = ModelFixtures.Parse<ManagedZone>("/managedZones/corp").Records!.Value[nth];
        Assert.Equal((name, addresses), (record.Name, string.Join(' ', record.Addresses.Select(address => address.ToString().Replace("/32", "", StringComparison.Ordinal)))));
    }

    [Fact]
    public void ManagedZone_MayAskOthers()
    {
        var elsewhere = ModelFixtures.Parse<ManagedZone>("/managedZones/elsewhere");
        Assert.Equal((s_lake, "permission dns.resourceRecordSets.list is missing"), (elsewhere.PeeringNetwork!.Value, elsewhere.RecordsUnread));
        Assert.Null(elsewhere.Records);
        Assert.Equal([s_main, s_lake], elsewhere.References);
        Assert.Equal(
            [new NameServer(IpRange.Parse("192.168.0.53"), "private"), new NameServer(IpRange.Parse("192.168.1.53"), "default")],
            ModelFixtures.Parse<ManagedZone>("/managedZones/onprem").ForwardingTargets);
        Assert.EndsWith("/namespaces/n", ModelFixtures.Parse<ManagedZone>("/managedZones/directory").ServiceDirectoryNamespace, StringComparison.Ordinal);
    }

    [Fact]
    public void DnsPolicy_MaySendEveryNameElsewhere()
    {
        var policy = ModelFixtures.Parse<DnsPolicy>("/policies/onprem");
        Assert.Equal([new NameServer(IpRange.Parse("192.168.0.53"), "private")], policy.AlternativeNameServers);
        Assert.True(policy.AlternativeNameServers[0].IsPrivate);
        Assert.Equal([s_main], policy.References);
        Assert.True(policy.EnableLogging);
    }

    [Fact]
    public void ResponsePolicy_AnswersOrLetsThrough()
    {
        var policy = ModelFixtures.Parse<ResponsePolicy>("/responsePolicies/pins");
        Assert.Equal(
            [
                new ResponsePolicyRule("apis", "*.googleapis.com.", null, [new DnsRecord("*.googleapis.com.", "A", ["199.36.153.8"])]),
                new ResponsePolicyRule("pass", "www.googleapis.com.", "BYPASS_RESPONSE_POLICY", []),
            ],
            policy.Rules!.Value);
        Assert.Equal([s_main], policy.References);
        var dark = ModelFixtures.Parse<ResponsePolicy>("/responsePolicies/dark");
        Assert.Equal((null, "permission dns.responsePolicyRules.list is missing"), (dark.Rules, dark.RulesUnread));
    }
}
