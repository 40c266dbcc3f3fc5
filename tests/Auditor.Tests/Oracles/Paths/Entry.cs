using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Where a workload enters a network.</summary>
/// <param name="Network">Path of the source network.</param>
/// <param name="Tags">Tags that the network's egress rules and routes see.</param>
/// <param name="Range">What source addresses come from.</param>
/// <param name="Subnetwork">Null for the hidden one of a connector with a range of its own.</param>
/// <param name="Connector">Null for Direct VPC egress.</param>
internal sealed record Entry(string Network, string Region, ImmutableArray<string> Tags, string Range, JsonNode? Subnetwork, JsonNode? Connector)
{
    /// <summary>Tags that ingress rules of the same network see; those of Direct VPC egress never count.</summary>
    public ImmutableArray<string> SourceTags => Connector is null ? [] : Tags;

    /// <summary>First and last address that is not one of the four reserved ones.</summary>
    public (uint First, uint Last) Usable => Ranges.Of(Range) is var (first, last) ? (first + 2, last - 2) : default;
}

/// <summary>A packet on its way through the source network.</summary>
internal sealed record Flow(PathPacket Packet, Entry Entry)
{
    public uint Source => Packet.Source!.Value;

    public uint Destination => Packet.Destination;

    public string Network => Entry.Network;
}
