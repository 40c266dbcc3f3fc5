using System.Reflection;
using Auditor.Reach.Paths;
using Auditor.Rules;

namespace Auditor.Tests.Rules;

public sealed class PathReasonRulesTests
{
    /// <summary>Why no rule of one reason's own tells it.</summary>
    private static readonly Dictionary<string, string> s_untold = new(StringComparer.Ordinal)
    {
        [PathReason.ServerlessExternalConnection] = "the packet arrives",
        [PathReason.WrongNetwork] = "somebody else has the address: it is not known which of the two was meant",
        [PathReason.UnknownInternalAddress] = "nobody is known to have the address; something that is not read may",
        [PathReason.NatProtocolUnsupported] = "configured calls are TCP or UDP, which Cloud NAT translates",
        [PathReason.ForwardingRuleMismatch] = "the port is in the workload's configuration, and may be served by nobody on purpose",
        [PathReason.NoProxySubnetwork] = "no rule of the catalog is about it",
        [PathReason.PscNotAccepted] = "no rule of the catalog is about it",
        [PathReason.PscFromPeeredNetwork] = "no rule of the catalog is about it",
        [PathReason.PeeringVpc] = "it ends what is known, not the way",
        [PathReason.VpnGateway] = "it ends what is known, not the way",
        [PathReason.Interconnect] = "it ends what is known, not the way",
        [PathReason.NccHub] = "it ends what is known, not the way",
        [PathReason.Unsupported] = "it is unknown",
        [PathReason.NetworkConfigNotFound] = "it is unknown",
        [PathReason.RouteConfigNotFound] = "it is unknown",
        [PathReason.FirewallConfigNotFound] = "it is unknown",
        [PathReason.SubnetworkWrongRegion] = "Google refuses such a workload",
        [PathReason.ServiceUnsupportedPort] = "no rule of the catalog is about it",
        [PathReason.SqlUnsupportedPort] = "no rule of the catalog is about it",
        [PathReason.NameNotFound] = "names are not followed for what workloads are configured to call",
        [PathReason.NameNotResolved] = "it is unknown",
        [PathReason.ServiceNoAddress] = "no rule of the catalog is about it",
        [PathReason.GkeRegionMismatch] = "no rule of the catalog is about it",
        [PathReason.GkeUnauthorized] = "no rule of the catalog is about it",
    };

    public static TheoryData<string> Reasons => [.. typeof(PathReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void EveryReason_IsToldByARuleThatThereIs_OrSaysWhyNot(string reason)
    {
        var rules = Enum.GetValues<PathStage>().Select(stage => PathReasonRules.RuleOf(PathEnd.Blocked(stage, reason, PathDecider.Sender))).OfType<string>().Distinct().ToList();
        Assert.True(rules.Count > 0 != s_untold.ContainsKey(reason), rules.Count > 0 ? $"{reason} is told by {string.Join(", ", rules)}, and stands in the list of those that are not" : $"no rule tells {reason}, and nothing says why");
        Assert.All(rules, rule => Assert.Contains(RuleCatalog.All.Infos, info => info.Id == rule));
    }
}
