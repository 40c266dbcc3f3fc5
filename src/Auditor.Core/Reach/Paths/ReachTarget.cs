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
    /// <summary>The name that is asked for instead of an address; what it means depends on the sender's network. Null for other targets.</summary>
    public string? HostName { get; init; }

    /// <summary>Whoever a host name means.</summary>
    public static ReachTarget Named(string name, byte? protocol = IpProtocol.Tcp, ushort? port = null) => new(name, null, null, null, protocol, port) { HostName = name };

    public static ReachTarget Internet { get; } = new("internet", null, PathTarget.Internet, null, IpProtocol.Tcp, 443);

    public static ReachTarget GoogleApis { get; } = new("googleapis", null, PathTarget.GoogleApis, null, IpProtocol.Tcp, 443);

    /// <summary>Whether it is asked for at every port because none of its own is known.</summary>
    public bool IsWithoutPort => Protocol is { } protocol && Port is null && IpProtocol.HasPorts(protocol);

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
    /// <param name="workloads">What they are configured to call tells the ports of VMs, beside the load balancers in front of them; a VM of which nobody tells one is asked for at every TCP port.</param>
    public static IReadOnlyList<ReachTarget> All(EstateView view, IEnumerable<Workload> workloads)
    {
        var called = workloads.SelectMany(workload => workload.Endpoints).Where(endpoint => endpoint is { Address: not null, Port: not null })
            .ToLookup(endpoint => endpoint.Address!.Value, endpoint => (ushort)endpoint.Port!.Value);
        return
        [
            .. view.OfKind<Instance>(ResourceKind.Instance).Items.SelectMany(machine => Of(machine, called, view)),
            .. view.OfKind<ForwardingRule>(ResourceKind.ForwardingRule).Items.SelectMany(rule => Of(rule, view)),
            .. ManagedEndpoint.Kinds.SelectMany(kind => view.OfKind<Resource>(kind).Items).SelectMany(service => Of(service, view)),
            .. view.OfKind<GkeCluster>(ResourceKind.GkeCluster).Items.SelectMany(cluster => PodsOf(cluster, view)),
            Internet,
            GoogleApis,
        ];
    }

    /// <summary>Every target in one network: VMs at every port, the rest at its service ports.</summary>
    internal static IEnumerable<ReachTarget> In(EstateView view, ResourceName network) =>
    [
        .. view.Referrers<Instance>(ResourceKind.Instance, network).Items.SelectMany(machine => machine.NetworkInterfaces.Where(nic => nic.Network == network && nic.Address is { IsV6: false })
            .Select(nic => new ReachTarget(machine.Name.Id, machine.Name, PathTarget.Of(machine.Name, nic.Address!.Value), nic.Address, null, null))),
        .. view.Referrers<ForwardingRule>(ResourceKind.ForwardingRule, network).Items.SelectMany(rule => Of(rule, view)),
        .. ManagedEndpoint.In(view, network).Select(endpoint =>
            new ReachTarget(endpoint.Service.Name.Id, endpoint.Service.Name, PathTarget.Of(endpoint.Service.Name, endpoint.Address), endpoint.Address, IpProtocol.Tcp, endpoint.UsualPort)),
        .. view.Referrers<GkeCluster>(ResourceKind.GkeCluster, network).Items.Where(cluster => cluster.Network == network).SelectMany(cluster => PodsOf(cluster, view)),
    ];

    // At every TCP port: which of them pods serve, no list says.
    private static IEnumerable<ReachTarget> PodsOf(GkeCluster cluster, EstateView view) => PodRanges.Of(cluster, view) is { IsEmpty: false } ranges
        ? [new ReachTarget($"{cluster.Name.Id}/pods", cluster.Name, PathTarget.Pods(cluster.Name, ranges), null, IpProtocol.Tcp, null)] : [];

    // What a rule lets in is not what a machine serves: a service that is shut off would not be asked for. So only callers and load balancers tell ports.
    private static IEnumerable<ReachTarget> Of(Instance machine, ILookup<IpRange, ushort> called, EstateView view) =>
        from address in machine.NetworkInterfaces.Select(nic => nic.Address).OfType<IpRange>()
        where !address.IsV6
        let ports = called[address].Concat(Backends.PortsOf(machine, view)).Distinct().Order().ToList()
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

    private static IEnumerable<ReachTarget> Of(Resource service, EstateView view)
    {
        // A control plane without an address in the network is reached as the internet is.
        if (service is GkeCluster { PrivateEndpoint: null })
        {
            return [];
        }

        var own = ManagedEndpoint.Of(service, view).Select(endpoint => (endpoint.Address, endpoint.UsualPort));
        var byEndpoint = service is SqlInstance { PscServiceAttachment: { } attachment } sql
            ? view.Referrers<ForwardingRule>(ResourceKind.ForwardingRule, attachment).Items.Select(rule => AddressBook.AddressOf(rule, view)).OfType<IpRange>().Where(address => !address.IsV6).Select(address => (address, (ushort?)sql.Port))
            : [];
        var all = own.Concat(byEndpoint).Distinct().ToList();
        return all.Count == 0
            ? [new ReachTarget(service.Name.Id, service.Name, null, null, IpProtocol.Tcp, null)]
            : all.Select(at => new ReachTarget(service.Name.Id, service.Name, PathTarget.Of(service.Name, at.Item1), at.Item1, IpProtocol.Tcp, at.Item2));
    }
}
