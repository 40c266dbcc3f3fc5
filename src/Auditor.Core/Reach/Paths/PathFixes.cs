using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>What removes the cause that blocks a path, stage by stage. Source: the reference of gcloud and of Terraform's google provider.</summary>
/// <param name="blocked">The packets in question.</param>
internal sealed class PathFixes(EstateView view, PathSource source, ReachTarget target, PathWalk walk, PathPart blocked)
{
    private const string Rest = "ask whoever runs it";

    private PathEnd End => blocked.End!;

    private ResourceName? By => End.DecidedBy?.Resource;

    /// <summary>A fix; or else what must change that no command for these resources does.</summary>
    public (PathFix? Fix, string? MustChange) Find() => End.Reason switch
    {
        PathReason.ConnectorNotSet => Attach(),
        PathReason.ConnectorWrongRegion => Repoint(),
        PathReason.ConnectorNotRunning => Recreate(),
        PathReason.ConnectorNotFound or PathReason.SubnetworkNotFound or PathReason.SubnetworkWrongRegion => Attach(),
        PathReason.ConnectorServerlessTrafficBlocked or PathReason.ConnectorHealthCheckTrafficBlocked => (Infrastructure(), null),
        PathReason.PrivateTrafficToInternet when End.Stage == PathStage.Egress => AllTraffic(),
        PathReason.NoExternalAddress => (Nat(), null),
        PathReason.NatNoAddresses => NatAddresses(),
        PathReason.PrivateGoogleAccessDisallowed => GoogleAccess(),
        PathReason.NoRoute or PathReason.PrivateTrafficToInternet or PathReason.UnknownInternalAddress => Route(),
        PathReason.NoPeering => (null, NoPeering()),
        PathReason.ForwardingRuleRegionMismatch => GlobalAccess(),
        PathReason.ForwardingRuleMismatch => (null, $"{End.DecidedBy} does not serve {target.Service}: ask at a port that it does"),
        PathReason.ForwardingRuleNoInstances => (null, $"{End.DecidedBy} has no backend: add one to its backend service"),
        PathReason.PscNotAccepted => Accept(),
        PathReason.PscFromPeeredNetwork => (null, "an endpoint answers its own network alone: create one in the workload's network"),
        PathReason.SqlUnauthorized => Authorize(),
        PathReason.SqlNotRunning => StartSql(),
        PathReason.SqlConnectorRequired => (null, $"{End.DecidedBy} takes clients of Cloud SQL's connectors alone: connect through the Auth Proxy or a connector, which use tcp:3307"),
        PathReason.InstanceNotRunning => StartMachine(),
        PathReason.GkeRegionMismatch => ClusterAccess(),
        PathReason.GkeUnauthorized => ClusterNetworks(),
        PathReason.NameNotFound => (null, $"{End.DecidedBy} has no address for {target.HostName}: add a record there, or ask for another name"),
        _ => (null, $"{End.Reason}: {End.DecidedBy?.Words ?? Rest} must change"),
    };

    // Direct VPC egress on the largest ordinary subnetwork of the region in the target's network, or a connector that is there.
    private (PathFix?, string?) Attach()
    {
        if (source.Region is not { } region)
        {
            return (null, source.Missing ?? "the workload's region is not known");
        }

        var network = NetworkOfTarget();
        var connector = view.OfKind<Connector>(ResourceKind.Connector).Items.Where(connector => connector.Name.Location == region && connector.State == ConnectorState.Ready && ConnectorPlace.Of(connector, view) is { Network: { } at, Range: not null } && (network is null || at == network))
            .OrderBy(connector => connector.Name).FirstOrDefault();
        var egress = source.Workload.VpcAccess?.Egress ?? VpcEgress.PrivateRangesOnly;
        if (connector is not null)
        {
            return Access(new VpcAccess { Connector = connector.Name, Egress = egress }, $"attach the workload to connector {connector.Name.Id}");
        }

        var subnetwork = view.OfKind<Subnetwork>(ResourceKind.Subnetwork).Items.Where(item => item.Name.Location == region && item.Network is not null && (network is null || item.Network == network)
                && item.Purpose is SubnetworkPurpose.Private or SubnetworkPurpose.PrivateRfc1918 && item.IpCidrRange is { IsV6: false, PrefixLength: <= 26 })
            .OrderBy(item => item.IpCidrRange!.Value.PrefixLength).ThenBy(item => item.Name).FirstOrDefault();
        return subnetwork is null
            ? (null, $"no connector and no subnetwork of at least /26 is in region {region}{(network is { } of ? $" of network {of.Id}" : "")}: create a subnetwork there and give the workload Direct VPC egress on it")
            : Access(new VpcAccess { Network = subnetwork.Network, Subnetwork = subnetwork.Name, Egress = egress }, $"give the workload Direct VPC egress on subnetwork {subnetwork.Name.Id}");
    }

    private (PathFix?, string?) Repoint() => Attach();

    private (PathFix?, string?) Recreate()
    {
        if (By is not { } name || view.Find<Connector>(name) is not Lookup<Connector>.Found { Resource: var connector })
        {
            return (null, null);
        }

        var place = connector.Subnetwork is { } subnetwork ? $"--subnet={subnetwork.Id}{(subnetwork.Project == name.Project ? "" : $" --subnet-project={subnetwork.Project}")}" : $"--network={connector.Network?.Id} --range={connector.IpCidrRange}";
        var scope = $"{name.Id} --project={name.Project} --region={name.Location}";
        return (new PathFix(
            $"make connector {name.Id} anew: a connector that failed does not recover",
            $"gcloud compute networks vpc-access connectors delete {scope} && gcloud compute networks vpc-access connectors create {scope} {place}",
            $"# terraform apply -replace=google_vpc_access_connector.{name.Id.Replace('-', '_')}",
            new EstateEntry(name, connector with { State = ConnectorState.Ready })), null);
    }

    // What Google's serverless infrastructure and health probes send to connectors of service projects.
    private PathFix Infrastructure()
    {
        var attachment = walk.Attachment!;
        var isHealth = End.Reason == PathReason.ConnectorHealthCheckTrafficBlocked;
        var network = attachment.Network!.Value;
        var priority = By is { Kind: ResourceKind.Firewall } rule && view.Find<Firewall>(rule) is Lookup<Firewall>.Found { Resource: var denying } ? denying.Priority : Firewall.DefaultPriority;
        var isOut = By is { Kind: ResourceKind.Firewall } other && view.Find<Firewall>(other) is Lookup<Firewall>.Found { Resource.Direction: TrafficDirection.Egress };
        ValueList<IpRange> ranges = isHealth ? [IpRange.Parse("35.191.0.0/16"), IpRange.Parse("35.191.192.0/18"), IpRange.Parse("130.211.0.0/22")] : [IpRange.Parse("35.199.224.0/19")];
        return PathFix.Of(new Firewall(ResourceName.Of(ResourceKind.Firewall, network.Project!, $"allow-{(isHealth ? "health-checks" : "serverless")}-{(isOut ? "from" : "to")}-connectors"))
        {
            Network = network,
            Direction = isOut ? TrafficDirection.Egress : TrafficDirection.Ingress,
            Priority = Math.Max(0, priority - 1),
            Action = FirewallAction.Allow,
            Layer4 = isHealth ? [new Layer4("tcp", [new PortInterval(667, 667)])] : [new Layer4("tcp", [new PortInterval(667, 667)]), new Layer4("udp", [new PortInterval(665, 666)]), new Layer4("icmp", [])],
            SourceRanges = isOut ? [] : ranges,
            DestinationRanges = isOut ? ranges : [],
            TargetTags = [FlowSource.UniversalConnectorTag],
        });
    }

    private (PathFix?, string?) AllTraffic() => source.Workload.VpcAccess is not { } access ? Attach()
        : Access(access with { Egress = VpcEgress.AllTraffic }, "send all traffic of the workload into the VPC");

    private (PathFix? Fix, string? MustChange) Access(VpcAccess access, string what)
    {
        var name = source.Workload.Name;
        var service = source.ShortName.Split('/')[0];
        var at = $"--project={name.Project} --region={source.Region}";
        var (word, enumeration) = access.Egress == VpcEgress.AllTraffic ? ("all-traffic", "ALL_TRAFFIC") : ("private-ranges-only", "PRIVATE_RANGES_ONLY");
        var (flags, inner) = access.Connector is { } connector
            ? ($"--vpc-connector={connector.Path} --vpc-egress={word}", (string[])[$"connector = \"{connector.Path}\"", $"egress    = \"{enumeration}\""])
            : ($"{(access.Network is { } network ? $"--network={network.Path} " : "")}{(access.Subnetwork is { } subnetwork ? $"--subnet={subnetwork.Path} " : "")}{(access.Tags.IsEmpty ? "" : $"--network-tags={string.Join(',', access.Tags)} ")}--vpc-egress={word}",
                ["network_interfaces {", .. access.Network is { } of ? [$"  network    = \"{of.Path}\""] : Array.Empty<string>(), .. access.Subnetwork is { } on ? [$"  subnetwork = \"{on.Path}\""] : Array.Empty<string>(), .. access.Tags.IsEmpty ? Array.Empty<string>() : [$"  tags       = [{string.Join(", ", access.Tags.Select(tag => $"\"{tag}\""))}]"], "}", $"egress = \"{enumeration}\""]);
        string[] block = ["vpc_access {", .. inner.Select(line => "  " + line), "}"];
        string[] template = ["template {", .. block.Select(line => "  " + line), "}"];
        var changed = source.Workload with { VpcAccess = access };
        return source.Workload switch
        {
            RunWorkload { IsManagedByFunctions: true } or Function { Generation: FunctionGeneration.Second } => access.Connector is { } through
                ? (PathFix.Of(what, $"gcloud functions deploy {service} {at} --vpc-connector={through.Path} --egress-settings={(word == "all-traffic" ? "all" : word)}", "google_cloudfunctions2_function", name, changed,
                    "service_config {", $"  vpc_connector                 = \"{through.Path}\"", $"  vpc_connector_egress_settings = \"{enumeration}\"", "}"), null)
                : (null, $"{what}, by deploying function {service} anew"),
            RunJob => (PathFix.Of(what, $"gcloud run jobs update {name.Id} {at} {flags}", "google_cloud_run_v2_job", name, changed, ["template {", .. template.Select(line => "  " + line), "}"]), null),
            RunWorkerPool => (PathFix.Of(what, $"gcloud run worker-pools update {name.Id} {at} {flags}", "google_cloud_run_v2_worker_pool", name, changed, template), null),
            RunWorkload => (new PathFix(what, $"gcloud run services update {service} {at} {flags}", PathFix.Block("google_cloud_run_v2_service", ResourceName.Of(ResourceKind.RunService, name.Project!, source.Region ?? "", service), ["# the rest as it is", .. template]), new EstateEntry(name, changed)), null),
            Function when access.Connector is { } through => (PathFix.Of(what, $"gcloud functions deploy {name.Id} {at} --no-gen2 --vpc-connector={through.Path} --egress-settings={(word == "all-traffic" ? "all" : word)}", "google_cloudfunctions_function", name, changed,
                $"vpc_connector                 = \"{through.Path}\"", $"vpc_connector_egress_settings = \"{enumeration}\""), null),
            AppEngineVersion when access.Connector is { } through => (PathFix.Of($"{what}: vpc_access_connector in app.yaml", $"gcloud app deploy app.yaml --project={name.Project}  # vpc_access_connector: {{name: {through.Path}, egress_setting: {word}}}", "google_app_engine_standard_app_version", name, changed,
                "vpc_access_connector {", $"  name           = \"{through.Path}\"", $"  egress_setting = \"{enumeration}\"", "}"), null),
            _ => (null, $"{what}: that cannot be done for {PathDecider.Of(name)} without a connector in {source.Region}"),
        };
    }

    // On a router of the network and region that is there, or a new one.
    private PathFix Nat()
    {
        var from = walk.Source;
        var routers = view.Referrers<Router>(ResourceKind.Router, from.Network).Items.Where(router => router.Network == from.Network && router.Name.Location == from.Region).OrderBy(router => router.Name).ToList();
        var partial = routers.SelectMany(router => router.Nats.Where(nat => nat is { IsPublic: true, ServesVms: true, SourceRanges: NatSourceRanges.ListOfSubnetworks }).Select(nat => (Router: router, Nat: nat))).FirstOrDefault();
        if (partial.Router is { } owner)
        {
            var wider = partial.Nat with { SourceRanges = NatSourceRanges.AllSubnetworksAllIpRanges, Subnetworks = [] };
            return PathFix.Of($"let Cloud NAT {wider.Name} cover every subnetwork: {(walk.Attachment!.Subnetwork is null ? "the hidden one of a connector can be in no list" : "its list leaves this one out")}",
                $"gcloud compute routers nats update {wider.Name} --router={owner.Name.Id} --project={owner.Name.Project} --region={from.Region} --nat-all-subnet-ip-ranges", "google_compute_router_nat",
                ResourceName.Of(ResourceKind.Router, owner.Name.Project!, from.Region!, wider.Name), null, "source_subnetwork_ip_ranges_to_nat = \"ALL_SUBNETWORKS_ALL_IP_RANGES\"")
                .Changing(owner.Name, owner with { Nats = owner.Nats.Select(nat => nat == partial.Nat ? wider : nat).ToValueList() });
        }

        var fresh = new RouterNat($"nat-{from.Region}") { AllocateOption = "AUTO_ONLY", SourceRanges = NatSourceRanges.AllSubnetworksAllIpRanges };
        var router = routers.FirstOrDefault() ?? new Router(ResourceName.Of(ResourceKind.Router, from.Network.Project!, from.Region!, $"router-{from.Network.Id}")) { Network = from.Network };
        var create = routers.Count > 0 ? "" : $"gcloud compute routers create {router.Name.Id} --project={router.Name.Project} --region={from.Region} --network={from.Network.Id} && ";
        var block = PathFix.Block("google_compute_router_nat", ResourceName.Of(ResourceKind.Router, router.Name.Project!, from.Region!, fresh.Name),
            [$"project = \"{router.Name.Project}\"", $"region  = \"{from.Region}\"", $"router  = \"{router.Name.Id}\"", $"name    = \"{fresh.Name}\"", "nat_ip_allocate_option             = \"AUTO_ONLY\"", "source_subnetwork_ip_ranges_to_nat = \"ALL_SUBNETWORKS_ALL_IP_RANGES\""]);
        var routerBlock = routers.Count > 0 ? "" : PathFix.Block("google_compute_router", router.Name, [$"project = \"{router.Name.Project}\"", $"region  = \"{from.Region}\"", $"network = \"{from.Network.Id}\"", $"name    = \"{router.Name.Id}\""]) + "\n";
        return new PathFix(
            $"create a Cloud NAT in {from.Region}", $"{create}gcloud compute routers nats create {fresh.Name} --router={router.Name.Id} --project={router.Name.Project} --region={from.Region} --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges",
            routerBlock + block, new EstateEntry(router.Name, router with { Nats = router.Nats.Append(fresh).ToValueList() }));
    }

    private (PathFix?, string?) NatAddresses()
    {
        if (By is not { } name || view.Find<Router>(name) is not Lookup<Router>.Found { Resource: var router })
        {
            return (null, null);
        }

        var id = End.DecidedBy!.Name;
        return (PathFix.Of($"let Google allocate the addresses of Cloud NAT {id}", $"gcloud compute routers nats update {id} --router={name.Id} --project={name.Project} --region={name.Location} --auto-allocate-nat-external-ips", "google_compute_router_nat",
            ResourceName.Of(ResourceKind.Router, name.Project!, name.Location!, id), null, "nat_ip_allocate_option = \"AUTO_ONLY\"")
            .Changing(name, router with { Nats = router.Nats.Select(nat => nat.Name == id ? nat with { AllocateOption = "AUTO_ONLY", Addresses = [], DrainAddresses = [] } : nat).ToValueList() }), null);
    }

    private (PathFix?, string?) GoogleAccess() => By is not { Kind: ResourceKind.Subnetwork } name || view.Find<Subnetwork>(name) is not Lookup<Subnetwork>.Found { Resource: var subnetwork } ? (null, $"Private Google Access of {End.DecidedBy} must be on")
        : (PathFix.Of($"turn on Private Google Access of subnetwork {name.Id}", $"gcloud compute networks subnets update {name.Id} --project={name.Project} --region={name.Location} --enable-private-ip-google-access", "google_compute_subnetwork", name,
            subnetwork with { PrivateIpGoogleAccess = true }, "private_ip_google_access = true"), null);

    // External addresses need a way to the internet gateway; to private ones only peerings and hybrid connections lead, which nobody can imagine.
    private (PathFix?, string?) Route()
    {
        var isVip = blocked.Destinations.Intersect(RoutedRanges.GoogleApiVips) is { IsEmpty: false };
        if (End.Reason != PathReason.NoRoute || End.Stage != PathStage.Route || (!isVip && blocked.Destinations.Intersect(AddressSet.External).IsEmpty))
        {
            return (null, target.Resource is { } of && NetworkOfTarget() is { } there && walk.Attachment?.Network is { } here && there != here
                ? $"{PathDecider.Of(of)} is in network {there.Id}: peer it with network {here.Id} (gcloud compute networks peerings create, on both sides), or attach the workload there"
                : $"nothing in network {walk.Attachment?.Network?.Id} has the address, and no peering or route leads to it");
        }

        var network = walk.Source.Network;
        var range = isVip ? "199.36.153.8/30" : "0.0.0.0/0";
        if (isVip && !blocked.Destinations.Intersect(RoutedRanges.Of("199.36.153.4/30")).IsEmpty)
        {
            range = "199.36.153.4/30";
        }

        var name = ResourceName.Of(ResourceKind.Route, network.Project!, isVip ? "google-apis" : "default-internet");
        return (new PathFix($"create a route for {range} to the default internet gateway",
            $"gcloud compute routes create {name.Id} --project={name.Project} --network={network.Id} --destination-range={range} --next-hop-gateway=default-internet-gateway",
            PathFix.Block("google_compute_route", name, [$"project          = \"{name.Project}\"", $"name             = \"{name.Id}\"", $"network          = \"{network.Id}\"", $"dest_range       = \"{range}\"", "next_hop_gateway = \"default-internet-gateway\""]),
            new EstateEntry(name, new Route(name) { Network = network, DestRange = IpRange.Parse(range), NextHop = new NextHop.Gateway("default-internet-gateway") })), null);
    }

    private string NoPeering() => $"the peering to {(target.Resource is { } service ? PathDecider.Of(service).Words : "the service")} does not work ({End.DecidedBy}): for private services access, gcloud services vpc-peerings connect "
        + $"--service=servicenetworking.googleapis.com --network={walk.Attachment?.Network?.Id} --project={walk.Attachment?.Network?.Project} --ranges=RANGE makes it; or attach the workload to the network that has it";

    private (PathFix?, string?) GlobalAccess()
    {
        if (By is not { } name || view.Find<ForwardingRule>(name) is not Lookup<ForwardingRule>.Found { Resource: var rule })
        {
            return (null, null);
        }

        var (flag, field) = rule.IsPscEndpoint ? ("--allow-psc-global-access", "allow_psc_global_access") : ("--allow-global-access", "allow_global_access");
        return (PathFix.Of($"let forwarding rule {name.Id} serve every region", $"gcloud compute forwarding-rules update {name.Id} --project={name.Project} --region={name.Location} {flag}", "google_compute_forwarding_rule", name,
            rule.IsPscEndpoint ? rule with { AllowPscGlobalAccess = true } : rule with { AllowGlobalAccess = true }, $"{field} = true"), null);
    }

    private (PathFix?, string?) Accept() => By is { Kind: ResourceKind.ForwardingRule } name && view.Find<ForwardingRule>(name) is Lookup<ForwardingRule>.Found { Resource: { Target: { } attachment } rule }
        ? (PathFix.Of($"accept the connection on service attachment {attachment.Id}, in project {attachment.Project}",
            $"gcloud compute service-attachments update {attachment.Id} --project={attachment.Project} --region={attachment.Location} --consumer-accept-list={name.Project}=10  # with those that are on the list already", "google_compute_service_attachment", attachment, null,
            "consumer_accept_lists {", $"  project_id_or_num = \"{name.Project}\"", "  connection_limit  = 10", "}").Changing(name, rule with { PscConnectionStatus = "ACCEPTED" }), null)
        : (null, $"the connection to {End.DecidedBy} must be accepted by its producer");

    private (PathFix?, string?) Authorize()
    {
        if (By is not { } name || view.Find<SqlInstance>(name) is not Lookup<SqlInstance>.Found { Resource: var sql })
        {
            return (null, null);
        }

        var range = walk.Source.Addresses.EnclosingV4;
        var all = sql.AuthorizedNetworks.Select(network => network.Range).OfType<IpRange>().Append(range).Select(item => item.ToString());
        return (PathFix.Of($"authorise {range} at Cloud SQL instance {name.Id}: clients outside RFC 1918 need it, also at its private address", $"gcloud sql instances patch {name.Id} --project={name.Project} --authorized-networks={string.Join(',', all)}", "google_sql_database_instance", name,
            sql with { AuthorizedNetworks = sql.AuthorizedNetworks.Append(new AuthorizedNetwork("serverless", range, null)).ToValueList() },
            "settings {", "  ip_configuration {", "    authorized_networks {", "      name  = \"serverless\"", $"      value = \"{range}\"", "    }", "  }", "}"), null);
    }

    private (PathFix?, string?) StartSql() => By is { } name && view.Find<SqlInstance>(name) is Lookup<SqlInstance>.Found { Resource: { ActivationPolicy: "NEVER" } sql }
        ? (PathFix.Of($"start Cloud SQL instance {name.Id}", $"gcloud sql instances patch {name.Id} --project={name.Project} --activation-policy=ALWAYS", "google_sql_database_instance", name, sql with { ActivationPolicy = "ALWAYS" }, "settings {", "  activation_policy = \"ALWAYS\"", "}"), null)
        : (null, $"{End.DecidedBy} does not run: gcloud sql operations list --instance={End.DecidedBy?.Name} tells why");

    private (PathFix?, string?) StartMachine() => By is { Kind: ResourceKind.Instance } name && view.Find<Instance>(name) is Lookup<Instance>.Found { Resource: var machine }
        ? (PathFix.Of($"start VM {name.Id}", $"gcloud compute instances {(machine.Status == "SUSPENDED" ? "resume" : "start")} {name.Id} --project={name.Project} --zone={name.Location}", "google_compute_instance", name, machine with { Status = "RUNNING" }, "desired_status = \"RUNNING\""), null)
        : (null, $"the next hop of {End.DecidedBy} does not run: start it, or lead the route elsewhere");

    private (PathFix?, string?) ClusterAccess() => By is { } name && view.Find<GkeCluster>(name) is Lookup<GkeCluster>.Found { Resource: var cluster }
        ? (PathFix.Of($"let the control plane of {name.Id} serve every region", $"gcloud container clusters update {name.Id} --project={name.Project} --location={name.Location} --enable-master-global-access", "google_container_cluster", name, cluster with { MasterGlobalAccess = true },
            "private_cluster_config {", "  master_global_access_config {", "    enabled = true", "  }", "}"), null)
        : (null, null);

    private (PathFix?, string?) ClusterNetworks()
    {
        if (By is not { } name || view.Find<GkeCluster>(name) is not Lookup<GkeCluster>.Found { Resource: var cluster })
        {
            return (null, null);
        }

        var range = walk.Source.Addresses.EnclosingV4;
        var all = cluster.AuthorizedNetworks.Append(range).ToValueList();
        return (PathFix.Of($"authorise {range} at the control plane of {name.Id}", $"gcloud container clusters update {name.Id} --project={name.Project} --location={name.Location} --enable-master-authorized-networks --master-authorized-networks={string.Join(',', all)}", "google_container_cluster", name,
            cluster with { AuthorizedNetworks = all }, $"master_authorized_networks_config {{\n{string.Join('\n', all.Select(item => $"    cidr_blocks {{ cidr_block = \"{item}\" }}"))}\n  }}"), null);
    }

    private ResourceName? NetworkOfTarget() => target.Resource is { } name && view.Find<Resource>(name) is Lookup<Resource>.Found { Resource: var resource } ? resource switch
    {
        Instance machine => machine.NetworkInterfaces.Where(nic => nic.Address == target.Address).Select(nic => nic.Network).FirstOrDefault(),
        ForwardingRule rule => rule.Network,
        _ => ManagedEndpoint.Of(resource, view).Where(endpoint => endpoint.Address == target.Address).Select(endpoint => (ResourceName?)endpoint.Network).FirstOrDefault(),
    } : null;
}
