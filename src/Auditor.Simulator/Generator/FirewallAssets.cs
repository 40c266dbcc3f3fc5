using System.Globalization;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>
/// The firewall rules of a network: what a service project's connectors need, the planted wide allows, the denies of the early-deny shape,
/// and noise. Noise opens a connector's range only narrowly, and wide rules stay among the machines.
/// </summary>
internal sealed class FirewallAssets(AssetWriter assets, NetworkPlan network, SeededRandom random)
{
    private const int WideAllowsInNetwork = 500;
    private static readonly string[] s_machineTags = ["web", "db", "worker"];
    private static readonly string[] s_ports = ["22", "80", "443", "1433", "3306", "5432", "6379", "8080", "9090", "9200"];
    private int _written;

    public static void Write(AssetWriter assets, NetworkPlan network, SeededRandom random) => new FirewallAssets(assets, network, random).WriteAll();

    private void WriteAll()
    {
        var count = network.Numbers.Share(network.Numbers.FirewallRules, network.Index);
        WriteInfrastructure();
        WriteWideAllows(network.Numbers.Share(network.Numbers.FirewallRules / WideAllowsInNetwork, network.Index));
        if (network.Shape == RuleShape.EarlyDeny)
        {
            WriteEarlyDenies(count / 20);
        }

        while (_written < count)
        {
            WriteNoise();
        }
    }

    // Google makes no rules for the connectors of service projects: the host's administrator must.
    private void WriteInfrastructure()
    {
        JsonArray Infrastructure() => [Layer4("tcp", "667"), Layer4("udp", "665-666"), Layer4("icmp")];
        Rule("serverless-to-connector", "INGRESS", 100, "allowed", Infrastructure(), ("sourceRanges", ["35.199.224.0/19"]), ("targetTags", ["vpc-connector"]));
        Rule("connector-to-serverless", "EGRESS", 100, "allowed", Infrastructure(), ("destinationRanges", ["35.199.224.0/19"]), ("targetTags", ["vpc-connector"]));
        Rule("connector-health", "INGRESS", 100, "allowed", [Layer4("tcp", "667")], ("sourceRanges", ["35.191.0.0/16", "35.191.192.0/18", "130.211.0.0/22"]), ("targetTags", ["vpc-connector"]));
        Rule("connector-requests", "INGRESS", 900, "allowed", [Layer4("tcp", "443", "5432", "6379")], ("sourceTags", ["vpc-connector"]));
    }

    // Each opens one connector, by its range or its own tag, too widely.
    private void WriteWideAllows(int count)
    {
        var connectors = network.Connectors.ToList();
        random.Shuffle(connectors);
        for (var i = 0; i < count; i++)
        {
            var connector = connectors[i % connectors.Count];
            var name = Rule($"wide-{i}", "INGRESS", 1000 + i, "allowed", [random.Pick(Layer4("all"), Layer4("tcp"), Layer4("tcp", "1000-2000"))],
                random.Percent(50) ? ("sourceRanges", [connector.Range]) : ("sourceTags", [connector.Tag]));
            assets.Fault("FWL004", name, connector.Path);
        }
    }

    private void WriteEarlyDenies(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var ranges = i == 0 ? new[] { network.At(48, 0, 24), network.At(32, 0, 21), network.At(96, 0, 20) } : [random.Pick(network.Connectors).Range];
            Rule($"deny-{i}", "INGRESS", i == 0 ? 1 : random.Between(2, 90), "denied", [i == 0 ? Layer4("tcp") : Layer4("tcp", random.Pick(s_ports))], ("sourceRanges", ranges));
        }
    }

    private void WriteNoise()
    {
        var priority = random.Between(1001, 65534);
        if (random.Percent(20))
        {
            Rule("egress", "EGRESS", priority, random.Percent(70) ? "allowed" : "denied", [Narrow()], ("destinationRanges", [Destination()]), ("targetTags", [random.Pick(s_machineTags)]));
            return;
        }

        var allows = random.Percent(70);
        var (side, source, isNarrow) = Source();
        var what = !allows || isNarrow || random.Percent(80) ? Narrow() : Layer4("tcp");
        Rule("ingress", "INGRESS", priority, allows ? "allowed" : "denied", [what], (side, [source]), ("targetTags", random.Percent(60) ? [random.Pick(s_machineTags)] : []));
    }

    /// <summary>A source, and whether only narrow rules may name it.</summary>
    private (string Side, string Source, bool IsNarrow) Source() => (network.Shape == RuleShape.FallThrough ? random.Between(3, 9) : random.Below(10)) switch
    {
        0 => ("sourceRanges", network.At(48, 0, 24), true),
        1 => ("sourceRanges", random.Pick(network.Connectors).Range, true),
        2 => ("sourceTags", "vpc-connector", true),
        3 => ("sourceTags", random.Pick(s_machineTags), false),
        4 => ("sourceRanges", string.Create(CultureInfo.InvariantCulture, $"198.51.100.{random.Below(256)}/32"), false),
        _ => ("sourceRanges", network.At(random.Below(32), 0, 24), false),
    };

    private string Destination() => random.Percent(50) ? network.At(random.Below(32), 0, 24) : string.Create(CultureInfo.InvariantCulture, $"192.168.{random.Below(256)}.0/24");

    // At most seven ports.
    private JsonObject Narrow() => random.Below(4) switch
    {
        0 => Layer4("tcp", "8080-8083", random.Pick(s_ports)),
        1 => Layer4("udp", "53"),
        _ => Layer4("tcp", random.Pick(s_ports), random.Pick("7000", "7001", "7002")),
    };

    private static JsonObject Layer4(string protocol, params IReadOnlyList<string> ports) => ports.Count == 0
        ? new JsonObject { ["IPProtocol"] = protocol }
        : new JsonObject { ["IPProtocol"] = protocol, ["ports"] = AssetWriter.List(ports) };

    private string Rule(string stem, string direction, int priority, string verb, JsonArray layer4, params ReadOnlySpan<(string Side, IReadOnlyList<string> Texts)> sides)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{network.Id}-{_written++:D4}-{stem}");
        var data = new JsonObject
        {
            ["name"] = name,
            ["network"] = AssetWriter.Url(network.Path),
            ["direction"] = direction,
            ["priority"] = priority,
            [verb] = layer4,
        };
        foreach (var (side, texts) in sides)
        {
            if (texts.Count > 0)
            {
                data[side] = AssetWriter.List(texts);
            }
        }

        data["disabled"] = false;
        data["logConfig"] = new JsonObject { ["enable"] = false };
        return assets.WriteCompute("Firewall", $"projects/{network.Host.Id}/global/firewalls/{name}", network.Host, "global", data);
    }
}
