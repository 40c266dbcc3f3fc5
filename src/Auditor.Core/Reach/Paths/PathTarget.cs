using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>What packets are meant for.</summary>
/// <param name="Addresses">Their destinations.</param>
/// <param name="Resource">The resource that has the address; null when it does not matter who has it.</param>
public sealed record PathTarget(PathTargetKind Kind, AddressSet Addresses, ResourceName? Resource = null)
{
    private static readonly AddressSet s_external = AddressSet.Of(AddressSet.External.V4, default).Except(RoutedRanges.GoogleApiVips);

    /// <summary>Every external IPv4 address.</summary>
    public static PathTarget Internet { get; } = new(PathTargetKind.Internet, s_external);

    /// <summary>Google APIs by their default names, which have external addresses that are not listed anywhere for good.</summary>
    public static PathTarget GoogleApis { get; } = new(PathTargetKind.GoogleApis, s_external);

    /// <summary>The pods of a cluster, in its ranges.</summary>
    public static PathTarget Pods(ResourceName cluster, AddressSet ranges) => new(PathTargetKind.Pods, ranges, cluster);

    /// <summary>Whoever has an address.</summary>
    public static PathTarget At(IpRange address) => new(PathTargetKind.Address, AddressSet.Of(address));

    /// <summary>A resource at one of its addresses.</summary>
    public static PathTarget Of(ResourceName resource, IpRange address) => new(PathTargetKind.Resource, AddressSet.Of(address), resource);
}

/// <summary>What packets are meant for.</summary>
public enum PathTargetKind
{
    Address,
    Resource,
    Internet,
    GoogleApis,
    Pods,
}
