using Auditor.Model;

namespace Auditor.Reach.Paths;

/// <summary>The VMs behind an internal load balancer.</summary>
/// <param name="Machines">Each with the port that a proxy asks for; null there for a passthrough balancer, which keeps the client's.</param>
/// <param name="Missing">Why they are not known, or not all; null when they are.</param>
internal sealed record Backends(IReadOnlyList<(Instance Machine, ushort? Port)> Machines, string? Missing)
{
    /// <summary>Follows a forwarding rule to its VMs.</summary>
    public static Backends Of(ForwardingRule rule, EstateView view)
    {
        var machines = new List<(Instance, ushort?)>();
        var missing = rule.BackendService is { } service ? OfService(service, view, machines)
            : rule.Target is { Kind: ResourceKind.TargetInstance } forwarding ? OfTargetInstance(forwarding, view, machines)
            : rule.Target is { } proxy ? OfProxy(proxy, view, machines)
            : $"forwarding rule {rule.Name.Id} names no backend service";
        return new Backends([.. machines.Distinct().OrderBy(pair => pair.Item1.Name)], missing);
    }

    /// <summary>The ports at which endpoint groups name a VM.</summary>
    public static IEnumerable<ushort> PortsOf(Instance machine, EstateView view) => view.Referrers<NetworkEndpointGroup>(ResourceKind.NetworkEndpointGroup, machine.Name).Items
        .SelectMany(group => (group.Endpoints ?? []).Where(endpoint => endpoint.Instance == machine.Name).Select(endpoint => endpoint.Port ?? group.DefaultPort)).Where(port => port is > 0).Select(port => (ushort)port!.Value);

    private static string? OfProxy(ResourceName name, EstateView view, List<(Instance, ushort?)> into)
    {
        if (Found<TargetProxy>(name, view, out var missing) is not { } proxy)
        {
            return missing;
        }

        var services = proxy.BackendService is { } service ? [service] : new List<ResourceName>();
        if (proxy.UrlMap is { } map)
        {
            if (Found<UrlMap>(map, view, out missing) is not { } urls)
            {
                return missing;
            }

            services.AddRange(urls.Services);
        }

        // Which one a request goes to depends on host and path, which no packet shows.
        return services.Select(item => OfService(item, view, into)).FirstOrDefault(why => why is not null);
    }

    private static string? OfService(ResourceName name, EstateView view, List<(Instance, ushort?)> into)
    {
        if (Found<BackendService>(name, view, out var missing) is not { } service)
        {
            return missing;
        }

        return service.Backends.Where(backend => !backend.IsDrained).Select(backend => backend.Group is { } group ? OfGroup(group, service, view, into) : $"a backend of {name.Id} names no group").FirstOrDefault(why => why is not null);
    }

    private static string? OfGroup(ResourceName name, BackendService service, EstateView view, List<(Instance, ushort?)> into)
    {
        if (name.Kind == ResourceKind.NetworkEndpointGroup)
        {
            return Found<NetworkEndpointGroup>(name, view, out var unread) is { } endpoints ? OfEndpoints(endpoints, view, into) : unread;
        }

        if (Found<InstanceGroup>(name, view, out var missing) is not { } group)
        {
            return missing;
        }

        if (group.Members is not { } members)
        {
            return $"the members of instance group {name.Id} were not read{(group.MembersUnread is { } why ? $": {why}" : "")}";
        }

        var port = group.NamedPorts.Where(item => item.Name == service.PortName).Select(item => (ushort?)item.Port).FirstOrDefault();
        return members.Select(member => Add(member, port, view, into)).FirstOrDefault(why => why is not null);
    }

    private static string? OfEndpoints(NetworkEndpointGroup group, EstateView view, List<(Instance, ushort?)> into) =>
        group.Type is not (NetworkEndpointType.GceVmIp or NetworkEndpointType.GceVmIpPort) ? $"what is behind endpoint group {group.Name.Id} is no VM"
        : group.Endpoints is not { } endpoints ? $"the endpoints of group {group.Name.Id} were not read{(group.EndpointsUnread is { } why ? $": {why}" : "")}"
        : endpoints.Select(endpoint => endpoint.Instance is { } machine ? Add(machine, (ushort?)(endpoint.Port ?? group.DefaultPort), view, into) : $"an endpoint of group {group.Name.Id} names no VM").FirstOrDefault(missing => missing is not null);

    private static string? OfTargetInstance(ResourceName name, EstateView view, List<(Instance, ushort?)> into) =>
        Found<TargetInstance>(name, view, out var missing) is not { } target ? missing
        : target.Instance is { } machine ? Add(machine, null, view, into)
        : $"target instance {name.Id} names no VM";

    private static string? Add(ResourceName name, ushort? port, EstateView view, List<(Instance, ushort?)> into)
    {
        if (Found<Instance>(name, view, out var missing) is not { } machine)
        {
            return missing;
        }

        into.Add((machine, port));
        return null;
    }

    private static T? Found<T>(ResourceName name, EstateView view, out string? missing)
        where T : Resource
    {
        var lookup = view.Find<T>(name);
        missing = lookup switch
        {
            Lookup<T>.Found => null,
            Lookup<T>.Unread { Reason: var reason } => $"{PathDecider.Of(name)} was not read: {reason}",
            _ => $"{PathDecider.Of(name)} is not known",
        };
        return (lookup as Lookup<T>.Found)?.Resource;
    }
}
