using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A Serverless VPC Access connector. It stands on its own /28 (<see cref="Network"/> and <see cref="IpCidrRange"/>) or on a subnetwork that
/// somebody made for it (<see cref="Subnetwork"/>, in a Shared VPC one of the host project); then range and network are the subnetwork's.
/// Source: REST Resource projects.locations.connectors, v1 and v1beta1.
/// </summary>
public sealed record Connector(ResourceName Name) : Resource(Name)
{
    public ResourceName? Network { get; init; }

    /// <summary>Null when the connector stands on a subnetwork.</summary>
    public IpRange? IpCidrRange { get; init; }

    public ResourceName? Subnetwork { get; init; }

    public ConnectorState State { get; init; }

    /// <summary>Null means e2-micro, Google's default.</summary>
    public string? MachineType { get; init; }

    public int? MinInstances { get; init; }

    public int? MaxInstances { get; init; }

    /// <summary>Mbps; the older, discouraged way to size a connector.</summary>
    public int? MinThroughput { get; init; }

    /// <summary>Mbps; the older, discouraged way to size a connector.</summary>
    public int? MaxThroughput { get; init; }

    /// <summary>Projects that Google has seen using the connector; may lag.</summary>
    public ValueList<string> ConnectedProjects { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork }.OfType<ResourceName>();

    public override string? Lifecycle => State.ToString().ToUpperInvariant();

    /// <summary>The network tag that only this connector's VMs carry.</summary>
    public string UniqueNetworkTag => $"vpc-connector-{Name.Location}-{Name.Id}";

    internal static Connector Parse(FieldReader fields)
    {
        var name = fields.Context.Name;
        var subnet = fields.Child("subnet");
        return new Connector(name)
        {
            Network = fields.Reference("network", ResourceKind.Network),
            IpCidrRange = fields.Range("ipCidrRange"),
            Subnetwork = subnet?.Reference("name", ResourceKind.Subnetwork, subnet.Text("projectId") is { Length: > 0 } host ? host : name.Project),
            State = fields.Choice("state", ConnectorState.Unrecognized) ?? ConnectorState.Unspecified,
            MachineType = fields.Text("machineType"),
            MinInstances = fields.Number("minInstances"),
            MaxInstances = fields.Number("maxInstances"),
            MinThroughput = fields.Number("minThroughput"),
            MaxThroughput = fields.Number("maxThroughput"),
            ConnectedProjects = fields.Texts("connectedProjects"),
        };
    }
}

/// <summary>States of a connector, with the API's numbers.</summary>
public enum ConnectorState
{
    /// <summary>STATE_UNSPECIFIED, or not said.</summary>
    Unspecified = 0,
    Ready = 1,
    Creating = 2,
    Deleting = 3,
    Error = 4,
    Updating = 5,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
