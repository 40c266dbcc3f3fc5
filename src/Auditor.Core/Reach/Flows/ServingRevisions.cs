using Auditor.Model;

namespace Auditor.Reach.Flows;

/// <summary>A revision other than the latest that a Cloud Run service still sends requests to, or shows under a tag URL.</summary>
/// <param name="Percent">0 for a revision that has only a tag URL.</param>
/// <param name="Revision">Null when it was not read; then <paramref name="Missing"/> says why.</param>
internal sealed record ServingRevision(ResourceName Name, int Percent, string? Tag, RunRevision? Revision, string? Missing);

/// <summary>Finds them.</summary>
internal static class ServingRevisions
{
    /// <summary>The serving revisions of a service that its traffic names, sorted by name; none for other workloads.</summary>
    public static IEnumerable<ServingRevision> Of(Workload workload, EstateView view)
    {
        if (workload is not RunService service)
        {
            yield break;
        }

        // What follows the latest, or is pinned to it, has the template's settings.
        var traffic = service.TrafficStatuses.IsEmpty ? service.Traffic : service.TrafficStatuses;
        foreach (var target in traffic.Where(target => !target.Latest && target.Revision is { } revision && revision != (service.LatestCreatedRevision ?? service.LatestReadyRevision) && (target.Percent > 0 || target.Tag is not null))
            .GroupBy(target => target.Revision!.Value).OrderBy(group => group.Key))
        {
            var percent = target.Sum(item => item.Percent);
            var tag = target.Select(item => item.Tag).FirstOrDefault(item => item is not null);
            yield return view.Find<RunRevision>(target.Key) switch
            {
                Lookup<RunRevision>.Found { Resource: var revision } => new ServingRevision(target.Key, percent, tag, revision, null),
                Lookup<RunRevision>.Unread { Reason: var reason } => new ServingRevision(target.Key, percent, tag, null, reason),
                _ => new ServingRevision(target.Key, percent, tag, null, "it is not among the revisions that are known"),
            };
        }
    }
}
