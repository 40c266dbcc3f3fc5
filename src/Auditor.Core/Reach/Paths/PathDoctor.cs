using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>One check of the troubleshooting list.</summary>
/// <param name="Outcome">Null where the check has no subject in this path; the answer says why.</param>
public sealed record PathCheck(string Question, PathCheckOutcome Outcome, string Answer);

/// <summary>What a check finds.</summary>
public enum PathCheckOutcome
{
    Ok,
    Fails,
    Unknown,
    NotNeeded,
}

/// <summary>
/// Finds the cause of a path that does not work: the checks in the order in which people are told to make them, up to the first that fails; the same
/// packet from an imagined VM beside; and the smallest fix.
/// </summary>
/// <param name="Checks">Up to the first that fails or is not known.</param>
/// <param name="FromMachine">What becomes of the same packets from a VM in the network; null where the workload enters none.</param>
/// <param name="Repair">Null where nothing blocks the path.</param>
public sealed record PathDiagnosis(ReachFlow Flow, ValueList<PathCheck> Checks, PathAnswer? FromMachine, PathRepair? Repair)
{
    /// <summary>Whether a VM in the network gets through where the workload does not; null where that is not known.</summary>
    public bool? IsSpecificToConnector => FromMachine is null || Flow.Answer.Disposition == PathEffect.Reachable ? null
        : FromMachine.Disposition switch { PathEffect.Reachable => true, PathEffect.Unknown => null, _ => false };

    public static PathDiagnosis Of(Estate estate, PathSource source, ReachTarget target, DateTimeOffset at)
    {
        var view = new EstateView(estate, at);
        var walk = PathWalk.Of(view, source);
        var flow = new ReachFlow(source, target, walk.Find(target));
        return new PathDiagnosis(flow, Checked(flow), FromAMachine(view, walk, target), PathRepair.Of(estate, source, target, at));
    }

    private static PathAnswer? FromAMachine(EstateView view, PathWalk walk, ReachTarget target)
    {
        if (walk.Attachment?.Source is not { } source)
        {
            return null;
        }

        // On an ordinary subnetwork of the same region if there is one: the connector's own holds nothing else.
        var subnetwork = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, source.Network).Items.FirstOrDefault(item =>
            item.Name.Location == source.Region && item.Purpose is SubnetworkPurpose.Private or SubnetworkPurpose.PrivateRfc1918 && item.Name != source.Subnetwork && item.IpCidrRange is { IsV6: false, PrefixLength: < 29 });
        var addresses = subnetwork?.IpCidrRange is { } range ? AddressSet.Of(FlowSource.Usable(range).Lowest) : AddressSet.Of(source.Addresses.Lowest);
        var end = new FirewallEnd(addresses);
        var imagined = new FlowSource(source.Network, source.Region, end, end, "an imagined VM", subnetwork?.Name ?? source.Subnetwork);
        return walk.From(imagined, subnetwork?.PrivateIpGoogleAccess).Find(target);
    }

    private static ValueList<PathCheck> Checked(ReachFlow flow)
    {
        var (telling, end) = (flow.Answer.Telling, flow.Answer.Telling.End!);
        var access = flow.Source.Workload.VpcAccess;
        var isOutside = flow.Target.Path?.Kind is PathTargetKind.Internet or PathTargetKind.GoogleApis;
        var failing = CheckOf(end);
        var checks = new List<PathCheck>();
        for (var number = 1; number <= Questions.Count; number++)
        {
            var isHere = end.Effect != PathEffect.Reachable && number == failing;
            checks.Add(new PathCheck(
                Questions[number - 1],
                isHere ? end.Effect == PathEffect.Unknown ? PathCheckOutcome.Unknown : PathCheckOutcome.Fails
                    : access?.Connector is null && number <= 2 ? PathCheckOutcome.NotNeeded
                    : number == 7 && !isOutside ? PathCheckOutcome.NotNeeded
                    : PathCheckOutcome.Ok,
                isHere ? PathWords.Why(flow) : Passed(number, flow, telling)));
            if (isHere)
            {
                break;
            }
        }

        return checks.ToValueList();
    }

    /// <summary>The checks, in order.</summary>
    public static ValueList<string> Questions { get; } =
    [
        "the connector is ready", "the connector is in the workload's region", "firewall rules let the packets pass", "the deployment has a connector or Direct VPC egress",
        "the egress setting sends them into the VPC", "the target runs and takes them", "Cloud NAT serves all-traffic", "routes lead to the target",
    ];

    private static int CheckOf(PathEnd end) => end.Reason switch
    {
        PathReason.ConnectorNotSet => 4,
        PathReason.ConnectorWrongRegion or PathReason.SubnetworkWrongRegion => 2,
        _ => end.Stage switch
        {
            PathStage.Attachment => 1,
            PathStage.Name => 6,
            PathStage.EgressFirewall or PathStage.IngressFirewall => 3,
            PathStage.Egress => 5,
            PathStage.Target => 6,
            PathStage.Internet or PathStage.GoogleApis when end.Reason != PathReason.PrivateTrafficToInternet => 7,
            _ => 8,
        },
    };

    private static string Passed(int number, ReachFlow flow, PathPart telling)
    {
        var access = flow.Source.Workload.VpcAccess;
        var steps = telling.Trail.ToSteps();
        return number switch
        {
            1 or 2 when access is null => "there is none",
            1 or 2 when access.Connector is null => "Direct VPC egress needs none",
            1 => access!.Connector!.Value.Id,
            2 => $"{flow.Source.Region}",
            3 => Rules(steps) is { Length: > 0 } rules ? rules : "not met on this path before the cause",
            4 => PathWords.Attachment(access),
            5 => PathWords.Egress(access),
            7 => "no packet leaves for the internet",
            _ => steps.Any(step => step.Stage == (number == 6 ? PathStage.Target : PathStage.Route)) ? string.Join(", ", steps.Where(step => step.Stage == (number == 6 ? PathStage.Target : PathStage.Route)).Select(step => step.Decision)) : "not met on this path before the cause",
        };
    }

    private static string Rules(IReadOnlyList<PathStep> steps) =>
        string.Join(", ", steps.Where(step => step.Stage is PathStage.EgressFirewall or PathStage.IngressFirewall && step.DecidedBy is not null).Select(step => $"{(step.Stage == PathStage.EgressFirewall ? "out" : "in")}: {step.DecidedBy}"));

    /// <summary>
    /// The command by which Google's Connectivity Tests ask the same. They know revisions, first-generation functions and App Engine versions as sources;
    /// for others it asks from an address of the attachment. Source: the reference of gcloud network-management connectivity-tests create.
    /// </summary>
    public string ConnectivityTest()
    {
        var name = Flow.Source.Workload.Name;
        var port = Flow.Target.Port is { } number ? $" --destination-port={number}" : "";
        var protocol = Flow.Target.Protocol is { } of ? $" --protocol={IpProtocol.NameOf(of).ToUpperInvariant()}" : "";
        return $"gcloud network-management connectivity-tests create audit-{Flow.Source.ShortName.Split('/')[0]} --project={name.Project} {Source(name)} {Destination()}{port}{protocol}";
    }

    private string Source(ResourceName name) => Flow.Source.Workload switch
    {
        AppEngineVersion => $"--source-app-engine-version={name.Path}",
        Function { Generation: not FunctionGeneration.Second } => $"--source-cloud-function={name.Path}",
        RunRevision => Revision(name.Id),
        RunService { LatestReadyRevision: { } ready } => Revision(ready.Id),
        RunService => Revision("REVISION"),
        _ when Flow.Answer.Parts.Select(part => part.Sources).FirstOrDefault(sources => sources is { IsEmpty: false }) is { } sources =>
            $"--source-ip-address={sources.Lowest.Address}{(Flow.Source.Workload.VpcAccess?.Network is { } network ? $" --source-network={network.Path}" : " --source-network=NETWORK")}",
        _ => Revision("REVISION"),
    };

    private string Revision(string id) => $"--source-cloud-run-revision=projects/{Flow.Source.Workload.Name.Project}/locations/{Flow.Source.Region}/revisions/{id}";

    private string Destination() => Flow.Target.Resource switch
    {
        { Kind: ResourceKind.SqlInstance } sql => $"--destination-cloud-sql-instance={sql.Path}",
        { Kind: ResourceKind.RedisInstance } redis => $"--destination-redis-instance={redis.Path}",
        { Kind: ResourceKind.RedisCluster } redis => $"--destination-redis-cluster={redis.Path}",
        { Kind: ResourceKind.GkeCluster } cluster when Flow.Target.Address is not null => $"--destination-gke-master-cluster={cluster.Path}",
        { Kind: ResourceKind.Instance } machine when Flow.Target.Address is { } address => $"--destination-instance={machine.Path} --destination-ip-address={address.Address}",
        _ when Flow.Target.Address is { } address => $"--destination-ip-address={address.Address}",
        _ when Flow.Target.Path?.Kind == PathTargetKind.Internet => "--destination-ip-address=8.8.8.8",

        // A name is none of its destinations.
        _ when Flow.Target.HostName is { } name && Flow.Answer.Telling.Destinations == AddressSet.All => $"--destination-ip-address=$(dig +short {name} | head -n 1)",
        _ when Flow.Target.Path?.Kind == PathTargetKind.GoogleApis => "--destination-ip-address=$(dig +short storage.googleapis.com | head -n 1)",
        _ => $"--destination-ip-address={Flow.Answer.Telling.Witness.Destination.Address}",
    };
}
