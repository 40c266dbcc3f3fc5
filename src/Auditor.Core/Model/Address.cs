using System.Globalization;
using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A reserved address or, with a prefix length, range. Ranges for private services access are global, INTERNAL, purpose VPC_PEERING.
/// Source: REST Resources addresses and globalAddresses, compute v1.
/// </summary>
public sealed record Address(ResourceName Name) : Resource(Name)
{
    /// <summary>The address, or the range; null while Google has not chosen it.</summary>
    public IpRange? Range { get; init; }

    /// <summary>INTERNAL or EXTERNAL; null means EXTERNAL.</summary>
    public string? AddressType { get; init; }

    /// <summary>GCE_ENDPOINT, VPC_PEERING, PRIVATE_SERVICE_CONNECT, SHARED_LOADBALANCER_VIP, NAT_AUTO, SERVERLESS, ...; null when none.</summary>
    public string? Purpose { get; init; }

    public ResourceName? Network { get; init; }

    public ResourceName? Subnetwork { get; init; }

    /// <summary>RESERVED, IN_USE or RESERVING; null when not said.</summary>
    public string? Status { get; init; }

    /// <summary>The resources that use it, of any kind.</summary>
    public ValueList<ResourceName> Users { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork }.OfType<ResourceName>().Concat(Users);

    internal static Address Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Range = ParseRange(fields),
        AddressType = fields.Text("addressType"),
        Purpose = fields.Text("purpose"),
        Network = fields.Reference("network", ResourceKind.Network),
        Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
        Status = fields.Text("status"),
        Users = fields.Texts("users").Select(user => fields.Context.ResolveAny(user, "compute.googleapis.com")).OfType<ResourceName>().ToValueList(),
    };

    // "address": "10.1.0.0", "prefixLength": 16; a single address says no length, or 0.
    private static IpRange? ParseRange(FieldReader fields)
    {
        var address = fields.Range("address");
        return address is not null && fields.Number("prefixLength") is > 0 and var length
            ? IpRange.TryParse(string.Create(CultureInfo.InvariantCulture, $"{fields.Text("address")}/{length}"))
                ?? throw fields.NotUnderstood("prefixLength", length.ToString(CultureInfo.InvariantCulture), "a prefix length")
            : address;
    }
}
