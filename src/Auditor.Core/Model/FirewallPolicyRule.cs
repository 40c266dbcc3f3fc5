using Auditor.Network;

namespace Auditor.Model;

/// <summary>A rule of a firewall policy. All fields of its match must hold; an empty field holds always. Source: FirewallPolicyRule, compute v1.</summary>
/// <param name="Priority">0..2147483647, the lowest is read first.</param>
public sealed record FirewallPolicyRule(int Priority)
{
    /// <summary>Name or description-like name people gave it; null when none.</summary>
    public string? RuleName { get; init; }

    public FirewallAction Action { get; init; } = FirewallAction.Unrecognized;

    public TrafficDirection Direction { get; init; }

    /// <summary>A disabled rule decides nothing.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whether matches are logged; not said is false.</summary>
    public bool Logs { get; init; }

    public ValueList<Layer4> Layer4 { get; init; }

    public ValueList<IpRange> SourceRanges { get; init; }

    public ValueList<IpRange> DestinationRanges { get; init; }

    public ValueList<SecureTag> SourceSecureTags { get; init; }

    public ValueList<string> SourceAddressGroups { get; init; }

    public ValueList<string> DestinationAddressGroups { get; init; }

    public ValueList<string> SourceFqdns { get; init; }

    public ValueList<string> DestinationFqdns { get; init; }

    public ValueList<string> SourceRegionCodes { get; init; }

    public ValueList<string> DestinationRegionCodes { get; init; }

    public ValueList<string> SourceThreatIntelligences { get; init; }

    public ValueList<string> DestinationThreatIntelligences { get; init; }

    /// <summary>INTERNET, NON_INTERNET, VPC_NETWORKS, INTRA_VPC (srcNetworkType or srcNetworkContext); null means any.</summary>
    public string? SourceNetworkType { get; init; }

    /// <summary>INTERNET or NON_INTERNET (destNetworkType or destNetworkContext); null means any.</summary>
    public string? DestinationNetworkType { get; init; }

    public ValueList<ResourceName> SourceNetworks { get; init; }

    public ValueList<ResourceName> DestinationNetworks { get; init; }

    /// <summary>Hierarchical policies: networks it applies to; empty means all.</summary>
    public ValueList<ResourceName> TargetResources { get; init; }

    public ValueList<string> TargetServiceAccounts { get; init; }

    public ValueList<SecureTag> TargetSecureTags { get; init; }

    /// <summary>INSTANCES or INTERNAL_MANAGED_LB; null means INSTANCES.</summary>
    public string? TargetType { get; init; }

    public ValueList<ResourceName> TargetForwardingRules { get; init; }

    /// <summary>The inspecting proxy of apply_security_profile_group.</summary>
    public string? SecurityProfileGroup { get; init; }

    /// <summary>Null means false.</summary>
    public bool? TlsInspect { get; init; }

    internal static FirewallPolicyRule Parse(FieldReader fields)
    {
        var match = fields.Child("match");
        return new FirewallPolicyRule(fields.Number("priority") ?? throw fields.NotUnderstood("priority", "missing", "a number"))
        {
            RuleName = fields.Text("ruleName"),
            Action = fields.Choice("action", FirewallAction.Unrecognized) ?? FirewallAction.Unrecognized,
            Direction = fields.Choice("direction", TrafficDirection.Unrecognized) ?? TrafficDirection.Ingress,
            Disabled = fields.Flag("disabled") ?? false,
            Logs = fields.Flag("enableLogging") ?? false,
            Layer4 = match is null ? [] : Model.Layer4.ParseList(match, "layer4Configs", "ipProtocol"),
            SourceRanges = match?.Ranges("srcIpRanges") ?? [],
            DestinationRanges = match?.Ranges("destIpRanges") ?? [],
            SourceSecureTags = SecureTag.ParseList(match, "srcSecureTags"),
            SourceAddressGroups = match?.Texts("srcAddressGroups") ?? [],
            DestinationAddressGroups = match?.Texts("destAddressGroups") ?? [],
            SourceFqdns = match?.Texts("srcFqdns") ?? [],
            DestinationFqdns = match?.Texts("destFqdns") ?? [],
            SourceRegionCodes = match?.Texts("srcRegionCodes") ?? [],
            DestinationRegionCodes = match?.Texts("destRegionCodes") ?? [],
            SourceThreatIntelligences = match?.Texts("srcThreatIntelligences") ?? [],
            DestinationThreatIntelligences = match?.Texts("destThreatIntelligences") ?? [],
            SourceNetworkType = NetworkType(match, "src"),
            DestinationNetworkType = NetworkType(match, "dest"),
            SourceNetworks = match?.References("srcNetworks", ResourceKind.Network) ?? [],
            DestinationNetworks = match?.References("destNetworks", ResourceKind.Network) ?? [],
            TargetResources = fields.References("targetResources", ResourceKind.Network),
            TargetServiceAccounts = fields.Texts("targetServiceAccounts"),
            TargetSecureTags = SecureTag.ParseList(fields, "targetSecureTags"),
            TargetType = fields.Text("targetType"),
            TargetForwardingRules = fields.References("targetForwardingRules", ResourceKind.ForwardingRule),
            SecurityProfileGroup = fields.Text("securityProfileGroup"),
            TlsInspect = fields.Flag("tlsInspect"),
        };
    }

    // The field was called "scope" in alpha, "type" and "context" since.
    private static string? NetworkType(FieldReader? match, string end) =>
        match?.Text(match.Has($"{end}NetworkType") ? $"{end}NetworkType" : match.Has($"{end}NetworkContext") ? $"{end}NetworkContext" : $"{end}NetworkScope");
}

/// <summary>A tag value under IAM control, such as "tagValues/123".</summary>
/// <param name="State">EFFECTIVE or INEFFECTIVE; null when not said.</param>
public sealed record SecureTag(string Name, string? State)
{
    internal static ValueList<SecureTag> ParseList(FieldReader? fields, string list) =>
        (fields?.Children(list) ?? []).Select(tag => new SecureTag(tag.Text("name") ?? "", tag.Text("state"))).ToValueList();
}
