using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL004: a rule that lets a connector in names the ports it is for.</summary>
public sealed class ConnectorAllowIsNarrow : StateRule<Firewall>
{
    private const int AllPorts = 65536;

    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL004",
        Title = "Allow from a connector is limited to a few ports",
        Severity = Severity.Medium,
        What = "An enabled ingress rule of your own that allows a connector's whole range, or its network tag, names its ports: neither all protocols nor all ports of one, nor more than a configured number.",
        WhyItMatters = "A connector carries no identity: every workload that shares it comes from the same range. What is open to the range is open to all of them, and a broad rule turns one compromised service into a way to every port behind it.",
        Remediation = "Allow exactly the port and the target that the workloads behind the connector need.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --allow=tcp:5432 --source-ranges=CONNECTOR_RANGE/28
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              name          = "RULE"
              network       = "NETWORK"
              direction     = "INGRESS"
              source_ranges = ["CONNECTOR_RANGE/28"]
              target_tags   = ["db"]
              allow {
                protocol = "tcp"
                ports    = ["5432"]
              }
            }
            """,
        DoesNotApply = "It does not apply to deny, egress and disabled rules, to Google's managed rules (aet-...), and to rules that cover no connector's whole range. It is unknown when connectors or subnetworks could not be read.",
        Knobs = [new RuleKnob("FWL004.maxPorts", "10", "1 to 65,535", "How many distinct ports an allow from a connector's range may open.")],
        Controls = [RuleControl.Nist("AC-6"), RuleControl.Nist("SC-7"), RuleControl.Pci("1.2.5"), RuleControl.Iso("A.8.20")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#restrict-access", "https://cloud.google.com/firewall/docs/firewalls"],
    };

    protected override IEnumerable<Verdict> Evaluate(Firewall subject, EstateView view, RuleOptions options)
    {
        if (WhyNot(subject) is { } because)
        {
            return [DoesNotApply(because)];
        }

        if (subject.Action == FirewallAction.Unrecognized)
        {
            return [Unknown("the rule says neither what it allows nor what it denies")];
        }

        // Most rules are narrow; they end here without a look at any connector.
        if (Breadth(subject.Layer4, options.MaxAllowedPorts) is not { } breadth)
        {
            return [Pass()];
        }

        if (subject.Network is not { } network)
        {
            return [Unknown("the rule names no network")];
        }

        var connectors = ConnectorsOn.Network(view, network);
        var verdicts = new List<Verdict>();
        foreach (var (connector, range) in connectors.Items)
        {
            if (Source(subject, connector, range) is { } source)
            {
                verdicts.Add(Fail($"it allows {breadth} from {source}, which covers connector {connector.Name.Id} in {connector.Name.Location}", Repair(subject), discriminator: connector.Name.Path));
            }
        }

        if (connectors.Incomplete is { } incomplete)
        {
            verdicts.Add(Unknown($"connectors on {network.Id} could not all be listed: {incomplete}"));
        }

        return verdicts.Count > 0 ? verdicts : [DoesNotApply("it covers no connector")];
    }

    private static string Repair(Firewall rule) =>
        $"gcloud compute firewall-rules update {rule.Name.Id} --project={rule.Name.Project} --allow=PROTOCOL:PORT with just the ports that the workloads behind the connector use";

    private static string? WhyNot(Firewall rule) =>
        rule.Disabled ? "the rule is disabled"
        : rule.Direction == TrafficDirection.Egress ? "the rule is for egress"
        : rule.Action == FirewallAction.Deny ? "the rule denies"
        : rule.Name.Id.StartsWith("aet-", StringComparison.Ordinal) ? "Google manages the rule for a connector"
        : null;

    private static string? Source(Firewall rule, Connector connector, IpRange range)
    {
        if (rule.SourceRanges.IsEmpty && rule.SourceTags.IsEmpty && rule.SourceServiceAccounts.IsEmpty)
        {
            return "any source";
        }

        foreach (var source in rule.SourceRanges)
        {
            if (source.Contains(range))
            {
                return source == range ? $"{range}" : $"{source}";
            }
        }

        return rule.SourceTags.FirstOrDefault(tag => tag == "vpc-connector" || tag == connector.UniqueNetworkTag) is { } tag ? $"network tag {tag}" : null;
    }

    // Null when it is narrow. Only tcp, udp and sctp have ports.
    private static string? Breadth(ValueList<Layer4> allowed, int maxPorts)
    {
        if (allowed.Any(layer => layer.Protocol == "all"))
        {
            return "all protocols";
        }

        var withPorts = allowed.Where(layer => layer.Protocol is "tcp" or "6" or "udp" or "17" or "sctp" or "132").ToList();
        if (withPorts.Find(layer => layer.AllowsAllPorts) is { } open)
        {
            return $"all {Name(open.Protocol)} ports";
        }

        var ports = withPorts.GroupBy(layer => Name(layer.Protocol), StringComparer.Ordinal)
            .Select(group => (Protocol: group.Key, Count: CountPorts(group.SelectMany(layer => layer.Ports)))).ToList();
        if (ports.Find(pair => pair.Count == AllPorts).Protocol is { } whole)
        {
            return $"all {whole} ports";
        }

        var sum = ports.Sum(pair => pair.Count);
        return sum > maxPorts ? string.Create(CultureInfo.InvariantCulture, $"{sum} ports") : null;

        static string Name(string protocol) => protocol switch { "6" => "tcp", "17" => "udp", "132" => "sctp", _ => protocol };
    }

    // Each port once, however often it is listed.
    private static int CountPorts(IEnumerable<PortInterval> intervals)
    {
        var (count, next) = (0, 0);
        foreach (var interval in intervals.Order())
        {
            count += Math.Max(0, interval.Last - Math.Max(interval.First, next) + 1);
            next = Math.Max(next, interval.Last + 1);
        }

        return count;
    }
}
