using System.Collections.Immutable;
using System.Numerics;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>
/// Everything that decides a packet at a machine of one network, in the order in which Google reads it: what Google does whatever the rules say,
/// hierarchical policies from the organisation downwards, VPC rules and network policies in the network's enforcement order, and the implied rules.
/// Immutable and thread-safe.
/// Source: the pages on firewall policy evaluation order and on VPC firewall rules.
/// </summary>
public sealed class EffectiveFirewall
{
    private readonly ImmutableArray<FirewallStage> _stages;
    private readonly int _rulesAt;
    private readonly FoldCache _ingress;
    private readonly FoldCache _egress;

    // Tags and service account tell machines apart; their own addresses only where some line asks for them.
    private readonly Memo<(TrafficDirection Direction, ValueList<string> Tags, string? ServiceAccount), PeerIndex[][]> _plain = new();

    /// <param name="rulesAt">Which stage has the VPC rules.</param>
    internal EffectiveFirewall(ResourceName network, ImmutableArray<FirewallStage> stages, int rulesAt, ValueList<Firewall> managed, AssumedRules assumed, ValueList<string> assumptions)
        : this(network, stages, rulesAt, managed, assumed, assumptions, new FoldCache(), new FoldCache())
    {
    }

    private EffectiveFirewall(ResourceName network, ImmutableArray<FirewallStage> stages, int rulesAt, ValueList<Firewall> managed, AssumedRules assumed, ValueList<string> assumptions, FoldCache ingress, FoldCache egress) =>
        (Network, _stages, _rulesAt, Managed, Assumed, Assumptions, _ingress, _egress) = (network, stages, rulesAt, managed, assumed, assumptions, ingress, egress);

    public ResourceName Network { get; }

    /// <summary>What was taken for granted because the input does not say; sentences without full stop, sorted.</summary>
    public ValueList<string> Assumptions { get; }

    /// <summary>The firewall of a network as an estate shows it.</summary>
    /// <param name="region">The machine's region, which says what regional policies apply; null leaves those of every region undecided.</param>
    public static EffectiveFirewall Of(EstateView view, ResourceName network, string? region) =>
        view.Derive<EffectiveFirewall>(
            (network, region ?? ""),
            inner => new EffectiveFirewallBuilder(inner, network, region).Make(),
            (inner, before, lapse) => new EffectiveFirewallBuilder(inner, network, region).Exchange(before, lapse));

    /// <summary>The rules that Google manages for connectors, as far as they are listed.</summary>
    internal ValueList<Firewall> Managed { get; }

    /// <summary>Those that are not.</summary>
    internal AssumedRules Assumed { get; }

    /// <summary>The firewall as machines see it that differ in their own address: one slice for addresses that no rule tells apart.</summary>
    public IEnumerable<FirewallSlice> Slices(TrafficDirection direction, FirewallEnd own)
    {
        if (own.Addresses is not { } addresses)
        {
            return [SliceAt(direction, own, null, null)];
        }

        // Few networks have rules that ask for the machine's own address.
        if (!addresses.IsEmpty && !_stages.Any(stage => stage.For(direction).AsksForOwn))
        {
            return [SliceAt(direction, own, addresses, null)];
        }

        var stages = _stages.Select(stage => stage.For(direction)).ToList();
        return Cut<uint>(addresses.V4, (interval, cuts) => stages.ForEach(stage => stage.AddCuts(interval, cuts))).Select(set => AddressSet.Of(set, default))
            .Concat(Cut<UInt128>(addresses.V6, (interval, cuts) => stages.ForEach(stage => stage.AddCuts(interval, cuts))).Select(set => AddressSet.Of(default, set)))
            .Select(set => SliceAt(direction, own, set, set.Lowest));
    }

    /// <summary>What becomes of every packet between machines and peers. Where it depends on the machine's own address, the packet is unknown.</summary>
    public FirewallAnswer Answer(TrafficDirection direction, FirewallEnd own, FirewallEnd peer, IntervalSet<uint> traffic)
    {
        var answers = Slices(direction, own).Select(slice => slice.Answer(peer, traffic)).ToList();
        return answers.Count == 1 ? answers[0] : Agree(answers);
    }

    /// <summary>The same network with a VPC rule exchanged, at a cost that grows with the rules that share its sources; null stands for no rule.</summary>
    /// <exception cref="ArgumentException">The rule is one that Google manages for a connector: whether others are assumed depends on it.</exception>
    public EffectiveFirewall With(Firewall? before, Firewall? after) => (before is not null && ManagedRules.IsManaged(before)) || (after is not null && ManagedRules.IsManaged(after))
        ? throw new ArgumentException("A managed rule of a connector cannot be exchanged alone.", nameof(after))
        : new EffectiveFirewall(Network, _stages.SetItem(_rulesAt, _stages[_rulesAt].With(before, after)), _rulesAt, Managed, Assumed, Assumptions, _ingress, _egress);

    /// <summary>Rules of which nothing is left to decide, and with <paramref name="withPartial"/> those of which a part is. Rules of every stage, in reading order.</summary>
    public IEnumerable<Shadow> Shadows(bool withPartial = false) =>
        Shadowing.Of(this, TrafficDirection.Ingress, withPartial).Concat(Shadowing.Of(this, TrafficDirection.Egress, withPartial));

    /// <summary>Whether some rule tells the machine from one without tags, service account and known address, for packets of the peer.</summary>
    internal bool TellsApart(TrafficDirection direction, FirewallEnd own, FirewallEnd peer)
    {
        var addresses = peer.Addresses ?? AddressSet.All;
        foreach (var stage in _stages)
        {
            if (stage.For(direction).TellsApart(own, addresses, peer))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every line of a direction, stage by stage, in order.</summary>
    internal IEnumerable<FirewallLine> Lines(TrafficDirection direction) => _stages.SelectMany(stage => stage.For(direction).Lines);

    /// <summary>The same without what Google does whatever the rules say; for whoever checks the rules alone.</summary>
    internal EffectiveFirewall RulesOnly() => new(Network, _stages.RemoveAt(0), _rulesAt - 1, Managed, Assumed, Assumptions);

    private FirewallSlice SliceAt(TrafficDirection direction, FirewallEnd own, AddressSet? addresses, IpRange? address) => new(
        direction,
        addresses,
        address is null ? _plain.Get((direction, own.Tags, own.ServiceAccount), () => IndexesFor(direction, own, null)) : IndexesFor(direction, own, address),
        direction == TrafficDirection.Egress ? _egress : _ingress);

    private PeerIndex[][] IndexesFor(TrafficDirection direction, FirewallEnd own, IpRange? address) => [.. _stages.Select(stage =>
    {
        var indexes = new List<PeerIndex>();
        stage.For(direction).Select(own, address, indexes);
        return indexes.ToArray();
    })];

    // Mostly one piece: few rules ask for the machine's own address.
    private static IEnumerable<IntervalSet<T>> Cut<T>(IntervalSet<T> addresses, Action<Interval<T>, List<T>> addCuts)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (addresses.IsEmpty)
        {
            return [];
        }

        var cuts = new List<T>();
        foreach (var interval in addresses.Intervals)
        {
            addCuts(interval, cuts);
        }

        var starts = cuts.Distinct().Order().ToList();
        return starts.Count == 0 ? [addresses] : Pieces();

        IEnumerable<IntervalSet<T>> Pieces()
        {
            var first = T.MinValue;
            foreach (var next in starts.Where(start => start > T.MinValue))
            {
                var piece = addresses.Intersect(IntervalSet.Of(first, next - T.One));
                first = next;
                if (!piece.IsEmpty)
                {
                    yield return piece;
                }
            }

            if (addresses.Intersect(IntervalSet.Of(first, T.MaxValue)) is { IsEmpty: false } rest)
            {
                yield return rest;
            }
        }
    }

    private static FirewallAnswer Agree(List<FirewallAnswer> answers) => answers.Aggregate((left, right) => FirewallAnswer.Join(
        from one in left.Decisions
        from other in right.Decisions
        let both = one.Packets.Intersect(other.Packets)
        where !both.IsEmpty
        let decision = one.Decision.Effect == other.Decision.Effect && one.Decision.Effect != FirewallEffect.Unknown ? one.Decision
            : FirewallDecision.Unknown([.. one.Decision.Because, .. other.Decision.Because, "it depends on which of the machine's addresses is used"])
        select FirewallAnswer.Of([(decision, both)])));
}
