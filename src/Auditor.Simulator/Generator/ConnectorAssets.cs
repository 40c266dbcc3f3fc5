using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>The connectors of a network.</summary>
internal static class ConnectorAssets
{
    /// <param name="neighbour">Path of the machine that stands in the subnetwork of a connector that shares it.</param>
    public static void Write(AssetWriter assets, NetworkPlan network, string? neighbour)
    {
        foreach (var connector in network.Connectors)
        {
            assets.Write("vpcaccess.googleapis.com/Connector", "vpcaccess.googleapis.com", connector.Path, "v1", connector.Project, connector.RegionName, Data(network, connector));
            Plant(assets, network, connector, neighbour);
        }
    }

    private static JsonObject Data(NetworkPlan network, ConnectorPlan connector)
    {
        var data = new JsonObject { ["name"] = connector.Path };
        if (connector.Subnet is { } subnet)
        {
            data["subnet"] = connector.Project == network.Host
                ? new JsonObject { ["name"] = subnet }
                : new JsonObject { ["name"] = subnet, ["projectId"] = network.Host.Id };
        }
        else
        {
            data["network"] = network.Id;
            data["ipCidrRange"] = connector.Range;
        }

        data["state"] = connector.Fault == ConnectorFault.InError ? "ERROR" : "READY";
        data["machineType"] = connector.Region == 0 ? "e2-micro" : "e2-standard-4";
        if (connector.Fault == ConnectorFault.CannotScale)
        {
            data["minThroughput"] = 200;
            data["maxThroughput"] = 300;
        }
        else
        {
            data["minInstances"] = 2;
            data["maxInstances"] = 10;
            data["minThroughput"] = 200;
            data["maxThroughput"] = 1000;
        }

        data["connectedProjects"] = AssetWriter.List(connector.Project == network.Host ? network.Services.Select(project => project.Id) : [connector.Project.Id]);
        return data;
    }

    private static void Plant(AssetWriter assets, NetworkPlan network, ConnectorPlan connector, string? neighbour)
    {
        switch (connector.Fault)
        {
            case ConnectorFault.InError:
                assets.Fault("CON001", connector.Name);
                break;
            case ConnectorFault.Overlaps:
                assets.Fault("CON003", connector.Name, network.SubnetPath(0, NetworkAssets.MachineSubnet(0)));
                break;
            case ConnectorFault.SharesSubnetwork:
                assets.Fault("CON007", connector.Name, neighbour!);
                break;
            case ConnectorFault.CannotScale:
                assets.Fault("CON015", connector.Name);
                break;
            case ConnectorFault.NatLeavesOut:
                assets.Fault("NAT002", connector.Name);
                break;
        }
    }
}
