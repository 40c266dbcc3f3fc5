namespace Auditor.Model;

/// <summary>
/// The producer's side of Private Service Connect: what it publishes and whom it lets in. Only the producer's project may read it; consumers see
/// the status of their endpoint. Source: REST Resource serviceAttachments, compute v1.
/// </summary>
public sealed record ServiceAttachment(ResourceName Name) : Resource(Name)
{
    private const string Compute = "compute.googleapis.com";

    /// <summary>The forwarding rule it publishes, or another service.</summary>
    public ResourceName? TargetService { get; init; }

    /// <summary>ACCEPT_AUTOMATIC or ACCEPT_MANUAL; null when not said.</summary>
    public string? ConnectionPreference { get; init; }

    /// <summary>Subnetworks its packets come from; without any, nothing passes.</summary>
    public ValueList<ResourceName> NatSubnets { get; init; }

    /// <summary>With ACCEPT_MANUAL: who is let in.</summary>
    public ValueList<ConsumerAccept> ConsumerAcceptLists { get; init; }

    /// <summary>Projects, ids or numbers as written, that are not let in.</summary>
    public ValueList<string> ConsumerRejectLists { get; init; }

    public ValueList<ConnectedEndpoint> ConnectedEndpoints { get; init; }

    public override IEnumerable<ResourceName> References => new[] { TargetService }.Concat(ConnectedEndpoints.SelectMany(endpoint => new[] { endpoint.Endpoint, endpoint.ConsumerNetwork }))
        .Concat(ConsumerAcceptLists.Select(accept => accept.Network)).OfType<ResourceName>().Concat(NatSubnets);

    internal static ServiceAttachment Parse(FieldReader fields) => new(fields.Context.Name)
    {
        TargetService = fields.AnyReference("targetService", Compute) ?? fields.AnyReference("producerForwardingRule", Compute),
        ConnectionPreference = fields.Text("connectionPreference"),
        NatSubnets = fields.References("natSubnets", ResourceKind.Subnetwork),
        ConsumerAcceptLists = fields.Children("consumerAcceptLists")
            .Select(accept => new ConsumerAccept(accept.Text("projectIdOrNum"), accept.Reference("networkUrl", ResourceKind.Network), accept.Number("connectionLimit"))).ToValueList(),
        ConsumerRejectLists = fields.Texts("consumerRejectLists"),
        ConnectedEndpoints = fields.Children("connectedEndpoints")
            .Select(endpoint => new ConnectedEndpoint(endpoint.AnyReference("endpoint", Compute), endpoint.Text("status"), endpoint.Reference("consumerNetwork", ResourceKind.Network))).ToValueList(),
    };
}

/// <summary>Whom a service attachment lets in.</summary>
/// <param name="Project">Id or number as written; null where a network is named.</param>
/// <param name="ConnectionLimit">The most endpoints; null when not said.</param>
public sealed record ConsumerAccept(string? Project, ResourceName? Network, int? ConnectionLimit);

/// <summary>An endpoint of a consumer, as the producer sees it.</summary>
/// <param name="Status">ACCEPTED, PENDING, REJECTED, CLOSED, NEEDS_ATTENTION; null when not said.</param>
public sealed record ConnectedEndpoint(ResourceName? Endpoint, string? Status, ResourceName? ConsumerNetwork);
