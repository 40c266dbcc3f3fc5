using System.Globalization;
using Auditor.Model;

namespace Auditor.Reach.Firewalls;

/// <summary>What decides a packet's fate: a rule, or what Google does when no rule does.</summary>
/// <param name="Name">The rule's name; a policy's rule is "policy/priority".</param>
/// <param name="Resource">The firewall rule or the policy; null for what no list shows.</param>
/// <param name="Priority">0..2147483647, the lowest is read first; null where there is none.</param>
/// <param name="Assumed">Not listed but documented: a connector's managed rule that no list shows, or a block that some projects are exempt from.</param>
public sealed record FirewallDecider(FirewallDeciderKind Kind, string Name, ResourceName? Resource = null, int? Priority = null, bool Assumed = false)
{
    /// <summary>No rule matched a packet that leaves.</summary>
    public static FirewallDecider ImpliedAllow { get; } = new(FirewallDeciderKind.Implied, "implied-allow-egress");

    /// <summary>No rule matched a packet that arrives.</summary>
    public static FirewallDecider ImpliedDeny { get; } = new(FirewallDeciderKind.Implied, "implied-deny-ingress");

    /// <summary>The metadata server, which no rule closes.</summary>
    public static FirewallDecider AlwaysAllowed { get; } = new(FirewallDeciderKind.Platform, "always-allowed");

    /// <summary>A protocol that Google carries to no external address.</summary>
    public static FirewallDecider AlwaysBlocked { get; } = new(FirewallDeciderKind.Platform, "always-blocked");

    /// <summary>Mail to external addresses; some projects are exempt.</summary>
    public static FirewallDecider AlwaysBlockedMail { get; } = AlwaysBlocked with { Assumed = true };

    /// <summary>In words: "firewall rule deny-conn (priority 990)".</summary>
    public override string ToString() => Kind switch
    {
        FirewallDeciderKind.Implied => this == ImpliedAllow ? "the implied egress allow" : "the implied ingress deny",
        FirewallDeciderKind.Platform => this == AlwaysAllowed ? "Google, which lets every machine reach its metadata server" : "Google, which carries this to no external address",
        FirewallDeciderKind.PolicyRule => $"firewall policy rule {Name}",
        FirewallDeciderKind.ManagedRule => string.Create(CultureInfo.InvariantCulture, $"managed rule {Name} (priority {Priority}{(Assumed ? ", assumed" : "")})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"firewall rule {Name} (priority {Priority})"),
    };
}

/// <summary>What sort of thing decides.</summary>
public enum FirewallDeciderKind
{
    /// <summary>A VPC firewall rule.</summary>
    Rule,

    /// <summary>A VPC firewall rule that Google manages for a connector, listed or assumed.</summary>
    ManagedRule,

    /// <summary>A rule of a hierarchical or network firewall policy.</summary>
    PolicyRule,

    /// <summary>Nothing matched.</summary>
    Implied,

    /// <summary>What Google does whatever the rules say.</summary>
    Platform,
}

/// <summary>What becomes of packets.</summary>
public enum FirewallEffect
{
    Allow,
    Deny,

    /// <summary>It depends on something that firewall data does not say.</summary>
    Unknown,
}

/// <summary>What becomes of packets, and why.</summary>
/// <param name="DecidedBy">Null exactly when the effect is unknown.</param>
/// <param name="Because">What is not known; empty unless the effect is unknown. Sorted.</param>
public sealed record FirewallDecision(FirewallEffect Effect, FirewallDecider? DecidedBy, ValueList<string> Because)
{
    private static readonly FirewallDecision s_allowed = Allow(new FirewallDecider(FirewallDeciderKind.Rule, ""));
    private static readonly FirewallDecision s_denied = Deny(new FirewallDecider(FirewallDeciderKind.Rule, ""));
    private static readonly FirewallDecision s_unknown = Unknown();

    public static FirewallDecision Allow(FirewallDecider decider) => new(FirewallEffect.Allow, decider, []);

    public static FirewallDecision Deny(FirewallDecider decider) => new(FirewallEffect.Deny, decider, []);

    public static FirewallDecision Unknown(params IEnumerable<string> because) => new(FirewallEffect.Unknown, null, because.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList());

    /// <summary>The effect alone, for whoever does not ask what decides.</summary>
    internal FirewallDecision WithoutDecider() => Effect switch { FirewallEffect.Allow => s_allowed, FirewallEffect.Deny => s_denied, _ => s_unknown };

    public override string ToString() => Effect == FirewallEffect.Unknown ? $"unknown: {string.Join("; ", Because)}" : $"{(Effect == FirewallEffect.Allow ? "allowed" : "denied")} by {DecidedBy}";
}
