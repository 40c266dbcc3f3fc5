using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Stage 2: whether and where a workload enters a network, and whether its connector's machines are served.</summary>
internal sealed class NaiveAttachment(RawEstate estate)
{
    private readonly Dictionary<string, (Entry? Entry, PathAnswer? Failure)> _known = [];

    /// <summary>Where it enters, and why it does not get through all the same; without the latter it does. At least one of both is there.</summary>
    public (Entry? Entry, PathAnswer? Failure) Of(NaiveWorkload workload)
    {
        if (!_known.TryGetValue(workload.Name, out var answer))
        {
            _known[workload.Name] = answer = workload.Connector is { } connector ? OfConnector(workload, connector) : OfInterface(workload, workload.Interface!);
        }

        return answer;
    }

    private (Entry?, PathAnswer?) OfConnector(NaiveWorkload workload, string reference)
    {
        var path = estate.Path(reference, $"projects/{workload.Project}/locations/{workload.Region}/connectors");
        var id = RawEstate.Short(path);
        if (!estate.WasRead(path))
        {
            return Unknown("the connector's project was not read");
        }

        if (estate.Find("connectors", path) is not { } connector)
        {
            return Blocked("VPC_CONNECTOR_NOT_FOUND", id, workload.Names);
        }

        switch (RawJson.Text(connector, "state"))
        {
            case "READY" or "UPDATING":
                break;
            case "CREATING" or "DELETING" or "ERROR":
                return Blocked("VPC_CONNECTOR_NOT_RUNNING", id);
            default:
                return Unknown("the connector's state");
        }

        if (RawEstate.Region(path) != workload.Region)
        {
            return Blocked("VPC_CONNECTOR_WRONG_REGION", id, workload.Names);
        }

        var (entry, failure) = ConnectorOn(path, connector);
        return entry is null ? (null, failure) : Served(entry, path);
    }

    private (Entry? Entry, PathAnswer? Failure) ConnectorOn(string path, JsonNode connector)
    {
        var (project, region, id) = (path.Split('/')[1], path.Split('/')[3], RawEstate.Short(path));
        string[] tags = ["vpc-connector", $"vpc-connector-{region}-{id}"];
        if (connector["subnet"] is { } subnet)
        {
            var owner = RawJson.Text(subnet, "projectId") ?? project;
            var name = $"projects/{owner}/regions/{region}/subnetworks/{RawJson.Text(subnet, "name")}";
            if (!estate.WasRead(name))
            {
                return Unknown("the subnetwork's project was not read");
            }

            return estate.Find("subnetworks", name) is not { } found
                ? Blocked("SUBNETWORK_NOT_FOUND", RawEstate.Short(name), id)
                : (new Entry(estate.PathAt(found, "network")!, region, [.. tags], RawJson.Text(found, "ipCidrRange")!, found, connector), null);
        }

        if (RawJson.Text(connector, "network") is not { } link || RawJson.Text(connector, "ipCidrRange") is not { } range)
        {
            return Unknown("the connector's range or network");
        }

        var network = estate.Path(link, $"projects/{project}/global/networks");
        return estate.Find("networks", network) is null
            ? Unknown("the connector's network")
            : (new Entry(network, region, [.. tags], range, Hidden(network, region, range), connector), null);
    }

    /// <summary>The subnetwork that Google makes for a connector with a range of its own, where it is listed.</summary>
    private JsonNode? Hidden(string network, string region, string range) => estate.OfNetwork("subnetworks", network).Find(item =>
        RawJson.Text(item, "name")!.StartsWith("aet-", StringComparison.Ordinal) && RawEstate.Region(estate.PathOf(item)) == region && RawJson.Text(item, "ipCidrRange") == range);

    private (Entry?, PathAnswer?) OfInterface(NaiveWorkload workload, JsonNode nic)
    {
        var network = estate.PathAt(nic, "network", $"projects/{workload.Project}/global/networks");
        var path = estate.PathAt(nic, "subnetwork", $"projects/{network?.Split('/')[1] ?? workload.Project}/regions/{workload.Region}/subnetworks")
            ?? $"projects/{network!.Split('/')[1]}/regions/{workload.Region}/subnetworks/{RawEstate.Short(network)}";
        if (!estate.WasRead(path))
        {
            return Unknown("the subnetwork's project was not read");
        }

        if (estate.Find("subnetworks", path) is not { } subnetwork)
        {
            return Blocked("SUBNETWORK_NOT_FOUND", RawEstate.Short(path), workload.Names);
        }

        return RawEstate.Region(path) != workload.Region
            ? Blocked("SUBNETWORK_WRONG_REGION", RawEstate.Short(path), workload.Names)
            : (new Entry(estate.PathAt(subnetwork, "network")!, workload.Region, [.. RawJson.Texts(nic, "tags")], RawJson.Text(subnetwork, "ipCidrRange")!, subnetwork, null), null);
    }

    /// <summary>Google's own traffic to and from the connector's machines has to pass the network's firewall.</summary>
    private (Entry?, PathAnswer?) Served(Entry entry, string path)
    {
        var firewall = estate.FirewallWith(entry.Network, Managed(entry, path));
        foreach (var (egress, ranges, reason) in new[]
        {
            (false, [Ranges.Serverless], "VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED"),
            (false, Ranges.HealthChecks, "VPC_CONNECTOR_HEALTH_CHECK_TRAFFIC_BLOCKED"),
            (true, [Ranges.Serverless], "VPC_CONNECTOR_SERVERLESS_TRAFFIC_BLOCKED"),
        })
        {
            var verdicts = new List<Verdict>();
            var points = estate.Points(ranges).ToList();
            for (var own = entry.Usable.First; own <= entry.Usable.Last; own++)
            {
                verdicts.AddRange(points.Select(peer => firewall.Decide(new Packet(egress, 6, 667, new Address(false, peer), new Address(false, own), [], null, entry.Tags, null, entry.Region))));
            }

            if (verdicts.TrueForAll(verdict => verdict.Answer == Answer.Deny))
            {
                return (entry, PathAnswer.Blocked(Stages.Attachment, reason, verdicts[0].DecidedBy!, verdicts.SelectMany(verdict => verdict.MayDecide)));
            }

            if (!verdicts.TrueForAll(verdict => verdict.Answer == Answer.Allow))
            {
                return (entry, PathAnswer.Unknown(Stages.Attachment, "not all of Google's traffic to the connector passes, or may pass"));
            }
        }

        return (entry, null);
    }

    /// <summary>The rules that Google keeps for the machines of a connector in the network's own project, where no list shows any of its rules.</summary>
    private IEnumerable<JsonNode> Managed(Entry entry, string path)
    {
        var (project, region, id) = (path.Split('/')[1], path.Split('/')[3], RawEstate.Short(path));
        var middle = (region + id).Replace("-", "", StringComparison.Ordinal);
        string[] suffixes = ["hcfw", "rsgfw", "earfw", "egrfw", "sbntfw", "tagfw"];
        var listed = estate.All("firewalls").Exists(rule => RawJson.Text(rule, "name") is { } name && name.StartsWith("aet-", StringComparison.Ordinal)
            && suffixes.Contains(name.Replace("-", "", StringComparison.Ordinal).Replace("aet" + middle, "", StringComparison.Ordinal)));
        if (listed || entry.Network.Split('/')[1] != project)
        {
            yield break;
        }

        // A name that the firewall does not take for one of the six: it still has to assume the other two.
        const string Tcp = """[{"IPProtocol":"tcp","ports":["667"]}]""";
        var target = entry.Tags[1];
        yield return JsonNode.Parse($$"""{"name":"managed-health","priority":100,"sourceRanges":["35.191.0.0/16","35.191.192.0/18","130.211.0.0/22"],"targetTags":["{{target}}"],"allowed":{{Tcp}}}""")!;
        yield return JsonNode.Parse($$"""{"name":"managed-in","priority":100,"sourceRanges":["35.199.224.0/19"],"targetTags":["{{target}}"],"allowed":{{Tcp}}}""")!;
        yield return JsonNode.Parse($$"""{"name":"managed-out","direction":"EGRESS","priority":100,"destinationRanges":["35.199.224.0/19"],"targetTags":["{{target}}"],"allowed":{{Tcp}}}""")!;
    }

    private static (Entry?, PathAnswer?) Unknown(string because) => (null, PathAnswer.Unknown(Stages.Attachment, because));

    private static (Entry?, PathAnswer?) Blocked(string reason, string decider, params string[] orBy) => (null, PathAnswer.Blocked(Stages.Attachment, reason, decider, orBy));
}
