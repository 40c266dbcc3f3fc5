using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// One rule as the engine reads it, for one direction. A rule that is undecidable in a part of what it may match is two lines: one for what it surely
/// matches, one with a doubt for all it may.
/// </summary>
internal sealed class FirewallLine
{
    /// <summary>The order in which a stage reads its rules; where Google says none, listed before assumed, and by name.</summary>
    public static readonly Comparer<FirewallLine> Order = Comparer<FirewallLine>.Create(static (left, right) =>
        left._order != right._order ? left._order.CompareTo(right._order)
        : left.Decider.Assumed != right.Decider.Assumed ? left.Decider.Assumed.CompareTo(right.Decider.Assumed)
        : string.CompareOrdinal(left.Decider.Name, right.Decider.Name));

    private readonly long _order;

    /// <param name="priority">The lowest is read first; of two equal ones the deny.</param>
    /// <param name="unknown">For an action that is not known: why.</param>
    public FirewallLine(FirewallDecider decider, FirewallAction action, int priority, string? doubt, string? unknown = null)
    {
        Decider = decider;
        Action = action == FirewallAction.ApplySecurityProfileGroup ? FirewallAction.Allow : action;
        Doubt = doubt ?? (action == FirewallAction.ApplySecurityProfileGroup ? $"{decider} hands packets to a security profile, which may drop them" : null);
        _order = ((long)priority * 4) + action switch { FirewallAction.Deny => 0, FirewallAction.Allow => 1, _ => 2 };
        Decision = Action switch
        {
            FirewallAction.Allow => FirewallDecision.Allow(decider),
            FirewallAction.Deny => FirewallDecision.Deny(decider),
            FirewallAction.GotoNext => null,
            _ => FirewallDecision.Unknown(unknown ?? $"{decider} has an action that is not known"),
        };
        Alone = Doubt is null ? new Candidates(this, []) : new Candidates(null, [this]);
    }

    public FirewallDecider Decider { get; }

    /// <summary>Allow, Deny, GotoNext or Unrecognized.</summary>
    public FirewallAction Action { get; }

    /// <summary>Why the line matches only perhaps; null when it surely does.</summary>
    public string? Doubt { get; }

    /// <summary>What becomes of packets it decides; null for goto_next, which decides nothing.</summary>
    public FirewallDecision? Decision { get; }

    /// <summary>This line and no other.</summary>
    public Candidates Alone { get; }

    public required IntervalSet<uint> Traffic { get; init; }

    /// <summary>Peers by address; together with tags and service accounts, one of them is enough.</summary>
    public AddressSet Peers { get; init; }

    public ValueList<string> PeerTags { get; init; }

    public ValueList<string> PeerServiceAccounts { get; init; }

    /// <summary>The addresses of the machine it applies to; null when it does not ask.</summary>
    public AddressSet? Own { get; init; }

    /// <summary>The machines it applies to; none and no service account means all.</summary>
    public ValueList<string> TargetTags { get; init; }

    public ValueList<string> TargetServiceAccounts { get; init; }

    /// <summary>Whether the line can match anything at all.</summary>
    public bool CanMatch => !Traffic.IsEmpty && (!Peers.IsEmpty || !PeerTags.IsEmpty || !PeerServiceAccounts.IsEmpty) && Own is not { IsEmpty: true };

    /// <summary>Whether it applies to a machine, as far as tags and service account tell.</summary>
    public bool AppliesTo(FirewallEnd own) => (TargetTags.IsEmpty && TargetServiceAccounts.IsEmpty)
        || TargetTags.Any(tag => own.Tags.Contains(tag)) || (own.ServiceAccount is { } account && TargetServiceAccounts.Contains(account));

    /// <summary>The same line, undecidable because the machine's own address is not known.</summary>
    public FirewallLine WithOwnUnknown() => new(Decider, Action, (int)(_order / 4), Doubt ?? $"{Decider} asks for the machine's own address, which is not given")
    {
        Traffic = Traffic,
        Peers = Peers,
        PeerTags = PeerTags,
        PeerServiceAccounts = PeerServiceAccounts,
        TargetTags = TargetTags,
        TargetServiceAccounts = TargetServiceAccounts,
    };
}

/// <summary>The lines of a stage that may decide a packet: the first that surely matches, and those before it that may.</summary>
/// <param name="Sure">Null when none surely matches.</param>
/// <param name="Doubtful">All before <paramref name="Sure"/>, in order.</param>
internal sealed record Candidates(FirewallLine? Sure, FirewallLine[] Doubtful)
{
    public static Candidates None { get; } = new(null, []);

    public static Candidates Combine(Candidates left, Candidates right)
    {
        if (ReferenceEquals(left, None) || ReferenceEquals(left, right))
        {
            return right;
        }

        if (ReferenceEquals(right, None))
        {
            return left;
        }

        var sure = left.Sure is null ? right.Sure : right.Sure is null || FirewallLine.Order.Compare(left.Sure, right.Sure) <= 0 ? left.Sure : right.Sure;
        if (left.Doubtful.Length == 0 && right.Doubtful.Length == 0)
        {
            return ReferenceEquals(sure, left.Sure) ? left : right;
        }

        var doubtful = left.Doubtful.Concat(right.Doubtful).Where(line => sure is null || FirewallLine.Order.Compare(line, sure) < 0).Distinct().Order(FirewallLine.Order).ToArray();
        return new Candidates(sure, doubtful);
    }

    /// <summary>What these lines decide, given what comes after their stage.</summary>
    /// <param name="asked">A rule of which it matters whether it ever counts: packets that it hands on, or may decide, are unknown. Null to tell what becomes of them.</param>
    public FirewallDecision Resolve(FirewallDecision next, FirewallDecider? asked = null)
    {
        var decision = Sure is null ? next
            : Sure.Decision ?? (asked is not null && Sure.Decider == asked ? FirewallDecision.Unknown($"{asked} hands it on") : next);
        for (var i = Doubtful.Length - 1; i >= 0; i--)
        {
            decision = Fork(Doubtful[i].Decision ?? next, decision, Doubtful[i].Doubt!, asked);
        }

        return decision;
    }

    // Unknown only where it matters.
    private static FirewallDecision Fork(FirewallDecision taken, FirewallDecision otherwise, string doubt, FirewallDecider? asked) =>
        taken.Effect == otherwise.Effect && taken.Effect != FirewallEffect.Unknown && (asked is null || (taken.DecidedBy != asked && otherwise.DecidedBy != asked))
            ? otherwise
            : FirewallDecision.Unknown([doubt, .. taken.Because, .. otherwise.Because]);
}
