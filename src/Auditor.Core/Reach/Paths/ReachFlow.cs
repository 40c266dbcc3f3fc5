using Auditor.Model;

namespace Auditor.Reach.Paths;

/// <summary>What becomes of everything that one source may send to one target.</summary>
public sealed record ReachFlow(PathSource Source, ReachTarget Target, PathAnswer Answer)
{
    /// <summary>Every flow from these sources to these targets, source by source. Sources that leave alike are followed once.</summary>
    public static IEnumerable<ReachFlow> All(EstateView view, IEnumerable<PathSource> sources, IReadOnlyList<ReachTarget> targets)
    {
        var known = new Dictionary<(VpcAccess? Access, string? Region), PathAnswer[]>();
        foreach (var source in sources)
        {
            if (source.IsUnread)
            {
                var unread = new PathAnswer([PathPart.Unread(source.Missing!)]);
                foreach (var target in targets)
                {
                    yield return new ReachFlow(source, target, unread);
                }

                continue;
            }

            var key = (source.Workload.VpcAccess, source.Workload.VpcAccess is null ? null : source.Region);
            if (!known.TryGetValue(key, out var answers))
            {
                var walk = PathWalk.Of(view, source);
                known[key] = answers = [.. targets.Select(target => walk.Find(target))];
            }

            for (var i = 0; i < targets.Count; i++)
            {
                yield return new ReachFlow(source, targets[i], answers[i]);
            }
        }
    }

    /// <summary>What decides, by its short name; the sender itself by its own. Null where nothing in particular does.</summary>
    public string? NameOf(PathDecider? decider) => decider == PathDecider.Sender ? Source.ShortName : decider?.Name;

    /// <summary>What decides, in words.</summary>
    public string? WordsOf(PathDecider? decider) => decider == PathDecider.Sender ? PathDecider.Of(Source.Workload.Name).Words : decider?.Words;
}
