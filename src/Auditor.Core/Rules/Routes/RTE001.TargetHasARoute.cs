using Auditor.Findings;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Routes;

/// <summary>RTE001: a route leads to every private address that a workload calls.</summary>
public sealed class TargetHasARoute : IntendedPathRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "RTE001",
        Title = "A route leads to every private address that a workload calls",
        Severity = Severity.High,
        What = "For every private address in a workload's environment variables, the network that the workload enters has a route: a subnetwork of its own or of a peer, a static or dynamic route, in Google's order. The default internet gateway is no route for private addresses.",
        WhyItMatters = "The connector takes the packet into the VPC, and there it is dropped. Nothing in the workload's logs says so.",
        Remediation = "Peer the networks, add a route, or correct the address.",
        Gcloud = """
            gcloud compute routes create ROUTE --network=NETWORK --destination-range=RANGE --next-hop-vpn-tunnel=TUNNEL --next-hop-vpn-tunnel-region=REGION
            """,
        Terraform = """
            resource "google_compute_route" "ROUTE" {
              network             = "NETWORK"
              dest_range          = "RANGE"
              next_hop_vpn_tunnel = "TUNNEL"
            }
            """,
        DoesNotApply = "It does not apply to workloads whose variables name no private address with a port. Peerings to managed services are RTE004's, next hops that cannot work RTE002's to say. It is unknown where routes, peers or dynamic routes were not read, and behind appliances, VPN tunnels and interconnects.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/vpc/docs/routes"],
    };

    protected override PathStage? UnknownAt => PathStage.Route;

    protected override string FixOf(ReachFlow flow, PathEnd end) => $"no route of the network covers {flow.Target.Address?.Address} for private traffic: add one, peer the network that has it, or correct the address";

    protected override string Because(ReachFlow flow, PathEnd end) => end.Reason == PathReason.NoRoute ? $"{flow.WordsOf(end.DecidedBy)} has no route to it" : $"{flow.WordsOf(end.DecidedBy)} sends it to the internet gateway, which drops private traffic";
}
