using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>Holds intents against an estate: whom they are about, and what is wrong with them that only an estate shows.</summary>
public static class IntentCheck
{
    /// <summary>The workloads that may be sources, sorted by kind and name. A function stands for the Cloud Run service under it.</summary>
    public static IReadOnlyList<Workload> Workloads(EstateView view) =>
        [.. ConnectorUsers.Kinds.SelectMany(kind => view.OfKind<Workload>(kind).Items).Where(workload => WorkloadScope.WhyOutside(workload, view) is null)];

    /// <summary>Intents of which a part names nothing: one sentence each.</summary>
    public static IEnumerable<string> NamesNothing(Intents intents, EstateView view)
    {
        var workloads = Workloads(view);
        var targets = ReachTarget.All(view, []).Where(target => target.Resource is not null).ToList();
        foreach (var (origin, name, from) in intents.Flows.Select(flow => (flow.Origin, flow.Name, flow.From)).Concat(intents.Egress.Select(egress => (egress.Origin, egress.Name, egress.From))))
        {
            if (!workloads.Any(from.Matches))
            {
                yield return $"{origin}: 'from' of {name} is '{from}', which is no workload here{Nearest(from.Name, workloads.Select(workload => workload.Name.Id))}.";
            }
        }

        foreach (var flow in intents.Flows.Where(flow => flow.To is IntentTarget.Resources && flow.To.Find(view, null).Targets.Count == 0))
        {
            yield return $"{flow.Origin}: 'to' of {flow.Name} is '{flow.To}', which is no target here{Nearest(((IntentTarget.Resources)flow.To).Which.Name, targets.Select(target => target.ShortName))}.";
        }
    }

    /// <summary>Intents that contradict each other in this estate, however differently they select: one sentence each.</summary>
    public static IEnumerable<string> Contradictions(Intents intents, EstateView view)
    {
        var workloads = Workloads(view);
        foreach (var must in intents.Flows.Where(flow => flow.Demand == FlowDemand.Must))
        {
            foreach (var never in intents.Flows.Where(flow => flow.Demand == FlowDemand.Never))
            {
                if (workloads.FirstOrDefault(workload => must.From.Matches(workload) && never.From.Matches(workload)) is { } both && Meeting(must, never, view) is { } target)
                {
                    yield return $"{must.Origin}: {must.Name} must work, and by {never.Origin} ({never.Name}) it must never: both are about {both.Name.Id} and {target}; one of the two is wanted.";
                }
            }
        }

        for (var i = 0; i < intents.Egress.Count; i++)
        {
            foreach (var other in intents.Egress.Skip(i + 1))
            {
                if (workloads.FirstOrDefault(workload => intents.Egress[i].From.Matches(workload) && other.From.Matches(workload)) is { } both)
                {
                    yield return $"{other.Origin}: {other.Name} gives addresses to {both.Name.Id}, which by {intents.Egress[i].Origin} ({intents.Egress[i].Name}) has others; one of the two is wanted.";
                }
            }
        }
    }

    // A target that both mean, at a port that both mean; null when there is none.
    private static string? Meeting(FlowIntent must, FlowIntent never, EstateView view)
    {
        var forbidden = never.To.Find(view, null).Targets.SelectMany(target => target).ToList();
        foreach (var target in must.To.Find(view, null).Targets.SelectMany(target => target))
        {
            var traffic = (must.Traffic ?? target.Traffic).Intersect(never.Traffic!.Value);
            if (!traffic.IsEmpty && forbidden.Exists(other => Same(target, other)))
            {
                return $"{target.ShortName} at {string.Join(", ", traffic.Intervals.SelectMany(TrafficPiece.Of).Take(3))}";
            }
        }

        return null;
    }

    private static bool Same(ReachTarget one, ReachTarget other) => one.Path is { } path && other.Path is { } otherPath
        && (one.Resource is not null && other.Resource is not null ? one.Resource == other.Resource && path.Addresses.Overlaps(otherPath.Addresses)
            : path.Kind == PathTargetKind.GoogleApis || otherPath.Kind == PathTargetKind.GoogleApis ? path.Kind == otherPath.Kind
            : path.Addresses.Overlaps(otherPath.Addresses));

    private static string Nearest(string? text, IEnumerable<string> names) =>
        text is not null && NameSearch.Near(text, names) is { Count: > 0 } near ? $"; did you mean {string.Join(" or ", near)}" : "";
}
