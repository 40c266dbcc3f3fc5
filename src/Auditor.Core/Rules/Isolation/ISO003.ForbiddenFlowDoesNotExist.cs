using Auditor.Findings;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Isolation;

/// <summary>ISO003: of a flow that is declared as one that must never exist, no packet arrives.</summary>
public sealed class ForbiddenFlowDoesNotExist : FlowIntentRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "ISO003",
        Title = "A flow that must never exist does not",
        Severity = Severity.Critical,
        What = "For every flow under `intents: never:` in `auditor.yaml`, no packet from any address of the workload arrives at the target, on any of the ports named, or on any at all where none is. The whole path counts: egress setting, attachment, firewalls, routes, and whether anything there takes the packets. A finding shows one packet that arrives and every object that lets it.",
        WhyItMatters = "Somebody has decided that these two must not talk, and they can. A connector reaches everything in its network unless a rule says otherwise, so a path opens without anyone asking for it.",
        Remediation = "Deny the flow where it leaves: an egress rule on the tag of the connector, or of the Direct VPC interface, ahead of what allows it. Where it leaves past the VPC (private-ranges-only to an external address) no VPC rule can stop it: send all traffic into the VPC first.",
        Gcloud = """
            gcloud compute firewall-rules create deny-forbidden --network=NETWORK --direction=EGRESS --priority=900 --action=DENY --rules=all --destination-ranges=TARGET_RANGE --target-tags=vpc-connector-REGION-CONNECTOR
            """,
        Terraform = """
            resource "google_compute_firewall" "deny_forbidden" {
              name               = "deny-forbidden"
              network            = "NETWORK"
              direction          = "EGRESS"
              priority           = 900
              destination_ranges = ["TARGET_RANGE"]
              target_tags        = ["vpc-connector-REGION-CONNECTOR"]
              deny {
                protocol = "all"
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads that no such intent is about, nor where nothing is named as its target is. It is unknown where no packet is known to arrive and some may.",
        Controls = [RuleControl.Nist("AC-4"), RuleControl.Nist("SC-7"), RuleControl.Pci("1.4.2"), RuleControl.Iso("A.8.22")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#restrict-access", "https://cloud.google.com/firewall/docs/firewalls"],
    };

    protected override FlowDemand Demand => FlowDemand.Never;
}
