using Auditor.Model;

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
    /// <summary>Every flow that fares differently, source by source. Attachments that no change could touch are not looked at again.</summary>
    public static IReadOnlyList<FlowChange> Between(EstateView before, EstateView after)
    {
        var (old, now) = (ByName(before), ByName(after));
        var known = new Dictionary<(AttachmentReach?, AttachmentReach?), List<(ReachTarget Target, FlowChangeKind Kind, ValueList<(PathPart, PathEnd?, PathEnd?)> Packets)>>();
        var changes = new List<FlowChange>();
        foreach (var name in old.Keys.Union(now.Keys).Order())
        {
            var (was, isNow) = (old.GetValueOrDefault(name), now.GetValueOrDefault(name));
            var (left, right) = (ReachOf(before, was), ReachOf(after, isNow));
            if (ReferenceEquals(left, right))
            {
                continue;
            }

            if (!known.TryGetValue((left, right), out var found))
            {
                known[(left, right)] = found = [.. Between(left, right)];
            }

            changes.AddRange(found.Select(change => new FlowChange(isNow ?? was!, change.Target, change.Kind, change.Packets)));
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

    private static Dictionary<ResourceName, PathSource> ByName(EstateView view) => PathSource.All(view).Sources.DistinctBy(source => source.Workload.Name).ToDictionary(source => source.Workload.Name);

    private static AttachmentReach? ReachOf(EstateView view, PathSource? source) => source is null || source.IsUnread ? null : AttachmentReach.Of(view, source);

    private static IEnumerable<(ReachTarget, FlowChangeKind, ValueList<(PathPart, PathEnd?, PathEnd?)>)> Between(AttachmentReach? before, AttachmentReach? after)
    {
        var (old, now) = (ByTarget(before), ByTarget(after));
        foreach (var key in old.Keys.Union(now.Keys).OrderBy(key => key.Resource).ThenBy(key => key.ShortName, StringComparer.Ordinal).ThenBy(key => key.Address).ThenBy(key => key.Port))
        {
            var (was, isNow) = (old.GetValueOrDefault(key), now.GetValueOrDefault(key));
            foreach (var group in Differences(was?.Parts ?? [], isNow?.Parts ?? []).GroupBy(pair => KindOf(pair.Before?.Effect, pair.After?.Effect)!.Value).OrderBy(group => group.Key))
            {
                yield return (key, group.Key, group.ToValueList());
            }
        }
    }

    private static Dictionary<ReachTarget, PathAnswer> ByTarget(AttachmentReach? reach) => reach?.Targets.DistinctBy(pair => pair.Target).ToDictionary(pair => pair.Target, pair => pair.Answer) ?? [];

    // Packets of both, of the first alone, and of the second alone.
    private static IEnumerable<(PathPart Packets, PathEnd? Before, PathEnd? After)> Differences(ValueList<PathPart> before, ValueList<PathPart> after)
    {
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
