using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>GKE: control planes with a private endpoint, and pods behind the nodes that hold their addresses.</summary>
internal sealed class NaiveClusters(RawEstate estate)
{
    /// <summary>The cluster of a network whose private endpoint is an address.</summary>
    public JsonNode? ControlPlaneAt(uint address, string network, bool peered) => estate.All("clusters").Find(cluster =>
        NetworkOf(cluster) == network && IsPeered(cluster) == peered && cluster["privateClusterConfig"] is { } own && RawEstate.IsAt(own, "privateEndpoint", address));

    /// <summary>The cluster of a full name whose control plane is behind a peering.</summary>
    public JsonNode? Peered(string fullName) => estate.All("clusters").Find(cluster => IsPeered(cluster) && EstateDocuments.FullName("clusters", cluster) == fullName);

    public static string? PeeringName(JsonNode cluster) => RawJson.Text(cluster["privateClusterConfig"], "peeringName");

    public JsonNode? PeeringTo(JsonNode cluster, string network) => estate.Peerings(network).Find(peering => RawJson.Text(peering, "name") == PeeringName(cluster));

    /// <summary>Whether a peering leads to control planes of which no cluster tells.</summary>
    public bool IsDark(JsonNode peering, string network) => RawEstate.IsOfClusters(peering) && RawJson.Text(peering, "state") == "ACTIVE"
        && !estate.All("clusters").Exists(cluster => NetworkOf(cluster) == network && PeeringName(cluster) == RawJson.Text(peering, "name"));

    public PathAnswer Control(Flow flow, JsonNode cluster)
    {
        var name = RawJson.Text(cluster, "name")!;
        switch (RawJson.Text(cluster, "status"))
        {
            case "RUNNING" or "RECONCILING" or "DEGRADED":
                break;
            case "PROVISIONING" or "STOPPING":
                return PathAnswer.Blocked(Stages.Target, "GKE_CLUSTER_NOT_RUNNING", name);
            default:
                return PathAnswer.Unknown(Stages.Target, "the cluster's status");
        }

        if (flow.Packet.Protocol != 6 || flow.Packet.Port != 443)
        {
            return PathAnswer.Blocked(Stages.Target, "MANAGED_SERVICE_UNSUPPORTED_PORT", name);
        }

        var location = estate.PathOf(cluster).Split('/')[3];
        var region = location.Split('-').Length == 3 ? location[..^2] : location;
        if (region != flow.Entry.Region && !RawJson.Flag(cluster["privateClusterConfig"]?["masterGlobalAccessConfig"], "enabled"))
        {
            return PathAnswer.Blocked(Stages.Target, "GKE_CONTROL_PLANE_REGION_MISMATCH", name);
        }

        var restriction = cluster["masterAuthorizedNetworksConfig"];
        var own = RawJson.Text(estate.Find("subnetworks", estate.PathAt(cluster["networkConfig"], "subnetwork")!), "ipCidrRange");
        var welcome = RawJson.List(restriction, "cidrBlocks").Select(block => RawJson.Text(block, "cidrBlock")).Append(own).Append(RawJson.Text(cluster, "clusterIpv4Cidr")).OfType<string>();
        return !RawJson.Flag(restriction, "enabled") || Ranges.Any(welcome, flow.Source) ? PathAnswer.Reachable(Stages.Target)
            : RawJson.Flag(restriction, "privateEndpointEnforcementEnabled") ? PathAnswer.Blocked(Stages.Target, "GKE_MASTER_UNAUTHORIZED_ACCESS", name)
            : PathAnswer.Unknown(Stages.Target, "whether authorised networks hold for the private endpoint");
    }

    /// <summary>Whether an address that a VM holds besides its own is one of pods that policies may shut off.</summary>
    public bool MayShutOff(JsonNode vm, string network, uint address) => RawJson.List(estate.Interface(vm, network)!, "aliasIpRanges").Select(alias => RawJson.Text(alias, "ipCidrRange")!)
        .Where(alias => Ranges.Has(alias, address)).Any(alias => estate.All("clusters").Find(cluster => NetworkOf(cluster) == network && PodsOf(cluster).Exists(pods => Ranges.Has(pods, Ranges.Of(alias).First) && Ranges.Has(pods, Ranges.Of(alias).Last))) is { } owner
            && (RawJson.Flag(owner["networkPolicy"], "enabled") || RawJson.Text(owner["networkConfig"], "datapathProvider") == "ADVANCED_DATAPATH"));

    private string? NetworkOf(JsonNode cluster) => estate.PathAt(cluster["networkConfig"], "network");

    private static bool IsPeered(JsonNode cluster) => cluster["privateClusterConfig"]?["masterIpv4CidrBlock"] is not null;

    private List<string> PodsOf(JsonNode cluster)
    {
        var allocation = cluster["ipAllocationPolicy"];
        if (!RawJson.Flag(allocation, "useIpAliases"))
        {
            return [];
        }

        var subnetwork = estate.Find("subnetworks", estate.PathAt(cluster["networkConfig"], "subnetwork")!);
        var named = RawJson.List(subnetwork, "secondaryIpRanges").FindAll(range => RawJson.Text(range, "rangeName") == RawJson.Text(allocation, "clusterSecondaryRangeName")).Select(range => RawJson.Text(range, "ipCidrRange"));
        return [.. named.Append(RawJson.Text(cluster, "clusterIpv4Cidr")).OfType<string>()];
    }
}
