using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Nat;

/// <summary>NAT007: for a workload that sends all traffic into the VPC, the best default route leads to the internet gateway.</summary>
public sealed class DefaultRouteLeadsToTheInternet : ExitRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT007",
        Title = "The default route leads to the internet gateway",
        Severity = Severity.High,
        What = "In the network into which a workload sends all its traffic, most external addresses are routed to the default internet gateway, as the best route for its tags and region says. Routes for some external ranges only, such as those of a partner behind a VPN, do not count.",
        WhyItMatters = "Cloud NAT translates only what comes to the internet gateway. Where the default route is gone, or leads to an appliance, a tunnel or a next hop that is down, calls to the internet take another way out or none, and fixed addresses are lost.",
        Remediation = "Restore the default route, give the workload's tag a better one, or, where an appliance is meant to inspect the traffic, set the knob and make sure that the appliance forwards it.",
        Gcloud = """
            gcloud compute routes create default-internet --network=NETWORK --destination-range=0.0.0.0/0 --next-hop-gateway=default-internet-gateway --priority=1000
            """,
        Terraform = """
            resource "google_compute_route" "default_internet" {
              name             = "default-internet"
              network          = "NETWORK"
              dest_range       = "0.0.0.0/0"
              next_hop_gateway = "default-internet-gateway"
              priority         = 1000
            }
            """,
        DoesNotApply = "It does not apply to workloads that send only private ranges into the VPC. It is unknown when routes of the network could not be listed, or what a router has learned was not read.",
        Knobs = [new RuleKnob("NAT007.appliance", "false", "true or false", "Whether a next hop that forwards traffic by its own configuration (a VM, a load balancer, a tunnel) is what is meant.")],
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/vpc/docs/routes", "https://cloud.google.com/network-intelligence-center/docs/connectivity-tests/states/configuration-analysis-states"],
    };

    private protected override Verdict Judge(Workload subject, PathWalk walk, RuleOptions options)
    {
        var network = walk.Source.Network;
        var fix = $"gcloud compute routes create default-internet --project={network.Project} --network={network.Id} --destination-range=0.0.0.0/0 --next-hop-gateway=default-internet-gateway --priority=1000";
        var best = walk.Table.Choose(PathTarget.Internet.Addresses, walk.Source.End.Tags).MaxBy(pair => pair.Destinations.V4.Intervals.Sum(interval => (long)interval.Last - interval.First)).Choice;
        return Judge(best, network.Id, options.ApplianceIsMeant, fix);
    }

    private static Verdict Judge(RouteChoice choice, string network, bool applianceIsMeant, string fix) => choice switch
    {
        RouteChoice.Gateway => Pass(),
        RouteChoice.None => Fail($"network {network} has no default route", fix),
        RouteChoice.Shared { Choices: var ways } => ways.Select(way => Judge(way, network, applianceIsMeant, fix)).MinBy(verdict => verdict switch { Verdict.Failed => 0, Verdict.Unknown => 1, _ => 2 })!,
        RouteChoice.Ended { End: { Effect: PathEffect.Blocked } end } => Fail($"the default route of network {network} leads nowhere: {end.Reason}, decided by {end.DecidedBy}", fix),
        RouteChoice.Ended { End: { Reason: PathReason.RouteConfigNotFound } end } => Unknown(string.Join("; ", end.Because)),
        RouteChoice.Ended when applianceIsMeant => Pass(),
        RouteChoice.Ended { End: var end } => Fail(string.Create(CultureInfo.InvariantCulture, $"the default route of network {network} does not lead to the internet gateway: {string.Join("; ", end.Because)}"), fix),
        _ => Fail($"most external addresses are routed inside network {network}", fix),
    };
}
