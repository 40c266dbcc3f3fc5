using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Where the network sends the packets: to a machine of its own or of a peer, to a managed service, to the internet gateway, or nowhere.</summary>
internal static class RouteStage
{
    public static void Pass(PathPart part, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var network = walk.Source.Network;
        var split = new PathSplitter(part, into);
        if (!part.Destinations.V6.IsEmpty)
        {
            split.Destinations(AddressSet.Of(default, part.Destinations.V6), v6 => v6.Ends(PathEnd.Unknown(PathStage.Route, PathReason.Unsupported, "IPv6 routes are not followed")));
        }

        var table = RoutingTable.Of(walk.View, network);
        foreach (var service in AddressBook.Of(walk.View, network).Peered)
        {
            if (part.Destinations.Contains(service.Address) && ManagedServices.PeeringTo(service, table.ProducerPeerings) is { State: PeeringState.Active } peering)
            {
                split.Destinations(AddressSet.Of(service.Address), at => at with { Via = new RouteChoice.Local(network, new PathDecider(peering.Name, $"peering {peering.Name}", network), $"over peering {peering.Name} to Google's managed services") });
            }
        }

        foreach (var rest in split.Rest)
        {
            foreach (var (destinations, choice) in table.Choose(rest.Destinations, walk.Source.End.Tags))
            {
                Follow(rest with { Destinations = destinations }, choice, walk, target, into);
            }
        }
    }

    /// <summary>How packets end that are meant for a managed service and that no peering takes there; null when they are meant for something else.</summary>
    public static PathEnd? Unpeered(PathWalk walk, PathTarget target)
    {
        if (target.Resource is not { } name || !ManagedEndpoint.Kinds.Contains(name.Kind) || walk.View.Find<Resource>(name) is not Lookup<Resource>.Found { Resource: var service }
            || ManagedEndpoint.Of(service, walk.View).FirstOrDefault(endpoint => target.Addresses.Contains(endpoint.Address)) is not { Way: not ServiceWay.PrivateServiceConnect } endpoint)
        {
            return null;
        }

        var table = RoutingTable.Of(walk.View, walk.Source.Network);
        return table.WhyUnread is { } missing ? PathEnd.Unknown(PathStage.Route, PathReason.RouteConfigNotFound, missing)
            : PathEnd.Blocked(PathStage.Route, PathReason.NoPeering, ManagedServices.PeeringTo(endpoint, table.ProducerPeerings) is { } inactive && inactive.State != PeeringState.Active
                ? new PathDecider(inactive.Name, $"peering {inactive.Name}, which is not active", walk.Source.Network)
                : PathDecider.Of(walk.Source.Network));
    }

    private static void Follow(PathPart part, RouteChoice choice, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        if (choice is RouteChoice.Hybrid hybrid)
        {
            // Of an address that nobody has, the custom routes decide.
            var split = new PathSplitter(part, into).Destinations(AddressBook.Of(walk.View, walk.Source.Network).Taken(part.Destinations), taken => taken with { Via = hybrid.Taken });
            foreach (var rest in split.Rest)
            {
                Follow(rest, hybrid.Otherwise is RouteChoice.None ? hybrid.Taken : hybrid.Otherwise, walk, target, into);
            }
        }
        else if (choice is not RouteChoice.Local || target.Kind is not (PathTargetKind.Internet or PathTargetKind.GoogleApis))
        {
            // External addresses that the network uses itself are not the internet.
            into.Add(part with { Via = choice });
        }
    }
}
