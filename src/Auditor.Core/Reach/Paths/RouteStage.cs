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

        var book = walk.BookOf(network);

        // Endpoints for Google APIs have addresses of no subnetwork; nothing comes before the way to them.
        foreach (var (address, endpoint) in book.GoogleApiEndpoints)
        {
            split.Destinations(AddressSet.Of(address), at => at with { Via = new RouteChoice.Local(network, PathDecider.Of(endpoint.Name), $"to endpoint {endpoint.Name.Id}") });
        }

        foreach (var rest in PolicyBased(split, walk))
        {
            Ordinary(rest, book, walk, target, into);
        }
    }

    // The lowest number first; what none of them takes goes by the ordinary routes.
    private static List<PathPart> PolicyBased(PathSplitter split, PathWalk walk)
    {
        var ordinary = new List<PathPart>();
        var routes = walk.View.Referrers<PolicyBasedRoute>(ResourceKind.PolicyBasedRoute, walk.Source.Network).Items
            .Where(route => route.InterconnectRegion is null && route.ProtocolVersion is null or "IPV4" && (route.Tags.IsEmpty || route.Tags.Any(tag => walk.Source.End.Tags.Contains(tag))));
        foreach (var level in routes.GroupBy(route => route.Priority).OrderBy(group => group.Key))
        {
            // Of two with one number it is not said which counts: one that leads to a load balancer may.
            var forwards = level.Where(route => route.NextHopOtherRoutes is null).OrderBy(route => route.Name).ToList();
            var isMixed = level.Select(route => route.NextHopOtherRoutes ?? route.NextHopIlb?.ToString()).Distinct(StringComparer.Ordinal).Count() > 1;
            foreach (var route in forwards)
            {
                Take(route, taken => taken.Ends(PathEnd.Unknown(
                    PathStage.Route,
                    PathReason.Unsupported,
                    isMixed ? $"policy-based routes of priority {route.Priority} lead to different places" : $"policy-based route {route.Name.Id} hands it to load balancer {route.NextHopIlb?.Address}, whose machines forward it as their own configuration says")));
            }

            foreach (var route in level.Except(forwards))
            {
                Take(route, null);
            }
        }

        return [.. ordinary, .. split.Rest];

        void Take(PolicyBasedRoute route, Func<PathPart, PathPart>? ends)
        {
            var taken = split.Cut(
                route.SourceRange is { } source ? AddressSet.Of(source) : AddressSet.All,
                route.DestRange is { } destination ? AddressSet.Of(destination) : AddressSet.All,
                route.Protocol is null or "ALL" ? Traffic.All : IpProtocol.TryParse(route.Protocol.ToLowerInvariant()) is { } protocol ? Traffic.OfProtocol(protocol) : default);
            if (ends is null)
            {
                ordinary.AddRange(taken);
            }
            else
            {
                split.Add(taken.Select(ends));
            }
        }
    }

    private static void Ordinary(PathPart part, AddressBook book, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var split = new PathSplitter(part, into);
        var table = walk.Table;
        foreach (var service in book.Peered)
        {
            if (part.Destinations.Contains(service.Address) && ManagedServices.PeeringTo(service, table.ProducerPeerings) is { State: PeeringState.Active } peering)
            {
                split.Destinations(AddressSet.Of(service.Address), at => at with { Via = new RouteChoice.Local(walk.Source.Network, new PathDecider(peering.Name, $"peering {peering.Name}", walk.Source.Network), $"over peering {peering.Name} to Google's managed services") });
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
            || ManagedEndpoint.Of(service, walk.View).FirstOrDefault(endpoint => target.Addresses.Contains(endpoint.Address)) is not { IsPeered: true } endpoint)
        {
            return null;
        }

        var table = walk.Table;
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
            var split = new PathSplitter(part, into).Destinations(walk.BookOf(walk.Source.Network).Taken(part.Destinations), taken => taken with { Via = hybrid.Taken });
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
