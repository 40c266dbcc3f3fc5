using Auditor.Reach.Firewalls;

namespace Auditor.Rules.Firewalls;

/// <summary>Answers of a firewall in the words of a finding.</summary>
internal static class FirewallWords
{
    /// <summary>What is denied, and by what.</summary>
    public static string Denied(FirewallAnswer answer) => string.Join("; ", answer.Decisions.Where(pair => pair.Decision.Effect == FirewallEffect.Deny)
        .Select(pair => $"{string.Join(", ", pair.Packets.Pieces().Select(piece => piece.Traffic.ToString()).Distinct(StringComparer.Ordinal))} denied by {pair.Decision.DecidedBy}"));

    /// <summary>What is not known; where nothing is named, that some machine is undecided.</summary>
    public static string Unknown(FirewallAnswer answer) => string.Join("; ", answer.Decisions.SelectMany(pair => pair.Decision.Because).Distinct(StringComparer.Ordinal)
        .DefaultIfEmpty("what rules for tagged machines decide depends on something that firewall data does not say"));
}
