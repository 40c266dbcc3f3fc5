using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Flows;

/// <summary>
/// The whole paths of the connections that a workload is configured to make: to private addresses, to names that private zones give one, and to Cloud SQL
/// instances by their connection name where these have no public address.
/// </summary>
public static class IntendedPaths
{
    // Services on these ports speak TCP alone.
    private static readonly HashSet<int> s_tcpOnly = [22, 80, 443, 1433, 1521, 3306, 3307, 5432, 5433, 6378, 6379, 8080, 8443, 9042, 9092, 9200, 27017];

    // Cloud SQL's connectors and the Auth Proxy, which the sockets of Cloud Run are made of too.
    private const ushort SqlProxyPort = 3307;

    /// <summary>One flow for each address, name or instance in its variables, sorted as they are there. Where the port does not tell TCP from UDP, the one that fares better.</summary>
    public static IEnumerable<ReachFlow> Of(Workload workload, EstateView view)
    {
        var region = WorkloadScope.RegionOf(workload, view, out var missing);
        var source = new PathSource(workload, region, missing);
        PathWalk? walk = null;
        foreach (var endpoint in workload.Endpoints.Concat(Sockets(workload)))
        {
            walk ??= PathWalk.Of(view, source);
            if (TargetOf(endpoint, walk, view) is not { Port: { } port } target)
            {
                continue;
            }

            var answer = walk.Find(target);
            if (answer.Disposition != PathEffect.Reachable && !s_tcpOnly.Contains(port) && walk.Find(target.On(IpProtocol.Udp, port)) is { Disposition: PathEffect.Reachable } other)
            {
                answer = other;
            }

            yield return new ReachFlow(source, target, answer);
        }
    }

    // What names no private address, as far as is known, is left out.
    private static ReachTarget? TargetOf(Endpoint endpoint, PathWalk walk, EstateView view)
    {
        if (endpoint.Port is not { } number)
        {
            return SqlBy(endpoint.Host, view) is { Ipv4Enabled: false, PrivateAddress: { IsV6: false } at } sql
                ? new ReachTarget(endpoint.Host, sql.Name, PathTarget.Of(sql.Name, at), at, IpProtocol.Tcp, SqlProxyPort) : null;
        }

        if (endpoint.Address is { IsV6: false } address)
        {
            var path = ServiceAt(address, view) is { } service ? PathTarget.Of(service, address) : PathTarget.At(address);
            return new ReachTarget(endpoint.ToString(), path.Resource, path, address, IpProtocol.Tcp, (ushort)number);
        }

        return endpoint.Address is null && walk.Attachment?.Network is { } network && NameResolution.Of(view, network, endpoint.Host) is ResolvedName.Addresses { Set: var set } && set.Except(AddressSet.Private).IsEmpty
            ? ReachTarget.Named(endpoint.Host, IpProtocol.Tcp, (ushort)number) with { ShortName = endpoint.ToString() } : null;
    }

    private static IEnumerable<Endpoint> Sockets(Workload workload) => workload is RunWorkload { CloudSqlInstances: var instances } ? instances.Select(name => new Endpoint(name, null)).Where(socket => !workload.Endpoints.Contains(socket)) : [];

    /// <summary>The Cloud SQL instance of a connection name, "project:region:instance"; null when none is known.</summary>
    public static SqlInstance? SqlBy(string connectionName, EstateView view) => connectionName.LastIndexOf(':') is > 0 and var colon
        ? view.OfKind<SqlInstance>(ResourceKind.SqlInstance).Items.FirstOrDefault(sql => sql.Name.Id == connectionName[(colon + 1)..] && (sql.ConnectionName ?? $"{sql.Name.Project}:{sql.Region}:{sql.Name.Id}") == connectionName)
        : null;

    // A managed service is known by its address also where no route leads to it; not where several have the address.
    private static ResourceName? ServiceAt(IpRange address, EstateView view)
    {
        var services = ManagedEndpoint.Kinds.SelectMany(kind => view.OfKind<Resource>(kind).Items).Where(service => ManagedEndpoint.Of(service, view).Any(endpoint => endpoint.Address == address)).Take(2).ToList();
        return services is [var only] ? only.Name : null;
    }
}
