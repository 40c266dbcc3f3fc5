namespace Auditor.Model;

/// <summary>An AlloyDB cluster: the network its instances are reached from. Source: REST Resource projects.locations.clusters, alloydb v1.</summary>
public sealed record AlloyDbCluster(ResourceName Name) : Resource(Name)
{
    public AlloyDbClusterState State { get; init; }

    /// <summary>The network peered with it; null with Private Service Connect.</summary>
    public ResourceName? Network { get; init; }

    /// <summary>Name of the allocated range its addresses come from; null means any of the connection.</summary>
    public string? AllocatedIpRange { get; init; }

    /// <summary>Null means false.</summary>
    public bool? PscEnabled { get; init; }

    /// <summary>PRIMARY or SECONDARY; null when not said.</summary>
    public string? ClusterType { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => Network is { } network ? [network] : [];

    public override string? Lifecycle => State == AlloyDbClusterState.Unspecified ? null : State.ToGoogleWord();

    internal static AlloyDbCluster Parse(FieldReader fields)
    {
        var config = fields.Child("networkConfig");
        return new AlloyDbCluster(fields.Context.Name)
        {
            State = fields.Choice("state", AlloyDbClusterState.Unrecognized) ?? AlloyDbClusterState.Unspecified,

            // The older field repeats what networkConfig says.
            Network = config?.Reference("network", ResourceKind.Network) ?? fields.Reference("network", ResourceKind.Network),
            AllocatedIpRange = config?.Text("allocatedIpRange"),
            PscEnabled = fields.Child("pscConfig")?.Flag("pscEnabled"),
            ClusterType = fields.Text("clusterType"),
            Labels = fields.Map("labels"),
        };
    }
}

/// <summary>States of an AlloyDB cluster, with the API's numbers.</summary>
public enum AlloyDbClusterState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Ready = 1,
    Stopped = 2,
    Empty = 3,
    Creating = 4,
    Deleting = 5,
    Failed = 6,
    Bootstrapping = 7,
    Maintenance = 8,
    Promoting = 9,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
