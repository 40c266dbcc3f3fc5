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
internal sealed record AttachmentReach(Attachment? Attachment, IReadOnlyList<TargetReach> Targets)
{
    public static AttachmentReach Of(EstateView view, PathSource source) =>
        view.Derive(KeyOf(source), inner => Collect(inner, source), (inner, before, lapse) => before.Update(inner, source, lapse));

    /// <summary>What sources have in common that leave alike.</summary>
    public static (VpcAccess? Access, string Region) KeyOf(PathSource source) => (source.Workload.VpcAccess, source.Workload.VpcAccess is null ? "" : source.Region ?? "");

    private static AttachmentReach Collect(EstateView view, PathSource source)
    {
        var walk = PathWalk.Of(view, source, effectsOnly: true);
        return new AttachmentReach(walk.Attachment, [.. Around(view, walk).Append(ReachTarget.Internet).Append(ReachTarget.GoogleApis).Select(target => Find(walk, target))]);
    }

    private static TargetReach Find(PathWalk walk, ReachTarget target)
    {
        walk.Gates.Clear();
        var parts = walk.Find(target).Parts.Select(part => part with { Trail = PathTrail.Start, Via = null }).ToValueList();
        return new TargetReach(target, new PathAnswer(parts), [.. walk.Gates]);
    }

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
        if (view.Lapsed.Any(reference => reference.Kind != ResourceKind.Firewall) || view.LapsedUses.Any(key => key.Type != typeof(EffectiveFirewall) && key.Type != typeof(Attachment)))
        {
            return null;
        }

        // Also those that no target has to be followed through again.
        foreach (var (network, region) in view.LapsedUses.Where(key => key.Type == typeof(EffectiveFirewall)).Select(key => ((ResourceName, string))key.Key).ToList())
        {
            EffectiveFirewall.Of(view, network, region.Length == 0 ? null : region);
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

        var ingress = rules.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Ingress), (rule, line) => (rule.Network, Line: line)).ToList();
        var egress = rules.Where(rule => rule.Network == from.Network).SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Egress)).Where(line => line.AppliesTo(from.End)).ToList();
        TargetReach[]? next = null;
        for (var i = 0; i < Targets.Count; i++)
        {
            var (target, _, gates) = Targets[i];
            if ((target.Path is { } path && egress.Exists(line => line.Peers.Overlaps(path.Addresses))) || (ingress.Count > 0 && gates.Any(gate => ingress.Exists(line => line.Network == gate.Network && gate.IsAskedBy(line.Line)))))
            {
                next ??= [.. Targets];
                next[i] = Find(walk, target);
            }
        }

        return next is null ? this : this with { Targets = next };
    }
}

/// <summary>What an attachment can and cannot reach of one target.</summary>
/// <param name="Gates">The machines whose firewall was asked on the way in.</param>
internal sealed record TargetReach(ReachTarget Target, PathAnswer Answer, ValueList<FirewallGate> Gates);

/// <summary>A machine whose firewall was asked on the way in, and for whom.</summary>
internal sealed record FirewallGate(ResourceName Network, FirewallEnd Own, FirewallEnd Peer)
{
    /// <summary>Whether a line for arriving packets can be about it.</summary>
    public bool IsAskedBy(FirewallLine line) => line.AppliesTo(Own)
        && (Peer.Addresses is not { } addresses || line.Peers.Overlaps(addresses) || line.PeerTags.Any(tag => Peer.Tags.Contains(tag)) || (Peer.ServiceAccount is { } account && line.PeerServiceAccounts.Contains(account)));
}
