using Auditor.Findings;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Isolation;

/// <summary>ISO004: a flow that is declared as one that must work does, from every address of the workload.</summary>
public sealed class RequiredFlowWorks : FlowIntentRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "ISO004",
        Title = "A flow that must work does",
        Severity = Severity.High,
        What = "For every flow under `intents: must:` in `auditor.yaml`, packets from each usable source address of the workload arrive at the target, on every port named. Without ports it is the service ports of the target; where none is known (a VM), one TCP port that works is enough. Of a target with several addresses, one that works is enough; of a block of addresses, those that nobody has do not count. A target that does not exist is a flow that is lost.",
        WhyItMatters = "The flow was declared because something depends on it. When a rule, a route or a setting takes it away, nothing else says so: the workload waits until it times out, or fails only from the addresses that a rule covers.",
        Remediation = "Change what decides; the finding names it, the part of the sources that is cut off, and the rule of the auditor that explains this sort of cause. `auditor doctor` looks for the smallest firewall rule that helps and tries it.",
        Gcloud = """
            gcloud compute firewall-rules create allow-required --network=NETWORK --direction=INGRESS --priority=900 --action=ALLOW --rules=tcp:PORT --source-ranges=CONNECTOR_RANGE/28 --destination-ranges=TARGET_ADDRESS/32
            """,
        Terraform = """
            resource "google_compute_firewall" "allow_required" {
              name               = "allow-required"
              network            = "NETWORK"
              direction          = "INGRESS"
              priority           = 900
              source_ranges      = ["CONNECTOR_RANGE/28"]
              destination_ranges = ["TARGET_ADDRESS/32"]
              allow {
                protocol = "tcp"
                ports    = ["PORT"]
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads that no such intent is about. It is unknown where nothing is known to be lost and something may be. It yields to no other rule: what is declared is told as declared, also where another rule tells the cause on the connector, the network or the target.",
        Controls = [RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/run/docs/configuring/connecting-vpc", "https://cloud.google.com/network-intelligence-center/docs/connectivity-tests/concepts/overview"],
    };

    protected override FlowDemand Demand => FlowDemand.Must;

    protected override string Because(IntentAnswer answer) => answer.End is { } end && PathReasonRules.RuleOf(end) is { } rule ? $"{answer.Because} (see {rule})" : answer.Because;
}
