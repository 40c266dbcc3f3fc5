using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A group of addresses and ports behind a load balancer, or the pointer to a serverless workload or a published service. Of a zone, a region or
/// global. Source: REST Resources networkEndpointGroups, regionNetworkEndpointGroups and globalNetworkEndpointGroups, compute v1, and their method
/// listNetworkEndpoints.
/// </summary>
public sealed record NetworkEndpointGroup(ResourceName Name) : Resource(Name)
{
    private const string Compute = "compute.googleapis.com";

    public NetworkEndpointType Type { get; init; }

    public ResourceName? Network { get; init; }

    public ResourceName? Subnetwork { get; init; }

    /// <summary>The port of endpoints that say none; null when not said.</summary>
    public int? DefaultPort { get; init; }

    /// <summary>The Cloud Run service of a serverless group; null when it is chosen by the URL, or for other groups.</summary>
    public ResourceName? CloudRunService { get; init; }

    /// <summary>The Cloud Run tag of a serverless group; null when it has none.</summary>
    public string? CloudRunTag { get; init; }

    /// <summary>The function of a serverless group; null when it is chosen by the URL, or for other groups.</summary>
    public ResourceName? CloudFunction { get; init; }

    /// <summary>Private Service Connect: the service attachment; null where it is an API, see <see cref="PscTargetApi"/>.</summary>
    public ResourceName? PscServiceAttachment { get; init; }

    /// <summary>Private Service Connect: the API's host name.</summary>
    public string? PscTargetApi { get; init; }

    /// <summary>ACCEPTED, PENDING, REJECTED, CLOSED, NEEDS_ATTENTION; null for anything but Private Service Connect.</summary>
    public string? PscConnectionStatus { get; init; }

    /// <summary>Private Service Connect: the address in the consumer's network; null when not said.</summary>
    public IpRange? PscConsumerAddress { get; init; }

    /// <summary>The endpoints in it, sorted; null when they were not read. Serverless groups and those of Private Service Connect have none.</summary>
    public ValueList<NetworkEndpoint>? Endpoints { get; init; }

    /// <summary>Why <see cref="Endpoints"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? EndpointsUnread { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork, CloudRunService, CloudFunction, PscServiceAttachment }
        .Concat((Endpoints ?? []).Select(endpoint => endpoint.Instance)).OfType<ResourceName>();

    internal static NetworkEndpointGroup Parse(FieldReader fields)
    {
        var (run, function, psc) = (fields.Child("cloudRun"), fields.Child("cloudFunction"), fields.Child("pscData"));
        var target = fields.Text("pscTargetService");
        var attachment = fields.Context.ResolveAny(target, Compute);
        return new NetworkEndpointGroup(fields.Context.Name)
        {
            Type = fields.Choice("networkEndpointType", NetworkEndpointType.Unrecognized) ?? NetworkEndpointType.Unspecified,
            Network = fields.Reference("network", ResourceKind.Network),
            Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
            DefaultPort = fields.Number("defaultPort"),
            CloudRunService = run?.Reference("service", ResourceKind.RunService),
            CloudRunTag = run?.Text("tag"),
            CloudFunction = function?.Reference("function", ResourceKind.Function),
            PscServiceAttachment = attachment,
            PscTargetApi = attachment is null ? target : null,
            PscConnectionStatus = psc?.Text("pscConnectionStatus"),
            PscConsumerAddress = psc?.Range("consumerPscAddress"),
            Endpoints = fields.Part(ResourcePart.Endpoints)?.Select(item => item.Child("networkEndpoint")).OfType<FieldReader>().Select(NetworkEndpoint.Parse)
                .OrderBy(endpoint => endpoint.IpAddress?.ToString() ?? endpoint.Fqdn, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Port).ThenBy(endpoint => endpoint.Instance).ToValueList(),
            EndpointsUnread = fields.Text(ResourcePart.Endpoints.UnreadField),
        };
    }
}

/// <summary>An endpoint of a group: an address and port, a VM, or a name outside.</summary>
/// <param name="Instance">The VM; null when the address is nobody's in Google Cloud.</param>
/// <param name="IpAddress">Null means the first address of the VM.</param>
/// <param name="Port">Null means the group's default port, or any where the group has no ports.</param>
/// <param name="Fqdn">The name of an endpoint on the internet.</param>
public sealed record NetworkEndpoint(ResourceName? Instance, IpRange? IpAddress, int? Port, string? Fqdn)
{
    internal static NetworkEndpoint Parse(FieldReader fields) =>
        new(fields.Reference("instance", ResourceKind.Instance), fields.Range("ipAddress"), fields.Number("port"), fields.Text("fqdn"));
}

/// <summary>What endpoints of a group are.</summary>
public enum NetworkEndpointType
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary>VMs, without ports.</summary>
    GceVmIp,
    GceVmIpPort,
    GceVmIpPortmap,

    /// <summary>Addresses reached over a hybrid connection.</summary>
    NonGcpPrivateIpPort,
    InternetFqdnPort,
    InternetIpPort,
    Serverless,
    PrivateServiceConnect,

    /// <summary>A type Google added after this was written.</summary>
    Unrecognized = -1,
}
