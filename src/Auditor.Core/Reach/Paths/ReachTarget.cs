using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Something that workloads may want to reach, at one address and port.</summary>
/// <param name="ShortName">The last part of its name; "internet", "googleapis", or an address.</param>
/// <param name="Path">Null where it has no address that a network reaches.</param>
/// <param name="Protocol">IANA number; null together with <paramref name="Port"/> stands for every protocol.</param>
/// <param name="Port">Null stands for every port, or for a protocol without ports.</param>
public sealed record ReachTarget(string ShortName, ResourceName? Resource, PathTarget? Path, IpRange? Address, byte? Protocol, ushort? Port)
{
    public static ReachTarget Internet { get; } = new("internet", null, PathTarget.Internet, null, IpProtocol.Tcp, 443);

    public static ReachTarget GoogleApis { get; } = new("googleapis", null, PathTarget.GoogleApis, null, IpProtocol.Tcp, 443);

    /// <summary>The packets.</summary>
    public IntervalSet<uint> Traffic => Protocol is not { } protocol ? Network.Traffic.All
        : Port is { } port && IpProtocol.HasPorts(protocol) ? Network.Traffic.OfPorts(protocol, IntervalSet.Of(port, port))
        : Network.Traffic.OfProtocol(protocol);

    /// <summary>"tcp:5432", "tcp", "all".</summary>
    public string Service => Protocol is not { } protocol ? "all" : Port is { } port && IpProtocol.HasPorts(protocol) ? $"{IpProtocol.NameOf(protocol)}:{port}" : IpProtocol.NameOf(protocol);

    /// <summary>Whoever has an address.</summary>
    public static ReachTarget At(IpRange address, byte? protocol = null, ushort? port = null) => new(address.Address, null, PathTarget.At(address), address, protocol, port);

    /// <summary>The same at another port.</summary>
    public ReachTarget On(byte? protocol, ushort? port) => this with { Protocol = protocol, Port = port };

    /// <summary>Every target at its service ports, sorted by kind and name; then the internet and Google APIs.</summary>
    /// <param name="workloads">What they are configured to call tells the ports of VMs.</param>
    public static IReadOnlyList<ReachTarget> All(EstateView view, IEnumerable<Workload> workloads)
    {
        var called = workloads.SelectMany(workload => workload.Endpoints).Where(endpoint => endpoint is { Address: not null, Port: not null })
            .ToLookup(endpoint => endpoint.Address!.Value, endpoint => (ushort)endpoint.Port!.Value);
        return
        [
            .. view.OfKind<Instance>(ResourceKind.Instance).Items.SelectMany(machine => Of(machine, called)),
            .. view.OfKind<ForwardingRule>(ResourceKind.ForwardingRule).Items.SelectMany(rule => Of(rule, view)),
            .. view.OfKind<SqlInstance>(ResourceKind.SqlInstance).Items.Select(Of),
            .. view.OfKind<RedisInstance>(ResourceKind.RedisInstance).Items.SelectMany(Of),
            Internet,
            GoogleApis,
        ];
    }

    private static IEnumerable<ReachTarget> Of(Instance machine, ILookup<IpRange, ushort> called) =>
        from address in machine.NetworkInterfaces.Select(nic => nic.Address).OfType<IpRange>()
        where !address.IsV6
        let ports = called[address].Distinct().Order().ToList()
        from port in ports.Count == 0 ? [null] : ports.Select(port => (ushort?)port)
        select new ReachTarget(machine.Name.Id, machine.Name, PathTarget.Of(machine.Name, address), address, IpProtocol.Tcp, port);

    private static IEnumerable<ReachTarget> Of(ForwardingRule rule, EstateView view)
    {
        if ((!rule.IsPscEndpoint && rule.Scheme is not (LoadBalancingScheme.Internal or LoadBalancingScheme.InternalManaged)) || AddressBook.AddressOf(rule, view) is not { IsV6: false } address)
        {
            return [];
        }

        var protocol = rule.Protocol is { } word ? IpProtocol.TryParse(word.ToLowerInvariant()) ?? IpProtocol.Tcp : IpProtocol.Tcp;
        var ports = rule.IsPscEndpoint ? [443] : rule.AllPorts || rule.Ports.IsEmpty ? [null] : rule.Ports.Select(port => (ushort?)port.First);
        return ports.Select(port => new ReachTarget(rule.Name.Id, rule.Name, PathTarget.Of(rule.Name, address), address, protocol, port));
    }

    private static ReachTarget Of(SqlInstance sql) => new(
        sql.Name.Id, sql.Name, sql.PrivateAddress is { IsV6: false } address && sql.PrivateNetwork is not null ? PathTarget.Of(sql.Name, address) : null, sql.PrivateAddress, IpProtocol.Tcp, (ushort?)sql.Port);

    private static IEnumerable<ReachTarget> Of(RedisInstance redis) =>
        from at in new[] { (Address: redis.Host, Port: redis.Port ?? 6379), (Address: redis.ReadEndpoint, Port: redis.ReadEndpointPort ?? redis.Port ?? 6379) }.Distinct()
        where at.Address is { IsV6: false }
        select new ReachTarget(redis.Name.Id, redis.Name, PathTarget.Of(redis.Name, at.Address!.Value), at.Address, IpProtocol.Tcp, (ushort)at.Port);
}
