using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>
/// Whole paths from serverless workloads, written down from Google's documentation as plainly as it goes: raw JSON, one packet, walk the lists.
/// Nothing here is shared with the engine. The estate is an object of lists of raw answers; <see cref="EstateDocuments"/> and
/// <see cref="RawEstate"/> say which.
/// </summary>
internal sealed class NaivePaths
{
    private readonly RawEstate _estate;
    private readonly NaiveAttachment _attachments;
    private readonly NaiveRoutes _routes;
    private readonly List<NaiveWorkload> _workloads;

    public NaivePaths(JsonNode estate)
    {
        _estate = new RawEstate(estate);
        _attachments = new NaiveAttachment(_estate);
        _routes = new NaiveRoutes(_estate);
        _workloads = NaiveWorkload.AllOf(_estate);
    }

    /// <summary>Full names of everything that runs.</summary>
    public ImmutableArray<string> Workloads => [.. _workloads.Select(workload => workload.Name)];

    /// <summary>First and last usable source address of a workload; null when it has none or none is known.</summary>
    public (uint First, uint Last)? SourcesOf(string workload) =>
        _workloads.Find(item => item.Name == workload) is { HasAttachment: true } found ? _attachments.Of(found).Entry?.Usable : null;

    public PathAnswer Answer(PathPacket packet)
    {
        var workload = _workloads.Find(item => item.Name == packet.Workload) ?? NaiveWorkload.OfService(_estate, packet.Workload) ?? throw new ArgumentException($"no workload {packet.Workload}", nameof(packet));
        if (packet.GoogleApis && workload.HasAttachment && _attachments.Of(workload).Entry is { } place && Mapped(place.Network) is { } mapped)
        {
            packet = packet with { Destination = mapped, GoogleApis = false };
        }

        if (Leaves(packet, workload) is { } early)
        {
            return early;
        }

        var (entry, failure) = _attachments.Of(workload);
        if (failure is not null)
        {
            return failure;
        }

        var flow = new Flow(packet, entry!);
        return EgressFirewall(flow) ?? _routes.Decide(flow);
    }

    /// <summary>The virtual address that a private zone of the network gives for the names of Google's APIs; null where they resolve as everywhere.</summary>
    private uint? Mapped(string network) => _estate.All("managedZones")
        .Where(zone => RawJson.Text(zone, "dnsName") == "googleapis.com." && RawJson.Text(zone, "visibility") == "private"
            && RawJson.List(zone["privateVisibilityConfig"], "networks").Exists(item => _estate.PathAt(item, "networkUrl") == network))
        .SelectMany(zone => RawJson.List(zone, "rrsets")).Where(set => RawJson.Text(set, "type") == "A")
        .SelectMany(set => RawJson.Texts(set, "rrdatas")).Select(Ranges.Ip).Where(Ranges.IsVip).Order().Select(address => (uint?)address).FirstOrDefault();

    /// <summary>Stage 1: the answer for what does not go by the attachment; null for what does.</summary>
    private static PathAnswer? Leaves(PathPacket packet, NaiveWorkload workload)
    {
        if (workload.HasAttachment)
        {
            switch (workload.Setting)
            {
                case null or "VPC_EGRESS_UNSPECIFIED" or "VPC_CONNECTOR_EGRESS_SETTINGS_UNSPECIFIED" or "PRIVATE_RANGES_ONLY":
                    break;
                case "ALL_TRAFFIC":
                    return null;
                default:
                    return PathAnswer.Unknown(Stages.Egress, "egress setting " + workload.Setting);
            }
        }

        if (packet.GoogleApis)
        {
            return PathAnswer.Reachable(Stages.Egress, "SERVERLESS_EXTERNAL_CONNECTION");
        }

        return workload.HasAttachment ? PrivateOnly(packet, workload) : NoAttachment(packet, workload);
    }

    private static PathAnswer? PrivateOnly(PathPacket packet, NaiveWorkload workload) =>
        Ranges.Any(Ranges.Routed, packet.Destination) ? null
        : Ranges.Any(Ranges.PerhapsRouted, packet.Destination) ? PathAnswer.Unknown(Stages.Egress, "whether the range is routed")
        : Directly(packet, workload);

    private static PathAnswer NoAttachment(PathPacket packet, NaiveWorkload workload) =>
        Ranges.IsPrivate(packet.Destination) ? PathAnswer.Blocked(Stages.Egress, "VPC_CONNECTOR_NOT_SET", workload.Names[0], workload.Names)
        : Ranges.IsVip(packet.Destination) ? PathAnswer.Unknown(Stages.Egress, "a virtual address of Google's APIs from outside")
        : Directly(packet, workload);

    /// <summary>What Google's own way out does: the internet is there, nothing of the estate is.</summary>
    private static PathAnswer Directly(PathPacket packet, NaiveWorkload workload) =>
        Ranges.IsExternal(packet.Destination) && packet.Target is null
            ? PathAnswer.Reachable(Stages.Egress, "SERVERLESS_EXTERNAL_CONNECTION")
            : PathAnswer.Blocked(Stages.Egress, "PRIVATE_TRAFFIC_TO_INTERNET", workload.Names[0], workload.Names);

    /// <summary>Stage 3; null when the packet is let out.</summary>
    private PathAnswer? EgressFirewall(Flow flow)
    {
        var packet = flow.Packet;
        var verdict = _estate.Firewall(flow.Network).Decide(new Packet(
            true, packet.Protocol, packet.Port, new Address(false, packet.Destination), new Address(false, flow.Source), [], null, flow.Entry.Tags, null, flow.Entry.Region));
        return verdict.Answer switch
        {
            Firewall.Answer.Allow => null,
            Firewall.Answer.Deny => PathAnswer.Blocked(Stages.EgressFirewall, "FIREWALL_RULE", verdict.DecidedBy!, verdict.MayDecide),
            _ => PathAnswer.Unknown(Stages.EgressFirewall, string.Join(", ", verdict.Features)),
        };
    }
}
