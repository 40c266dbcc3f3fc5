using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>One end of a connection, as rules select it.</summary>
/// <param name="Addresses">Null when the address is not known; rules that ask for it are then undecidable.</param>
/// <param name="Tags">Network tags. Of a peer they count only within the same network: whatever comes across a peering has none.</param>
/// <param name="ServiceAccount">Null when there is none, as on a connector's VMs.</param>
public sealed record FirewallEnd(AddressSet? Addresses, ValueList<string> Tags = default, string? ServiceAccount = null)
{
    /// <summary>An end of which nothing is known but where it is.</summary>
    public static FirewallEnd At(string range) => new(AddressSet.Of(IpRange.Parse(range)));

    /// <summary>A machine without tags and service account whose address is not known.</summary>
    public static FirewallEnd Anywhere { get; } = new((AddressSet?)null);
}
