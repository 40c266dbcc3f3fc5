using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL017: SSH, Telnet, RDP and WinRM are closed to the internet.</summary>
public sealed class RemoteAdministrationIsClosed : StateRule<VpcNetwork>
{
    private static readonly IntervalSet<uint> s_ports = IntervalSet.Of(((IntervalSet<uint>[])
    [
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(22, 23)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(3389, 3389)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(5985, 5986)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(3389, 3389)),
    ]).SelectMany(ports => ports.Intervals));

    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL017",
        Title = "Remote administration is closed to the internet",
        Severity = Severity.Critical,
        What = "No rule lets SSH (tcp:22), Telnet (23), RDP (tcp and udp 3389) or WinRM (5985-5986) in from the internet to any machine of a network that serverless workloads leave for. Worked out on the effective firewall: priorities, denies ahead, policies, disabled rules and target tags count, IPv4 and IPv6 ranges are put together, and only what the rule itself decides is reported. From the internet means from more public addresses than a /16 has, without the ranges that Google's own services send from.",
        WhyItMatters = "Ports of administration are tried from all over the internet all day. Whoever gets in stands in the network that your workloads trust.",
        Remediation = "Let SSH and RDP in through Identity-Aware Proxy (35.235.240.0/20), or from the ranges of your own offices only.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --source-ranges=35.235.240.0/20
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              source_ranges = ["35.235.240.0/20"]
            }
            """,
        DoesNotApply = "It applies to networks that serverless workloads leave for. A rule that opens everything is told by FWL020 alone. It is unknown when the network's rules, or what is attached to it, could not be read.",
        Controls = [RuleControl.Cis("3.6", published: true), RuleControl.Cis("3.7", published: true), RuleControl.Pci("1.3.1", published: true), RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.20", published: true)],
        References = ["https://cloud.google.com/iap/docs/using-tcp-forwarding", "https://cloud.google.com/firewall/docs/firewalls", "https://cloud.google.com/security-command-center/docs/concepts-vulnerabilities-findings#firewall-findings"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options) => OpenToInternet.Judge(subject, view, static open => open.IsEverything ? null : open.On(s_ports));
}
