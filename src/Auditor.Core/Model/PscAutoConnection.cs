using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A Private Service Connect endpoint that Google made in a consumer's network for a database. Source: PscAutoConnectionConfig of sqladmin v1 and
/// alloydb v1.
/// </summary>
/// <param name="IpAddress">Null while it has none.</param>
/// <param name="Status">ACTIVE, or a reason why not; null when not said.</param>
public sealed record PscAutoConnection(ResourceName? ConsumerNetwork, string? ConsumerProject, IpRange? IpAddress, string? Status)
{
    internal static PscAutoConnection Parse(FieldReader fields) =>
        new(fields.Reference("consumerNetwork", ResourceKind.Network), fields.Text("consumerProject"), fields.Range("ipAddress"), fields.Text("status"));
}
