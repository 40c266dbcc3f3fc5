using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Filestore instance. Its location is a zone, or a region. Source: REST Resource projects.locations.instances, file v1.</summary>
public sealed record FilestoreInstance(ResourceName Name) : Resource(Name)
{
    /// <summary>The port of NFS; clients of NFSv3 use others besides.</summary>
    public const int Port = 2049;

    public FilestoreState State { get; init; }

    /// <summary>NFS_V3 or NFS_V4_1; null means NFS_V3.</summary>
    public string? Protocol { get; init; }

    public ValueList<FilestoreNetwork> Networks { get; init; }

    public ValueList<FilestoreShare> Shares { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => Networks.Select(network => network.Network).OfType<ResourceName>();

    public override string? Lifecycle => State == FilestoreState.Unspecified ? null : State.ToGoogleWord();

    internal static FilestoreInstance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        State = fields.Choice("state", FilestoreState.Unrecognized) ?? FilestoreState.Unspecified,
        Protocol = fields.Text("protocol"),
        Networks = fields.Children("networks").Select(FilestoreNetwork.Parse).ToValueList(),
        Shares = fields.Children("fileShares").Select(FilestoreShare.Parse).ToValueList(),
        Labels = fields.Map("labels"),
    };
}

/// <summary>How a Filestore instance is reached from a network.</summary>
/// <param name="IpAddresses">Its addresses in the network.</param>
/// <param name="ReservedIpRange">A CIDR block, or the name of an allocated range; null when not said.</param>
public sealed record FilestoreNetwork(ResourceName? Network, ValueList<IpRange> IpAddresses, string? ReservedIpRange, FilestoreConnectMode ConnectMode)
{
    internal static FilestoreNetwork Parse(FieldReader fields) => new(
        fields.Reference("network", ResourceKind.Network),
        fields.Ranges("ipAddresses"),
        fields.Text("reservedIpRange"),
        fields.Choice("connectMode", FilestoreConnectMode.Unrecognized) ?? FilestoreConnectMode.DirectPeering);
}

/// <summary>A share of a Filestore instance.</summary>
/// <param name="ClientRanges">Clients that may mount it; empty means all.</param>
public sealed record FilestoreShare(string? Name, ValueList<IpRange> ClientRanges)
{
    internal static FilestoreShare Parse(FieldReader fields) =>
        new(fields.Text("name"), fields.Children("nfsExportOptions").SelectMany(options => options.Ranges("ipRanges")).ToValueList());
}

/// <summary>How a Filestore instance is connected, with the API's numbers.</summary>
public enum FilestoreConnectMode
{
    /// <summary>Google's word for "not said", which means direct peering.</summary>
    Unspecified = 0,

    /// <summary>Also when nothing is said.</summary>
    DirectPeering = 1,
    PrivateServiceAccess = 2,
    PrivateServiceConnect = 3,

    /// <summary>A mode Google added after this was written.</summary>
    Unrecognized = -1,
}

/// <summary>States of a Filestore instance, with the API's numbers.</summary>
public enum FilestoreState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Creating = 1,
    Ready = 2,
    Repairing = 3,
    Deleting = 4,
    Error = 6,
    Restoring = 7,
    Suspended = 8,
    Suspending = 9,
    Resuming = 10,
    Reverting = 12,
    Promoting = 13,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
