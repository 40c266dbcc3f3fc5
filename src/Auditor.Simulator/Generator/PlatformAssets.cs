using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>What every network has once beside its targets: a private DNS zone, an endpoint for Google APIs, a GKE cluster.</summary>
internal static class PlatformAssets
{
    public static void Write(AssetWriter assets, NetworkPlan network)
    {
        WriteZone(assets, network);
        WriteEndpoint(assets, network);
        WriteCluster(assets, network);
    }

    private static void WriteZone(AssetWriter assets, NetworkPlan network)
    {
        const string Dns = "dns.googleapis.com";
        var (path, domain) = ($"projects/{network.Host.Id}/managedZones/internal", $"{network.Id}.internal.");
        assets.Write($"{Dns}/ManagedZone", Dns, path, "v1", network.Host, "global", new JsonObject
        {
            ["kind"] = "dns#managedZone",
            ["name"] = "internal",
            ["dnsName"] = domain,
            ["visibility"] = "private",
            ["privateVisibilityConfig"] = new JsonObject { ["networks"] = new JsonArray(new JsonObject { ["networkUrl"] = AssetWriter.Url(network.Path) }) },
        });
        assets.Write($"{Dns}/ResourceRecordSet", Dns, $"{path}/rrsets/orders.{domain}/A", "v1", network.Host, "global", new JsonObject
        {
            ["kind"] = "dns#resourceRecordSet",
            ["name"] = $"orders.{domain}",
            ["type"] = "A",
            ["ttl"] = 300,
            ["rrdatas"] = AssetWriter.List(TargetAssets.FirstSqlAddress(network)),
        });
    }

    private static void WriteEndpoint(AssetWriter assets, NetworkPlan network) =>
        assets.WriteCompute("GlobalForwardingRule", $"projects/{network.Host.Id}/global/forwardingRules/googleapis", network.Host, "global", new JsonObject
        {
            ["name"] = "googleapis",
            ["IPAddress"] = network.At(92, 5),
            ["loadBalancingScheme"] = "",
            ["network"] = AssetWriter.Url(network.Path),
            ["target"] = "all-apis",
            ["networkTier"] = "PREMIUM",
        });

    // Its pods have the secondary range of the machines' subnetwork; its nodes are scaled to none.
    private static void WriteCluster(AssetWriter assets, NetworkPlan network)
    {
        const string Container = "container.googleapis.com";
        var path = $"projects/{network.Host.Id}/locations/{network.Regions[0]}/clusters/apps";
        var subnet = network.SubnetPath(0, NetworkAssets.MachineSubnet(0));
        assets.Write($"{Container}/Cluster", Container, path, "v1", network.Host, network.Regions[0], new JsonObject
        {
            ["name"] = "apps",
            ["location"] = network.Regions[0],
            ["status"] = "RUNNING",
            ["network"] = network.Id,
            ["subnetwork"] = NetworkAssets.MachineSubnet(0),
            ["clusterIpv4Cidr"] = network.At(96, 0, 20),
            ["servicesIpv4Cidr"] = "34.118.224.0/20",
            ["ipAllocationPolicy"] = new JsonObject { ["useIpAliases"] = true, ["clusterSecondaryRangeName"] = "pods" },
            ["networkConfig"] = new JsonObject { ["network"] = network.Path, ["subnetwork"] = subnet, ["datapathProvider"] = "ADVANCED_DATAPATH" },
            ["privateClusterConfig"] = new JsonObject { ["enablePrivateNodes"] = true, ["privateEndpoint"] = network.At(15, 250), ["privateEndpointSubnetwork"] = subnet },
            ["masterAuthorizedNetworksConfig"] = new JsonObject { ["enabled"] = true, ["cidrBlocks"] = new JsonArray(new JsonObject { ["cidrBlock"] = network.At(0, 0, 20) }) },
            ["nodePools"] = new JsonArray(new JsonObject { ["name"] = "default", ["instanceGroupUrls"] = new JsonArray(), ["config"] = new JsonObject { ["tags"] = AssetWriter.List("apps"), ["serviceAccount"] = "default" } }),
            ["selfLink"] = $"https://{Container}/v1/{path}",
        });
    }
}
