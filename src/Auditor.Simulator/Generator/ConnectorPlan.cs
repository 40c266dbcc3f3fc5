using System.Globalization;

namespace Auditor.Simulator.Generator;

/// <summary>What is wrong with a connector on purpose.</summary>
internal enum ConnectorFault
{
    None,
    InError,
    Overlaps,
    SharesSubnetwork,
    CannotScale,
    NatLeavesOut,
}

/// <summary>
/// One connector. Every four: a custom range in the first region, a subnetwork in the second (both of the host), a subnetwork in the first
/// region for the first service project, one in the second region for the second.
/// </summary>
internal sealed record ConnectorPlan(string Id, ProjectPlan Project, int Region, string RegionName, string Range, string? Subnet)
{
    public ConnectorFault Fault { get; set; }

    public string Path => $"projects/{Project.Id}/locations/{RegionName}/connectors/{Id}";

    public string Name => $"//vpcaccess.googleapis.com/{Path}";

    /// <summary>The network tag that only its machines carry.</summary>
    public string Tag => $"vpc-connector-{RegionName}-{Id}";

    /// <summary>Whether workloads may send all their traffic through it: where the NAT serves it, or where that it does not is the fault.</summary>
    public bool TakesAllTraffic(bool natIsListed) => Region == 0 && (Subnet is not null || !natIsListed);

    public static List<ConnectorPlan> Draw(NetworkPlan network, SeededRandom random)
    {
        var count = network.Numbers.Share(network.Numbers.Connectors, network.Index);
        var faults = Math.Max(1, network.Numbers.Connectors / 20);
        var connectors = Enumerable.Range(0, count).Select(i => At(network, i)).ToList();
        var custom = connectors.FindAll(connector => connector.Subnet is null);
        var first = connectors.FindAll(connector => connector is { Subnet: not null, Region: 0 });
        var second = connectors.FindAll(connector => connector.Region == 1);
        Plant(second, ConnectorFault.InError, 0);
        Plant(second, ConnectorFault.CannotScale, 1);
        Plant(second, ConnectorFault.SharesSubnetwork, 2);
        Plant(first, ConnectorFault.NatLeavesOut, 3);
        Plant(custom, ConnectorFault.Overlaps, 4);
        return [.. connectors.Select(connector => connector.Fault == ConnectorFault.Overlaps ? connector with { Range = network.At(100, 16, 28) } : connector)];

        void Plant(List<ConnectorPlan> among, ConnectorFault fault, int shift)
        {
            for (var left = network.Numbers.Share(faults, network.Index, shift); left > 0; left--)
            {
                random.Take(among).Fault = fault;
            }
        }
    }

    private static ConnectorPlan At(NetworkPlan network, int i)
    {
        var region = i % 2;
        var project = (i % 4) switch { 2 => network.Services[0], 3 => network.Services[1], _ => network.Host };
        var id = string.Create(CultureInfo.InvariantCulture, $"conn{i}-{network.Index:D3}");
        return new ConnectorPlan(id, project, region, network.Regions[region], network.At(48, i * 16, 28), i % 4 == 0 ? null : $"sub-{id}");
    }
}
