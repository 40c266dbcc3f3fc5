using Auditor.Network;

namespace Auditor.Model;

/// <summary>A VM. Source: REST Resource instances, compute v1.</summary>
public sealed record Instance(ResourceName Name) : Resource(Name)
{
    /// <summary>The region of its zone; null when the name holds none.</summary>
    public string? Region => Name.Location is { } zone && zone.LastIndexOf('-') is > 0 and var dash ? zone[..dash] : null;

    /// <summary>RUNNING, TERMINATED, STOPPED, ...; null when not said.</summary>
    public string? Status { get; init; }

    /// <summary>Network tags, which firewall rules and routes match.</summary>
    public ValueList<string> Tags { get; init; }

    public ValueList<NetworkInterface> NetworkInterfaces { get; init; }

    /// <summary>E-mails; Google allows one.</summary>
    public ValueList<string> ServiceAccounts { get; init; }

    /// <summary>Whether it may forward packets of others; not said is false.</summary>
    public bool CanIpForward { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    public override IEnumerable<ResourceName> References => NetworkInterfaces.SelectMany(nic => new[] { nic.Network, nic.Subnetwork }).OfType<ResourceName>();

    public override string? Lifecycle => Status;

    internal static Instance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Status = fields.Text("status"),
        Tags = fields.Child("tags")?.Texts("items") ?? [],
        NetworkInterfaces = fields.Children("networkInterfaces").Select(NetworkInterface.Parse).ToValueList(),
        ServiceAccounts = fields.Children("serviceAccounts").Select(account => account.Text("email")).OfType<string>().ToValueList(),
        CanIpForward = fields.Flag("canIpForward") ?? false,
        Labels = fields.Map("labels"),
    };
}

/// <summary>A network interface of a VM.</summary>
/// <param name="Name">nic0, nic1, ...; null when not said.</param>
public sealed record NetworkInterface(string? Name)
{
    public ResourceName? Network { get; init; }

    public ResourceName? Subnetwork { get; init; }

    /// <summary>Its internal IPv4 address; null while it has none.</summary>
    public IpRange? Address { get; init; }

    public ValueList<IpRange> AliasRanges { get; init; }

    /// <summary>Whether it has an external IPv4 address or will get one.</summary>
    public bool HasExternalAddress => ExternalAccess.Count > 0;

    /// <summary>One per access configuration: the external address, or null while it has none.</summary>
    public ValueList<IpRange?> ExternalAccess { get; init; }

    /// <summary>IPV4_ONLY, IPV4_IPV6 or IPV6_ONLY; null means IPV4_ONLY.</summary>
    public string? StackType { get; init; }

    internal static NetworkInterface Parse(FieldReader fields) => new(fields.Text("name"))
    {
        Network = fields.Reference("network", ResourceKind.Network),
        Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
        Address = fields.Range("networkIP"),
        AliasRanges = fields.Children("aliasIpRanges").Select(alias => alias.Range("ipCidrRange")).OfType<IpRange>().ToValueList(),
        ExternalAccess = fields.Children("accessConfigs").Select(access => access.Range("natIP")).ToValueList(),
        StackType = fields.Text("stackType"),
    };
}
