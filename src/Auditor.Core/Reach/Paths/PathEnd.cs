using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>What becomes of packets on their way.</summary>
public enum PathEffect
{
    Reachable,
    Blocked,

    /// <summary>Some flows pass and others do not: equal routes, or several backends.</summary>
    Partial,

    /// <summary>It depends on something that was not read, or that no configuration says.</summary>
    Unknown,
}

/// <summary>Where on its way a packet is judged, in this order; the last two are for packets that leave at the default internet gateway.</summary>
public enum PathStage
{
    /// <summary>What a host name means, where one is asked for.</summary>
    Name,
    Egress,
    Attachment,
    EgressFirewall,
    Route,
    IngressFirewall,
    Target,
    Internet,
    GoogleApis,
}

/// <summary>The object that decides at a stage.</summary>
/// <param name="Name">Short: the last part of a resource's name, "policy/priority" for a rule of a policy.</param>
/// <param name="Words">In a sentence: "firewall rule deny-db (priority 900)".</param>
/// <param name="Resource">Null for what is no resource of its own.</param>
/// <param name="IsAssumed">Whether it is documented but not listed.</param>
public sealed record PathDecider(string Name, string Words, ResourceName? Resource = null, bool IsAssumed = false)
{
    /// <summary>The workload that sends, whichever of those that leave alike it is.</summary>
    public static PathDecider Sender { get; } = new("", "the workload");

    public static PathDecider Of(ResourceName name) => new(name.Id, name.Kind == ResourceKind.Other ? name.Id : $"{KindTable.Of(name.Kind).Noun} {name.Id}", name);

    public static PathDecider Of(FirewallDecider decider) => new(decider.Name, decider.ToString(), decider.Resource, decider.Assumed);

    public override string ToString() => Words;
}

/// <summary>One stage of a packet's way.</summary>
/// <param name="Decision">What happens there, a few words.</param>
/// <param name="DecidedBy">Null where nothing in particular decides.</param>
public sealed record PathStep(PathStage Stage, string Decision, PathDecider? DecidedBy);

/// <summary>How a packet's way ends.</summary>
/// <param name="Reason">A code of <see cref="PathReason"/>; empty for a packet that arrives where nothing special is to be said.</param>
/// <param name="Because">What is not known; empty unless the effect is unknown. Sorted.</param>
public sealed record PathEnd(PathEffect Effect, PathStage Stage, string Reason, PathDecider? DecidedBy, ValueList<string> Because)
{
    public static PathEnd Reachable(PathStage stage, PathDecider? by, string reason = "") => new(PathEffect.Reachable, stage, reason, by, []);

    public static PathEnd Blocked(PathStage stage, string reason, PathDecider by) => new(PathEffect.Blocked, stage, reason, by, []);

    public static PathEnd Unknown(PathStage stage, string reason, params IEnumerable<string> because) =>
        new(PathEffect.Unknown, stage, reason, null, because.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList());

    public override string ToString() => Effect switch
    {
        PathEffect.Reachable => "reachable",
        PathEffect.Unknown => $"unknown: {string.Join("; ", Because)}",
        _ => $"{(Effect == PathEffect.Partial ? "partly blocked" : "blocked")} by {DecidedBy} ({Reason})",
    };
}

/// <summary>
/// Reason codes. Where Google's Connectivity Tests have one, it is theirs; the others stand at the end.
/// Source: AbortInfo.Cause, DropInfo.Cause, DeliverInfo.Target and ForwardInfo.Target of networkmanagement v1.
/// </summary>
public static class PathReason
{
    public const string ConnectorNotSet = "VPC_CONNECTOR_NOT_SET";
    public const string ConnectorNotRunning = "VPC_CONNECTOR_NOT_RUNNING";
    public const string ConnectorServerlessTrafficBlocked = "VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED";
    public const string ConnectorHealthCheckTrafficBlocked = "VPC_CONNECTOR_HEALTH_CHECK_TRAFFIC_BLOCKED";
    public const string ServerlessExternalConnection = "SERVERLESS_EXTERNAL_CONNECTION";
    public const string FirewallRule = "FIREWALL_RULE";
    public const string NoRoute = "NO_ROUTE";
    public const string WrongNetwork = "ROUTE_WRONG_NETWORK";
    public const string HopNotFound = "ROUTE_NEXT_HOP_RESOURCE_NOT_FOUND";
    public const string HopWrongNetwork = "ROUTE_NEXT_HOP_INSTANCE_WRONG_NETWORK";
    public const string HopAddressNotResolved = "ROUTE_NEXT_HOP_IP_ADDRESS_NOT_RESOLVED";
    public const string HopForwardingRuleType = "ROUTE_NEXT_HOP_FORWARDING_RULE_TYPE_INVALID";
    public const string HopTunnelNotEstablished = "ROUTE_NEXT_HOP_VPN_TUNNEL_NOT_ESTABLISHED";
    public const string ForeignIpDisallowed = "FOREIGN_IP_DISALLOWED";
    public const string PrivateTrafficToInternet = "PRIVATE_TRAFFIC_TO_INTERNET";
    public const string NoExternalAddress = "NO_EXTERNAL_ADDRESS";
    public const string NatNoAddresses = "CLOUD_NAT_NO_ADDRESSES";
    public const string NatProtocolUnsupported = "CLOUD_NAT_PROTOCOL_UNSUPPORTED";
    public const string PrivateGoogleAccessDisallowed = "PRIVATE_GOOGLE_ACCESS_DISALLOWED";
    public const string NoPeering = "GOOGLE_MANAGED_SERVICE_NO_PEERING";
    public const string NoRouteBack = "NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION";
    public const string SqlNoAddress = "CLOUD_SQL_INSTANCE_NO_IP_ADDRESS";
    public const string SqlNotRunning = "CLOUD_SQL_INSTANCE_NOT_RUNNING";
    public const string SqlUnauthorized = "CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS";
    public const string SqlConnectorRequired = "CLOUD_SQL_CONNECTOR_REQUIRED";
    public const string RedisNotRunning = "REDIS_INSTANCE_NOT_RUNNING";
    public const string RedisUnsupportedPort = "REDIS_INSTANCE_UNSUPPORTED_PORT";
    public const string RedisUnsupportedProtocol = "REDIS_INSTANCE_UNSUPPORTED_PROTOCOL";
    public const string RedisFromPublicAddress = "REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS";
    public const string RedisClusterNotRunning = "REDIS_CLUSTER_NOT_RUNNING";
    public const string RedisClusterUnsupportedPort = "REDIS_CLUSTER_UNSUPPORTED_PORT";
    public const string RedisClusterUnsupportedProtocol = "REDIS_CLUSTER_UNSUPPORTED_PROTOCOL";
    public const string GkeNotRunning = "GKE_CLUSTER_NOT_RUNNING";
    public const string GkeUnauthorized = "GKE_MASTER_UNAUTHORIZED_ACCESS";
    public const string GkeRegionMismatch = "GKE_CONTROL_PLANE_REGION_MISMATCH";
    public const string InstanceNotRunning = "INSTANCE_NOT_RUNNING";
    public const string UnknownInternalAddress = "UNKNOWN_INTERNAL_ADDRESS";
    public const string ForwardingRuleMismatch = "FORWARDING_RULE_MISMATCH";
    public const string ForwardingRuleNoInstances = "FORWARDING_RULE_NO_INSTANCES";
    public const string ForwardingRuleRegionMismatch = "FORWARDING_RULE_REGION_MISMATCH";
    public const string NoProxySubnetwork = "LOAD_BALANCER_HAS_NO_PROXY_SUBNET";
    public const string PscNotAccepted = "PSC_CONNECTION_NOT_ACCEPTED";
    public const string PscFromPeeredNetwork = "PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK";
    public const string PeeringVpc = "PEERING_VPC";
    public const string VpnGateway = "VPN_GATEWAY";
    public const string Interconnect = "INTERCONNECT";
    public const string NccHub = "NCC_HUB";
    public const string Unsupported = "UNSUPPORTED";
    public const string NetworkConfigNotFound = "NETWORK_CONFIG_NOT_FOUND";
    public const string RouteConfigNotFound = "ROUTE_CONFIG_NOT_FOUND";
    public const string FirewallConfigNotFound = "FIREWALL_CONFIG_NOT_FOUND";

    // What Connectivity Tests have no word for.
    public const string NameNotFound = "DNS_NAME_NOT_FOUND";
    public const string NameNotResolved = "DNS_NAME_NOT_RESOLVED";
    public const string ConnectorNotFound = "VPC_CONNECTOR_NOT_FOUND";
    public const string ConnectorWrongRegion = "VPC_CONNECTOR_WRONG_REGION";
    public const string SubnetworkNotFound = "SUBNETWORK_NOT_FOUND";
    public const string SubnetworkWrongRegion = "SUBNETWORK_WRONG_REGION";
    public const string ServiceNoAddress = "MANAGED_SERVICE_NO_IP_ADDRESS";
    public const string ServiceNotRunning = "MANAGED_SERVICE_NOT_RUNNING";
    public const string ServiceUnsupportedPort = "MANAGED_SERVICE_UNSUPPORTED_PORT";
    public const string SqlUnsupportedPort = "CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT";
}
