using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>A subnetwork's range as a route.</summary>
/// <param name="Peering">The name of the peering that brings it; null for one of the network's own.</param>
internal sealed record SubnetLine(IpRange Range, ResourceName Subnetwork, string? Peering, bool IsHybrid, RouteChoice Choice);

/// <summary>A static route, of the network or imported from a peer.</summary>
/// <param name="Category">Among equals the lower is kept: own static 0, own dynamic 1, imported 2.</param>
internal sealed record CustomLine(IpRange Range, int Priority, int Category, ValueList<string> Tags, RouteHop Hop, PathDecider By);

/// <summary>A peer of which nothing was read.</summary>
/// <param name="May">Destinations that may be its.</param>
internal sealed record UnreadPeer(AddressSet May, RouteChoice Choice);

/// <summary>Whether a next hop can be used.</summary>
internal abstract record RouteHop
{
    private RouteHop()
    {
    }

    public sealed record Usable(RouteChoice Choice) : RouteHop;

    /// <summary>Google disregards it.</summary>
    public sealed record Dead(string Reason) : RouteHop;

    public sealed record Unread(string Because) : RouteHop;
}

/// <summary>All that a network's routing is made of, as an estate shows it.</summary>
/// <param name="Producers">Peerings to Google's networks of managed services, whatever their state.</param>
/// <param name="WhyUnread">Why the network's peerings are not known; null when they are.</param>
/// <param name="WhyRoutesUnread">Why custom routes decide nothing that is known; null when they do.</param>
internal sealed record RoutingInputs(
    List<SubnetLine> Subnets, List<CustomLine> Custom, List<UnreadPeer> Unread, IReadOnlyList<NetworkPeering> Producers, string? WhyUnread, string? WhyRoutesUnread)
{
    public static RoutingInputs Collect(EstateView view, ResourceName network)
    {
        var (own, missing) = view.Find<VpcNetwork>(network) switch
        {
            Lookup<VpcNetwork>.Found { Resource: var found } => (found, null),
            Lookup<VpcNetwork>.Unread { Reason: var reason } => (null, $"network {network.Id} was not read: {reason}"),
            _ => ((VpcNetwork?)null, $"network {network.Id} is not known"),
        };
        var inputs = new RoutingInputs([], [], [], own?.Peerings.Where(IsProducer).ToList() ?? [], missing, null);
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
        foreach (var subnetwork in subnetworks.Items)
        {
            var choice = new RouteChoice.Local(network, PathDecider.Of(subnetwork.Name), $"to subnetwork {subnetwork.Name.Id}");
            inputs.Subnets.AddRange(subnetwork.AllRanges.Select(range => new SubnetLine(range, subnetwork.Name, null, subnetwork.AllowSubnetCidrRoutesOverlap == true, choice)));
        }

        var routes = view.Referrers<Route>(ResourceKind.Route, network);
        inputs.AddStatic(view, network, routes.Items, 0, _ => true);
        foreach (var peering in own?.Peerings.Where(peering => peering.State == PeeringState.Active && !IsProducer(peering)) ?? [])
        {
            inputs.AddPeer(view, own!, peering);
        }

        return inputs with
        {
            WhyRoutesUnread = missing
                ?? (subnetworks.Incomplete is { } some ? $"subnetworks of network {network.Id} could not all be listed: {some}"
                : routes.Incomplete is { } others ? $"routes of network {network.Id} could not all be listed: {others}" : null),
        };
    }

    /// <summary>Whether a peering leads to a network of Google's. Source: the pages on private services access and on each service's direct peering.</summary>
    public static bool IsProducer(NetworkPeering peering) => peering.Name == "servicenetworking-googleapis-com"
        || ((string[])["cloudsql-mysql-", "cloudsql-postgres-", "redis-peer-", "filestore-peer-"]).Any(prefix => peering.Name.StartsWith(prefix, StringComparison.Ordinal));

    private void AddPeer(EstateView view, VpcNetwork own, NetworkPeering peering)
    {
        if (peering.Network is not { } name)
        {
            return;
        }

        if (view.Find<VpcNetwork>(name) is not Lookup<VpcNetwork>.Found { Resource: var peer })
        {
            var mayBeAnywhere = peering.ImportSubnetRoutesWithPublicIp == true || peering.ImportCustomRoutes == true;
            Unread.Add(new UnreadPeer(mayBeAnywhere ? AddressSet.All : AddressSet.Private, new RouteChoice.Ended(PathEnd.Unknown(
                PathStage.Route, PathReason.PeeringVpc, $"it may end in network {name.Id} of project {name.Project}, which was not read"))));
            return;
        }

        var back = peer.Peerings.FirstOrDefault(other => other.Network == own.Name);
        if (back is not { State: PeeringState.Active })
        {
            return;
        }

        var takesPublic = back.ExportSubnetRoutesWithPublicIp != false && peering.ImportSubnetRoutesWithPublicIp == true;
        var choice = new RouteChoice.Local(name, new PathDecider(peering.Name, $"peering {peering.Name}", own.Name), $"over peering {peering.Name} to network {name.Id}");
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, name);
        foreach (var subnetwork in subnetworks.Items)
        {
            Subnets.AddRange(subnetwork.AllRanges.Where(range => takesPublic || AddressSet.Private.Contains(range)).Select(range => new SubnetLine(range, subnetwork.Name, peering.Name, false, choice)));
        }

        var routes = peering.ImportCustomRoutes == true && back.ExportCustomRoutes == true ? view.Referrers<Route>(ResourceKind.Route, name) : null;
        AddStatic(view, name, routes?.Items ?? [], 2, route => route.Tags.IsEmpty && route.NextHop is not NextHop.Gateway { IsDefaultInternet: true });
        if ((subnetworks.Incomplete ?? routes?.Incomplete) is { } incomplete)
        {
            Unread.Add(new UnreadPeer(takesPublic || routes is not null ? AddressSet.All : AddressSet.Private, new RouteChoice.Ended(PathEnd.Unknown(
                PathStage.Route, PathReason.PeeringVpc, $"it may end in network {name.Id} of project {name.Project}, which was not read whole: {incomplete}"))));
        }
    }

    // Subnetwork and peering routes of a list repeat what subnetworks and peerings say.
    private void AddStatic(EstateView view, ResourceName network, IEnumerable<Route> routes, int category, Func<Route, bool> counts) => Custom.AddRange(
        from route in routes
        where route.DestRange is not null && route.RouteStatus is null or "ACTIVE" && route.NextHop is not (null or NextHop.LocalNetwork or NextHop.Peering) && counts(route)
        let decider = PathDecider.Of(route.Name)
        select new CustomLine(route.DestRange!.Value, route.Priority, category, route.Tags, NextHops.Of(route.NextHop!, network, decider, view), decider));
}
