namespace Auditor.Model;

/// <summary>
/// A private connection of a network to a service producer (private services access). Source: services.connections of servicenetworking v1.
/// </summary>
/// <param name="Peering">The peering it made in the network.</param>
/// <param name="Service">Such as "services/servicenetworking.googleapis.com".</param>
/// <param name="ReservedRanges">Names of the allocated ranges the producer may use: global addresses of the network's project.</param>
public sealed record ServiceConnection(string? Peering, string? Service, ValueList<string> ReservedRanges)
{
    internal static ServiceConnection Parse(FieldReader fields) => new(fields.Text("peering"), fields.Text("service"), fields.Texts("reservedPeeringRanges"));
}
