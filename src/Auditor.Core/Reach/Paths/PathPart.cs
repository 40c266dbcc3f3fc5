using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// Packets on their way: all from these sources, to these destinations, with this protocol and port, have met the same so far. A stage passes a part
/// on, ends it, or splits it.
/// </summary>
/// <param name="Sources">Usable addresses of the attachment; null for a workload without one, which has no address of the network's.</param>
/// <param name="End">How they end; null while they are on their way.</param>
public sealed record PathPart(AddressSet? Sources, AddressSet Destinations, IntervalSet<uint> Traffic, PathTrail Trail, PathEnd? End = null)
{
    /// <summary>Where the network sends them; null before routing.</summary>
    internal RouteChoice? Via { get; init; }

    /// <summary>All packets of a source of which it is not known how it leaves.</summary>
    internal static PathPart Unread(string because) => new PathPart(null, AddressSet.All, Network.Traffic.All, PathTrail.Start).Ends(PathEnd.Unknown(PathStage.Egress, PathReason.NetworkConfigNotFound, because));

    /// <summary>Packets for a target without an address.</summary>
    internal static PathPart Nowhere(ReachTarget target, AddressSet? sources) => new PathPart(sources, AddressSet.None, target.Traffic, PathTrail.Start)
        .Ends(PathEnd.Blocked(PathStage.Target, target.Resource!.Value.Kind == ResourceKind.SqlInstance ? PathReason.SqlNoAddress : PathReason.ServiceNoAddress, PathDecider.Of(target.Resource!.Value)), "has no address in a network");

    /// <summary>The packets go on.</summary>
    internal PathPart On(PathStage stage, string decision, PathDecider? by = null) => this with { Trail = new PathTrail(Trail, new PathStep(stage, decision, by)) };

    /// <summary>The packets end here.</summary>
    internal PathPart Ends(PathEnd end, string? decision = null) => this with
    {
        Trail = new PathTrail(Trail, new PathStep(end.Stage, decision ?? end.ToString(), end.DecidedBy)),
        End = end,
    };

    /// <summary>One packet of the part: source address (null without attachment), destination, protocol and port.</summary>
    public (IpRange? Source, IpRange Destination, byte Protocol, ushort Port) Witness =>
        (Sources?.Lowest, Destinations.Lowest, Network.Traffic.ProtocolOf(Traffic.Intervals[0].First), Network.Traffic.PortOf(Traffic.Intervals[0].First));
}

/// <summary>The steps of a way so far, shared between ways that begin alike.</summary>
public sealed record PathTrail(PathTrail? Before, PathStep Step)
{
    /// <summary>Before the first step.</summary>
    internal static PathTrail Start { get; } = new(null, new PathStep(PathStage.Egress, "", null));

    /// <summary>From the first step to the last.</summary>
    public IReadOnlyList<PathStep> ToSteps()
    {
        var steps = new List<PathStep>();
        for (var trail = this; trail.Before is not null; trail = trail.Before)
        {
            steps.Add(trail.Step);
        }

        steps.Reverse();
        return steps;
    }
}

/// <summary>Takes parts off packets that are on their way, until none is left.</summary>
internal sealed class PathSplitter(PathPart all, List<PathPart> into)
{
    /// <summary>What nobody took.</summary>
    public List<PathPart> Rest { get; private set; } = [all];

    /// <summary>Takes what goes to these destinations.</summary>
    public PathSplitter Destinations(AddressSet destinations, Func<PathPart, PathPart> take) => Take(
        part => part.Destinations.Intersect(destinations) is { IsEmpty: false } inside ? part with { Destinations = inside } : null,
        part => part.Destinations.Except(destinations) is { IsEmpty: false } outside ? [part with { Destinations = outside }] : [],
        take);

    /// <summary>Takes what comes from these sources. Packets of a workload without attachment come from none.</summary>
    public PathSplitter Sources(AddressSet sources, Func<PathPart, PathPart> take) => Box(sources, AddressSet.All, Network.Traffic.All, take);

    /// <summary>Takes what comes from these sources with such protocols and ports.</summary>
    public PathSplitter Sources(AddressSet sources, IntervalSet<uint> traffic, Func<PathPart, PathPart> take) => Box(sources, AddressSet.All, traffic, take);

    /// <summary>Takes what comes from these sources, goes to these destinations and has such protocols and ports.</summary>
    public PathSplitter Box(AddressSet sources, AddressSet destinations, IntervalSet<uint> traffic, Func<PathPart, PathPart> take) => Take(
        part => part.Sources?.Intersect(sources) is { IsEmpty: false } from && part.Destinations.Intersect(destinations) is { IsEmpty: false } to && part.Traffic.Intersect(traffic) is { IsEmpty: false } inside
            ? part with { Sources = from, Destinations = to, Traffic = inside } : null,
        part =>
        [
            .. part.Traffic.Except(traffic) is { IsEmpty: false } other ? [part with { Traffic = other }] : (PathPart[])[],
            .. part.Destinations.Except(destinations) is { IsEmpty: false } elsewhere ? [part with { Destinations = elsewhere, Traffic = part.Traffic.Intersect(traffic) }] : (PathPart[])[],
            .. part.Sources!.Value.Except(sources) is { IsEmpty: false } others
                ? [part with { Sources = others, Destinations = part.Destinations.Intersect(destinations), Traffic = part.Traffic.Intersect(traffic) }] : (PathPart[])[],
        ],
        take);

    /// <summary>Takes what has such protocols and ports.</summary>
    public PathSplitter Traffic(IntervalSet<uint> traffic, Func<PathPart, PathPart> take) => Take(
        part => part.Traffic.Intersect(traffic) is { IsEmpty: false } inside ? part with { Traffic = inside } : null,
        part => part.Traffic.Except(traffic) is { IsEmpty: false } outside ? [part with { Traffic = outside }] : [],
        take);

    /// <summary>Takes out what comes from these sources, goes to these destinations and has such protocols and ports, and hands it over.</summary>
    public IReadOnlyList<PathPart> Cut(AddressSet sources, AddressSet destinations, IntervalSet<uint> traffic)
    {
        var before = into.Count;
        Box(sources, destinations, traffic, part => part);
        var cut = into.GetRange(before, into.Count - before);
        into.RemoveRange(before, cut.Count);
        return cut;
    }

    /// <summary>Takes out the packets of another part, and hands them over. Packets without a source of the network's are told from those with one.</summary>
    public IReadOnlyList<PathPart> Cut(PathPart other)
    {
        if (other.Sources is { } sources)
        {
            return Cut(sources, other.Destinations, other.Traffic);
        }

        var before = into.Count;
        Take(
            part => part.Sources is null && part.Destinations.Intersect(other.Destinations) is { IsEmpty: false } to && part.Traffic.Intersect(other.Traffic) is { IsEmpty: false } inside ? part with { Destinations = to, Traffic = inside } : null,
            part =>
            [
                .. part.Traffic.Except(other.Traffic) is { IsEmpty: false } rest ? [part with { Traffic = rest }] : (PathPart[])[],
                .. part.Destinations.Except(other.Destinations) is { IsEmpty: false } elsewhere ? [part with { Destinations = elsewhere, Traffic = part.Traffic.Intersect(other.Traffic) }] : (PathPart[])[],
            ],
            part => part);
        var cut = into.GetRange(before, into.Count - before);
        into.RemoveRange(before, cut.Count);
        return cut;
    }

    /// <summary>Puts parts with those taken.</summary>
    public void Add(IEnumerable<PathPart> parts) => into.AddRange(parts);

    /// <summary>Takes what is left.</summary>
    public void All(Func<PathPart, PathPart> take)
    {
        into.AddRange(Rest.Select(take));
        Rest = [];
    }

    private PathSplitter Take(Func<PathPart, PathPart?> inside, Func<PathPart, PathPart[]> outside, Func<PathPart, PathPart> take)
    {
        var rest = new List<PathPart>(Rest.Count);
        foreach (var part in Rest)
        {
            if (inside(part) is { } taken)
            {
                into.Add(take(taken));
                rest.AddRange(outside(part));
            }
            else
            {
                rest.Add(part);
            }
        }

        Rest = rest;
        return this;
    }
}
