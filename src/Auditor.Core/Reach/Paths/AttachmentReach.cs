using Auditor.Model;

namespace Auditor.Reach.Paths;

/// <summary>
/// What all workloads that leave alike can and cannot reach: everything in the network they enter and in its peers, at every port of VMs and at the
/// service ports of the rest, the internet and Google APIs. Worked out once for an estate and those after it, until something on the way changes.
/// </summary>
/// <param name="Targets">Sorted by name and address.</param>
public sealed record AttachmentReach(IReadOnlyList<(ReachTarget Target, PathAnswer Answer)> Targets)
{
    public static AttachmentReach Of(EstateView view, PathSource source)
    {
        var access = source.Workload.VpcAccess;
        return view.Derive<AttachmentReach, AttachmentReach>((access, access is null ? "" : source.Region ?? ""), inner => Collect(inner, source), static (reach, _) => reach);
    }

    private static AttachmentReach Collect(EstateView view, PathSource source)
    {
        var walk = PathWalk.Of(view, source);
        return new AttachmentReach([.. Around(view, walk).Append(ReachTarget.Internet).Append(ReachTarget.GoogleApis).Select(target => (target, walk.Find(target)))]);
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
}
