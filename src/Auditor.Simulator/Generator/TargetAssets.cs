using System.Globalization;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>
/// What workloads want to reach, in equal parts: Cloud SQL, Redis, machines, internal load balancers before the machines. The members of their groups
/// stand in the groups, as the auditor keeps them: no export shows them.
/// </summary>
internal static class TargetAssets
{
    /// <returns>Path of the machine that stands in a connector's subnetwork, where that is planted.</returns>
    public static string? Write(AssetWriter assets, NetworkPlan network, SeededRandom random)
    {
        var shared = network.Connectors.Find(connector => connector.Fault == ConnectorFault.SharesSubnetwork);
        string? neighbour = null;
        string? machine = null;
        var count = network.Numbers.Share(network.Numbers.Targets, network.Index);
        for (var i = 0; i < count; i++)
        {
            var region = (i / 4) % 2;
            switch (i % 4)
            {
                case 0:
                    WriteSql(assets, network, i / 4, region, random);
                    break;
                case 1:
                    WriteRedis(assets, network, i / 4, region);
                    break;
                case 2:
                    machine = WriteMachine(assets, network, i / 4, region, neighbour is null ? shared : null, random);
                    neighbour ??= shared is null ? null : machine;
                    break;
                default:
                    WriteBalancer(assets, network, i / 4, region, machine, random);
                    break;
            }
        }

        assets.Targets += count;
        return neighbour;
    }

    /// <summary>The address of a Cloud SQL instance that every network has.</summary>
    public static string FirstSqlAddress(NetworkPlan network) => network.At(64, 10);

    private static string Name(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{i:D3}");

    private static void WriteSql(AssetWriter assets, NetworkPlan network, int i, int region, SeededRandom random)
    {
        var owner = network.Services[i % 2];
        var name = string.Create(CultureInfo.InvariantCulture, $"db-{network.Index:D3}-{i:D3}");
        assets.Write("sqladmin.googleapis.com/Instance", "cloudsql.googleapis.com", $"projects/{owner.Id}/instances/{name}", "v1beta4", owner, network.Regions[region], new JsonObject
        {
            ["kind"] = "sql#instance",
            ["name"] = name,
            ["project"] = owner.Id,
            ["region"] = network.Regions[region],
            ["connectionName"] = $"{owner.Id}:{network.Regions[region]}:{name}",
            ["databaseVersion"] = random.Pick("POSTGRES_16", "POSTGRES_15", "MYSQL_8_0"),
            ["instanceType"] = "CLOUD_SQL_INSTANCE",
            ["state"] = "RUNNABLE",
            ["settings"] = new JsonObject
            {
                ["tier"] = "db-custom-2-7680",
                ["activationPolicy"] = "ALWAYS",
                ["ipConfiguration"] = new JsonObject
                {
                    ["ipv4Enabled"] = false,
                    ["privateNetwork"] = network.Path,
                    ["allocatedIpRange"] = NetworkAssets.PrivateServicesRange,
                    ["sslMode"] = "ENCRYPTED_ONLY",
                    ["authorizedNetworks"] = new JsonArray(),
                },
            },
            ["ipAddresses"] = new JsonArray(new JsonObject { ["ipAddress"] = network.At(64, 10 + i), ["type"] = "PRIVATE" }),
        });
    }

    private static void WriteRedis(AssetWriter assets, NetworkPlan network, int i, int region)
    {
        var owner = network.Services[i % 2];
        var path = $"projects/{owner.Id}/locations/{network.Regions[region]}/instances/{Name("cache", i)}";
        assets.Write("redis.googleapis.com/Instance", "redis.googleapis.com", path, "v1", owner, network.Regions[region], new JsonObject
        {
            ["name"] = path,
            ["host"] = network.At(72, 4 + (i * 8)),
            ["port"] = 6379,
            ["authorizedNetwork"] = network.Path,
            ["connectMode"] = "PRIVATE_SERVICE_ACCESS",
            ["reservedIpRange"] = NetworkAssets.PrivateServicesRange,
            ["tier"] = "STANDARD_HA",
            ["memorySizeGb"] = 4,
            ["redisVersion"] = "REDIS_7_2",
            ["state"] = "READY",
            ["transitEncryptionMode"] = "DISABLED",
        });
    }

    private static string WriteMachine(AssetWriter assets, NetworkPlan network, int i, int region, ConnectorPlan? beside, SeededRandom random)
    {
        region = beside?.Region ?? region;
        var zone = $"{network.Regions[region]}-b";
        var path = $"projects/{network.Host.Id}/zones/{zone}/instances/{Name("vm", i)}";
        var address = beside is null ? network.At(region * 16, 10 + i) : beside.Range.Replace("/28", "", StringComparison.Ordinal);
        assets.WriteCompute("Instance", path, network.Host, zone, new JsonObject
        {
            ["name"] = Name("vm", i),
            ["zone"] = AssetWriter.Url($"projects/{network.Host.Id}/zones/{zone}"),
            ["status"] = "RUNNING",
            ["canIpForward"] = false,
            ["tags"] = new JsonObject { ["items"] = AssetWriter.List(random.Pick("web", "db", "worker")), ["fingerprint"] = "42WmSpB8rSM=" },
            ["serviceAccounts"] = new JsonArray(new JsonObject
            {
                ["email"] = $"{network.Host.Number}-compute@developer.gserviceaccount.com",
                ["scopes"] = AssetWriter.List("https://www.googleapis.com/auth/cloud-platform"),
            }),
            ["networkInterfaces"] = new JsonArray(new JsonObject
            {
                ["name"] = "nic0",
                ["network"] = AssetWriter.Url(network.Path),
                ["subnetwork"] = AssetWriter.Url(network.SubnetPath(region, beside?.Subnet ?? NetworkAssets.MachineSubnet(region))),
                ["networkIP"] = address,
                ["stackType"] = "IPV4_ONLY",
            }),
        });
        return path;
    }

    private static void WriteBalancer(AssetWriter assets, NetworkPlan network, int i, int region, string? machine, SeededRandom random)
    {
        var zone = $"{network.Regions[region]}-b";
        var group = machine?.Contains($"/zones/{zone}/", StringComparison.Ordinal) == true ? WriteGroup(assets, network, i, region, zone, machine) : null;
        var port = random.Pick("443", "8080", "9090");
        var check = $"{network.RegionPath(region)}/healthChecks/{Name("probe", i)}";
        assets.WriteCompute("HealthCheck", check, network.Host, network.Regions[region], new JsonObject
        {
            ["name"] = Name("probe", i),
            ["region"] = AssetWriter.Url(network.RegionPath(region)),
            ["type"] = "TCP",
            ["tcpHealthCheck"] = new JsonObject { ["port"] = int.Parse(port, CultureInfo.InvariantCulture), ["portSpecification"] = "USE_FIXED_PORT" },
            ["checkIntervalSec"] = 5,
            ["timeoutSec"] = 5,
        });
        var backend = $"{network.RegionPath(region)}/backendServices/{Name("backend", i)}";
        assets.WriteCompute("RegionBackendService", backend, network.Host, network.Regions[region], new JsonObject
        {
            ["name"] = Name("backend", i),
            ["region"] = AssetWriter.Url(network.RegionPath(region)),
            ["loadBalancingScheme"] = "INTERNAL",
            ["protocol"] = "TCP",
            ["healthChecks"] = AssetWriter.List(AssetWriter.Url(check)),
            ["backends"] = group is null ? [] : new JsonArray(new JsonObject { ["group"] = AssetWriter.Url(group), ["balancingMode"] = "CONNECTION", ["failover"] = false }),
        });
        assets.WriteCompute("ForwardingRule", $"{network.RegionPath(region)}/forwardingRules/{Name("ilb", i)}", network.Host, network.Regions[region], new JsonObject
        {
            ["name"] = Name("ilb", i),
            ["region"] = AssetWriter.Url(network.RegionPath(region)),
            ["IPAddress"] = network.At((region * 16) + 8, 10 + i),
            ["IPProtocol"] = "TCP",
            ["loadBalancingScheme"] = "INTERNAL",
            ["ports"] = AssetWriter.List(port),
            ["network"] = AssetWriter.Url(network.Path),
            ["subnetwork"] = AssetWriter.Url(network.SubnetPath(region, NetworkAssets.MachineSubnet(region))),
            ["backendService"] = AssetWriter.Url(backend),
            ["allowGlobalAccess"] = random.Percent(50),
        });
    }

    private static string WriteGroup(AssetWriter assets, NetworkPlan network, int i, int region, string zone, string machine)
    {
        var path = $"projects/{network.Host.Id}/zones/{zone}/instanceGroups/{Name("group", i)}";
        assets.WriteCompute("InstanceGroup", path, network.Host, zone, new JsonObject
        {
            ["name"] = Name("group", i),
            ["zone"] = AssetWriter.Url($"projects/{network.Host.Id}/zones/{zone}"),
            ["network"] = AssetWriter.Url(network.Path),
            ["subnetwork"] = AssetWriter.Url(network.SubnetPath(region, NetworkAssets.MachineSubnet(region))),
            ["size"] = 1,
            ["auditorMembers"] = new JsonArray(new JsonObject { ["instance"] = AssetWriter.Url(machine) }),
        });
        return path;
    }
}
