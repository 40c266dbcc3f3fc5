using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Stages 7 and 8: what the default internet gateway does with a packet.</summary>
internal sealed class NaiveInternet(RawEstate estate)
{
    public PathAnswer Decide(Flow flow, string route)
    {
        if (Ranges.IsVip(flow.Destination))
        {
            return HasGoogleAccess(flow.Entry) switch
            {
                true => PathAnswer.Reachable(Stages.GoogleApis),
                false => PathAnswer.Blocked(Stages.GoogleApis, "PRIVATE_GOOGLE_ACCESS_DISALLOWED", RawJson.Text(flow.Entry.Subnetwork, "name")!),
                null => PathAnswer.Unknown(Stages.GoogleApis, "the connector's hidden subnetwork"),
            };
        }

        // A resource at a privately used public address is not what the internet has there.
        if (!Ranges.IsExternal(flow.Destination) || flow.Packet.Target is not null)
        {
            return PathAnswer.Blocked(Stages.Internet, "PRIVATE_TRAFFIC_TO_INTERNET", route);
        }

        return flow.Packet.GoogleApis ? DefaultNames(flow) : Translate(flow);
    }

    private PathAnswer DefaultNames(Flow flow)
    {
        if (HasGoogleAccess(flow.Entry) is true)
        {
            return PathAnswer.Reachable(Stages.GoogleApis);
        }

        var translated = Translate(flow);
        return translated.Effect is Effect.Reachable or Effect.Unknown ? translated
            : HasGoogleAccess(flow.Entry) is null ? PathAnswer.Unknown(Stages.GoogleApis, "the connector's hidden subnetwork")
            : PathAnswer.Blocked(Stages.GoogleApis, "PRIVATE_GOOGLE_ACCESS_DISALLOWED", RawJson.Text(flow.Entry.Subnetwork, "name")!);
    }

    /// <summary>Null for a subnetwork that is hidden.</summary>
    private static bool? HasGoogleAccess(Entry entry) => entry.Subnetwork is { } subnetwork ? RawJson.Flag(subnetwork, "privateIpGoogleAccess") : null;

    private PathAnswer Translate(Flow flow)
    {
        var doubt = false;
        var covering = new List<JsonNode>();
        foreach (var nat in estate.OfNetwork("routers", flow.Network).Where(router => RawEstate.Region(estate.PathOf(router)) == flow.Entry.Region).SelectMany(router => RawJson.List(router, "nats")))
        {
            var types = RawJson.Texts(nat, "endpointTypes");
            if (RawJson.Text(nat, "type") is not (null or "PUBLIC") || !(types.Count == 0 || types.Contains("ENDPOINT_TYPE_VM", StringComparer.Ordinal)))
            {
                continue;
            }

            switch (RawJson.Text(nat, "sourceSubnetworkIpRangesToNat"))
            {
                case "ALL_SUBNETWORKS_ALL_IP_RANGES" or "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES":
                    covering.Add(nat);
                    break;
                case "LIST_OF_SUBNETWORKS":
                    if (Names(nat, flow.Entry))
                    {
                        covering.Add(nat);
                    }

                    break;
                default:
                    doubt = true;
                    break;
            }
        }

        var answers = covering.ConvertAll(nat => (Name: RawJson.Text(nat, "name")!, Failure: Failure(nat, flow.Packet.Protocol)));
        if (answers.Exists(answer => answer.Failure is null))
        {
            return PathAnswer.Reachable(Stages.Internet);
        }

        return doubt ? PathAnswer.Unknown(Stages.Internet, "a NAT's ranges")
            : answers.Count == 0 && !estate.IsWhole("routers", flow.Network) ? PathAnswer.Unknown(Stages.Internet, "routers could not all be listed")
            : answers.Count > 0 ? PathAnswer.Blocked(Stages.Internet, answers[0].Failure!, answers[0].Name, answers.ConvertAll(answer => answer.Name))
            : PathAnswer.Blocked(Stages.Internet, "NO_EXTERNAL_ADDRESS", RawEstate.Short(flow.Network));
    }

    private bool Names(JsonNode nat, Entry entry) => entry.Subnetwork is { } subnetwork && RawJson.List(nat, "subnetworks").Exists(listed =>
        estate.PathAt(listed, "name") == estate.PathOf(subnetwork) && RawJson.Texts(listed, "sourceIpRangesToNat").Exists(range => range is "ALL_IP_RANGES" or "PRIMARY_IP_RANGE"));

    private static string? Failure(JsonNode nat, int protocol)
    {
        var drained = RawJson.Texts(nat, "drainNatIps");
        return RawJson.Text(nat, "natIpAllocateOption") == "MANUAL_ONLY" && RawJson.Texts(nat, "natIps").TrueForAll(drained.Contains) ? "CLOUD_NAT_NO_ADDRESSES"
            : protocol is not (1 or 6 or 17) ? "CLOUD_NAT_PROTOCOL_UNSUPPORTED"
            : null;
    }
}
