using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Nat;

/// <summary>NAT001: a workload that sends all traffic into the VPC has a public Cloud NAT in network and region that covers where it enters.</summary>
public sealed class AllTrafficFindsTheInternet : ExitRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT001",
        Title = "A workload that sends all traffic into the VPC has a Cloud NAT",
        Severity = Severity.High,
        What = "A workload whose egress setting is all-traffic enters its network where a public Cloud NAT of the same network and region translates its packets: those of the connector's subnetwork, or of the Direct VPC subnetwork. Critical where `auditor.yaml` declares that it calls the internet or names the addresses by which it leaves.",
        WhyItMatters = "Serverless packets in a VPC have private addresses only. Without translation every call to the internet times out, although the same code worked until all-traffic was set.",
        Remediation = "Create a Cloud NAT in the region, or go back to private-ranges-only where nothing needs the internet through the VPC.",
        Gcloud = """
            gcloud compute routers create ROUTER --network=NETWORK --region=REGION
            gcloud compute routers nats create NAT --router=ROUTER --region=REGION --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges
            """,
        Terraform = """
            resource "google_compute_router_nat" "NAT" {
              name                               = "NAT"
              router                             = google_compute_router.ROUTER.name
              region                             = "REGION"
              nat_ip_allocate_option             = "AUTO_ONLY"
              source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
            }
            """,
        DoesNotApply = "It does not apply to workloads that send only private ranges into the VPC, nor where packets for the internet do not come to the internet gateway because a firewall or a route takes them (NAT007). A Cloud NAT of the region that leaves a connector's subnetwork out is NAT002's, one without address is NAT003's. It is unknown when routers could not be listed.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/run/docs/configuring/static-outbound-ip", "https://cloud.google.com/nat/docs/overview"],
    };

    private protected override Verdict Judge(Workload subject, PathWalk walk, RuleOptions options)
    {
        var parts = EndingAt(walk, ReachTarget.Internet, PathStage.Internet);
        if (parts.Count == 0)
        {
            return DoesNotApply("packets for the internet do not come to the internet gateway");
        }

        if (parts.FirstOrDefault(part => part.End!.Effect == PathEffect.Unknown) is { End.Because: var because })
        {
            return Unknown(string.Join("; ", because));
        }

        if (!parts.Any(part => part.End!.Reason == PathReason.NoExternalAddress))
        {
            return Pass();
        }

        var source = walk.Source;
        var beside = walk.Nat.Beside;
        return !beside.IsEmpty && walk.Attachment!.Access.Connector is not null ? DoesNotApply($"{string.Join(", ", beside)} leaves {source.What} out, which is NAT002's to say")
            : Fail(
                beside.IsEmpty ? $"all its traffic enters network {source.Network.Id} through {source.What}, and no public Cloud NAT serves that network in {source.Region}"
                    : $"all its traffic enters network {source.Network.Id} through {source.What}, and {string.Join(", ", beside)} covers other subnetworks only",
                $"gcloud compute routers nats create NAT --router=ROUTER --project={source.Network.Project} --region={source.Region} --auto-allocate-nat-external-ips --nat-all-subnet-ip-ranges",
                CallsTheInternet(subject, options.Intents) ? Severity.Critical : null);
    }

    private static bool CallsTheInternet(Workload subject, Intents intents) => intents.Egress.Any(intent => intent.From.Matches(subject))
        || intents.Flows.Any(intent => intent is { Demand: FlowDemand.Must, To: IntentTarget.Internet } && intent.From.Matches(subject));
}
