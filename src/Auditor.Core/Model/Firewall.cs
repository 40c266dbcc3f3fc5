using Auditor.Network;

namespace Auditor.Model;

/// <summary>A VPC firewall rule. Source: REST Resource firewalls, compute v1.</summary>
public sealed record Firewall(ResourceName Name) : Resource(Name)
{
    public const int DefaultPriority = 1000;

    public ResourceName? Network { get; init; }

    public TrafficDirection Direction { get; init; }

    /// <summary>0..65535, the lowest is read first; not said is 1000.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>A disabled rule decides nothing.</summary>
    public bool Disabled { get; init; }

    /// <summary>What matching packets get: Allow or Deny; Unrecognized when the rule says neither.</summary>
    public FirewallAction Action { get; init; } = FirewallAction.Unrecognized;

    /// <summary>Protocols and ports that are allowed or denied.</summary>
    public ValueList<Layer4> Layer4 { get; init; }

    /// <summary>Ingress: where packets may come from. Empty together with the other source fields means anywhere.</summary>
    public ValueList<IpRange> SourceRanges { get; init; }

    /// <summary>Empty means anywhere.</summary>
    public ValueList<IpRange> DestinationRanges { get; init; }

    public ValueList<string> SourceTags { get; init; }

    /// <summary>Instances it applies to; empty together with <see cref="TargetServiceAccounts"/> means all of the network.</summary>
    public ValueList<string> TargetTags { get; init; }

    public ValueList<string> SourceServiceAccounts { get; init; }

    public ValueList<string> TargetServiceAccounts { get; init; }

    /// <summary>Whether matches are logged; not said is false.</summary>
    public bool Logs { get; init; }

    public override IEnumerable<ResourceName> References => Network is { } network ? [network] : [];

    internal static Firewall Parse(FieldReader fields)
    {
        // Exactly one of the two is there.
        var denies = fields.Has("denied");
        return new Firewall(fields.Context.Name)
        {
            Network = fields.Reference("network", ResourceKind.Network),
            Direction = fields.Choice("direction", TrafficDirection.Unrecognized) ?? TrafficDirection.Ingress,
            Priority = fields.Number("priority") ?? DefaultPriority,
            Disabled = fields.Flag("disabled") ?? false,
            Action = denies ? FirewallAction.Deny : fields.Has("allowed") ? FirewallAction.Allow : FirewallAction.Unrecognized,
            Layer4 = Model.Layer4.ParseList(fields, denies ? "denied" : "allowed", "IPProtocol"),
            SourceRanges = fields.Ranges("sourceRanges"),
            DestinationRanges = fields.Ranges("destinationRanges"),
            SourceTags = fields.Texts("sourceTags"),
            TargetTags = fields.Texts("targetTags"),
            SourceServiceAccounts = fields.Texts("sourceServiceAccounts"),
            TargetServiceAccounts = fields.Texts("targetServiceAccounts"),
            Logs = fields.Child("logConfig")?.Flag("enable") ?? false,
        };
    }
}

/// <summary>Seen from the machine the rule applies to.</summary>
public enum TrafficDirection
{
    /// <summary>Also when nothing is said.</summary>
    Ingress,
    Egress,

    /// <summary>A direction Google added after this was written.</summary>
    Unrecognized = -1,
}

/// <summary>What a rule does with the packets it matches.</summary>
public enum FirewallAction
{
    Allow,
    Deny,

    /// <summary>Policies only: leave the decision to what comes next.</summary>
    GotoNext,

    /// <summary>Policies only: allow, through an inspecting proxy.</summary>
    ApplySecurityProfileGroup,

    /// <summary>Not said, or an action Google added after this was written.</summary>
    Unrecognized = -1,
}
