using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>A subnetwork's range as a route.</summary>
/// <param name="Peering">The name of the peering that brings it; null for one of the network's own.</param>
internal sealed record SubnetLine(IpRange Range, ResourceName Subnetwork, string? Peering, bool IsHybrid, RouteChoice Choice);

/// <summary>A static route, of the network or imported from a peer.</summary>
/// <param name="Category">Among equals the lower is kept: own static 0, own dynamic 1, imported 2.</param>
internal sealed record CustomLine(IpRange Range, int Priority, int Category, ValueList<string> Tags, RouteHop Hop, PathDecider By);

/// <summary>Where destinations may be of which nothing was read: a peer, or a service of Google's.</summary>
/// <param name="May">Those destinations.</param>
internal sealed record DarkRange(AddressSet May, RouteChoice Choice);

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
/// <param name="Allocated">Ranges set aside for managed services, where private services access is active.</param>
/// <param name="Producers">Peerings to Google's networks of managed services, whatever their state.</param>
/// <param name="WhyUnread">Why the network's peerings are not known; null when they are.</param>
/// <param name="WhyRoutesUnread">Why custom routes decide nothing that is known; null when they do.</param>
internal sealed record RoutingInputs(
    List<SubnetLine> Subnets, List<CustomLine> Custom, List<DarkRange> Allocated, List<DarkRange> Unread, IReadOnlyList<NetworkPeering> Producers, string? WhyUnread, string? WhyRoutesUnread)
{
    public static RoutingInputs Collect(EstateView view, ResourceName network, string? region)
    {
        var (own, missing) = view.Find<VpcNetwork>(network) switch
        {
            Lookup<VpcNetwork>.Found { Resource: var found } => (found, null),
            Lookup<VpcNetwork>.Unread { Reason: var reason } => (null, $"network {network.Id} was not read: {reason}"),
            _ => ((VpcNetwork?)null, $"network {network.Id} is not known"),
        };
        var inputs = new RoutingInputs([], [], [], [], own?.Peerings.Where(IsProducer).ToList() ?? [], missing, null);
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
        foreach (var subnetwork in subnetworks.Items)
        {
            var choice = new RouteChoice.Local(network, PathDecider.Of(subnetwork.Name), $"to subnetwork {subnetwork.Name.Id}");
            inputs.Subnets.AddRange(subnetwork.AllRanges.Select(range => new SubnetLine(range, subnetwork.Name, null, subnetwork.AllowSubnetCidrRoutesOverlap == true, choice)));
        }

        if (inputs.Producers.Any(peering => peering is { Name: "servicenetworking-googleapis-com", State: PeeringState.Active }))
        {
            // Who has an address there is known of the services that were read; of others it is not.
            inputs.Allocated.AddRange(view.Referrers<Address>(ResourceKind.Address, network).Items.Where(address => address is { Purpose: "VPC_PEERING", Range: { IsV6: false } })
                .Select(address => new DarkRange(AddressSet.Of(address.Range!.Value), new RouteChoice.Ended(PathEnd.Unknown(PathStage.Target, PathReason.Unsupported, $"no service is known at this address of allocated range {address.Name.Id}")))));
        }

        // Where the control plane is that a peering leads to, its cluster says.
        var clusters = view.Referrers<GkeCluster>(ResourceKind.GkeCluster, network);
        foreach (var peering in inputs.Producers.Where(peering => peering.State == PeeringState.Active && IsOfClusters(peering) && !clusters.Items.Any(cluster => cluster.PeeringName == peering.Name)))
        {
            inputs.Unread.Add(new DarkRange(AddressSet.Private, new RouteChoice.Ended(PathEnd.Unknown(
                PathStage.Route, PathReason.PeeringVpc, $"it may end at the control plane of a GKE cluster behind peering {peering.Name}, which was not read"))));
        }

        var routes = view.Referrers<Route>(ResourceKind.Route, network);
        inputs.AddStatic(view, network, routes.Items, 0, _ => true);
        foreach (var peering in own?.Peerings.Where(peering => peering.State == PeeringState.Active && !IsProducer(peering)) ?? [])
        {
            inputs.AddPeer(view, own!, peering, region);
        }

        var dynamic = inputs.AddDynamic(view, network, region, own?.RoutingMode == "GLOBAL");
        return inputs with
        {
            WhyRoutesUnread = missing ?? dynamic ?? WhyImportedUnread(view, own!, region)
                ?? (subnetworks.Incomplete is { } some ? $"subnetworks of network {network.Id} could not all be listed: {some}"
                : routes.Incomplete is { } others ? $"routes of network {network.Id} could not all be listed: {others}" : null),
        };
    }

    /// <summary>Whether a peering leads to a network of Google's. Source: the pages on private services access, on each service's direct peering, and on private clusters.</summary>
    public static bool IsProducer(NetworkPeering peering) => peering.Name == "servicenetworking-googleapis-com" || IsOfClusters(peering)
        || ((string[])["cloudsql-mysql-", "cloudsql-postgres-", "redis-peer-", "filestore-peer-"]).Any(prefix => peering.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static bool IsOfClusters(NetworkPeering peering) => peering.Name.StartsWith("gke-", StringComparison.Ordinal) && peering.Name.EndsWith("-peer", StringComparison.Ordinal);

    private void AddPeer(EstateView view, VpcNetwork own, NetworkPeering peering, string? region)
    {
        if (peering.Network is not { } name)
        {
            return;
        }

        if (view.Find<VpcNetwork>(name) is not Lookup<VpcNetwork>.Found { Resource: var peer })
        {
            if (own.PeeringRoutes is { } lists && lists.Any(list => list.Peering == peering.Name && list.Region == region))
            {
                AddListed(lists.Where(list => list.Peering == peering.Name && list.Region == region).SelectMany(list => list.Routes), peering, name, own);
                return;
            }

            var mayBeAnywhere = peering.ImportSubnetRoutesWithPublicIp == true || peering.ImportCustomRoutes == true;
            Unread.Add(new DarkRange(mayBeAnywhere ? AddressSet.All : AddressSet.Private, new RouteChoice.Ended(PathEnd.Unknown(
                PathStage.Route, PathReason.PeeringVpc, $"it may end in network {name.Id} of project {name.Project}, which was not read"))));
            return;
        }

        var back = peer.Peerings.FirstOrDefault(other => other.Network == own.Name);
        if (back is not { State: PeeringState.Active })
        {
            return;
        }

        var takesPublic = back.ExportSubnetRoutesWithPublicIp != false && peering.ImportSubnetRoutesWithPublicIp == true;
        var answersPublic = peering.ExportSubnetRoutesWithPublicIp != false && back.ImportSubnetRoutesWithPublicIp == true;
        var choice = new RouteChoice.Local(name, new PathDecider(peering.Name, $"peering {peering.Name}", own.Name), $"over peering {peering.Name} to network {name.Id}", answersPublic);
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, name);
        foreach (var subnetwork in subnetworks.Items)
        {
            Subnets.AddRange(subnetwork.AllRanges.Where(range => takesPublic || AddressSet.Private.Contains(range)).Select(range => new SubnetLine(range, subnetwork.Name, peering.Name, false, choice)));
        }

        var routes = peering.ImportCustomRoutes == true && back.ExportCustomRoutes == true ? view.Referrers<Route>(ResourceKind.Route, name) : null;
        Custom.AddRange(from list in own.PeeringRoutes ?? []
                        where list.Peering == peering.Name && list.Region == region
                        from route in list.Routes
                        where route is { IsImported: true, Type: PeeringRouteType.DynamicPeeringRoute, DestRange: not null }
                        select new CustomLine(route.DestRange!.Value, route.Priority ?? 0, 2, [], new RouteHop.Usable(new RouteChoice.Ended(PathEnd.Unknown(
                            PathStage.Route, PathReason.VpnGateway, $"a hybrid connection of network {name.Id} takes it out of Google Cloud"))), new PathDecider(peering.Name, $"peering {peering.Name}", own.Name)));
        AddStatic(view, name, routes?.Items ?? [], 2, route => route.Tags.IsEmpty && route.NextHop is not NextHop.Gateway { IsDefaultInternet: true });
        if ((subnetworks.Incomplete ?? routes?.Incomplete) is { } incomplete)
        {
            Unread.Add(new DarkRange(takesPublic || routes is not null ? AddressSet.All : AddressSet.Private, new RouteChoice.Ended(PathEnd.Unknown(
                PathStage.Route, PathReason.PeeringVpc, $"it may end in network {name.Id} of project {name.Project}, which was not read whole: {incomplete}"))));
        }
    }

    // What a peering brings is known; what becomes of it there is not.
    private void AddListed(IEnumerable<PeeringRoute> routes, NetworkPeering peering, ResourceName peer, VpcNetwork own)
    {
        var by = new PathDecider(peering.Name, $"peering {peering.Name}", own.Name);
        var choice = new RouteChoice.Ended(PathEnd.Unknown(PathStage.Route, PathReason.PeeringVpc, $"it ends in network {peer.Id} of project {peer.Project}, which was not read"));
        foreach (var route in routes.Where(route => route.IsImported && route.DestRange is not null))
        {
            if (route.Type == PeeringRouteType.SubnetPeeringRoute)
            {
                Subnets.Add(new SubnetLine(route.DestRange!.Value, peer, peering.Name, false, choice));
            }
            else
            {
                Custom.Add(new CustomLine(route.DestRange!.Value, route.Priority ?? Route.DefaultPriority, 2, [], new RouteHop.Usable(choice), by));
            }
        }
    }

    /// <summary>Adds what routers learned; why that is not known, or null when it is.</summary>
    private string? AddDynamic(EstateView view, ResourceName network, string? region, bool isGlobal)
    {
        var routers = view.Referrers<Router>(ResourceKind.Router, network).Items.Where(router => Learns(router, isGlobal, region)).ToList();
        if (routers.Find(router => router.Status is null) is { } silent)
        {
            return $"what router {silent.Name.Id} of network {network.Id} has learned was not read{(silent.StatusUnread is { } why ? $": {why}" : "")}";
        }

        // Each router of the region tells the best routes of all.
        var telling = routers.FindAll(router => router.Name.Location == region);
        foreach (var router in telling.Count > 0 ? telling : routers)
        {
            var decider = PathDecider.Of(router.Name);
            foreach (var route in router.Status!.BestRoutes.Where(route => route is { DestRange: not null, NextHop: not null }))
            {
                var line = new CustomLine(route.DestRange!.Value, route.Priority ?? 0, 1, [], NextHops.Of(route.NextHop!, network, decider, view), decider);
                if (!Custom.Contains(line))
                {
                    Custom.Add(line);
                }
            }
        }

        return null;
    }

    // Where routing is regional, routes hold in the router's region alone.
    private static bool Learns(Router router, bool isGlobal, string? region) => !router.BgpPeers.IsEmpty && (isGlobal || region is null || router.Name.Location == region);

    // Dynamic routes of a peer come with its static ones.
    private static string? WhyImportedUnread(EstateView view, VpcNetwork own, string? region)
    {
        foreach (var peering in own.Peerings.Where(peering => peering is { State: PeeringState.Active, ImportCustomRoutes: true, Network: not null } && !IsProducer(peering) && !(own.PeeringRoutes ?? []).Any(list => list.Peering == peering.Name)))
        {
            if (view.Find<VpcNetwork>(peering.Network!.Value) is Lookup<VpcNetwork>.Found { Resource: var peer } && peer.Peerings.Any(back => back.Network == own.Name && back is { State: PeeringState.Active, ExportCustomRoutes: true })
                && view.Referrers<Router>(ResourceKind.Router, peer.Name).Items.FirstOrDefault(router => Learns(router, peer.RoutingMode == "GLOBAL", region)) is { } router)
            {
                return $"what peering {peering.Name} brings of the routes that router {router.Name.Id} has learned was not read";
            }
        }

        return null;
    }

    // Subnetwork and peering routes of a list repeat what subnetworks and peerings say.
    private void AddStatic(EstateView view, ResourceName network, IEnumerable<Route> routes, int category, Func<Route, bool> counts) => Custom.AddRange(
        from route in routes
        where route.DestRange is not null && route.RouteStatus is null or "ACTIVE" && route.NextHop is not (null or NextHop.LocalNetwork or NextHop.Peering) && counts(route)
        let decider = PathDecider.Of(route.Name)
        select new CustomLine(route.DestRange!.Value, route.Priority, category, route.Tags, NextHops.Of(route.NextHop!, network, decider, view), decider));
}
