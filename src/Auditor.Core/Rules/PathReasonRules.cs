using Auditor.Reach.Paths;

namespace Auditor.Rules;

/// <summary>Which rule tells each reason for which a path ends: one fault, one finding.</summary>
public static class PathReasonRules
{
    /// <summary>The rule; null for reasons that none tells.</summary>
    public static string? RuleOf(PathEnd end) => end.Reason switch
    {
        PathReason.ConnectorNotSet => "EGR001",
        PathReason.PrivateTrafficToInternet => end.Stage == PathStage.Egress ? "EGR005" : "RTE001",
        PathReason.ConnectorNotFound or PathReason.SubnetworkNotFound => "CON012",
        PathReason.ConnectorNotRunning => "CON001",
        PathReason.ConnectorWrongRegion => "CON013",
        PathReason.ConnectorServerlessTrafficBlocked => "FWL006",
        PathReason.ConnectorHealthCheckTrafficBlocked => "FWL008",
        PathReason.FirewallRule => "FWL001",
        PathReason.NoRoute => end.Stage == PathStage.Route ? "RTE001" : "RTE004",
        PathReason.NoPeering or PathReason.NoRouteBack => "RTE004",
        PathReason.HopNotFound or PathReason.HopWrongNetwork or PathReason.HopAddressNotResolved or PathReason.HopForwardingRuleType or PathReason.HopTunnelNotEstablished or PathReason.ForeignIpDisallowed => "RTE002",
        PathReason.InstanceNotRunning => end.Stage == PathStage.Route ? "RTE002" : "TGT001",
        PathReason.SqlNotRunning or PathReason.RedisNotRunning or PathReason.RedisClusterNotRunning or PathReason.ServiceNotRunning or PathReason.GkeNotRunning or PathReason.ForwardingRuleNoInstances => "TGT001",
        PathReason.SqlUnauthorized or PathReason.SqlNoAddress => "TGT002",
        PathReason.SqlConnectorRequired => "TGT005",
        PathReason.RedisUnsupportedPort or PathReason.RedisUnsupportedProtocol or PathReason.RedisFromPublicAddress or PathReason.RedisClusterUnsupportedPort or PathReason.RedisClusterUnsupportedProtocol => "TGT008",
        PathReason.ForwardingRuleRegionMismatch => "TGT010",
        PathReason.NoExternalAddress => "NAT001",
        PathReason.NatNoAddresses => "NAT003",
        PathReason.PrivateGoogleAccessDisallowed => "RTE005",
        _ => null,
    };
}
