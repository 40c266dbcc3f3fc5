using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL020: no rule opens everything to the internet.</summary>
public sealed class NetworkIsNotOpen : StateRule<VpcNetwork>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL020",
        Title = "No rule opens everything to the internet",
        Severity = Severity.Critical,
        What = "No rule lets all of TCP or all of UDP in from the internet to any machine of a network that serverless workloads leave for; ports that are listed one by one count like an empty list. Worked out on the effective firewall: priorities, denies ahead, policies, disabled rules and target tags count, IPv4 and IPv6 ranges are put together, and only what the rule itself decides is reported. From the internet means from more public addresses than a /16 has, without the ranges that Google's own services send from.",
        WhyItMatters = "Every port that any machine listens on, now or later, is open to everybody.",
        Remediation = "Delete the rule, or narrow it to the ranges, ports and machines that need it.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --source-ranges=RANGES --rules=tcp:443
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              source_ranges = ["RANGES"]
              allow {
                protocol = "tcp"
                ports    = ["443"]
              }
            }
            """,
        DoesNotApply = "It applies to networks that serverless workloads leave for. It is unknown when the network's rules, or what is attached to it, could not be read.",
        Controls = [RuleControl.Nist("SC-7(5)"), RuleControl.Pci("1.3.1"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/firewall/docs/firewalls", "https://cloud.google.com/security-command-center/docs/concepts-vulnerabilities-findings#firewall-findings"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options) => OpenToInternet.Judge(subject, view, static open => open.IsEverything ? open.Packets : null);
}
