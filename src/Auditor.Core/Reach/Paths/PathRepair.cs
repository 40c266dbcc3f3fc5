using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>
/// The smallest changes that open a blocked path, tried on the estate with them: whether they do, and which other flows of the network they open or
/// close besides.
/// </summary>
/// <param name="Fixes">In the order in which the causes are met; empty where nothing that can be proposed helps.</param>
/// <param name="Helps">Whether the path is open with them; null where a change cannot be imagined or leaves something unknown.</param>
/// <param name="OpensMore">Flows beyond the path that they would open too.</param>
/// <param name="Closes">Flows that they would close.</param>
/// <param name="MustChange">What must change besides that no fix here does; null when nothing does.</param>
public sealed record PathRepair(ValueList<PathFix> Fixes, bool? Helps, ValueList<FlowChange> OpensMore, ValueList<FlowChange> Closes, string? MustChange)
{
    private const int MostFixes = 6;

    /// <summary>Looks for the changes; null when nothing blocks the path.</summary>
    public static PathRepair? Of(Estate estate, PathSource source, ReachTarget target, DateTimeOffset at)
    {
        var before = new EstateView(estate, at);
        var (repaired, sender, fixes) = (estate, source, new List<PathFix>());
        while (true)
        {
            var now = new EstateView(repaired, at);
            var walk = PathWalk.Of(now, sender);
            var answer = walk.Find(target);
            if (answer.Of(PathEffect.Blocked).Concat(answer.Of(PathEffect.Partial)).OrderBy(part => part.End!.Stage).FirstOrDefault() is not { } blocked)
            {
                return fixes.Count == 0 ? null : Proved(answer.Disposition == PathEffect.Reachable ? true : null, null);
            }

            var (fix, mustChange) = sender.IsUnread ? (null, null) : Next(now, sender, target, walk, blocked);
            if (fix is null || fixes.Count == MostFixes || fixes.Exists(other => other.Change?.Name == fix.Change?.Name && other.Gcloud == fix.Gcloud))
            {
                // A rule that is denied all the same stands behind what no VPC rule comes before.
                var isVain = fix is not null && blocked.End!.Reason == PathReason.FirewallRule && fixes.Remove(fixes.Find(other => other.Gcloud == fix.Gcloud)!);
                return Proved(false, isVain ? $"no VPC rule can open it: {blocked.End!.DecidedBy} must change" : mustChange ?? $"{blocked.End!.DecidedBy} must change");
            }

            fixes.Add(fix);
            if (fix.Change is not { } change)
            {
                return Proved(null, null);
            }

            repaired = repaired.With([change]);
            sender = change.Resource is Workload workload && workload.Name == sender.Workload.Name ? sender with { Workload = workload } : sender;

            PathRepair Proved(bool? helps, string? must)
            {
                var after = new EstateView(fixes.Where(item => item.Change is not null).Aggregate(estate, (all, item) => all.With([item.Change!])), at);
                var beside = fixes.Count == 0 ? [] : Beside(ReachDelta.Between(before, after).Select(change => Beyond(change, before, source, sender, target)).OfType<FlowChange>());
                return new PathRepair(fixes.ToValueList(), helps, beside.Where(Opens).ToValueList(), beside.Where(change => change.Kind == FlowChangeKind.Closed).ToValueList(), must);
            }
        }
    }

    private static (PathFix? Fix, string? MustChange) Next(EstateView now, PathSource source, ReachTarget target, PathWalk walk, PathPart blocked)
    {
        if (blocked.End!.Reason != PathReason.FirewallRule)
        {
            return new PathFixes(now, source, target, walk, blocked).Find();
        }

        if (walk.Attachment?.Source is not { } from || AddressOf(target, blocked) is not { } address)
        {
            return (null, $"{blocked.End.DecidedBy} must change: what it denies is more than one address");
        }

        var isOut = blocked.End.Stage == PathStage.EgressFirewall;
        var network = isOut ? from.Network : NetworkOf(target, now) ?? from.Network;
        return (PathFix.Of(Rule(isOut, network, from, address, target, Ahead(blocked.End.DecidedBy!, now))), null);
    }

    private static IpRange? AddressOf(ReachTarget target, PathPart blocked) => target.Address ?? (AddressSet.Of(blocked.Destinations.Lowest) == blocked.Destinations ? blocked.Destinations.Lowest : null);

    private static Firewall Rule(bool isOut, ResourceName network, FlowSource from, IpRange address, ReachTarget target, int priority) =>
        new(ResourceName.Of(ResourceKind.Firewall, network.Project!, $"allow-{from.What.Split(' ')[^1]}-to-{target.ShortName.Replace('.', '-').Replace('/', '-')}-{(isOut ? "out" : "in")}"))
        {
            Network = network,
            Direction = isOut ? TrafficDirection.Egress : TrafficDirection.Ingress,
            Priority = priority,
            Action = FirewallAction.Allow,
            Layer4 = [new Layer4(target.Protocol is { } protocol ? IpProtocol.NameOf(protocol) : "all", target.Port is { } port && target.Protocol is { } of && IpProtocol.HasPorts(of) ? [new PortInterval(port, port)] : [])],
            SourceRanges = [from.Addresses.EnclosingV4],
            DestinationRanges = [address],
        };

    // One number ahead of what denies; Google's default where nothing in particular does.
    private static int Ahead(PathDecider decider, EstateView view) =>
        decider.Resource is { Kind: ResourceKind.Firewall } name && view.Find<Firewall>(name) is Lookup<Firewall>.Found { Resource: var rule } ? Math.Max(0, rule.Priority - 1) : Firewall.DefaultPriority - 1;

    private static ResourceName? NetworkOf(ReachTarget target, EstateView view) => target.Resource is { } name ? view.Find<Resource>(name) switch
    {
        Lookup<Resource>.Found { Resource: Instance machine } => machine.NetworkInterfaces.Where(nic => nic.Address == target.Address).Select(nic => nic.Network).FirstOrDefault(),
        Lookup<Resource>.Found { Resource: ForwardingRule rule } => rule.Network,
        _ => null,
    } : null;

    // Packets of the same attachment to the same address and port are what is asked for; the rest of the change, null when nothing is left.
    private static FlowChange? Beyond(FlowChange change, EstateView before, PathSource source, PathSource repaired, ReachTarget target)
    {
        var access = change.Source.Workload.VpcAccess;
        var isFromHere = change.Source.Workload.Name == source.Workload.Name || SameWay(access, source.Workload.VpcAccess);
        var isToThere = target.Address is { } address ? change.Target.Address == address : target.HostName is { } ? change.Target.Address is { } at && Meant(before, repaired, target).Contains(at) : change.Target.ShortName == target.ShortName;
        if (!isFromHere || !isToThere)
        {
            return change;
        }

        var rest = change.Packets.Select(pair => pair with { Packets = pair.Packets with { Traffic = pair.Packets.Traffic.Except(target.Traffic) } }).Where(pair => !pair.Packets.Traffic.IsEmpty).ToValueList();
        return rest.IsEmpty ? null : change with { Packets = rest };
    }

    // What was not known to pass and does then counts as opened.
    private static bool Opens(FlowChange change) => change.Kind == FlowChangeKind.Opened || (change.Kind == FlowChangeKind.BecameKnown && change.Packets.Any(pair => pair.After?.Effect is PathEffect.Reachable or PathEffect.Partial));

    // A workload that moves sends from other addresses: what it reached before and still reaches is neither opened nor closed.
    private static List<FlowChange> Beside(IEnumerable<FlowChange> changes) => [.. changes.GroupBy(change => (change.Source.Workload.Name, change.Target))
        .SelectMany(group => Packets(group, FlowChangeKind.Opened).SetEquals(Packets(group, FlowChangeKind.Closed)) ? [] : group.AsEnumerable())];

    private static HashSet<(AddressSet, IntervalSet<uint>)> Packets(IEnumerable<FlowChange> changes, FlowChangeKind kind) =>
        [.. changes.Where(change => change.Kind == kind).SelectMany(change => change.Packets).Select(pair => (pair.Packets.Destinations, pair.Packets.Traffic))];

    private static AddressSet Meant(EstateView view, PathSource source, ReachTarget target) =>
        PathWalk.Of(view, source).Attachment?.Network is { } network && NameResolution.Of(view, network, target.HostName!) is ResolvedName.Addresses { Set: var set } ? set : AddressSet.None;

    private static bool SameWay(VpcAccess? left, VpcAccess? right) => left is not null && right is not null && left with { Egress = right.Egress } == right;
}
