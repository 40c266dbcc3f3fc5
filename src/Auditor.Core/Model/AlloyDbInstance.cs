using Auditor.Network;

namespace Auditor.Model;

/// <summary>An AlloyDB instance; its network is its cluster's. Source: REST Resource projects.locations.clusters.instances, alloydb v1.</summary>
public sealed record AlloyDbInstance(ResourceName Name) : Resource(Name)
{
    public const int Port = 5432;

    public AlloyDbInstanceState State { get; init; }

    /// <summary>PRIMARY, READ_POOL or SECONDARY; null when not said.</summary>
    public string? InstanceType { get; init; }

    /// <summary>ALWAYS or NEVER (stopped); null means ALWAYS.</summary>
    public string? ActivationPolicy { get; init; }

    /// <summary>Its address inside the network; null with Private Service Connect, or while it has none.</summary>
    public IpRange? IpAddress { get; init; }

    /// <summary>Its address on the internet; null when it has none.</summary>
    public IpRange? PublicIpAddress { get; init; }

    /// <summary>Null means false.</summary>
    public bool? EnablePublicIp { get; init; }

    /// <summary>Who may reach the public address.</summary>
    public ValueList<IpRange> AuthorizedExternalNetworks { get; init; }

    /// <summary>Whether only clients with AlloyDB's connectors are let in; null means false.</summary>
    public bool? RequireConnectors { get; init; }

    /// <summary>The service attachment that Private Service Connect endpoints name.</summary>
    public ResourceName? PscServiceAttachment { get; init; }

    /// <summary>The name that Private Service Connect clients resolve; null when it has none.</summary>
    public string? PscDnsName { get; init; }

    /// <summary>Projects whose endpoints are let in, ids or numbers as written.</summary>
    public ValueList<string> PscAllowedConsumerProjects { get; init; }

    /// <summary>Endpoints that Google made in consumers' networks.</summary>
    public ValueList<PscAutoConnection> PscAutoConnections { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>The cluster it belongs to.</summary>
    public ResourceName Cluster => ResourceName.Of(Name.Host, Name.Path[..Name.Path.LastIndexOf("/instances/", StringComparison.Ordinal)]);

    public override IEnumerable<ResourceName> References => PscAutoConnections.Select(connection => connection.ConsumerNetwork).Append(PscServiceAttachment).Append(Cluster).OfType<ResourceName>();

    public override string? Lifecycle => State == AlloyDbInstanceState.Unspecified ? null : State.ToGoogleWord();

    internal static AlloyDbInstance Parse(FieldReader fields)
    {
        var (network, psc) = (fields.Child("networkConfig"), fields.Child("pscInstanceConfig"));
        return new AlloyDbInstance(fields.Context.Name)
        {
            State = fields.Choice("state", AlloyDbInstanceState.Unrecognized) ?? AlloyDbInstanceState.Unspecified,
            InstanceType = fields.Text("instanceType"),
            ActivationPolicy = fields.Text("activationPolicy"),
            IpAddress = fields.Range("ipAddress"),
            PublicIpAddress = fields.Range("publicIpAddress"),
            EnablePublicIp = network?.Flag("enablePublicIp"),
            AuthorizedExternalNetworks = (network?.Children("authorizedExternalNetworks") ?? []).Select(external => external.Range("cidrRange")).OfType<IpRange>().ToValueList(),
            RequireConnectors = fields.Child("clientConnectionConfig")?.Flag("requireConnectors"),
            PscServiceAttachment = psc?.AnyReference("serviceAttachmentLink", "compute.googleapis.com"),
            PscDnsName = psc?.Text("pscDnsName"),
            PscAllowedConsumerProjects = psc?.Texts("allowedConsumerProjects") ?? [],
            PscAutoConnections = (psc?.Children("pscAutoConnections") ?? []).Select(PscAutoConnection.Parse).ToValueList(),
            Labels = fields.Map("labels"),
        };
    }
}

/// <summary>States of an AlloyDB instance, with the API's numbers.</summary>
public enum AlloyDbInstanceState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Ready = 1,
    Stopped = 2,
    Creating = 3,
    Deleting = 4,
    Maintenance = 5,
    Failed = 6,
    Bootstrapping = 8,
    Promoting = 9,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
