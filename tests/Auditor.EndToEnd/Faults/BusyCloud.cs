using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;

namespace Auditor.EndToEnd.Faults;

/// <summary>A cloud in which many do things at once: firewall rules that are opened and narrowed, connectors that are deleted and made again.</summary>
internal sealed class BusyCloud
{
    private const int Rules = 12;

    private readonly Random _random;
    private readonly AuditEntries _entries = new(TimeProvider.System);
    private readonly ResourceName[] _rules = [.. Enumerable.Range(0, Rules).Select(i => ResourceName.Of("compute.googleapis.com", $"projects/harbor-net/global/firewalls/busy-{i}"))];
    private readonly ResourceName[] _connectors =
    [
        ResourceName.Of(ResourceKind.Connector, "harbor-data", "us-central1", "data-conn"),
        ResourceName.Of(ResourceKind.Connector, "harbor-shop", "europe-west1", "shop-conn"),
    ];

    public BusyCloud(int seed)
    {
        _random = new Random(seed);
        foreach (var rule in _rules)
        {
            Cloud.Insert(rule, Rule(rule, isOpen: false));
        }
    }

    public SimulatedCloud Cloud { get; } = DemoEstate.CreateCloud();

    /// <summary>Something happens; gives the two entries that tell of it.</summary>
    public IReadOnlyList<byte[]> Act()
    {
        if (_random.Next(4) > 0)
        {
            var rule = Rule(_rules[_random.Next(Rules)], _random.Next(2) == 0);
            var name = ResourceName.Of("compute.googleapis.com", $"projects/harbor-net/global/firewalls/{rule["name"]}");
            Cloud.Patch(name, json => json["allowed"] = rule["allowed"]!.DeepClone());
            return _entries.Operation(AuditCalls.Compute("patch", name, rule)).InOrder;
        }

        var connector = _connectors[_random.Next(_connectors.Length)];
        if (Cloud.Find(connector) is not null)
        {
            Cloud.Delete(connector);
            return _entries.Operation(AuditCalls.Connector("DeleteConnector", connector)).InOrder;
        }

        Cloud.Insert(connector, DemoEstate.Find(connector));
        return _entries.Operation(AuditCalls.Connector("CreateConnector", connector, DemoEstate.Find(connector))).InOrder;
    }

    private static JsonObject Rule(ResourceName name, bool isOpen) => new()
    {
        ["name"] = name.Id,
        ["network"] = "https://www.googleapis.com/compute/v1/projects/harbor-net/global/networks/harbor-vpc",
        ["priority"] = 1000,
        ["sourceRanges"] = new JsonArray("10.8.0.32/28"),
        ["targetTags"] = new JsonArray("partner-api"),
        ["allowed"] = new JsonArray(isOpen ? new JsonObject { ["IPProtocol"] = "tcp" } : new JsonObject { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray("8443") }),
        ["direction"] = "INGRESS",
        ["disabled"] = false,
        ["selfLink"] = $"https://www.googleapis.com/compute/v1/{name.Path}",
    };
}
