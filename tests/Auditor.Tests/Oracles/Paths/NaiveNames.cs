using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>What a name means in a network, looked up record by record. The answer in words: addresses, "nothing by zone", "public name" or "unknown".</summary>
internal sealed class NaiveNames(RawEstate estate)
{
    public string Resolve(string network, string name) => Resolve(network, network, name, 16);

    private string Resolve(string client, string asked, string name, int left)
    {
        if (left == 0 || Of("dnsPolicies", asked).Exists(policy => RawJson.List(policy["alternativeNameServerConfig"], "targetNameServers").Count > 0))
        {
            return "unknown";
        }

        foreach (var rules in Of("responsePolicies", asked).Select(policy => RawJson.List(policy, "rules")))
        {
            var best = rules.Where(rule => Covers(RawJson.Text(rule, "dnsName")!, name)).OrderBy(rule => RawJson.Text(rule, "dnsName") == name ? 0 : 1).ThenByDescending(rule => RawJson.Text(rule, "dnsName")!.Length).FirstOrDefault();
            if (best is not null && RawJson.List(best["localData"], "localDatas") is { Count: > 0 } data)
            {
                return Answer(client, asked, data, name, "response-policy", left);
            }

            if (best is not null)
            {
                break;
            }
        }

        var zone = Of("managedZones", asked).Where(zone => RawJson.Text(zone, "visibility") == "private" && $".{name}".EndsWith("." + RawJson.Text(zone, "dnsName"), StringComparison.Ordinal))
            .OrderByDescending(zone => RawJson.Text(zone, "dnsName")!.Length).ThenBy(zone => EstateDocuments.FullName("managedZones", zone), StringComparer.Ordinal).FirstOrDefault();
        return zone is null ? $"public {name}"
            : estate.PathAt(zone["peeringConfig"]?["targetNetwork"], "networkUrl") is { } other ? estate.WasRead(other) ? Resolve(client, other, name, left - 1) : "unknown"
            : zone["forwardingConfig"] is not null ? "unknown"
            : Answer(client, asked, RawJson.List(zone, "rrsets"), name, RawJson.Text(zone, "name")!, left);
    }

    private string Answer(string client, string asked, List<JsonNode> records, string name, string by, int left)
    {
        var labels = name.TrimEnd('.').Split('.');
        var owner = name;
        if (!records.Exists(record => RawJson.Text(record, "name") == name))
        {
            // The nearest name above that exists, or that others are below.
            var encloser = Enumerable.Range(1, labels.Length - 1).Select(skip => string.Join('.', labels[skip..]) + ".").FirstOrDefault(above => records.Exists(record => $".{RawJson.Text(record, "name")}".EndsWith("." + above, StringComparison.Ordinal)));
            owner = "*." + encloser;
        }

        var found = records.FindAll(record => RawJson.Text(record, "name") == owner);
        var addresses = found.Where(record => RawJson.Text(record, "type") == "A").SelectMany(record => RawJson.Texts(record, "rrdatas")).Distinct().OrderBy(Ranges.Ip).ToList();
        if (addresses.Count > 0)
        {
            return $"{string.Join(", ", addresses)} by {by}";
        }

        if (found.Find(record => RawJson.Text(record, "type") == "CNAME") is { } alias)
        {
            var target = RawJson.Texts(alias, "rrdatas")[0];
            var (here, there) = (Resolve(client, client, target, left - 1), Resolve(asked, asked, target, left - 1));
            return here == there ? here : "unknown";
        }

        return found.Exists(record => RawJson.Text(record, "type") == "AAAA") ? "unknown" : $"nothing by {by}";
    }

    private List<JsonNode> Of(string list, string network) => estate.All(list).FindAll(item =>
        RawJson.List(item["privateVisibilityConfig"] ?? item, "networks").Exists(seen => estate.PathAt(seen, "networkUrl") == network));

    private static bool Covers(string pattern, string name) => pattern == name || (pattern[0] == '*' && name.EndsWith(pattern[1..], StringComparison.Ordinal) && name != pattern[2..]);
}
