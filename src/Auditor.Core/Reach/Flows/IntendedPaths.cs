using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Flows;

/// <summary>The whole paths of the connections that a workload is configured to make to private addresses.</summary>
internal static class IntendedPaths
{
    // Services on these ports speak TCP alone.
    private static readonly HashSet<int> s_tcpOnly = [22, 80, 443, 1433, 1521, 3306, 3307, 5432, 5433, 6378, 6379, 8080, 8443, 9042, 9092, 9200, 27017];

    /// <summary>One flow for each private address and port in its variables, sorted as they are there. Where the port does not tell TCP from UDP, the one that fares better.</summary>
    public static IEnumerable<ReachFlow> Of(Workload workload, EstateView view)
    {
        var region = WorkloadScope.RegionOf(workload, view, out var missing);
        var source = new PathSource(workload, region, missing);
        PathWalk? walk = null;
        foreach (var endpoint in workload.Endpoints)
        {
            if (endpoint is not { Address: { IsV6: false } address, Port: { } port })
            {
                continue;
            }

            walk ??= PathWalk.Of(view, source);
            var path = ServiceAt(address, view) is { } service ? PathTarget.Of(service, address) : PathTarget.At(address);
            var target = new ReachTarget(endpoint.ToString(), path.Resource, path, address, IpProtocol.Tcp, (ushort)port);
            var answer = walk.Find(target);
            if (answer.Disposition != PathEffect.Reachable && !s_tcpOnly.Contains(port) && walk.Find(target.On(IpProtocol.Udp, (ushort)port)) is { Disposition: PathEffect.Reachable } other)
            {
                answer = other;
            }

            yield return new ReachFlow(source, target, answer);
        }
    }

    // A managed service is known by its address also where no route leads to it; not where several have the address.
    private static ResourceName? ServiceAt(IpRange address, EstateView view)
    {
        var services = ManagedEndpoint.Kinds.SelectMany(kind => view.OfKind<Resource>(kind).Items).Where(service => ManagedEndpoint.Of(service, view).Any(endpoint => endpoint.Address == address)).Take(2).ToList();
        return services is [var only] ? only.Name : null;
    }
}
