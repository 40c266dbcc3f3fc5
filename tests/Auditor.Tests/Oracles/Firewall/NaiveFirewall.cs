using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>
/// The effective firewall of one network, written down from Google's documentation as plainly as it goes: raw JSON, one packet, walk the lists.
/// Nothing here is shared with the engine. The estate is an object of raw answers:
/// network (compute), firewalls[], firewallPolicies[] with associations, projects[] and folders[] (resourcemanager v3), connectors[] (vpcaccess),
/// subnetworks[] (compute); or effectiveFirewalls (a recorded getEffectiveFirewalls answer), which stands for firewalls and policies.
/// </summary>
internal sealed class NaiveFirewall
{
    private readonly JsonNode _estate;
    private readonly string? _network;
    private readonly bool _platform;
    private readonly List<JsonNode> _firewalls;
    private readonly ConcurrentDictionary<string, List<Step>> _chains = new(StringComparer.Ordinal);

    /// <param name="platform">Whether the packets that no rule can block or open are told apart.</param>
    public NaiveFirewall(JsonNode estate, bool platform = true)
    {
        _estate = estate;
        _platform = platform;
        var effective = estate["effectiveFirewalls"];
        _firewalls = RawJson.List(effective ?? estate, "firewalls");
        _network = NetworkName(RawJson.Text(estate["network"], "selfLink") ?? _firewalls.Select(rule => RawJson.Text(rule, "network")).FirstOrDefault(link => link is not null));
    }

    public Verdict Decide(Packet packet)
    {
        if (_platform && Platform.Decide(packet) is { } decided)
        {
            return decided;
        }

        // An ancestor that cannot be read may hold a policy that comes before everything else.
        return AncestorsAreKnown() ? new Walk(this, _chains.GetOrAdd(packet.Region, Stages), packet).From(0) : Verdict.Unknown("ancestors");
    }

    /// <summary>A rule on its way through the chain.</summary>
    private sealed record Step(int Stage, JsonNode Rule, bool IsPolicy, string Name, long Priority, string Action, bool Assumed, string? Doubt);

    /// <summary>The chain in order: each policy is a stage of its own, so is the list of VPC rules.</summary>
    private List<Step> Stages(string region)
    {
        var before = RawJson.Text(_estate["network"], "networkFirewallPolicyEnforcementOrder") == "BEFORE_CLASSIC_FIREWALL";
        var (hierarchical, system, global, regional) = _estate["effectiveFirewalls"] is { } effective ? PoliciesOfAnswer(effective) : PoliciesOfLists(region);
        var chain = new List<Step>();
        foreach (var policy in hierarchical.Concat(system))
        {
            AddPolicy(chain, policy);
        }

        if (!before)
        {
            AddVpcRules(chain);
        }

        foreach (var policy in global.Concat(regional))
        {
            AddPolicy(chain, policy);
        }

        if (before)
        {
            AddVpcRules(chain);
        }

        return chain;
    }

    private static void AddPolicy(List<Step> chain, JsonNode policy)
    {
        var stage = chain.Count == 0 ? 0 : chain[^1].Stage + 1;
        var name = RawJson.Text(policy, "name") ?? RawJson.Text(policy, "id") ?? "";
        var doubt = RawJson.Text(policy, "type") == "UNSPECIFIED" ? "policy type" : null;
        chain.AddRange(RawJson.List(policy, "rules")
            .Select(rule =>
            {
                var priority = RawJson.Number(rule, "priority") ?? 0;
                return new Step(stage, rule, true, $"{name}/{priority}", priority, RawJson.Text(rule, "action") ?? "", false, doubt);
            })
            .OrderBy(step => step.Priority)
            .ThenBy(step => step.Action switch { "deny" => 0, "allow" => 1, _ => 2 }));
    }

    private void AddVpcRules(List<Step> chain)
    {
        var stage = chain.Count == 0 ? 0 : chain[^1].Stage + 1;
        var listed = _firewalls.Where(rule => RawJson.Text(rule, "network") is not { } link || NetworkName(link) == _network).Select(rule => (rule, false));
        chain.AddRange(listed.Concat(AssumedRules().Select(rule => (rule, true)))
            .Select(pair =>
            {
                var (rule, assumed) = pair;
                var action = RawJson.List(rule, "denied").Count > 0 ? "deny" : "allow";
                return new Step(stage, rule, false, RawJson.Text(rule, "name") ?? "", RawJson.Number(rule, "priority") ?? 1000, action, assumed, null);
            })
            .OrderBy(step => step.Priority)
            .ThenBy(step => step.Action == "deny" ? 0 : 1));
    }

    /// <summary>What Google lets through for a connector of the network's own project when none of its six rules is listed.</summary>
    private IEnumerable<JsonNode> AssumedRules()
    {
        foreach (var connector in RawJson.List(_estate, "connectors"))
        {
            var parts = RawJson.Text(connector, "name")!.Split('/');
            var (project, region, id) = (parts[1], parts[3], parts[5]);
            var subnetwork = connector["subnet"] is { } subnet ? Subnetwork(RawJson.Text(subnet, "projectId") ?? project, region, RawJson.Text(subnet, "name")!) : null;
            var network = NetworkName(RawJson.Text(subnetwork, "network") ?? RawJson.Text(connector, "network"), project);
            if (network != _network || network is null || network.Split('/')[1] != project)
            {
                continue;
            }

            // Doubled and dropped hyphens are written differently from page to page: compare without them.
            var middle = (region + id).Replace("-", "", StringComparison.Ordinal);
            string[] suffixes = ["hcfw", "rsgfw", "earfw", "egrfw", "sbntfw", "tagfw"];
            var isListed = _firewalls.Exists(rule => suffixes.Any(suffix =>
                RawJson.Text(rule, "name")!.StartsWith("aet-", StringComparison.Ordinal) && RawJson.Text(rule, "name")!.Replace("-", "", StringComparison.Ordinal) == "aet" + middle + suffix));
            if (isListed)
            {
                continue;
            }

            var name = $"aet-{region.Replace("-", "", StringComparison.Ordinal)}-{id.Replace("-", "--", StringComparison.Ordinal)}-";
            const string Allowed = """[{"IPProtocol":"tcp"},{"IPProtocol":"udp"},{"IPProtocol":"icmp"}]""";
            if ((RawJson.Text(connector, "ipCidrRange") ?? RawJson.Text(subnetwork, "ipCidrRange")) is { } range)
            {
                yield return JsonNode.Parse($$"""{"name":"{{name}}sbntfw","priority":1000,"sourceRanges":["{{range}}"],"allowed":{{Allowed}}}""")!;
            }

            yield return JsonNode.Parse($$"""{"name":"{{name}}tagfw","priority":1000,"sourceTags":["vpc-connector-{{region}}-{{id}}"],"allowed":{{Allowed}}}""")!;
        }
    }

    private JsonNode? Subnetwork(string project, string region, string name) => RawJson.List(_estate, "subnetworks")
        .Find(item => RawJson.Text(item, "selfLink")!.EndsWith($"/projects/{project}/regions/{region}/subnetworks/{name}", StringComparison.Ordinal));

    private static (List<JsonNode>, List<JsonNode>, List<JsonNode>, List<JsonNode>) PoliciesOfAnswer(JsonNode answer)
    {
        var policies = RawJson.List(answer, "firewallPolicys");
        List<JsonNode> OfType(params string[] types)
        {
            var chosen = policies.FindAll(policy => types.Contains(RawJson.Text(policy, "type") ?? "HIERARCHY", StringComparer.Ordinal));
            return chosen.TrueForAll(policy => policy["priority"] is not null) ? [.. chosen.OrderBy(policy => RawJson.Number(policy, "priority"))] : chosen;
        }

        return (OfType("HIERARCHY", "UNSPECIFIED"), [.. OfType("SYSTEM", "SYSTEM_GLOBAL"), .. OfType("SYSTEM_REGIONAL")], OfType("NETWORK"), OfType("NETWORK_REGIONAL"));
    }

    private (List<JsonNode>, List<JsonNode>, List<JsonNode>, List<JsonNode>) PoliciesOfLists(string region)
    {
        var policies = RawJson.List(_estate, "firewallPolicies").FindAll(policy => RawJson.Text(policy, "policyType") is null or "VPC_POLICY");
        var hierarchical = Ancestors().Reverse().SelectMany(ancestor => policies.FindAll(policy => Targets(policy).Contains(ancestor, StringComparer.Ordinal))).ToList();
        var ofNetwork = policies.FindAll(policy =>
            RawJson.Text(policy, "parent") is null && (Targets(policy).Exists(target => NetworkName(target) == _network)
            || (RawJson.Text(_estate["network"], "firewallPolicy") is { } link && Link(link) == Link(RawJson.Text(policy, "selfLink") ?? ""))));
        return (hierarchical, [], ofNetwork.FindAll(policy => RawJson.Text(policy, "region") is null), ofNetwork.FindAll(policy => RawJson.Text(policy, "region")?.Split('/')[^1] == region));
    }

    private static List<string> Targets(JsonNode policy) => [.. RawJson.List(policy, "associations").Select(association => RawJson.Text(association, "attachmentTarget") ?? "")];

    /// <summary>Folders and organization above the network's project, nearest first.</summary>
    private IEnumerable<string> Ancestors()
    {
        var project = _network?.Split('/')[1];
        var parent = RawJson.Text(RawJson.List(_estate, "projects").Find(item => RawJson.Text(item, "projectId") == project), "parent");
        while (parent is not null)
        {
            yield return parent;
            var name = parent;
            parent = RawJson.Text(RawJson.List(_estate, "folders").Find(item => RawJson.Text(item, "name") == name), "parent");
        }
    }

    private bool AncestorsAreKnown() => _estate["effectiveFirewalls"] is not null || Ancestors().LastOrDefault() is not { } last || last.StartsWith("organizations/", StringComparison.Ordinal);

    /// <summary>"projects/p1/global/networks/n" for each way Google writes a link to a network; the project by its id.</summary>
    private string? NetworkName(string? link, string? project = null)
    {
        if (link is null)
        {
            return null;
        }

        if (!link.Contains('/', StringComparison.Ordinal))
        {
            return $"projects/{project}/global/networks/{link}";
        }

        var parts = Link(link).Split('/');
        var known = RawJson.List(_estate, "projects").Find(item => RawJson.Text(item, "name") == "projects/" + parts[1]);
        parts[1] = RawJson.Text(known, "projectId") ?? parts[1];
        return string.Join('/', parts);
    }

    private static string Link(string link)
    {
        var start = link.IndexOf("projects/", StringComparison.Ordinal);
        return start < 0 ? link : link[start..];
    }

    /// <summary>Whether a rule matches: no, yes, or it depends on what the estate does not say.</summary>
    private readonly record struct Match(bool Yes, string? Doubt)
    {
        public static Match No => Of(false);

        public bool Maybe => Doubt is not null;

        public static Match Of(bool yes) => new(yes, null);

        public static Match Depends(string feature) => new(false, feature);

        public Match And(Match other) => (!Yes && !Maybe) || (!other.Yes && !other.Maybe) ? No : Maybe ? this : other;

        public Match Or(Match other) => Yes ? this : other.Yes ? other : Maybe ? this : other;
    }

    private sealed class Walk(NaiveFirewall firewall, List<Step> chain, Packet packet)
    {
        private readonly Verdict?[] _known = new Verdict?[chain.Count];

        /// <summary>What the chain decides from this step on.</summary>
        public Verdict From(int at)
        {
            if (at == chain.Count)
            {
                return packet.Egress ? Verdict.Of(Answer.Allow, Deciders.ImpliedAllow) : Verdict.Of(Answer.Deny, Deciders.ImpliedDeny);
            }

            return _known[at] ??= At(at);
        }

        private Verdict At(int at)
        {
            var step = chain[at];
            var match = Matches(step);
            if (!match.Yes && !match.Maybe)
            {
                return From(at + 1);
            }

            var taken = step.Action switch
            {
                "allow" => Alone(step, Answer.Allow),
                "deny" => Alone(step, Answer.Deny),
                "goto_next" => From(NextStage(at)),
                "apply_security_profile_group" => Fork(Alone(step, Answer.Allow), From(at + 1), "security profile"),
                _ => Verdict.Unknown("action " + step.Action),
            };
            return match.Yes ? taken : Fork(taken, From(at + 1), match.Doubt!);
        }

        /// <summary>The rule decides; an equal rule could as well be named.</summary>
        private Verdict Alone(Step step, Answer answer) => Verdict.Of(answer, step.Name, step.Assumed) with
        {
            MayDecide = [.. chain.Where(other => other.Stage == step.Stage && other.Priority == step.Priority && other.Action == step.Action && Matches(other).Yes).Select(other => other.Name), step.Name],
        };

        /// <summary>Unknown only where it matters.</summary>
        private static Verdict Fork(Verdict taken, Verdict otherwise, string feature) =>
            taken.Answer == otherwise.Answer && taken.Answer != Answer.Unknown
                ? otherwise with { MayDecide = otherwise.MayDecide.Union(taken.MayDecide) }
                : Verdict.Unknown([feature, .. taken.Features, .. otherwise.Features]);

        private int NextStage(int at)
        {
            var next = at;
            while (next < chain.Count && chain[next].Stage == chain[at].Stage)
            {
                next++;
            }

            return next;
        }

        private Match Matches(Step step)
        {
            var rule = step.Rule;
            var egress = string.Equals(RawJson.Text(rule, "direction"), "EGRESS", StringComparison.OrdinalIgnoreCase);
            if (RawJson.Flag(rule, "disabled") || egress != packet.Egress)
            {
                return Match.No;
            }

            var match = step.IsPolicy ? PolicyRule(rule, rule["match"] ?? new JsonObject()) : VpcRule(rule);
            return step.Doubt is null ? match : match.And(Match.Depends(step.Doubt));
        }

        private Match VpcRule(JsonNode rule)
        {
            var traffic = RawJson.List(rule, "allowed").Concat(RawJson.List(rule, "denied")).Any(Layer4);
            var sources = RawJson.Texts(rule, "sourceRanges");
            var destinations = RawJson.Texts(rule, "destinationRanges");
            var (tags, accounts) = (RawJson.Texts(rule, "sourceTags"), RawJson.Texts(rule, "sourceServiceAccounts"));
            bool ends;
            if (packet.Egress)
            {
                ends = (destinations.Count == 0 ? packet.Peer.In("0.0.0.0/0") : destinations.Exists(packet.Peer.In)) && (sources.Count == 0 || sources.Exists(packet.Own.In));
            }
            else
            {
                var everyone = sources.Count == 0 && tags.Count == 0 && accounts.Count == 0;
                var from = everyone
                    ? packet.Peer.In("0.0.0.0/0")
                    : sources.Exists(packet.Peer.In) || tags.Exists(tag => packet.PeerTags.Contains(tag)) || accounts.Exists(account => account == packet.PeerServiceAccount);
                ends = from && (destinations.Count == 0 || destinations.Exists(packet.Own.In));
            }

            var (targetTags, targetAccounts) = (RawJson.Texts(rule, "targetTags"), RawJson.Texts(rule, "targetServiceAccounts"));
            var target = (targetTags.Count == 0 && targetAccounts.Count == 0)
                || targetTags.Exists(tag => packet.OwnTags.Contains(tag)) || targetAccounts.Exists(account => account == packet.OwnServiceAccount);
            return Match.Of(traffic && ends && target);
        }

        private Match PolicyRule(JsonNode rule, JsonNode match)
        {
            if (RawJson.Text(rule, "targetType") is not (null or "INSTANCES"))
            {
                return Match.No;
            }

            var resources = RawJson.Texts(rule, "targetResources");
            var result = Match.Of(RawJson.List(match, "layer4Configs").Exists(Layer4));
            if (resources.Count > 0)
            {
                result = result.And(firewall._network is null ? Match.Depends("targetResources") : Match.Of(resources.Exists(link => firewall.NetworkName(link) == firewall._network)));
            }

            var accounts = RawJson.Texts(rule, "targetServiceAccounts");
            if (accounts.Count > 0)
            {
                result = result.And(Match.Of(accounts.Exists(account => account == packet.OwnServiceAccount)));
            }

            if (RawJson.List(rule, "targetSecureTags") is { Count: > 0 } tags)
            {
                result = result.And(SecureTags(tags));
            }

            return result.And(End(match, "src", packet.Egress ? packet.Own : packet.Peer)).And(End(match, "dest", packet.Egress ? packet.Peer : packet.Own));
        }

        /// <summary>One end of a policy's rule: any of its kinds of source will do, and the kind of network has to fit besides. Nothing said is no condition.</summary>
        private static Match End(JsonNode match, string side, Address address)
        {
            var ranges = RawJson.Texts(match, side + "IpRanges");
            var kinds = new List<Match>();
            if (ranges.Count > 0)
            {
                kinds.Add(Match.Of(ranges.Exists(address.In)));
            }

            if (RawJson.List(match, side + "SecureTags") is { Count: > 0 } tags)
            {
                kinds.Add(SecureTags(tags));
            }

            foreach (var (field, feature) in new[] { ("AddressGroups", "address group"), ("Fqdns", "FQDN"), ("RegionCodes", "geography"), ("ThreatIntelligences", "threat list") })
            {
                if (RawJson.List(match, side + field).Count > 0)
                {
                    kinds.Add(Match.Depends(feature));
                }
            }

            var result = kinds.Count == 0 ? Match.Of(true) : kinds.Aggregate((left, right) => left.Or(right));
            var says = RawJson.Text(match, side + "NetworkType") is not null || RawJson.Text(match, side + "NetworkContext") is not null || RawJson.List(match, side + "Networks").Count > 0;
            return says ? result.And(Match.Depends("network type")) : result;
        }

        /// <summary>Who carries a secure tag is not in firewall data; a tag that is not effective is on nobody.</summary>
        private static Match SecureTags(List<JsonNode> tags) => tags.TrueForAll(tag => RawJson.Text(tag, "state") == "INEFFECTIVE") ? Match.No : Match.Depends("secure tag");

        private bool Layer4(JsonNode entry)
        {
            var protocol = RawJson.Text(entry, "IPProtocol") ?? RawJson.Text(entry, "ipProtocol") ?? "all";
            if (protocol != "all" && Protocol(protocol) != packet.Protocol)
            {
                return false;
            }

            var ports = RawJson.Texts(entry, "ports");
            return ports.Count == 0 || ports.Exists(text =>
            {
                var ends = text.Split('-');
                return packet.Port >= int.Parse(ends[0], CultureInfo.InvariantCulture) && packet.Port <= int.Parse(ends[^1], CultureInfo.InvariantCulture);
            });
        }

        private static int Protocol(string text) => text.ToLowerInvariant() switch
        {
            "tcp" => 6,
            "udp" => 17,
            "icmp" => 1,
            "esp" => 50,
            "ah" => 51,
            "sctp" => 132,
            "ipip" => 4,
            var number => int.Parse(number, CultureInfo.InvariantCulture),
        };
    }
}
