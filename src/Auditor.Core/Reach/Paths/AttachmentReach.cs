using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>
/// What all workloads that leave alike can and cannot reach: everything in the network they enter and in its peers, at every port of VMs and at the
/// service ports of the rest, the internet and Google APIs. Worked out once for an estate and those after it, until something on the way changes; where
/// that is a firewall rule, only targets that the rule can be about are followed again. What becomes of packets is told, not which rule decides.
/// </summary>
/// <param name="Attachment">Null for workloads without one.</param>
/// <param name="Targets">Sorted by name and address.</param>
/// <param name="Machines">The ends of those targets that are VMs; null for the rest.</param>
internal sealed record AttachmentReach(Attachment? Attachment, IReadOnlyList<(ReachTarget Target, PathAnswer Answer)> Targets, IReadOnlyList<FirewallEnd?> Machines)
{
    public static AttachmentReach Of(EstateView view, PathSource source) =>
        view.Derive(KeyOf(source), inner => Collect(inner, source), (inner, before, lapse) => before.Update(inner, source, lapse));

    /// <summary>What sources have in common that leave alike.</summary>
    public static (VpcAccess? Access, string Region) KeyOf(PathSource source) => (source.Workload.VpcAccess, source.Workload.VpcAccess is null ? "" : source.Region ?? "");

    private static AttachmentReach Collect(EstateView view, PathSource source)
    {
        var walk = PathWalk.Of(view, source, effectsOnly: true);
        var targets = Around(view, walk).Append(ReachTarget.Internet).Append(ReachTarget.GoogleApis).ToList();
        return new AttachmentReach(walk.Attachment, targets.ConvertAll(target => (target, Find(walk, target))), targets.ConvertAll(target => target.Resource is { Kind: ResourceKind.Instance } name
            && view.Find<Instance>(name) is Lookup<Instance>.Found { Resource: var machine } ? IngressFirewallStage.EndOf(machine) : null));
    }

    private static PathAnswer Find(PathWalk walk, ReachTarget target) => new(walk.Find(target).Parts.Select(part => part with { Trail = PathTrail.Start, Via = null }).ToValueList());

    private static IEnumerable<ReachTarget> Around(EstateView view, PathWalk walk)
    {
        if (walk.Attachment?.Source is not { } source)
        {
            return [];
        }

        var peers = view.Find<VpcNetwork>(source.Network) is Lookup<VpcNetwork>.Found { Resource: var network }
            ? network.Peerings.Where(peering => !RoutingInputs.IsProducer(peering)).Select(peering => peering.Network).OfType<ResourceName>().Where(peer => view.Find<VpcNetwork>(peer) is Lookup<VpcNetwork>.Found) : [];
        return peers.Prepend(source.Network).Distinct().SelectMany(name => ReachTarget.In(view, name)).OrderBy(target => target.Resource).ThenBy(target => target.Address).ThenBy(target => target.Port);
    }

    // Null where more has changed than rules.
    private AttachmentReach? Update(EstateView view, PathSource source, Lapse lapse)
    {
        if (view.Lapsed.Any(reference => reference.Kind != ResourceKind.Firewall))
        {
            return null;
        }

        var rules = lapse.Changes.Values.SelectMany(change => new[] { change.Before, change.Now }).OfType<Firewall>().ToList();
        var walk = PathWalk.Of(view, source, effectsOnly: true);
        if (walk.Attachment != Attachment || rules.Exists(ManagedRules.IsManaged))
        {
            return null;
        }

        if (walk.Attachment?.Source is not { } from)
        {
            return this;
        }

        var ingress = rules.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Ingress)).ToList();
        var towards = ingress.FindAll(line => line.Peers.Overlaps(from.Addresses) || line.PeerTags.Any(tag => from.Peer.Tags.Contains(tag)));
        var egress = rules.Where(rule => rule.Network == from.Network).SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Egress)).Where(line => line.AppliesTo(from.End)).ToList();
        (ReachTarget, PathAnswer)[]? next = null;
        for (var i = 0; i < Targets.Count; i++)
        {
            // What stands behind a load balancer is not looked up: any line may be about it, also from a proxy's addresses.
            var target = Targets[i].Target;
            if (target.Path is { } path && (egress.Exists(line => line.Peers.Overlaps(path.Addresses))
                || (Machines[i] is { } machine ? towards.Exists(line => line.AppliesTo(machine)) : target.Resource is not null && ingress.Count > 0)))
            {
                next ??= [.. Targets];
                next[i] = (target, Find(walk, target));
            }
        }

        return next is null ? this : this with { Targets = next };
    }
}
