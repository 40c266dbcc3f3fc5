using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL019: other listed ports are closed to the internet.</summary>
public sealed class OtherListedPortsAreClosed : StateRule<VpcNetwork>
{
    private static readonly IntervalSet<uint> s_ports = IntervalSet.Of(((IntervalSet<uint>[])
    [
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(21, 21)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(25, 25)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(53, 53)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(80, 80)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(110, 110)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(137, 139)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(389, 389)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(445, 445)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(636, 636)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(8080, 8080)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(9090, 9090)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(53, 53)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(137, 138)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(389, 389)),
    ]).SelectMany(ports => ports.Intervals));

    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL019",
        Title = "Other exposed service ports are closed to the internet",
        Severity = Severity.High,
        What = "No rule lets FTP (21), SMTP (25), DNS (tcp and udp 53), HTTP (80), POP3 (110), NetBIOS (137-139), LDAP (389, 636), SMB (445), or a web console (8080, 9090) in from the internet to any machine of a network that serverless workloads leave for. Worked out on the effective firewall: priorities, denies ahead, policies, disabled rules and target tags count, IPv4 and IPv6 ranges are put together, and only what the rule itself decides is reported. From the internet means from more public addresses than a /16 has, without the ranges that Google's own services send from.",
        WhyItMatters = "These services belong behind a load balancer or inside; directly on a machine they are read in clear text, abused as relays or attacked.",
        Remediation = "Put public web services behind a load balancer, and let the others in only from the ranges that need them.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --source-ranges=RANGES
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              source_ranges = ["RANGES"]
            }
            """,
        DoesNotApply = "It applies to networks that serverless workloads leave for. A rule that opens everything is told by FWL020 alone. It is unknown when the network's rules, or what is attached to it, could not be read.",
        Controls = [RuleControl.Pci("1.2.5"), RuleControl.Nist("CM-7"), RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/firewall/docs/firewalls", "https://cloud.google.com/security-command-center/docs/concepts-vulnerabilities-findings#firewall-findings"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options) => OpenToInternet.Judge(subject, view, static open => open.IsEverything ? null : open.On(s_ports));
}
