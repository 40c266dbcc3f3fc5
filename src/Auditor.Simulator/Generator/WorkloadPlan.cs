using System.Globalization;

namespace Auditor.Simulator.Generator;

/// <summary>Kinds of workload.</summary>
internal enum WorkloadKind
{
    Service,
    Job,
    WorkerPool,
    FunctionV1,
    FunctionV2,
    AppEngine,
}

/// <summary>What is wrong with a workload on purpose.</summary>
internal enum WorkloadFault
{
    None,
    ConnectorIsGone,
    ConnectorIsElsewhere,
    OldRevisionLeavesOtherwise,
}

/// <summary>How a workload, or a revision of it, leaves: through a connector, by an interface of its own, or not at all.</summary>
/// <param name="Connector">Path of the connector.</param>
/// <param name="Subnet">Path of the subnetwork of the Direct VPC interface.</param>
internal sealed record AccessPlan(string? Connector, string? Subnet, string? Network, bool AllTraffic);

/// <summary>One workload.</summary>
internal sealed record WorkloadPlan(WorkloadKind Kind, string Id, ProjectPlan Project, int Region, string RegionName, AccessPlan? Access, WorkloadFault Fault)
{
    // Twenty workloads: what each is, and how it leaves (Connector, Direct VPC, Nothing). 30 % Direct VPC.
    private static readonly (WorkloadKind Kind, char Way)[] s_mix =
    [
        (WorkloadKind.Service, 'C'), (WorkloadKind.Service, 'D'), (WorkloadKind.FunctionV1, 'C'), (WorkloadKind.Job, 'D'), (WorkloadKind.Service, 'C'),
        (WorkloadKind.FunctionV2, 'C'), (WorkloadKind.Service, 'D'), (WorkloadKind.AppEngine, 'C'), (WorkloadKind.Service, 'N'), (WorkloadKind.Job, 'C'),
        (WorkloadKind.Service, 'C'), (WorkloadKind.WorkerPool, 'D'), (WorkloadKind.FunctionV1, 'C'), (WorkloadKind.Service, 'C'), (WorkloadKind.FunctionV2, 'D'),
        (WorkloadKind.Service, 'D'), (WorkloadKind.Job, 'N'), (WorkloadKind.Service, 'C'), (WorkloadKind.FunctionV2, 'C'), (WorkloadKind.AppEngine, 'N'),
    ];

    public string Location => $"projects/{Project.Id}/locations/{RegionName}";

    public static List<WorkloadPlan> Draw(NetworkPlan network, SeededRandom random)
    {
        var numbers = network.Numbers;
        var workloads = Enumerable.Range(0, numbers.Share(numbers.Workloads, network.Index)).Select(i => At(network, i, random)).ToList();
        var attached = Indices(workload => workload.Access?.Connector is not null);
        var spilling = network.Connectors.FindAll(connector => connector.Fault == ConnectorFault.NatLeavesOut);
        foreach (var connector in spilling)
        {
            // What the NAT leaves out is a fault only for a connector that something sends all its traffic through.
            var at = Pick(workload => workload.Kind is WorkloadKind.Service or WorkloadKind.Job or WorkloadKind.FunctionV1);
            workloads[at] = workloads[at] with { Project = connector.Project, Region = 0, RegionName = network.Regions[0], Access = new AccessPlan(connector.Path, null, null, AllTraffic: true) };
        }

        for (var left = numbers.Share(numbers.Workloads / 50, network.Index); left > 0; left--)
        {
            var at = Pick(_ => true);
            var gone = string.Create(CultureInfo.InvariantCulture, $"{workloads[at].Location}/connectors/retired-{left}");
            workloads[at] = workloads[at] with { Access = new AccessPlan(gone, null, null, AllTraffic: false), Fault = WorkloadFault.ConnectorIsGone };
        }

        for (var left = numbers.Share(numbers.Workloads / 100, network.Index); left > 0; left--)
        {
            var at = Pick(_ => true);
            workloads[at] = workloads[at] with { Access = Through(network, workloads[at].Project, 1 - workloads[at].Region, random, mayTakeAll: false), Fault = WorkloadFault.ConnectorIsElsewhere };
        }

        attached = Indices(workload => workload is { Kind: WorkloadKind.Service, Access: not null, Fault: WorkloadFault.None });
        for (var left = numbers.Share(numbers.Workloads / 50, network.Index); left > 0; left--)
        {
            var at = Pick(_ => true);
            workloads[at] = workloads[at] with { Fault = WorkloadFault.OldRevisionLeavesOtherwise };
        }

        return workloads;

        List<int> Indices(Predicate<WorkloadPlan> fits) => [.. Enumerable.Range(0, workloads.Count).Where(i => fits(workloads[i]))];

        int Pick(Predicate<WorkloadPlan> fits)
        {
            var at = random.Pick(attached.FindAll(i => fits(workloads[i])));
            attached.Remove(at);
            return at;
        }
    }

    private static WorkloadPlan At(NetworkPlan network, int i, SeededRandom random)
    {
        var (kind, way) = s_mix[i % s_mix.Length];
        // A project has one App Engine application, in one region.
        var project = kind == WorkloadKind.AppEngine ? network.Services[0] : random.Pick(network.Services);
        var region = kind == WorkloadKind.AppEngine ? 0 : random.Below(2);
        var access = way switch
        {
            'C' => Through(network, project, region, random, mayTakeAll: true),
            'D' => new AccessPlan(null, network.SubnetPath(region, NetworkAssets.DirectSubnet(region)), network.Path, region == 0 && random.Percent(40)),
            _ => null,
        };
        var id = string.Create(CultureInfo.InvariantCulture, $"{random.Pick("orders", "billing", "search", "mail", "stock", "prices", "users", "reports")}-{network.Index:D3}{i:D2}");
        return new WorkloadPlan(kind, id, project, region, network.Regions[region], access, WorkloadFault.None);
    }

    // The host's connectors serve all projects of the Shared VPC; a service project's only its own.
    private static AccessPlan Through(NetworkPlan network, ProjectPlan project, int region, SeededRandom random, bool mayTakeAll)
    {
        var connector = random.Pick(network.Connectors.FindAll(connector => connector.Region == region && (connector.Project == network.Host || connector.Project == project)));
        return new AccessPlan(connector.Path, null, null, mayTakeAll && connector.Fault != ConnectorFault.NatLeavesOut && connector.TakesAllTraffic(network.NatIsListed) && random.Percent(40));
    }
}
