using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// Where the pods of GKE clusters are: in secondary ranges of which each node holds a part as an alias range. They meet the ingress rules of their node.
/// Source: the page on VPC-native clusters.
/// </summary>
internal static class PodRanges
{
    /// <summary>The ranges of a cluster that takes pod addresses from secondary ranges; empty for one whose pods are reached by routes.</summary>
    public static AddressSet Of(GkeCluster cluster, EstateView view)
    {
        if (cluster.UseIpAliases != true)
        {
            return AddressSet.None;
        }

        var names = cluster.NodePools.Select(pool => pool.PodRangeName).Append(cluster.PodRangeName).Concat(cluster.AdditionalPodRangeNames).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var named = cluster.Subnetwork is { } on && view.Find<Subnetwork>(on) is Lookup<Subnetwork>.Found { Resource: var subnetwork }
            ? subnetwork.SecondaryRanges.Where(range => names.Contains(range.Name)).Select(range => range.IpCidrRange).OfType<IpRange>() : [];
        return AddressSet.Of(named.Concat(new[] { cluster.PodRange }.OfType<IpRange>()).Where(range => !range.IsV6));
    }
}
