using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL001: what a workload is configured to call at a private address, the firewall lets through from each of its source addresses.</summary>
public sealed class IntendedFlowIsOpen : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL001",
        Title = "Firewall lets a workload reach what it is configured to call",
        Severity = Severity.High,
        What = "For every private address and port in a workload's environment variables, the egress rules of its connector or Direct VPC interface let the connection out from each usable source address, and where a VM of the same network has the address, its ingress rules let it in. The sets are exact: a rule that covers half of the range is reported as the half that fails.",
        WhyItMatters = "A blocked connection does not answer: the workload waits until it times out, and nothing in its logs names the rule. With a part of the range blocked it fails only from time to time.",
        Remediation = "Add the smallest allow rule that opens the connection ahead of what blocks it; the finding shows one that was tried on the same firewall.",
        Gcloud = """
            gcloud compute firewall-rules create allow-connector-db --network=NETWORK --direction=INGRESS --priority=900 --source-ranges=CONNECTOR_RANGE/28 --target-tags=db --action=ALLOW --rules=tcp:5432
            """,
        Terraform = """
            resource "google_compute_firewall" "allow_connector_db" {
              name          = "allow-connector-db"
              network       = "NETWORK"
              direction     = "INGRESS"
              priority      = 900
              source_ranges = ["CONNECTOR_RANGE/28"]
              target_tags   = ["db"]
              allow {
                protocol = "tcp"
                ports    = ["5432"]
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads without VPC attachment, to those whose connector or subnetwork does not exist (CON012), and to those whose variables name no private address with a port. Addresses of managed services are judged by egress alone: ingress rules of your network do not reach them. It is unknown where a rule selects by something that firewall data does not say, and where rules, connectors, subnetworks or VMs could not be read. Only hosts and ports are taken from variables; nothing else of them is kept.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("AC-4"), RuleControl.Pci("1.2.5"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#restrict-access", "https://cloud.google.com/firewall/docs/firewalls"],
    };

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        if (WorkloadScope.WhyOutside(subject, view) is { } outside)
        {
            return [DoesNotApply(outside)];
        }

        if (subject.VpcAccess is null)
        {
            return [DoesNotApply("the workload is attached to no VPC")];
        }

        if (!subject.Endpoints.Any(endpoint => endpoint is { Address: not null, Port: not null }))
        {
            return [DoesNotApply("its variables name no private address with a port")];
        }

        var (source, missing, isGone) = FlowSource.Of(subject, view);
        return source is null ? [isGone ? DoesNotApply(missing!) : Unknown(missing!)] : IntendedFlow.Of(subject, source, view).Select(flow => Judge(flow, view));
    }

    private static Verdict Judge(IntendedFlow flow, EstateView view)
    {
        EffectiveFirewall Firewall(string? region) => EffectiveFirewall.Of(view, flow.Source.Network, region);
        var outcome = flow.Judge(Firewall);
        return !outcome.Blocked.IsEmpty ? Fail($"{flow.TargetWords} cannot be reached from {FlowWords.Of(flow.Source, outcome.Blocked)}: {outcome.BlockedBy}", FlowRepair.Of(flow, outcome, Firewall), discriminator: flow.Endpoint)
            : !outcome.Unknown.IsEmpty ? Unknown(outcome.Missing, flow.Endpoint)
            : flow.TargetMissing is { } missing ? Unknown(missing, flow.Endpoint)
            : new Verdict.Passed { Discriminator = flow.Endpoint };
    }
}
