using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>
/// The raw lists of an estate and the links between them. Besides the lists of <see cref="EstateDocuments"/> there is notRead[]: ids of projects
/// of which nothing was read; and notListed[]: {list, project} of lists that are not whole. An instance group has members[] (the items of
/// listInstances), an endpoint group endpoints[] (those of listNetworkEndpoints), a managed zone rrsets[].
/// </summary>
internal sealed partial class RawEstate(JsonNode json)
{
    private readonly Dictionary<string, NaiveFirewall> _firewalls = [];
    private readonly List<string> _notRead = RawJson.Texts(json, "notRead");

    public List<JsonNode> All(string list) => RawJson.List(json, list);

    /// <summary>Whether the project of a path such as "projects/p/global/networks/n" was read.</summary>
    public bool WasRead(string path) => !_notRead.Contains(path.Split('/')[1]);

    /// <summary>Whether a list is whole as far as a network's project goes.</summary>
    public bool IsWhole(string list, string network) => !All("notListed").Exists(gap => RawJson.Text(gap, "list") == list && RawJson.Text(gap, "project") == network.Split('/')[1]);

    /// <summary>"projects/p1/global/networks/n" for each way Google writes a link; the project by its id. A bare name is put behind the given beginning.</summary>
    public string Path(string link, string beginning = "")
    {
        if (!link.Contains('/', StringComparison.Ordinal))
        {
            return $"{beginning}/{link}";
        }

        var parts = link[link.IndexOf("projects/", StringComparison.Ordinal)..].Split('/');
        var known = All("projects").Find(item => RawJson.Text(item, "name") == "projects/" + parts[1]);
        parts[1] = RawJson.Text(known, "projectId") ?? parts[1];
        return string.Join('/', parts);
    }

    /// <summary>A field with a link as path; null when it is not there.</summary>
    public string? PathAt(JsonNode? item, string key, string beginning = "") => RawJson.Text(item, key) is { Length: > 0 } link ? Path(link, beginning) : null;

    /// <summary>A resource's own path.</summary>
    public string PathOf(JsonNode item) => Path(RawJson.Text(item, "selfLink") ?? RawJson.Text(item, "name")!);

    public JsonNode? Find(string list, string path) => All(list).Find(item => PathOf(item) == path);

    public List<JsonNode> OfNetwork(string list, string network) => All(list).FindAll(item => PathAt(item, "network") == network);

    public static string Short(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The region of a regional or zonal resource's path; null for a global one.</summary>
    public static string? Region(string path)
    {
        var parts = path.Split('/');
        return parts[2] switch { "regions" or "locations" => parts[3], "zones" => parts[3][..parts[3].LastIndexOf('-')], _ => null };
    }

    public List<JsonNode> Peerings(string network) => RawJson.List(Find("networks", network), "peerings");

    /// <summary>The networks whose peering with this one works, with both sides; the other side is null where its project was not read.</summary>
    public IEnumerable<(string Network, JsonNode Near, JsonNode? Far)> ActivePeers(string network)
    {
        foreach (var near in Peerings(network).Where(near => RawJson.Text(near, "state") == "ACTIVE" && !IsProducer(near)))
        {
            var other = PathAt(near, "network")!;
            var far = Peerings(other).Find(back => PathAt(back, "network") == network);
            if (!WasRead(other) || RawJson.Text(far, "state") == "ACTIVE")
            {
                yield return (other, near, far);
            }
        }
    }

    /// <summary>Whether a peering is one with Google's producers of managed services.</summary>
    public static bool IsProducer(JsonNode peering)
    {
        var name = RawJson.Text(peering, "name")!;
        return name == "servicenetworking-googleapis-com" || IsOfClusters(peering) || Array.Exists(["cloudsql-mysql-", "cloudsql-postgres-", "redis-peer-", "filestore-peer-"], start => name.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>Whether a peering is one with the control planes of GKE clusters.</summary>
    public static bool IsOfClusters(JsonNode peering) => RawJson.Text(peering, "name") is { } name && name.StartsWith("gke-", StringComparison.Ordinal) && name.EndsWith("-peer", StringComparison.Ordinal);

    /// <summary>The interface of a VM in a network.</summary>
    public JsonNode? Interface(JsonNode vm, string network) => RawJson.List(vm, "networkInterfaces").Find(nic => PathAt(nic, "network") == network);

    /// <summary>The VM whose primary address or alias range has an address.</summary>
    public JsonNode? VmAt(string network, uint address) => All("instances").Find(vm =>
        RawJson.List(vm, "networkInterfaces").Exists(nic => PathAt(nic, "network") == network
            && (IsAt(nic, "networkIP", address) || RawJson.List(nic, "aliasIpRanges").Exists(alias => Ranges.Has(RawJson.Text(alias, "ipCidrRange")!, address)))));

    /// <summary>The internal forwarding rule or endpoint that has an address.</summary>
    public JsonNode? ForwardingRuleAt(string network, uint address) => OfNetwork("forwardingRules", network).Find(rule => IsInternal(rule) && IsAt(rule, "IPAddress", address));

    public static bool IsAt(JsonNode item, string key, uint address) => RawJson.Text(item, key) is { } text && Ranges.Ip(text) == address;

    public static bool IsRunning(JsonNode vm) => RawJson.Text(vm, "status") is null or "RUNNING";

    /// <summary>A Private Service Connect endpoint: for a published service, or for Google's APIs.</summary>
    public static bool IsPsc(JsonNode rule) => IsPscForGoogleApis(rule) || (RawJson.Text(rule, "target")?.Contains("/serviceAttachments/", StringComparison.Ordinal) ?? false);

    public static bool IsPscForGoogleApis(JsonNode rule) => RawJson.Text(rule, "target") is "all-apis" or "vpc-sc";

    private static bool IsInternal(JsonNode rule) => RawJson.Text(rule, "loadBalancingScheme") is "INTERNAL" or "INTERNAL_MANAGED" || IsPsc(rule);

    public NaiveFirewall Firewall(string network)
    {
        if (!_firewalls.TryGetValue(network, out var firewall))
        {
            _firewalls[network] = firewall = FirewallWith(network, []);
        }

        return firewall;
    }

    /// <summary>A network's firewall with some rules more.</summary>
    public NaiveFirewall FirewallWith(string network, IEnumerable<JsonNode> more)
    {
        var part = new JsonObject { ["network"] = Find("networks", network)!.DeepClone() };
        foreach (var list in (string[])["firewalls", "firewallPolicies", "projects", "folders", "connectors", "subnetworks"])
        {
            part[list] = new JsonArray([.. All(list).Select(item => item.DeepClone())]);
        }

        foreach (var rule in more)
        {
            part["firewalls"]!.AsArray().Add(rule);
        }

        return new NaiveFirewall(part);
    }

    /// <summary>The first address of each range, and the ends within them of every range that a firewall rule mentions: the firewall cannot tell others apart.</summary>
    public IEnumerable<uint> Points(IEnumerable<string> ranges)
    {
        var text = $"{json["firewalls"]?.ToJsonString()} {json["firewallPolicies"]?.ToJsonString()}";
        var cuts = Cidr().Matches(text).Select(match => Ranges.Of(match.Groups["range"].Value)).SelectMany(range => new[] { range.First, range.Last == uint.MaxValue ? range.Last : range.Last + 1 }).ToList();
        return ranges.SelectMany(range => cuts.Where(cut => Ranges.Has(range, cut)).Append(Ranges.Of(range).First)).Distinct();
    }

    [GeneratedRegex("\"(?<range>[0-9]+(\\.[0-9]+){3}(/[0-9]+)?)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cidr();
}
