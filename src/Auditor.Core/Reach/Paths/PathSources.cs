using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>A workload whose packets are followed: what runs now, not what a template would make next.</summary>
/// <param name="Workload">The service (its template is what its latest revision has), a revision, job, worker pool, function or App Engine version.</param>
/// <param name="Region">Null when it is not known.</param>
/// <param name="Missing">Why it is not known how the workload leaves, or where it runs; null when it is.</param>
public sealed record PathSource(Workload Workload, string? Region, string? Missing)
{
    /// <summary>Whether the configuration itself was not read.</summary>
    public bool IsUnread { get; init; }

    /// <summary>"checkout", and for a revision other than the latest "checkout/checkout-00003-abc".</summary>
    public string ShortName => Workload is RunRevision { Name: { Parent: { } parent } name } ? $"{parent.Id}/{name.Id}" : Workload.Name.Id;

    /// <summary>All that runs, sorted by kind and name, and why there may be more.</summary>
    public static (IReadOnlyList<PathSource> Sources, string? Incomplete) All(EstateView view)
    {
        var sources = new List<PathSource>();
        string? incomplete = null;
        foreach (var kind in ConnectorUsers.Kinds)
        {
            var workloads = view.OfKind<Workload>(kind);
            incomplete ??= workloads.Incomplete;
            sources.AddRange(workloads.Items.Where(workload => WorkloadScope.WhyOutside(workload, view) is null).SelectMany(workload => Of(workload, view)));
        }

        return (sources, incomplete);
    }

    /// <summary>What of a workload runs now.</summary>
    public static IEnumerable<PathSource> Of(Workload workload, EstateView view)
    {
        var region = WorkloadScope.RegionOf(workload, view, out var missing);
        if (workload is not RunService service)
        {
            return [new PathSource(workload, region, missing)];
        }

        // A template whose revision gets no traffic sends nothing.
        var latest = service.LatestCreatedRevision ?? service.LatestReadyRevision;
        var isServing = service.ServingRevisions.ToList() is var serving && (serving.Count == 0 || latest is null || serving.Contains(latest.Value));
        return (isServing ? [new PathSource(service, region, missing)] : (IEnumerable<PathSource>)[]).Concat(ServingRevisions.Of(service, view).Select(revision => revision.Revision is { } found
            ? new PathSource(found, region, missing)
            : new PathSource(new RunRevision(revision.Name), region, $"revision {revision.Name.Id} was not read: {revision.Missing}") { IsUnread = true }));
    }
}
