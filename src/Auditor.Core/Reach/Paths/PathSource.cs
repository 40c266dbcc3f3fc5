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

    /// <summary>"checkout", and for a revision other than the latest ready one "checkout/checkout-00003-abc".</summary>
    public string ShortName { get; init; } = Workload.Name.Id;

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
        if (workload is Function { RunService: { } underneath } function && view.Find<RunService>(underneath) is Lookup<RunService>.Found { Resource: var runs })
        {
            return Of(runs, view).Select(source => source with { ShortName = source.ShortName == runs.Name.Id ? function.Name.Id : source.ShortName });
        }

        if (workload is not RunService service)
        {
            return [new PathSource(workload, region, missing)];
        }

        var serving = service.ServingRevisions.ToList();
        return serving.Count == 0 ? [new PathSource(service, region, missing)] : serving.Select(name => view.Find<RunRevision>(name) switch
        {
            Lookup<RunRevision>.Found { Resource: var revision } => new PathSource(revision, region, missing) { ShortName = ShortNameOf(name) },

            // The newest revision has what the template says.
            _ when name == (service.LatestCreatedRevision ?? service.LatestReadyRevision) => new PathSource(service, region, missing),
            Lookup<RunRevision>.Unread { Reason: var reason } => Unread(name, reason),
            _ => Unread(name, "it is not among the revisions that are known"),
        });

        string ShortNameOf(ResourceName revision) => revision == service.LatestReadyRevision ? service.Name.Id : $"{service.Name.Id}/{revision.Id}";

        PathSource Unread(ResourceName name, string reason) => new(new RunRevision(name), region, $"revision {name.Id} was not read: {reason}") { ShortName = ShortNameOf(name), IsUnread = true };
    }
}
