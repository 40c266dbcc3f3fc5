namespace Auditor.Model;

/// <summary>How names are resolved in networks: a policy may send all of them to other servers. Source: REST Resource policies, dns v1.</summary>
public sealed record DnsPolicy(ResourceName Name) : Resource(Name)
{
    public ValueList<ResourceName> Networks { get; init; }

    /// <summary>Servers that answer for every name instead of Cloud DNS; empty means Cloud DNS answers.</summary>
    public ValueList<NameServer> AlternativeNameServers { get; init; }

    /// <summary>Whether clients outside may ask Cloud DNS in the networks; null means false.</summary>
    public bool? EnableInboundForwarding { get; init; }

    /// <summary>Null means false.</summary>
    public bool? EnableLogging { get; init; }

    public override IEnumerable<ResourceName> References => Networks;

    internal static DnsPolicy Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Networks = ManagedZone.NetworksOf(fields),
        AlternativeNameServers = NameServer.OfConfig(fields.Child("alternativeNameServerConfig")),
        EnableInboundForwarding = fields.Flag("enableInboundForwarding"),
        EnableLogging = fields.Flag("enableLogging"),
    };
}
