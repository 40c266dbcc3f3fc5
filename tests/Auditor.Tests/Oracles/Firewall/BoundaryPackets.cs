using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>Where the answers of an estate can change: every end of every range and port list, one beyond, every protocol, and one that nobody mentions.</summary>
internal sealed partial class BoundaryPackets
{
    private static readonly int[] s_noPorts = [0];
    private static readonly ImmutableArray<string> s_none = [];

    private readonly SortedSet<int> _ports = [0, 65535, 31337];
    private readonly SortedSet<int> _protocols = [6, 17, 1, 200];
    private readonly HashSet<Address> _addresses = [];
    private readonly List<string> _tags = [];
    private readonly List<string?> _accounts = [null, "stranger@p1.iam.gserviceaccount.com"];

    public BoundaryPackets(JsonNode estate)
    {
        Collect(estate, "");
        _ports.RemoveWhere(port => port is < 0 or > 65535);
    }

    /// <summary>Every combination of addresses, ports and protocols on one query's axes.</summary>
    public IEnumerable<Packet> Grid(Query query) =>
        from protocol in _protocols
        from port in HasPorts(protocol) ? _ports : s_noPorts.AsEnumerable()
        from peer in _addresses
        select query.At(protocol, port, peer);

    /// <summary>A query between two of the estate's corners: tags and accounts that rules mention, often none.</summary>
    public Query RandomQuery(Random random)
    {
        ImmutableArray<string> Tags() => random.Next(3) == 0 || _tags.Count == 0 ? s_none : [.. random.GetItems(_tags.ToArray(), random.Next(1, 3)).Distinct(StringComparer.Ordinal)];
        var own = Pick(random, [.. _addresses]);
        return new(random.Next(2) == 0, own, Tags(), Pick(random, _accounts), Tags(), Pick(random, _accounts), random.Next(4) == 0 ? "europe-west1" : "us-central1");
    }

    /// <summary>A packet at a boundary in some coordinates, anywhere in the others.</summary>
    public Packet RandomPacket(Random random)
    {
        var protocol = random.Next(8) == 0 ? random.Next(256) : Pick(random, [.. _protocols]);
        protocol = protocol == 94 ? 47 : protocol;
        var port = !HasPorts(protocol) ? 0 : random.Next(4) == 0 ? random.Next(65536) : Pick(random, [.. _ports]);
        var peer = random.Next(6) == 0 ? new Address(false, (uint)random.NextInt64(1L << 32)) : Pick(random, [.. _addresses]);
        return RandomQuery(random).At(protocol, port, peer);
    }

    /// <summary>The exact answer of a firewall that only knows single packets: asks once in each cell of the grid (IPv4).</summary>
    public Boxes Tabulate(Query query, Func<Packet, Answer> decide)
    {
        var addresses = Cuts(_addresses.Where(address => !address.V6).Select(address => (long)(uint)address.Value), 1L << 32);
        var ports = Cuts(_ports.Select(port => (long)port), 65536);
        var protocols = Cuts(_protocols.SelectMany(protocol => new long[] { protocol, protocol + 1 }).Concat([17, 18, 132, 133]), 256);
        var found = new Dictionary<Answer, List<Box>> { [Answer.Allow] = [], [Answer.Deny] = [], [Answer.Unknown] = [] };
        foreach (var (protocol, lastProtocol) in protocols)
        {
            foreach (var (port, lastPort) in HasPorts((int)protocol) ? ports : [(0L, 65535L)])
            {
                Box? open = null;
                Answer? answer = null;
                foreach (var (address, lastAddress) in addresses)
                {
                    var now = decide(query.At((int)protocol, (int)port, new Address(false, (uint)address)));
                    if (now == answer)
                    {
                        open = open!.Value with { AddressHi = (uint)lastAddress };
                        continue;
                    }

                    if (open is not null)
                    {
                        found[answer!.Value].Add(open.Value);
                    }

                    (answer, open) = (now, new Box((int)protocol, (int)lastProtocol, (int)port, (int)lastPort, (uint)address, (uint)lastAddress));
                }

                found[answer!.Value].Add(open!.Value);
            }
        }

        return new([.. found[Answer.Allow]], [.. found[Answer.Deny]], [.. found[Answer.Unknown]]);
    }

    private static List<(long From, long To)> Cuts(IEnumerable<long> starts, long end)
    {
        var sorted = starts.Append(0).Where(start => start < end).Distinct().Order().ToList();
        return [.. sorted.Select((start, i) => (start, (i + 1 < sorted.Count ? sorted[i + 1] : end) - 1))];
    }

    private static bool HasPorts(int protocol) => protocol is 6 or 17 or 132;

    private static T Pick<T>(Random random, List<T> items) => items[random.Next(items.Count)];

    private void Collect(JsonNode? node, string key)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    Collect(value, name);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, key);
                }

                break;
            case not null when node.GetValueKind() == JsonValueKind.String:
                CollectText(node.GetValue<string>(), key);
                break;
        }
    }

    private void CollectText(string text, string key)
    {
        if (key == "ports")
        {
            var ends = text.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToList();
            _ports.UnionWith([ends[0] - 1, ends[0], ends[^1], ends[^1] + 1]);
        }
        else if (string.Equals(key, "IPProtocol", StringComparison.OrdinalIgnoreCase))
        {
            var number = text switch { "all" or "tcp" => 6, "udp" => 17, "icmp" => 1, "esp" => 50, "ah" => 51, "sctp" => 132, "ipip" => 4, _ => int.Parse(text, CultureInfo.InvariantCulture) };
            _protocols.Add(number);
        }
        else if (key.EndsWith("Tags", StringComparison.Ordinal))
        {
            _tags.Add(text);
        }
        else if (key.EndsWith("ServiceAccounts", StringComparison.Ordinal))
        {
            _accounts.Add(text);
        }
        else if (key == "name" && Connector().Match(text) is { Success: true } connector)
        {
            _tags.Add("vpc-connector");
            _tags.Add($"vpc-connector-{connector.Groups["region"].Value}-{connector.Groups["id"].Value}");
        }
        else if (Cidr().IsMatch(text))
        {
            var (first, last) = Address.Range(text);
            foreach (var address in new[] { first.Plus(-1), first, last, last.Plus(1) })
            {
                if (address is { } inside)
                {
                    _addresses.Add(inside);
                }
            }
        }
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+){3}|[0-9a-f]*:[0-9a-f:]*)(/[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cidr();

    [GeneratedRegex("^projects/[^/]+/locations/(?<region>[^/]+)/connectors/(?<id>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Connector();
}
