using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Who has which IPv4 address in a network: VMs, internal forwarding rules, and managed services that are reached through the network's peerings. Immutable.</summary>
/// <param name="WhyUnread">Why others may be there; null when all are known.</param>
internal sealed record AddressBook(string? WhyUnread)
{
    private readonly Dictionary<uint, Occupant> _byAddress = [];
    private readonly List<(IpRange Range, Occupant Occupant)> _aliases = [];

    /// <summary>Managed services that are reached over a peering: no subnetwork of the network has their addresses.</summary>
    public required IReadOnlyList<ManagedEndpoint> Peered { get; init; }

    /// <summary>Endpoints for Google APIs.</summary>
    public required IReadOnlyList<(IpRange Address, ForwardingRule Endpoint)> GoogleApiEndpoints { get; init; }

    public static AddressBook Of(EstateView view, ResourceName network) =>
        view.Derive(network, inner => Collect(inner, network));

    /// <summary>Who has an address; null when nobody is known to.</summary>
    public Occupant? Find(IpRange address) => address.IsV6 ? null
        : _byAddress.TryGetValue((uint)address.First, out var exact) ? exact
        : _aliases.Find(alias => alias.Range.Contains(address)).Occupant;

    /// <summary>Who has which of some addresses; an alias range as one.</summary>
    public IEnumerable<(IpRange At, Occupant Occupant)> Within(AddressSet addresses) => _byAddress.Select(pair => (At: IpRange.Of(isV6: false, pair.Key, 32), Occupant: pair.Value)).OrderBy(pair => pair.At)
        .Concat(_aliases.Select(alias => (alias.Range, alias.Occupant))).Where(pair => addresses.Overlaps(AddressSet.Of(pair.Item1)));

    /// <summary>The addresses that running VMs and internal forwarding rules have, of those asked about.</summary>
    public AddressSet Taken(AddressSet among) => AddressSet.Of(
        _byAddress.Where(pair => IsTaken(pair.Value)).Select(pair => IpRange.Of(isV6: false, pair.Key, 32)).Concat(_aliases.Where(alias => IsTaken(alias.Occupant)).Select(alias => alias.Range))).Intersect(among);

    /// <summary>The addresses that nodes hold for the pods of a cluster.</summary>
    public AddressSet PodsOf(ResourceName cluster) => AddressSet.Of(_aliases.Where(alias => alias.Occupant is Occupant.Machine { Cluster.Name: var name } && name == cluster).Select(alias => alias.Range));

    private static bool IsTaken(Occupant occupant) => occupant is Occupant.Machine { Instance.Status: null or "RUNNING" } or Occupant.Front or Occupant.Managed { Endpoint.IsPeered: false };

    private static AddressBook Collect(EstateView view, ResourceName network)
    {
        var machines = view.Referrers<Instance>(ResourceKind.Instance, network);
        var rules = view.Referrers<ForwardingRule>(ResourceKind.ForwardingRule, network);
        var managed = ManagedEndpoint.In(view, network).OrderBy(endpoint => endpoint.Address).ThenBy(endpoint => endpoint.Service.Name).ToList();
        var book = new AddressBook(
            machines.Incomplete is { } some ? $"VMs of network {network.Id} could not all be listed: {some}"
            : rules.Incomplete is { } others ? $"forwarding rules of network {network.Id} could not all be listed: {others}" : null)
        {
            GoogleApiEndpoints = [.. rules.Items.Where(rule => rule.TargetBundle is not null).Select(rule => (AddressOf(rule, view), rule)).Where(pair => pair.Item1 is { IsV6: false }).Select(pair => (pair.Item1!.Value, pair.rule))],
            Peered = managed.FindAll(endpoint => endpoint.IsPeered),
        };
        var clusters = view.Referrers<GkeCluster>(ResourceKind.GkeCluster, network).Items.Where(cluster => cluster.Network == network).Select(cluster => (Cluster: cluster, Pods: PodRanges.Of(cluster, view))).ToList();
        foreach (var machine in machines.Items)
        {
            foreach (var nic in machine.NetworkInterfaces.Where(nic => nic.Network == network))
            {
                if (nic.Address is { IsV6: false } address)
                {
                    book._byAddress.TryAdd((uint)address.First, new Occupant.Machine(machine, address));
                }

                book._aliases.AddRange(nic.AliasRanges.Where(range => !range.IsV6).Select(range => (range, (Occupant)new Occupant.Machine(machine, null, clusters.Find(pair => pair.Pods.Contains(range)).Cluster))));
            }
        }

        foreach (var rule in rules.Items.Where(rule => rule.IsPscEndpoint || rule.Scheme is LoadBalancingScheme.Internal or LoadBalancingScheme.InternalManaged))
        {
            if (AddressOf(rule, view) is { IsV6: false } address)
            {
                // Several rules may share an address, each with its own ports.
                book._byAddress[(uint)address.First] = book._byAddress.GetValueOrDefault((uint)address.First) is Occupant.Front front
                    ? new Occupant.Front([.. front.Rules, rule])
                    : new Occupant.Front([rule]);
            }
        }

        foreach (var endpoint in managed)
        {
            // A control plane's address may be listed as an endpoint too, which does not say whom it lets in.
            if (!book._byAddress.TryAdd((uint)endpoint.Address.First, new Occupant.Managed(endpoint)) && endpoint is { Service: GkeCluster, Way: ServiceWay.OwnAddress })
            {
                book._byAddress[(uint)endpoint.Address.First] = new Occupant.Managed(endpoint);
            }
        }

        return book;
    }

    /// <summary>The address of a forwarding rule, also where it names an address resource; null when that is not known.</summary>
    internal static IpRange? AddressOf(ForwardingRule rule, EstateView view) => rule.IpAddress
        ?? (rule.AddressName is { } name && view.Find<Address>(name) is Lookup<Address>.Found { Resource.Range: { } range } ? range : null);
}

/// <summary>Who has an address.</summary>
internal abstract record Occupant
{
    private Occupant()
    {
    }

    /// <summary>A VM; its interface's own address, or null for one of its alias ranges. The cluster whose pods have that; null for other ranges.</summary>
    public sealed record Machine(Instance Instance, IpRange? Address, GkeCluster? Cluster = null) : Occupant;

    /// <summary>Internal load balancers or Private Service Connect endpoints: one rule, or several that share the address.</summary>
    public sealed record Front(ValueList<ForwardingRule> Rules) : Occupant;

    /// <summary>A service that Google runs in a network of its own.</summary>
    public sealed record Managed(ManagedEndpoint Endpoint) : Occupant;
}
