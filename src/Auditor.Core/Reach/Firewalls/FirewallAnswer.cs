using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>What becomes of every packet that was asked about: the sets are disjoint and cover the question.</summary>
/// <param name="Decisions">Sorted: allowed, denied, unknown, each by what decides.</param>
public sealed record FirewallAnswer(ValueList<(FirewallDecision Decision, PacketSet Packets)> Decisions)
{
    public PacketSet Allowed => Of(FirewallEffect.Allow);

    public PacketSet Denied => Of(FirewallEffect.Deny);

    public PacketSet Unknown => Of(FirewallEffect.Unknown);

    /// <summary>The packets with one effect.</summary>
    public PacketSet Of(FirewallEffect effect)
    {
        var sets = Decisions.Where(pair => pair.Decision.Effect == effect).Select(pair => pair.Packets).ToList();
        return sets.Count == 1 ? sets[0] : PacketSet.Of(sets.SelectMany(set => set.Slices));
    }

    /// <summary>One answer for both questions, which do not overlap.</summary>
    internal static FirewallAnswer Join(IEnumerable<FirewallAnswer> answers) => Of(answers.SelectMany(answer => answer.Decisions)
        .GroupBy(pair => pair.Decision, pair => pair.Packets).Select(group => (group.Key, group.Aggregate((left, right) => left.Union(right)))));

    internal static FirewallAnswer Of(IEnumerable<(FirewallDecision Decision, PacketSet Packets)> decisions) => new(decisions.Where(pair => !pair.Packets.IsEmpty)
        .OrderBy(pair => pair.Decision.Effect).ThenBy(pair => pair.Decision.DecidedBy?.Kind).ThenBy(pair => pair.Decision.DecidedBy?.Priority).ThenBy(pair => pair.Decision.DecidedBy?.Name, StringComparer.Ordinal)
        .ThenBy(pair => pair.Decision.Because.IsEmpty ? "" : string.Join('\n', pair.Decision.Because), StringComparer.Ordinal).ToValueList());
}
