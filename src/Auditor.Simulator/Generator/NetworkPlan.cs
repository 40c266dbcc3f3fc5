using System.Globalization;

namespace Auditor.Simulator.Generator;

/// <summary>A project by id and number.</summary>
internal sealed record ProjectPlan(string Id, string Number);

/// <summary>
/// What stands where in one network, drawn before anything is written: a Shared VPC of a host and two service projects, in two regions, on a
/// /16 of its own. The first region has the NAT. Ranges: .0 and .16 /20 machines, .32 and .36 /22 Direct VPC, .48/24 connectors, .64/20
/// private services, .96 and .112 /20 pods.
/// </summary>
internal sealed class NetworkPlan
{
    private static readonly string[] s_regions = ["us-central1", "europe-west1", "us-east1", "europe-west4", "asia-east1", "us-west1", "europe-west3", "australia-southeast1"];

    public NetworkPlan(EstateNumbers numbers, RuleShape shape, int index, SeededRandom random)
    {
        (Numbers, Shape, Index) = (numbers, shape, index);
        Host = Project("vpc-host", 0);
        Services = [Project("app-a", 1), Project("app-b", 2)];
        Regions = [s_regions[index % s_regions.Length], s_regions[(index + 1) % s_regions.Length]];
        Id = string.Create(CultureInfo.InvariantCulture, $"shared-{index:D3}");
        Connectors = ConnectorPlan.Draw(this, random);
        NatIsListed = Connectors.Exists(connector => connector.Fault == ConnectorFault.NatLeavesOut) || index % 4 == 1;
        Workloads = WorkloadPlan.Draw(this, random);
    }

    public EstateNumbers Numbers { get; }

    public RuleShape Shape { get; }

    public int Index { get; }

    public string Id { get; }

    public ProjectPlan Host { get; }

    public ProjectPlan[] Services { get; }

    public string[] Regions { get; }

    public List<ConnectorPlan> Connectors { get; }

    /// <summary>Whether the NAT names the subnetworks it covers, instead of covering all.</summary>
    public bool NatIsListed { get; }

    public List<WorkloadPlan> Workloads { get; }

    public string Path => $"projects/{Host.Id}/global/networks/{Id}";

    public string RegionPath(int region) => $"projects/{Host.Id}/regions/{Regions[region]}";

    public string SubnetPath(int region, string name) => $"{RegionPath(region)}/subnetworks/{name}";

    /// <summary>An address or range of the network's /16.</summary>
    public string At(int third, int fourth, int? prefix = null) => prefix is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"10.{Index}.{third}.{fourth}/{length}")
        : string.Create(CultureInfo.InvariantCulture, $"10.{Index}.{third}.{fourth}");

    private ProjectPlan Project(string role, int last) => new(
        string.Create(CultureInfo.InvariantCulture, $"{role}-{Index:D3}"),
        (300_000_000_000L + (Index * 10) + last).ToString(CultureInfo.InvariantCulture));
}
