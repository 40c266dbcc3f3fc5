using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL018: ports of data stores are closed to the internet.</summary>
public sealed class DataStoresAreClosed : StateRule<VpcNetwork>
{
    private static readonly IntervalSet<uint> s_ports = IntervalSet.Of(((IntervalSet<uint>[])
    [
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(1433, 1433)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(1521, 1521)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(2483, 2484)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(3306, 3306)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(5432, 5432)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(6379, 6379)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(7000, 7001)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(7199, 7199)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(9042, 9042)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(9160, 9160)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(9200, 9200)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(9300, 9300)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(11211, 11211)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(11214, 11215)),
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(27017, 27019)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(11211, 11211)),
        Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(11214, 11215)),
    ]).SelectMany(ports => ports.Intervals));

    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL018",
        Title = "Data stores are closed to the internet",
        Severity = Severity.Critical,
        What = "No rule lets a database's or cache's port in from the internet to any machine of a network that serverless workloads leave for: tcp 1433, 1521, 2483-2484, 3306, 5432, 6379, 7000-7001, 7199, 9042, 9160, 9200, 9300, 11211, 11214-11215, 27017-27019, and udp 11211, 11214-11215. Worked out on the effective firewall: priorities, denies ahead, policies, disabled rules and target tags count, IPv4 and IPv6 ranges are put together, and only what the rule itself decides is reported. From the internet means from more public addresses than a /16 has, without the ranges that Google's own services send from.",
        WhyItMatters = "A database that the internet can reach is found within hours. The port is open although the workloads behind the connector are all that need it.",
        Remediation = "Let in only the connector's range, or the subnetwork that Direct VPC egress uses.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --source-ranges=CONNECTOR_RANGE/28
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              source_ranges = ["CONNECTOR_RANGE/28"]
            }
            """,
        DoesNotApply = "It applies to networks that serverless workloads leave for. A rule that opens everything is told by FWL020 alone. It is unknown when the network's rules, or what is attached to it, could not be read.",
        Controls = [RuleControl.Pci("1.3.1"), RuleControl.Pci("1.4.4"), RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/firewall/docs/firewalls", "https://cloud.google.com/security-command-center/docs/concepts-vulnerabilities-findings#firewall-findings"],
    };

    protected override IEnumerable<Verdict> Evaluate(VpcNetwork subject, EstateView view, RuleOptions options) => OpenToInternet.Judge(subject, view, static open => open.IsEverything ? null : open.On(s_ports));
}
