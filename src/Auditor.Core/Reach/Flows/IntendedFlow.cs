using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Flows;

/// <summary>A connection that a workload is configured to make to a private address.</summary>
/// <param name="Target">The VM with the address in the same network, whose ingress rules then count; null for anything else.</param>
/// <param name="TargetMissing">Why there may be such a VM all the same; null when there is none.</param>
public sealed record IntendedFlow(Workload Workload, FlowSource Source, IpRange Address, ushort Port, Instance? Target, string? TargetMissing)
{
    /// <summary>"10.5.0.3:5432".</summary>
    public string Endpoint => $"{Address.Address}:{Port}";

    /// <summary>The target in words: "10.5.0.3:5432 (VM db)".</summary>
    public string TargetWords => Target is { } vm ? $"{Endpoint} (VM {vm.Name.Id})" : Endpoint;

    /// <summary>The connections of a workload whose endpoints are private addresses; each once.</summary>
    public static IEnumerable<IntendedFlow> Of(Workload workload, FlowSource source, EstateView view)
    {
        foreach (var endpoint in workload.Endpoints)
        {
            if (endpoint is { Address: { } address, Port: { } port })
            {
                var (target, missing) = TargetAt(address, source.Network, view);
                yield return new IntendedFlow(workload, source, address, (ushort)port, target, missing);
            }
        }
    }

    // Services on these ports speak TCP alone.
    private static readonly HashSet<ushort> s_tcpOnly = [22, 80, 443, 1433, 1521, 3306, 5432, 5433, 6378, 6379, 8080, 8443, 9042, 9092, 9200, 27017];

    /// <summary>
    /// What the firewalls on both sides do to it, over the usable addresses of its source. A variable does not say whether TCP or UDP is meant: where the
    /// port does not tell either, the flow is open when one of the two is.
    /// </summary>
    /// <param name="firewall">The network's firewall in the region of a machine; null for a region that is not known.</param>
    public FlowOutcome Judge(Func<string?, EffectiveFirewall> firewall)
    {
        var tcp = Judge(firewall, IpProtocol.Tcp);
        if (tcp.IsReachable || s_tcpOnly.Contains(Port))
        {
            return tcp;
        }

        var udp = Judge(firewall, IpProtocol.Udp);
        var blocked = tcp.Blocked.Intersect(udp.Blocked);
        return tcp with { Blocked = blocked, Unknown = tcp.Unknown.Union(tcp.Blocked).Intersect(udp.Unknown.Union(udp.Blocked)).Except(blocked), Reasons = udp.IsReachable ? [] : tcp.Reasons };
    }

    private FlowOutcome Judge(Func<string?, EffectiveFirewall> firewall, byte protocol)
    {
        var traffic = Traffic.OfPorts(protocol, IntervalSet.Of(Port, Port));
        var (blocked, unknown) = (AddressSet.None, AddressSet.None);
        var reasons = new List<(string Side, FirewallDecision Decision)>();
        foreach (var slice in firewall(Source.Region).Slices(TrafficDirection.Egress, Source.End))
        {
            var decision = slice.Decide(protocol, Port, Address, FirewallEnd.Anywhere);
            Note("egress", decision, slice.Own!.Value);
        }

        if (Target is { } vm)
        {
            var own = new FirewallEnd(AddressSet.Of(Address), vm.Tags, vm.ServiceAccounts is [var account, ..] ? account : null);
            foreach (var (decision, packets) in firewall(vm.Region).Answer(TrafficDirection.Ingress, own, Source.Peer, traffic).Decisions)
            {
                Note("ingress", decision, packets.Peers);
            }
        }

        return new FlowOutcome(blocked, unknown.Except(blocked), reasons.Distinct().ToValueList());

        void Note(string side, FirewallDecision decision, AddressSet sources)
        {
            if (decision.Effect == FirewallEffect.Allow)
            {
                return;
            }

            reasons.Add((side, decision));
            if (decision.Effect == FirewallEffect.Deny)
            {
                blocked = blocked.Union(sources);
            }
            else
            {
                unknown = unknown.Union(sources);
            }
        }
    }

    private static (Instance? Target, string? Missing) TargetAt(IpRange address, ResourceName network, EstateView view)
    {
        var machines = view.Referrers<Instance>(ResourceKind.Instance, network);
        var target = machines.Items.FirstOrDefault(vm => vm.NetworkInterfaces.Any(nic => nic.Network == network && nic.Address == address));
        return (target, target is null && machines.Incomplete is { } incomplete ? $"VMs of network {network.Id} could not all be listed: {incomplete}" : null);
    }
}

/// <summary>What becomes of a connection.</summary>
/// <param name="Blocked">The source addresses from which it fails.</param>
/// <param name="Unknown">Those from which it may.</param>
/// <param name="Reasons">Which side's firewall, and what it decides; only where that is not to allow.</param>
public sealed record FlowOutcome(AddressSet Blocked, AddressSet Unknown, ValueList<(string Side, FirewallDecision Decision)> Reasons)
{
    public bool IsReachable => Blocked.IsEmpty && Unknown.IsEmpty;

    /// <summary>Everything that is not known about it.</summary>
    public string Missing => string.Join("; ", Reasons.SelectMany(reason => reason.Decision.Because).Distinct(StringComparer.Ordinal));

    /// <summary>What blocks it, in words.</summary>
    public string BlockedBy => string.Join(" and ", Reasons.Where(reason => reason.Decision.Effect == FirewallEffect.Deny).Select(reason => $"{reason.Side} is denied by {reason.Decision.DecidedBy}"));
}
