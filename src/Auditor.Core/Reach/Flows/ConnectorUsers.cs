using Auditor.Model;

namespace Auditor.Reach.Flows;

/// <summary>Who uses a connector. A 2nd generation function and the Cloud Run service under it count once, as the function.</summary>
internal static class ConnectorUsers
{
    /// <summary>Kinds of workload whose current configuration may name a connector or a subnetwork; revisions repeat their service.</summary>
    public static readonly ResourceKind[] Kinds =
        [ResourceKind.RunService, ResourceKind.RunJob, ResourceKind.RunWorkerPool, ResourceKind.Function, ResourceKind.AppEngineVersion];

    /// <summary>The workloads that name <paramref name="target"/>, sorted by kind and name, and why there may be more.</summary>
    public static Listing<Workload> Of(EstateView view, ResourceName target)
    {
        var users = new List<Workload>();
        string? incomplete = null;
        foreach (var kind in Kinds)
        {
            var listing = view.Referrers<Workload>(kind, target);
            incomplete ??= listing.Incomplete;
            users.AddRange(listing.Items);
        }

        var underFunctions = users.OfType<Function>().Select(function => function.RunService).OfType<ResourceName>().ToHashSet();
        users.RemoveAll(user => underFunctions.Contains(user.Name));
        return new Listing<Workload>(users, incomplete);
    }
}
