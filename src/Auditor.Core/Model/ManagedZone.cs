using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A zone of Cloud DNS: its own records, or the word that another network or other servers answer. Source: REST Resources managedZones and
/// resourceRecordSets, dns v1.
/// </summary>
public sealed record ManagedZone(ResourceName Name) : Resource(Name)
{
    /// <summary>Its domain with the final dot, in lower case, such as "corp.example."; null when not said.</summary>
    public string? DnsName { get; init; }

    /// <summary>public or private; null means public.</summary>
    public string? Visibility { get; init; }

    /// <summary>Networks that see a private zone.</summary>
    public ValueList<ResourceName> Networks { get; init; }

    /// <summary>Peering zones: the network whose zones answer; null elsewhere.</summary>
    public ResourceName? PeeringNetwork { get; init; }

    /// <summary>Forwarding zones: the servers that answer; empty elsewhere.</summary>
    public ValueList<NameServer> ForwardingTargets { get; init; }

    /// <summary>Service Directory zones: the namespace that answers; null elsewhere.</summary>
    public string? ServiceDirectoryNamespace { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>Its records of types A, AAAA and CNAME; null when they were not read. A zone that asks others has none that count.</summary>
    public ValueList<DnsRecord>? Records { get; init; }

    /// <summary>Why <see cref="Records"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? RecordsUnread { get; init; }

    /// <summary>Whether only <see cref="Networks"/> see it.</summary>
    public bool IsPrivate => "private".Equals(Visibility, StringComparison.OrdinalIgnoreCase);

    public override IEnumerable<ResourceName> References => PeeringNetwork is { } network ? Networks.Append(network) : Networks;

    internal static ManagedZone Parse(FieldReader fields) => new(fields.Context.Name)
    {
        DnsName = fields.Text("dnsName")?.ToLowerInvariant(),
        Visibility = fields.Text("visibility"),
        Networks = NetworksOf(fields.Child("privateVisibilityConfig")),
        PeeringNetwork = fields.Child("peeringConfig")?.Child("targetNetwork")?.Reference("networkUrl", ResourceKind.Network),
        ForwardingTargets = NameServer.OfConfig(fields.Child("forwardingConfig")),
        ServiceDirectoryNamespace = fields.Child("serviceDirectoryConfig")?.Child("namespace")?.Text("namespaceUrl"),
        Labels = fields.Map("labels"),
        Records = fields.Part(ResourcePart.Records)?.Select(DnsRecord.Parse).ToValueList(),
        RecordsUnread = fields.Text(ResourcePart.Records.UnreadField),
    };

    /// <summary>networks[].networkUrl, as zones and policies say it.</summary>
    internal static ValueList<ResourceName> NetworksOf(FieldReader? fields) =>
        (fields?.Children("networks") ?? []).Select(network => network.Reference("networkUrl", ResourceKind.Network)).OfType<ResourceName>().ToValueList();
}

/// <summary>A server that names are sent to.</summary>
/// <param name="Address">Null where a name or an IPv6 address is given.</param>
/// <param name="ForwardingPath">private: through the network, whatever the address; default or null: private addresses through the network, others over the internet.</param>
public sealed record NameServer(IpRange? Address, string? ForwardingPath)
{
    /// <summary>Whether it is reached through the network, by whatever address.</summary>
    public bool IsPrivate => "private".Equals(ForwardingPath, StringComparison.OrdinalIgnoreCase);

    internal static ValueList<NameServer> OfConfig(FieldReader? config) => (config?.Children("targetNameServers") ?? [])
        .Select(server => new NameServer(server.Range("ipv4Address"), server.Text("forwardingPath"))).ToValueList();
}
