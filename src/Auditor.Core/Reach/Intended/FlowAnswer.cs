using System.Globalization;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>Judges one declared flow from one source to one target by its whole path.</summary>
internal static class FlowAnswer
{
    public static IntentAnswer Unread(string missing) => new("", "", IntentStanding.Unknown, missing);

    /// <summary>It must arrive from every address of the source. Of several addresses of a target, the one that fares best counts: clients choose.</summary>
    public static IntentAnswer OfMust(FlowIntent intent, PathWalk walk, PathSource source, IEnumerable<ReachTarget> target) =>
        target.GroupBy(at => at.Address).Select(at => OfMust(intent, walk, source, at)).OrderBy(answer => answer.Standing switch { IntentStanding.Holds => 0, IntentStanding.Unknown => 1, _ => 2 }).First();

    /// <summary>Nothing of it may arrive at any address of the target.</summary>
    public static IntentAnswer OfNever(FlowIntent intent, PathWalk walk, PathSource source, IEnumerable<ReachTarget> target)
    {
        var flows = target.DistinctBy(at => at.Address).Select(at => new ReachFlow(source, at, Find(walk, at, intent.Traffic))).ToList();
        foreach (var flow in flows)
        {
            if (flow.Answer.Parts.FirstOrDefault(part => part.End!.Effect is PathEffect.Reachable or PathEffect.Partial) is { } arrives)
            {
                return new IntentAnswer("", "", IntentStanding.Broken, $"{Of(source)}{Witness(arrives, flow)} {(arrives.End!.Effect == PathEffect.Partial ? "arrives in part" : "arrives")}: {Chain(arrives, flow)}");
            }
        }

        return flows.SelectMany(flow => flow.Answer.Of(PathEffect.Unknown)).SelectMany(part => part.End!.Because).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } because
            ? new IntentAnswer("", "", IntentStanding.Unknown, string.Join("; ", because))
            : new IntentAnswer("", "", IntentStanding.Holds, "");
    }

    private static IntentAnswer OfMust(FlowIntent intent, PathWalk walk, PathSource source, IGrouping<IpRange?, ReachTarget> at)
    {
        var isAnyPort = intent.Traffic is null && at.All(target => target is { Port: null, Protocol: IpProtocol.Tcp });
        var parts = (intent.Traffic is null ? at.SelectMany(target => walk.Find(target).Parts) : Find(walk, at.First(), intent.Traffic).Parts).ToList();
        var flow = new ReachFlow(source, at.First(), new PathAnswer(parts.ToValueList()));
        if (isAnyPort)
        {
            parts = OfSourcesWithoutAPort(parts);
        }

        var lost = parts.FindAll(part => part.End!.Effect is PathEffect.Blocked or PathEffect.Partial && !IsNobodys(part, at.First()));
        if (lost.Count > 0)
        {
            var first = new PathAnswer(lost.ToValueList()).Telling;
            var from = first.Sources is { } sources && parts.Any(part => part.Sources is { } theirs && theirs != sources) ? $" from {PathWords.Sources(sources)}" : "";
            var ports = isAnyPort ? " on any TCP port" : $" on {Ports(lost.Where(part => part.End == first.End))}";
            return new IntentAnswer("", "", IntentStanding.Broken,
                $"{Of(source)}{Name(flow.Target)} cannot be reached{from}{ports}: {first.End!.Reason} by {flow.WordsOf(first.End.DecidedBy)}")
            {
                End = first.End,
            };
        }

        return parts.SelectMany(part => part.End!.Because).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } because
            ? new IntentAnswer("", "", IntentStanding.Unknown, string.Join("; ", because))
            : new IntentAnswer("", "", IntentStanding.Holds, "");
    }

    private static PathAnswer Find(PathWalk walk, ReachTarget target, IntervalSet<uint>? traffic) =>
        target.Path is { } path && traffic is { } packets ? walk.Find(path, packets) : walk.Find(target);

    // Sources that arrive on some port have what they need.
    private static List<PathPart> OfSourcesWithoutAPort(List<PathPart> parts)
    {
        var rest = parts;
        foreach (var effect in (PathEffect[])[PathEffect.Reachable, PathEffect.Unknown])
        {
            if (rest.Exists(part => part.End!.Effect == effect && part.Sources is null))
            {
                return rest.FindAll(part => part.End!.Effect == effect);
            }

            var fine = rest.Where(part => part.End!.Effect == effect).Aggregate(AddressSet.None, (all, part) => all.Union(part.Sources!.Value));
            rest = [.. rest.Select(part => part.End!.Effect == effect || part.Sources is null ? part : part with { Sources = part.Sources.Value.Except(fine) }).Where(part => part.Sources is not { IsEmpty: true })];
        }

        return rest;
    }

    // In a block, the addresses that nobody has are no loss.
    private static bool IsNobodys(PathPart part, ReachTarget target) => target.Address is { PrefixLength: < 32 } && part.End!.Reason == PathReason.UnknownInternalAddress;

    private static string Of(PathSource source) => source.Workload is RunRevision && source.ShortName.Contains('/', StringComparison.Ordinal) ? $"of revision {source.Workload.Name.Id}: " : "";

    private static string Name(ReachTarget target) => target is { Resource: not null, Address: { } address } ? $"{target.ShortName} ({address.Address})" : target.Address is { } range ? IntentTarget.Words(range) : target.ShortName;

    private static string Ports(IEnumerable<PathPart> parts)
    {
        var pieces = IntervalSet.Of(parts.SelectMany(part => part.Traffic.Intervals)).Intervals.SelectMany(TrafficPiece.Of).Select(piece => piece.ToString()).ToList();
        return string.Join(", ", pieces.Take(3)) + (pieces.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $" and {pieces.Count - 3} more") : "");
    }

    private static string Witness(PathPart part, ReachFlow flow)
    {
        // A TCP port tells people more than the lowest protocol number.
        var tcp = part.Traffic.Intersect(Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(1, ushort.MaxValue)));
        var (source, destination, protocol, port) = (tcp.IsEmpty ? part : part with { Traffic = tcp }).Witness;
        var to = IpProtocol.HasPorts(protocol) ? $"{destination.Address}:{port.ToString(CultureInfo.InvariantCulture)}" : destination.Address;
        return $"{IpProtocol.NameOf(protocol)} from {source?.Address ?? "an address of Google's"} to {to}{(flow.Target.Resource is { } name ? $" ({name.Id})" : "")}";
    }

    private static string Chain(PathPart part, ReachFlow flow) => string.Join("; ", part.Trail.ToSteps().Select(step =>
        $"{step.Stage.ToWord()} {step.Decision}{(step.DecidedBy is { } by && by != PathDecider.Sender && !step.Decision.Contains(by.Name, StringComparison.Ordinal) ? $" by {flow.WordsOf(by)}" : "")}"));
}
