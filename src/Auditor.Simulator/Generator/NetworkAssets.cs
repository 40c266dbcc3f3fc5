using System.Globalization;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>The projects and the ground of a network: subnetworks, routes, routers with NAT, policies, peerings, ranges for private services.</summary>
internal static class NetworkAssets
{
    public const string PrivateServicesRange = "private-services";
    private const int StaticRoutes = 6;

    public static string MachineSubnet(int region) => $"machines-{(region == 0 ? "one" : "two")}";

    public static string DirectSubnet(int region) => $"direct-{(region == 0 ? "one" : "two")}";

    public static void Write(AssetWriter assets, NetworkPlan network)
    {
        foreach (var project in network.Services.Prepend(network.Host))
        {
            WriteProject(assets, network, project);
        }

        WriteNetwork(assets, network);
        for (var region = 0; region < 2; region++)
        {
            WriteSubnet(assets, network, region, MachineSubnet(region), network.At(region * 16, 0, 20), network.At(96 + (region * 16), 0, 20));
            WriteSubnet(assets, network, region, DirectSubnet(region), network.At(32 + (region * 4), 0, 22));
        }

        foreach (var connector in network.Connectors.FindAll(connector => connector.Subnet is not null))
        {
            WriteSubnet(assets, network, connector.Region, connector.Subnet!, connector.Range);
        }

        WriteRoutes(assets, network);
        WriteRouters(assets, network);
        WritePolicy(assets, network);
        assets.WriteCompute("GlobalAddress", $"projects/{network.Host.Id}/global/addresses/{PrivateServicesRange}", network.Host, "global", new JsonObject
        {
            ["name"] = PrivateServicesRange,
            ["address"] = network.At(64, 0),
            ["prefixLength"] = 20,
            ["addressType"] = "INTERNAL",
            ["purpose"] = "VPC_PEERING",
            ["network"] = AssetWriter.Url(network.Path),
            ["status"] = "RESERVED",
        });
    }

    private static void WriteProject(AssetWriter assets, NetworkPlan network, ProjectPlan project)
    {
        const string Manager = "cloudresourcemanager.googleapis.com";
        assets.Write($"{Manager}/Project", Manager, $"projects/{project.Number}", "v3", project, null, new JsonObject
        {
            ["name"] = $"projects/{project.Number}",
            ["projectId"] = project.Id,
            ["parent"] = Hierarchy.Folder,
            ["labels"] = new JsonObject { ["env"] = network.Index % 3 == 0 ? "prod" : "test" },
            ["state"] = "ACTIVE",
            ["createTime"] = "2025-02-03T04:05:06.789Z",
        });
        var compute = new JsonObject
        {
            ["kind"] = "compute#project",
            ["id"] = project.Number,
            ["name"] = project.Id,
            ["defaultServiceAccount"] = $"{project.Number}-compute@developer.gserviceaccount.com",
        };
        if (project == network.Host)
        {
            compute["xpnProjectStatus"] = "HOST";
        }

        assets.Write("compute.googleapis.com/Project", "compute.googleapis.com", $"projects/{project.Id}", "v1", project, "global", compute);
    }

    private static void WriteNetwork(AssetWriter assets, NetworkPlan network)
    {
        var peerings = new JsonArray(Peering("servicenetworking-googleapis-com", string.Create(CultureInfo.InvariantCulture, $"projects/tenant{network.Index:D3}-tp/global/networks/servicenetworking")));
        // Networks are peered in pairs, both sides active.
        var other = network.Index ^ 1;
        if (other < network.Numbers.Networks)
        {
            peerings.Add(Peering("to-the-other", string.Create(CultureInfo.InvariantCulture, $"projects/vpc-host-{other:D3}/global/networks/shared-{other:D3}")));
        }

        assets.WriteCompute("Network", network.Path, network.Host, "global", new JsonObject
        {
            ["name"] = network.Id,
            ["autoCreateSubnetworks"] = false,
            ["mtu"] = 1460,
            ["routingConfig"] = new JsonObject { ["routingMode"] = "GLOBAL" },
            ["networkFirewallPolicyEnforcementOrder"] = "AFTER_CLASSIC_FIREWALL",
            ["firewallPolicy"] = AssetWriter.Url(PolicyPath(network)),
            ["peerings"] = peerings,
        });

        static JsonObject Peering(string name, string path) => new()
        {
            ["name"] = name,
            ["network"] = AssetWriter.Url(path),
            ["state"] = "ACTIVE",
            ["stateDetails"] = "[2025-03-01T00:00:00.000-08:00]: Connected.",
            ["autoCreateRoutes"] = true,
            ["exchangeSubnetRoutes"] = true,
            ["exportCustomRoutes"] = false,
            ["importCustomRoutes"] = false,
            ["exportSubnetRoutesWithPublicIp"] = true,
            ["importSubnetRoutesWithPublicIp"] = false,
            ["stackType"] = "IPV4_ONLY",
        };
    }

    private static void WriteSubnet(AssetWriter assets, NetworkPlan network, int region, string name, string range, string? pods = null)
    {
        var data = new JsonObject
        {
            ["name"] = name,
            ["network"] = AssetWriter.Url(network.Path),
            ["region"] = AssetWriter.Url(network.RegionPath(region)),
            ["ipCidrRange"] = range,
            ["privateIpGoogleAccess"] = true,
            ["purpose"] = "PRIVATE",
            ["stackType"] = "IPV4_ONLY",
        };
        if (pods is not null)
        {
            data["secondaryIpRanges"] = new JsonArray(new JsonObject { ["rangeName"] = "pods", ["ipCidrRange"] = pods });
        }

        assets.WriteCompute("Subnetwork", network.SubnetPath(region, name), network.Host, network.Regions[region], data);
        WriteRoute(assets, network, $"default-route-{name}", range, "nextHopNetwork", AssetWriter.Url(network.Path), "SUBNET", 0);
    }

    private static void WriteRoutes(AssetWriter assets, NetworkPlan network)
    {
        var gateway = AssetWriter.Url($"projects/{network.Host.Id}/global/gateways/default-internet-gateway");
        WriteRoute(assets, network, "default-internet", "0.0.0.0/0", "nextHopGateway", gateway, "STATIC", 1000);
        WriteRoute(assets, network, "private-googleapis", "199.36.153.8/30", "nextHopGateway", gateway, "STATIC", 900);
        for (var i = 0; i < StaticRoutes; i++)
        {
            // Through an appliance among the machines to the premises.
            WriteRoute(assets, network, $"premises-{i}", $"172.20.{i}.0/24", "nextHopIp", network.At(0, 5), "STATIC", 1000);
        }
    }

    private static void WriteRoute(AssetWriter assets, NetworkPlan network, string name, string range, string hop, string target, string type, int priority) =>
        assets.WriteCompute("Route", $"projects/{network.Host.Id}/global/routes/{network.Id}-{name}", network.Host, "global", new JsonObject
        {
            ["name"] = $"{network.Id}-{name}",
            ["network"] = AssetWriter.Url(network.Path),
            ["destRange"] = range,
            ["priority"] = priority,
            [hop] = target,
            ["routeType"] = type,
        });

    private static void WriteRouters(AssetWriter assets, NetworkPlan network)
    {
        var address = $"{network.RegionPath(0)}/addresses/nat-address";
        assets.WriteCompute("Address", address, network.Host, network.Regions[0], new JsonObject
        {
            ["name"] = "nat-address",
            ["address"] = string.Create(CultureInfo.InvariantCulture, $"34.90.{network.Index}.7"),
            ["addressType"] = "EXTERNAL",
            ["region"] = AssetWriter.Url(network.RegionPath(0)),
            ["status"] = "IN_USE",
            ["users"] = AssetWriter.List(AssetWriter.Url($"{network.RegionPath(0)}/routers/router-one")),
        });
        var nat = new JsonObject
        {
            ["name"] = "nat-one",
            ["type"] = "PUBLIC",
            ["natIpAllocateOption"] = "MANUAL_ONLY",
            ["natIps"] = AssetWriter.List(AssetWriter.Url(address)),
            ["sourceSubnetworkIpRangesToNat"] = network.NatIsListed ? "LIST_OF_SUBNETWORKS" : "ALL_SUBNETWORKS_ALL_IP_RANGES",
            ["endpointTypes"] = AssetWriter.List("ENDPOINT_TYPE_VM"),
            ["enableDynamicPortAllocation"] = true,
            ["minPortsPerVm"] = 64,
            ["maxPortsPerVm"] = 4096,
            ["logConfig"] = new JsonObject { ["enable"] = true, ["filter"] = "ERRORS_ONLY" },
        };
        if (network.NatIsListed)
        {
            nat["subnetworks"] = new JsonArray([.. CoveredSubnets(network).Select(name => new JsonObject
            {
                ["name"] = AssetWriter.Url(network.SubnetPath(0, name)),
                ["sourceIpRangesToNat"] = AssetWriter.List("PRIMARY_IP_RANGE"),
            })]);
        }

        WriteRouter(assets, network, 0, "router-one", new JsonArray(nat));
        WriteRouter(assets, network, 1, "router-two", []);
    }

    private static IEnumerable<string> CoveredSubnets(NetworkPlan network) => network.Connectors
        .Where(connector => connector is { Region: 0, Subnet: not null } && connector.Fault != ConnectorFault.NatLeavesOut)
        .Select(connector => connector.Subnet!).Prepend(DirectSubnet(0)).Prepend(MachineSubnet(0));

    private static void WriteRouter(AssetWriter assets, NetworkPlan network, int region, string name, JsonArray nats) =>
        assets.WriteCompute("Router", $"{network.RegionPath(region)}/routers/{name}", network.Host, network.Regions[region], new JsonObject
        {
            ["name"] = name,
            ["network"] = AssetWriter.Url(network.Path),
            ["region"] = AssetWriter.Url(network.RegionPath(region)),
            ["bgp"] = new JsonObject { ["asn"] = 65001, ["advertiseMode"] = "DEFAULT" },
            ["nats"] = nats,
        });

    private static string PolicyPath(NetworkPlan network) => $"projects/{network.Host.Id}/global/firewallPolicies/baseline";

    private static void WritePolicy(AssetWriter assets, NetworkPlan network) =>
        assets.WriteCompute("NetworkFirewallPolicy", PolicyPath(network), network.Host, "global", new JsonObject
        {
            ["name"] = "baseline",
            ["rules"] = PolicyRules.Write(
                PolicyRules.Rule(100, "deny", "INGRESS", "srcIpRanges", "203.0.113.0/24", "all"),
                PolicyRules.Rule(200, "allow", "INGRESS", "srcIpRanges", "35.191.0.0/16", "tcp", "443", "8080"),
                PolicyRules.Rule(300, "deny", "EGRESS", "destIpRanges", "198.51.100.0/24", "tcp", "25")),
            ["associations"] = new JsonArray(new JsonObject { ["name"] = network.Id, ["attachmentTarget"] = AssetWriter.Url(network.Path), ["firewallPolicyId"] = "baseline" }),
        });
}
