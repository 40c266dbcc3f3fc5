using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>
/// A second reading of the documentation, by logic instead of by walking: which packets a rule matches is a formula, and a rule decides when no better one matches.
/// The same formulas go to Z3 (<see cref="Z3Firewall"/>) or are evaluated for one packet. Rules that Google's answer leaves open are true in one world and false in
/// the other; a packet is allowed when it is in all worlds. Shares the packet's type with <see cref="NaiveFirewall"/> and nothing else.
/// </summary>
internal sealed partial class FirewallFormula
{
    private static readonly JsonNodeOptions s_anyCase = new() { PropertyNameCaseInsensitive = true };

    private readonly List<Rule> _rules = [];
    private readonly List<List<int>> _better;
    private readonly List<List<int>> _earlier;
    private readonly Query _query;
    private readonly JsonNode _estate;
    private readonly string _network;
    private int _doubts;

    public FirewallFormula(JsonNode estate, Query query)
    {
        _query = query;
        _estate = JsonNode.Parse(estate.ToJsonString(), s_anyCase)!;
        var answer = _estate["effectiveFirewalls"];
        var firewalls = Items((answer ?? _estate)["firewalls"]);
        _network = NetworkOf((_estate["network"]?["selfLink"] ?? firewalls.Find(rule => rule["network"] is not null)?["network"])?.ToString());
        var policies = Items(answer is null ? _estate["firewallPolicies"] : answer["firewallPolicys"]);
        var order = answer is null ? [.. OfLists(policies)] : OfAnswer(policies);
        var vpcStage = _estate["network"]?["networkFirewallPolicyEnforcementOrder"]?.ToString() == "BEFORE_CLASSIC_FIREWALL" ? 9000 : 5000;
        foreach (var (place, policy) in order)
        {
            Items(policy["rules"]).ForEach(rule => AddPolicyRule(place, rule));
        }

        foreach (var rule in firewalls.Where(rule => rule["network"] is null || NetworkOf(rule["network"]!.ToString()) == _network).Concat(Managed(firewalls)))
        {
            AddVpcRule(vpcStage, rule);
        }

        _better = [.. Enumerable.Range(0, _rules.Count).Select(Better)];
        _earlier = [.. Enumerable.Range(0, _rules.Count).Select(Earlier)];
    }

    /// <summary>How many rules have an open end.</summary>
    public int Doubts => _doubts;

    /// <summary>What the formulas say about one packet of the query.</summary>
    public Answer Evaluate(int protocol, int port, Address peer)
    {
        var bits = Bits(peer.ToString());
        bool Sees(Formula formula) => formula.Evaluate(protocol, port, bits);
        var sure = _rules.ConvertAll(rule => Sees(rule.Sure));
        var open = Enumerable.Range(0, _rules.Count).Where(i => _rules[i].World >= 0 && !sure[i] && Sees(_rules[i].Possible)).ToList();
        var (allowed, denied) = (false, false);
        for (var world = 0; world < 1 << open.Count; world++)
        {
            var matches = sure.ToArray();
            for (var bit = 0; bit < open.Count; bit++)
            {
                matches[open[bit]] = (world >> bit & 1) == 1;
            }

            var fires = matches.Select((holds, i) => holds && !_better[i].Exists(j => matches[j])).ToList();
            bool Decides(string action) => fires.Where((fire, i) => fire && _rules[i].Action == action && !_earlier[i].Exists(j => fires[j])).Any();
            var allows = _query.Egress ? !Decides("deny") : Decides("allow");
            (allowed, denied) = (allowed || allows, denied || !allows);
        }

        return allowed && denied ? Answer.Unknown : allowed ? Answer.Allow : Answer.Deny;
    }

    /// <summary>
    /// SMT-LIB for the constants proto, port and addr (port is 0 where the protocol has none) and the functions allowed and denied.
    /// </summary>
    public string ToSmtLib()
    {
        var text = new StringBuilder("""
            (set-logic QF_BV)
            (declare-const proto (_ BitVec 8))
            (declare-const port (_ BitVec 16))
            (declare-const addr (_ BitVec 32))
            (assert (=> (not (or (= proto (_ bv6 8)) (= proto (_ bv17 8)) (= proto (_ bv132 8)))) (= port (_ bv0 16))))

            """);
        for (var world = 0; world < 1 << _doubts; world++)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var rule = _rules[i];
                var holds = rule.World >= 0 && (world >> rule.World & 1) == 1 ? rule.Possible : rule.Sure;
                text.Append(CultureInfo.InvariantCulture, $"(define-fun m{i}w{world} () Bool {holds.Smt})\n");
            }

            for (var i = 0; i < _rules.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"(define-fun f{i}w{world} () Bool {Formula.All([$"m{i}w{world}", .. _better[i].Select(j => $"(not m{j}w{world})")])})\n");
            }

            string Decides(string action) => Formula.Any(Enumerable.Range(0, _rules.Count).Where(i => _rules[i].Action == action)
                .Select(i => Formula.All([$"f{i}w{world}", .. _earlier[i].Select(j => $"(not f{j}w{world})")])));
            text.Append(CultureInfo.InvariantCulture, $"(define-fun d{world} () Bool {Decides("deny")})\n");
            text.Append(CultureInfo.InvariantCulture, $"(define-fun a{world} () Bool {(_query.Egress ? $"(not d{world})" : Decides("allow"))})\n");
        }

        var worlds = Enumerable.Range(0, 1 << _doubts).ToList();
        text.Append("(define-fun allowed () Bool ").Append(Formula.All(worlds.Select(world => $"a{world}"))).Append(")\n");
        text.Append("(define-fun denied () Bool ").Append(Formula.All(worlds.Select(world => $"(not a{world})"))).Append(")\n");
        return text.ToString();
    }

    /// <summary>The rules that come before this one in its stage: a smaller number, or the deny of two equal ones.</summary>
    private List<int> Better(int i) => [.. Enumerable.Range(0, _rules.Count).Where(j => _rules[j].Stage == _rules[i].Stage
        && (_rules[j].Priority < _rules[i].Priority || (_rules[j].Priority == _rules[i].Priority && _rules[j].Action == "deny" && _rules[i].Action != "deny")))];

    /// <summary>The rules of earlier stages that end the story when they fire.</summary>
    private List<int> Earlier(int i) => [.. Enumerable.Range(0, _rules.Count).Where(j => _rules[j].Stage < _rules[i].Stage && _rules[j].Action != "goto_next")];

    /// <summary>Hierarchical from the outside in, Google's own, then around the VPC rules (5000, or 9000 when they come last) the global and the regional policy.</summary>
    private IEnumerable<(int Stage, JsonNode Policy)> OfLists(List<JsonNode> policies)
    {
        var above = new List<string>();
        var project = _network.Split('/')[0];
        for (var at = Items(_estate["projects"]).Find(item => item["projectId"]?.ToString() == project)?["parent"]?.ToString(); at is not null;)
        {
            above.Add(at);
            at = Items(_estate["folders"]).Find(item => item["name"]?.ToString() == at)?["parent"]?.ToString();
        }

        foreach (var policy in policies)
        {
            foreach (var association in Items(policy["associations"]).Select(item => item["attachmentTarget"]!.ToString()))
            {
                var depth = above.IndexOf(association);
                if (depth >= 0)
                {
                    yield return (1000 - depth, policy);
                }
                else if (NetworkLink().IsMatch(association) && NetworkOf(association) == _network)
                {
                    var region = policy["region"]?.ToString();
                    if (region is null || region.EndsWith("/" + _query.Region, StringComparison.Ordinal))
                    {
                        yield return (region is null ? 6000 : 7000, policy);
                    }
                }
            }
        }
    }

    private static List<(int Stage, JsonNode Policy)> OfAnswer(List<JsonNode> policies) => policies.ConvertAll(policy =>
    {
        var type = policy["type"]?.ToString() ?? "HIERARCHY";
        var stage = type switch { "HIERARCHY" => 100, "SYSTEM" or "SYSTEM_GLOBAL" => 2000, "SYSTEM_REGIONAL" => 3000, "NETWORK" => 6000, _ => 7000 };
        var peers = policies.FindAll(other => (other["type"]?.ToString() ?? "HIERARCHY") == type);
        var place = peers.TrueForAll(other => other["priority"] is not null) ? peers.Count(other => Number(other["priority"]) < Number(policy["priority"])) : peers.IndexOf(policy);
        return (stage + place, policy);
    });

    private IEnumerable<JsonNode> Managed(List<JsonNode> firewalls)
    {
        var listed = firewalls.Select(rule => ManagedName().Match(rule["name"]!.ToString())).Where(match => match.Success).Select(match => Squeeze(match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        foreach (var connector in Items(_estate["connectors"]))
        {
            var name = ConnectorName().Match(connector["name"]!.ToString());
            var (project, region, id) = (name.Groups[1].Value, name.Groups[2].Value, name.Groups[3].Value);
            var home = project + "/" + connector["network"];
            var range = connector["ipCidrRange"]?.ToString();
            if (connector["subnet"] is { } subnet)
            {
                var tail = $"projects/{subnet["projectId"]?.ToString() ?? project}/regions/{region}/subnetworks/{subnet["name"]}";
                var found = Items(_estate["subnetworks"]).Find(item => item["selfLink"]!.ToString().EndsWith(tail, StringComparison.Ordinal));
                home = NetworkOf(found?["network"]?.ToString());
                range = found?["ipCidrRange"]?.ToString();
            }

            if (home == _network && home.Split('/')[0] == project && !listed.Contains(Squeeze(region + id)))
            {
                var rule = new JsonObject(s_anyCase)
                {
                    ["allowed"] = new JsonArray(s_anyCase, Protocol("6"), Protocol("17"), Protocol("1")),
                    ["sourceTags"] = new JsonArray(s_anyCase, $"vpc-connector-{region}-{id}"),
                };
                if (range is not null)
                {
                    rule["sourceRanges"] = new JsonArray(s_anyCase, range);
                }

                yield return rule;
            }
        }

        static JsonObject Protocol(string number) => new(s_anyCase) { ["IPProtocol"] = number };
    }

    private void AddVpcRule(int stage, JsonNode rule)
    {
        var (sources, tags, accounts) = (Texts(rule["sourceRanges"]), Texts(rule["sourceTags"]), Texts(rule["sourceServiceAccounts"]));
        var destinations = Texts(rule["destinationRanges"]);
        var anyone = new Formula.In("0.0.0.0/0");
        Formula ends;
        if (_query.Egress)
        {
            ends = new Formula.Both(destinations.Count == 0 ? anyone : AnyRange(destinations), OwnIn(sources));
        }
        else
        {
            var named = tags.Exists(tag => _query.PeerTags.Contains(tag)) || accounts.Contains(_query.PeerServiceAccount ?? "", StringComparer.Ordinal);
            var nobody = sources.Count + tags.Count + accounts.Count == 0;
            ends = new Formula.Both(named ? new Formula.Constant(true) : nobody ? anyone : AnyRange(sources), OwnIn(destinations));
        }

        var (forTags, forAccounts) = (Texts(rule["targetTags"]), Texts(rule["targetServiceAccounts"]));
        var applies = forTags.Count + forAccounts.Count == 0 || forTags.Intersect(_query.OwnTags, StringComparer.Ordinal).Any() || forAccounts.Contains(_query.OwnServiceAccount ?? "", StringComparer.Ordinal);
        var isDeny = Items(rule["denied"]).Count > 0;
        var matches = new Formula.Both(Traffic(isDeny ? rule["denied"] : rule["allowed"]), ends);
        Add(stage, rule, rule["priority"] is { } number ? Number(number) : 1000, isDeny ? "deny" : "allow", applies, matches, matches);
    }

    private void AddPolicyRule(int stage, JsonNode rule)
    {
        var match = rule["match"]!;
        var applies = rule["targetType"] is not { } type || type.ToString() == "INSTANCES";
        applies &= Texts(rule["targetResources"]) is not { Count: > 0 } networks || networks.Exists(link => NetworkOf(link) == _network);
        applies &= Texts(rule["targetServiceAccounts"]) is not { Count: > 0 } accounts || accounts.Contains(_query.OwnServiceAccount ?? "", StringComparer.Ordinal);
        var tags = Items(rule["targetSecureTags"]);
        applies &= tags.Count == 0 || tags.Exists(IsEffective);
        var (sureSource, maybeSource) = End(match, "src", !_query.Egress);
        var (sureDestination, maybeDestination) = End(match, "dest", _query.Egress);
        var traffic = Traffic(match["layer4Configs"]);
        Formula sure = tags.Count > 0 ? new Formula.Constant(false) : new Formula.Both(traffic, new Formula.Both(sureSource, sureDestination));
        Formula possible = new Formula.Both(traffic, new Formula.Both(maybeSource, maybeDestination));
        var action = rule["action"]!.ToString();
        if (action == "apply_security_profile_group")
        {
            (sure, action) = (new Formula.Constant(false), "allow");
        }

        Add(stage, rule, Number(rule["priority"]), action, applies, sure, possible);
    }

    private (Formula Sure, Formula Possible) End(JsonNode match, string side, bool isPeer)
    {
        var ranges = Texts(match[side + "IpRanges"]);
        var tags = Items(match[side + "SecureTags"]);
        var open = tags.Exists(IsEffective) || new[] { "AddressGroups", "Fqdns", "RegionCodes", "ThreatIntelligences" }.Any(kind => Items(match[side + kind]).Count > 0);
        var nothing = ranges.Count == 0 && tags.Count == 0 && !open;
        Formula sure = nothing ? new Formula.Constant(true) : isPeer ? AnyRange(ranges) : new Formula.Constant(ranges.Exists(range => Formula.Holds(range, Bits(_query.Own.ToString()))));
        Formula possible = open ? new Formula.Constant(true) : sure;
        var context = match[side + "NetworkType"] is not null || match[side + "NetworkContext"] is not null || Items(match[side + "Networks"]).Count > 0;
        return (context ? new Formula.Constant(false) : sure, possible);
    }

    private void Add(int stage, JsonNode rule, long priority, string action, bool applies, Formula sure, Formula possible)
    {
        var isEgress = rule["direction"]?.ToString() == "EGRESS";
        if (applies && rule["disabled"]?.ToString() != "true" && isEgress == _query.Egress)
        {
            _rules.Add(new(stage, priority, action, sure, possible, ReferenceEquals(sure, possible) || sure.Smt == possible.Smt ? -1 : _doubts++));
        }
    }

    private Formula.Constant OwnIn(List<string> ranges) => new Formula.Constant(ranges.Count == 0 || ranges.Exists(range => Formula.Holds(range, Bits(_query.Own.ToString()))));

    private static Formula.AnyOf AnyRange(List<string> ranges) => new([.. ranges.Select(range => new Formula.In(range))]);

    private static Formula.AnyOf Traffic(JsonNode? layer4) => new([.. Items(layer4).Select(entry => new Formula.Layer4(NumberOf(entry["IPProtocol"]!.ToString()), Texts(entry["ports"])))]);

    private static int NumberOf(string protocol) => protocol == "all" ? -1
        : Array.IndexOf(["", "icmp", "", "", "ipip", "", "tcp"], protocol) is > 0 and var low ? low
        : protocol switch { "udp" => 17, "esp" => 50, "ah" => 51, "sctp" => 132, _ => byte.Parse(protocol, CultureInfo.InvariantCulture) };

    private static bool IsEffective(JsonNode tag) => tag["state"]?.ToString() != "INEFFECTIVE";

    private static List<JsonNode> Items(JsonNode? array) => array is null ? [] : [.. array.AsArray().Select(item => item!)];

    private static List<string> Texts(JsonNode? array) => Items(array).ConvertAll(item => item.ToString());

    private static long Number(JsonNode? value) => (long)double.Parse(value!.ToString(), CultureInfo.InvariantCulture);

    /// <summary>"project id/network".</summary>
    private string NetworkOf(string? link)
    {
        var match = NetworkLink().Match(link ?? "");
        var project = match.Groups[1].Value;
        var known = Items(_estate["projects"]).Find(item => item["name"]?.ToString() == "projects/" + project);
        return $"{known?["projectId"]?.ToString() ?? project}/{match.Groups[2].Value}";
    }

    private static string Squeeze(string text) => text.Replace("-", "", StringComparison.Ordinal);

    /// <summary>An address as its 32 or 128 binary digits.</summary>
    private static string Bits(string address) => string.Concat(IPAddress.Parse(address).GetAddressBytes().Select(part => Convert.ToString(part, 2).PadLeft(8, '0')));

    private sealed record Rule(int Stage, long Priority, string Action, Formula Sure, Formula Possible, int World);

    /// <summary>A condition on a packet, as SMT-LIB or evaluated.</summary>
    private abstract record Formula
    {
        public abstract string Smt { get; }

        public abstract bool Evaluate(int protocol, int port, string peer);

        public static string All(IEnumerable<string> parts) => $"(and true {string.Join(' ', parts)})";

        public static string Any(IEnumerable<string> parts) => $"(or false {string.Join(' ', parts)})";

        /// <summary>The digits of an address begin with the digits of a range.</summary>
        public static bool Holds(string cidr, string address)
        {
            var prefix = Prefix(cidr, out var width);
            return width == address.Length && address.StartsWith(prefix, StringComparison.Ordinal);
        }

        private static string Prefix(string cidr, out int width)
        {
            var parts = cidr.Split('/');
            var digits = Bits(parts[0]);
            width = digits.Length;
            return parts.Length == 1 ? digits : digits[..int.Parse(parts[1], CultureInfo.InvariantCulture)];
        }

        public sealed record Constant(bool Value) : Formula
        {
            public override string Smt => Value ? "true" : "false";

            public override bool Evaluate(int protocol, int port, string peer) => Value;
        }

        public sealed record Both(Formula Left, Formula Right) : Formula
        {
            public override string Smt => $"(and {Left.Smt} {Right.Smt})";

            public override bool Evaluate(int protocol, int port, string peer) => Left.Evaluate(protocol, port, peer) && Right.Evaluate(protocol, port, peer);
        }

        public sealed record AnyOf(List<Formula> Parts) : Formula
        {
            public override string Smt => Any(Parts.Select(part => part.Smt));

            public override bool Evaluate(int protocol, int port, string peer) => Parts.Exists(part => part.Evaluate(protocol, port, peer));
        }

        public sealed record In(string Cidr) : Formula
        {
            public override string Smt => Prefix(Cidr, out var width) switch
            {
                _ when width != 32 => "false",
                "" => "true",
                var prefix => $"(= ((_ extract 31 {32 - prefix.Length}) addr) #b{prefix})",
            };

            public override bool Evaluate(int protocol, int port, string peer) => Holds(Cidr, peer);
        }

        /// <summary>Protocol -1 is every one; no ports is every port.</summary>
        public sealed record Layer4(int Protocol, List<string> Ports) : Formula
        {
            public override string Smt => All([Protocol < 0 ? "true" : $"(= proto (_ bv{Protocol} 8))", Ports.Count == 0 ? "true" : Any(Ports.Select(PortSmt))]);

            public override bool Evaluate(int protocol, int port, string peer) => (Protocol < 0 || Protocol == protocol) && (Ports.Count == 0 || Ports.Exists(text => PortHolds(text, port)));

            private static string PortSmt(string text) => text.Split('-') is [var from, var to] ? $"(and (bvuge port (_ bv{from} 16)) (bvule port (_ bv{to} 16)))" : $"(= port (_ bv{text} 16))";

            private static bool PortHolds(string text, int port) => text.Split('-') is [var from, var to]
                ? port >= ushort.Parse(from, CultureInfo.InvariantCulture) && port <= ushort.Parse(to, CultureInfo.InvariantCulture)
                : port == ushort.Parse(text, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex("projects/(?<1>[^/]+)/global/networks/(?<2>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NetworkLink();

    [GeneratedRegex("^aet-(?<1>.+)-(hcfw|rsgfw|earfw|egrfw|sbntfw|tagfw)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ManagedName();

    [GeneratedRegex("^projects/(?<1>[^/]+)/locations/(?<2>[^/]+)/connectors/(?<3>[^/]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConnectorName();
}
