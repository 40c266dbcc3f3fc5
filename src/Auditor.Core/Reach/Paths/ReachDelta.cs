using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>How flows of one source to one target differ between two estates: exactly the packets that fare differently.</summary>
/// <param name="Packets">Each with what became of it before and after; null stands for an estate in which source or target is not there.</param>
public sealed record FlowChange(PathSource Source, ReachTarget Target, FlowChangeKind Kind, ValueList<(PathPart Packets, PathEnd? Before, PathEnd? After)> Packets);

/// <summary>In what way flows change.</summary>
public enum FlowChangeKind
{
    Opened,
    Closed,
    BecameUnknown,
    BecameKnown,
}

/// <summary>Compares what workloads can reach in two estates.</summary>
public static class ReachDelta
{
    /// <summary>Every flow that fares differently, source by source. Where one estate comes after the other, only what the changes between them can touch is looked at.</summary>
    public static IReadOnlyList<FlowChange> Between(EstateView before, EstateView after)
    {
        var (was, isNow) = (ReachIndex.Of(before), ReachIndex.Of(after));
        var known = new Dictionary<(AttachmentReach?, AttachmentReach?), List<(ReachTarget Target, FlowChangeKind Kind, ValueList<(PathPart, PathEnd?, PathEnd?)> Packets)>>();
        var changes = new List<FlowChange>();
        foreach (var (old, now) in Sources(was, isNow, was.Touched(before, isNow, after, after.Remembered.Since(before.Remembered))))
        {
            var (left, right) = (ReachOf(before, old), ReachOf(after, now));
            if (ReferenceEquals(left, right))
            {
                continue;
            }

            if (!known.TryGetValue((left, right), out var found))
            {
                known[(left, right)] = found = [.. Between(left, old, before, right, now, after)];
            }

            changes.AddRange(found.Select(change => new FlowChange(now ?? old!, change.Target, change.Kind, change.Packets)));
        }

        return changes;
    }

    /// <summary>The kind of a change; null where nothing changes.</summary>
    internal static FlowChangeKind? KindOf(PathEffect? before, PathEffect? after)
    {
        var (was, isNow) = (before ?? PathEffect.Blocked, after ?? PathEffect.Blocked);
        return was == isNow ? null
            : isNow == PathEffect.Unknown ? FlowChangeKind.BecameUnknown
            : was == PathEffect.Unknown ? FlowChangeKind.BecameKnown
            : Passes(isNow) > Passes(was) ? FlowChangeKind.Opened : FlowChangeKind.Closed;

        static int Passes(PathEffect effect) => effect switch { PathEffect.Reachable => 2, PathEffect.Partial => 1, _ => 0 };
    }

    // What runs of the workloads in either estate, by the name under which it runs.
    private static List<(PathSource? Old, PathSource? Now)> Sources(ReachIndex was, ReachIndex isNow, IEnumerable<ResourceName> workloads)
    {
        var all = new SortedDictionary<ResourceName, (PathSource? Old, PathSource? Now)>();
        foreach (var workload in workloads.Order())
        {
            foreach (var source in was.Of(workload))
            {
                all.TryAdd(source.Workload.Name, (source, null));
            }

            foreach (var source in isNow.Of(workload))
            {
                var known = all.GetValueOrDefault(source.Workload.Name);
                all[source.Workload.Name] = (known.Old, known.Now ?? source);
            }
        }

        return [.. all.Values];
    }

    private static AttachmentReach? ReachOf(EstateView view, PathSource? source) => source is null || source.IsUnread ? null : AttachmentReach.Of(view, source);

    private static IEnumerable<(ReachTarget, FlowChangeKind, ValueList<(PathPart, PathEnd?, PathEnd?)>)> Between(AttachmentReach? left, PathSource? old, EstateView before, AttachmentReach? right, PathSource? now, EstateView after)
    {
        var (was, isNow) = (left is null ? null : PathWalk.Of(before, old!), right is null ? null : PathWalk.Of(after, now!));
        foreach (var (target, one, other) in Pairs(left, right))
        {
            if (ReferenceEquals(one, other) || !Differences(one?.Parts ?? Elsewhere(was, left, target), other?.Parts ?? Elsewhere(isNow, right, target)).Any())
            {
                continue;
            }

            // Now with what decides.
            var (then, since) = (one is null ? Elsewhere(was, left, target) : was!.Find(target).Parts, other is null ? Elsewhere(isNow, right, target) : isNow!.Find(target).Parts);
            foreach (var group in Differences(then, since).GroupBy(pair => KindOf(pair.Before?.Effect, pair.After?.Effect)!.Value).OrderBy(group => group.Key))
            {
                yield return (target, group.Key, group.ToValueList());
            }
        }
    }

    // What becomes of packets for a target that is not around where the workload enters now, or because it enters nowhere; nothing where the target itself has gone.
    private static ValueList<PathPart> Elsewhere(PathWalk? walk, AttachmentReach? reach, ReachTarget target) =>
        walk is not null && target.Resource is { } name && walk.View.Find<Resource>(name) is Lookup<Resource>.Found && !reach!.Targets.Any(item => item.Target.Resource == name) ? walk.Find(target).Parts : [];

    private static IEnumerable<(ReachTarget Target, PathAnswer? Before, PathAnswer? After)> Pairs(AttachmentReach? before, AttachmentReach? after)
    {
        if (before is not null && after is not null && before.Targets.Count == after.Targets.Count && Enumerable.Range(0, before.Targets.Count).All(i => before.Targets[i].Target == after.Targets[i].Target))
        {
            return before.Targets.Zip(after.Targets, (one, other) => (one.Target, (PathAnswer?)one.Answer, (PathAnswer?)other.Answer));
        }

        var (old, now) = (ByTarget(before), ByTarget(after));
        return old.Keys.Union(now.Keys).OrderBy(key => key.Resource).ThenBy(key => key.ShortName, StringComparer.Ordinal).ThenBy(key => key.Address).ThenBy(key => key.Port)
            .Select(key => (key, old.GetValueOrDefault(key), now.GetValueOrDefault(key)));
    }

    private static Dictionary<ReachTarget, PathAnswer> ByTarget(AttachmentReach? reach) => reach?.Targets.DistinctBy(pair => pair.Target).ToDictionary(pair => pair.Target, pair => pair.Answer) ?? [];

    private static ValueList<PathPart> From(ValueList<PathPart> parts, ValueList<PathPart> others)
    {
        var sources = AddressSet.Union(others.Select(part => part.Sources).OfType<AddressSet>());
        return sources.IsEmpty || parts.All(part => part.Sources is not null) ? parts : parts.Select(part => part with { Sources = part.Sources ?? sources }).ToValueList();
    }

    // Packets of both, of the first alone, and of the second alone.
    private static IEnumerable<(PathPart Packets, PathEnd? Before, PathEnd? After)> Differences(ValueList<PathPart> before, ValueList<PathPart> after)
    {
        // A workload that enters no network sends the same packets, from no address of one.
        (before, after) = (From(before, after), From(after, before));
        foreach (var part in before)
        {
            var rest = new PathSplitter(part, []);
            foreach (var other in after)
            {
                foreach (var both in rest.Cut(other))
                {
                    if (KindOf(part.End!.Effect, other.End!.Effect) is not null)
                    {
                        yield return (both, part.End, other.End);
                    }
                }
            }

            foreach (var gone in rest.Rest.Where(_ => KindOf(part.End!.Effect, null) is not null))
            {
                yield return (gone, part.End, null);
            }
        }

        foreach (var part in after)
        {
            var rest = new PathSplitter(part, []);
            foreach (var other in before)
            {
                rest.Cut(other);
            }

            foreach (var added in rest.Rest.Where(_ => KindOf(null, part.End!.Effect) is not null))
            {
                yield return (added, null, part.End);
            }
        }
    }
}
