using Auditor.Model;
using Auditor.Reach.Firewalls;

namespace Auditor.Reach.Paths;

/// <summary>What an answer about a path takes for granted because the input does not say: above all, that what could not be listed is not there.</summary>
public static class PathAssumptions
{
    // Lists of which a path asks what they hold, and takes what they do not hold to be absent.
    private static readonly ResourceKind[] s_taken = [ResourceKind.PolicyBasedRoute, ResourceKind.GkeCluster, ResourceKind.Address, .. ManagedEndpoint.Kinds.Where(kind => kind is not (ResourceKind.GkeCluster or ResourceKind.AlloyDbInstance)), ResourceKind.AlloyDbCluster];

    /// <summary>Sentences without full stop, sorted; none where the workload enters no network.</summary>
    public static ValueList<string> Of(EstateView view, ReachFlow flow)
    {
        if (flow.Source.IsUnread || PathWalk.Of(view, flow.Source).Attachment?.Source is not { } source)
        {
            return [];
        }

        var found = new SortedSet<string>(EffectiveFirewall.Of(view, source.Network, source.Region).Assumptions, StringComparer.Ordinal);
        foreach (var kind in s_taken)
        {
            if (view.Referrers<Resource>(kind, source.Network).Incomplete is { } incomplete)
            {
                found.Add($"there is no other {KindTable.Of(kind).Noun} of network {source.Network.Id} than those known: they could not all be listed ({incomplete})");
            }
        }

        foreach (var (network, region) in Ends(view, flow.Target))
        {
            found.UnionWith(EffectiveFirewall.Of(view, network, region).Assumptions);
        }

        // Managed rules, and a block that some projects are exempt from.
        found.UnionWith(flow.Answer.Parts.SelectMany(part => part.Trail.ToSteps()).Select(step => step.DecidedBy).OfType<PathDecider>().Where(decider => decider.IsAssumed).Select(decider => $"{decider.Words} is there as Google documents it, although no list shows it"));
        return found.ToValueList();
    }

    // Where rules decide on the way in.
    private static IEnumerable<(ResourceName Network, string? Region)> Ends(EstateView view, ReachTarget target) => target.Resource is { } name && view.Find<Resource>(name) is Lookup<Resource>.Found { Resource: var resource } ? resource switch
    {
        Instance machine => machine.NetworkInterfaces.Where(nic => nic.Address == target.Address && nic.Network is not null).Select(nic => (nic.Network!.Value, machine.Region)),
        ForwardingRule { Network: { } network } rule => [(network, rule.Name.Location == "global" ? null : rule.Name.Location)],
        _ => [],
    } : [];
}
