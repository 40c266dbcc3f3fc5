using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>
/// The packets of an estate that are worth asking for: sources and destinations at both sides of every end of every range that anything mentions,
/// every target's addresses, ports at both sides of every rule's, and some that nobody mentions.
/// </summary>
internal sealed partial class PathBoundaries
{
    private static readonly string[] s_elsewhere =
    [
        "8.8.8.8", "1.1.1.1", "142.250.1.1", "93.184.216.34", "199.36.153.3", "199.36.153.4", "199.36.153.7", "199.36.153.8", "199.36.153.11", "199.36.153.12", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.31.255.255", "172.32.0.0",
        "192.168.255.255", "192.169.0.0", "100.63.255.255", "100.127.255.255", "100.128.0.0", "240.0.0.0", "255.255.255.255", "0.0.0.1", "127.0.0.1", "169.254.169.254", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.20.0.0",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "10.200.0.1", "192.168.1.1", "192.168.2.1",
    ];

    private readonly SortedSet<uint> _addresses = [];
    private readonly SortedSet<(byte Protocol, ushort Port)> _services = [(6, 5432), (6, 3306), (6, 1433), (6, 3307), (6, 6379), (6, 6378), (6, 6380), (6, 443), (6, 80), (6, 25), (6, 0), (6, 65535), (17, 53), (17, 443), (17, 5432), (1, 0), (47, 0), (132, 443), (200, 0)];
    private readonly List<(uint Address, string? Target)> _targets = [];
    private readonly ImmutableArray<(string Workload, ImmutableArray<uint?> Sources)> _workloads;

    public PathBoundaries(JsonNode estate)
    {
        Collect(estate.ToJsonString());
        var raw = new RawEstate(estate);
        foreach (var address in raw.All("addresses").Where(address => RawJson.Text(address, "prefixLength") is not null))
        {
            AddRange($"{RawJson.Text(address, "address")}/{RawJson.Text(address, "prefixLength")}");
        }

        _addresses.UnionWith(s_elsewhere.Select(Ranges.Ip));
        AddTargets(raw);
        var paths = new NaivePaths(estate);
        _workloads = [.. paths.Workloads.Select(workload => (workload, Sources(paths.SourcesOf(workload))))];
    }

    public ImmutableArray<uint> Addresses => [.. _addresses];

    /// <summary>Every target of the estate with each of its addresses.</summary>
    public ImmutableArray<(uint Address, string? Target)> Targets => [.. _targets];

    public ImmutableArray<(byte Protocol, ushort Port)> Services => [.. _services];

    public ImmutableArray<(string Workload, ImmutableArray<uint?> Sources)> Workloads => _workloads;

    /// <summary>Every combination; many.</summary>
    public IEnumerable<PathPacket> Grid() =>
        from workload in _workloads
        from source in workload.Sources
        from destination in _targets.Concat(_addresses.Select(address => (address, (string?)null)))
        from service in _services
        select new PathPacket(workload.Workload, source, destination.Item1, service.Protocol, service.Port, destination.Item2);

    /// <summary>Some of the combinations: most to targets, of every kind alike, one in eight to the default names of Google's APIs, and mostly from where a network is entered.</summary>
    public IEnumerable<PathPacket> Sample(Random random, int count)
    {
        var (addresses, services) = (Addresses, Services);
        var kinds = _targets.GroupBy(target => string.Join('/', target.Target!.Split('/')[2..^1].Where(part => part.Contains("googleapis", StringComparison.Ordinal) || part.EndsWith('s')))).Select(group => group.ToList()).ToList();
        var entering = _workloads.Where(workload => workload.Sources[0] is not null).ToList();
        for (var i = 0; i < count; i++)
        {
            var (workload, sources) = entering.Count > 0 && random.Next(4) > 0 ? entering[random.Next(entering.Count)] : _workloads[random.Next(_workloads.Length)];
            var (protocol, port) = random.Next(2) == 0 ? services[random.Next(services.Length)] : ((byte)6, (ushort)(random.Next(2) == 0 ? 443 : 5432));
            var source = sources[random.Next(sources.Length)];
            switch (i % 8)
            {
                case 0:
                    yield return new(workload, source, Ranges.Ip(random.Next(2) == 0 ? "142.250.1.1" : "8.8.8.8"), protocol, port, null, true);
                    break;
                case 1:
                    yield return new(workload, source, Ranges.Ip(s_elsewhere[random.Next(12)]), protocol, port);
                    break;
                case 2 or 3:
                    yield return new(workload, source, addresses[random.Next(addresses.Length)], protocol, port);
                    break;
                default:
                    var kind = kinds[random.Next(kinds.Count)];
                    var (address, target) = kind[random.Next(kind.Count)];
                    if (random.Next(6) > 1)
                    {
                        var usual = Usual(target!);
                        (protocol, port) = (6, usual[random.Next(usual.Length)]);
                    }

                    yield return new(workload, source, address, protocol, port, random.Next(4) > 0 ? target : null);
                    break;
            }
        }
    }

    private static ushort[] Usual(string target) => target.Contains("//redis", StringComparison.Ordinal) ? [6379, 6379, 6380] : target.Contains("//container", StringComparison.Ordinal) ? [443] : target.Contains("//cloudsql", StringComparison.Ordinal) ? [5432, 5432, 5432, 3307, 3306] : [5432, 443];

    private void Collect(string text)
    {
        foreach (Match match in Cidr().Matches(text))
        {
            AddRange(match.Groups["range"].Value);
        }

        foreach (Match match in Ports().Matches(text))
        {
            var (first, last) = (Port(match.Groups["first"].Value), Port(match.Groups["last"].Value is { Length: > 0 } end ? end : match.Groups["first"].Value));
            foreach (var port in new[] { first - 1, first, last, last + 1 }.Where(port => port is >= 0 and <= 65535))
            {
                _services.Add((6, (ushort)port));
            }
        }
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private void AddRange(string range)
    {
        var (first, last) = Ranges.Of(range);
        foreach (var address in new[] { first - 1L, first, last, last + 1L }.Where(address => address is >= 0 and <= uint.MaxValue))
        {
            _addresses.Add((uint)address);
        }
    }

    private void AddTargets(RawEstate raw)
    {
        foreach (var vm in raw.All("instances"))
        {
            var name = EstateDocuments.FullName("instances", vm);
            foreach (var nic in RawJson.List(vm, "networkInterfaces"))
            {
                _targets.Add((Ranges.Ip(RawJson.Text(nic, "networkIP")!), name));
                foreach (var alias in RawJson.List(nic, "aliasIpRanges").Select(alias => Ranges.Of(RawJson.Text(alias, "ipCidrRange")!)))
                {
                    _targets.AddRange([(alias.First, name), (alias.Last, name)]);
                }
            }
        }

        foreach (var (list, keys) in new[] { ("forwardingRules", new[] { "IPAddress" }), ("redisInstances", ["host", "readEndpoint"]) })
        {
            _targets.AddRange(from item in raw.All(list)
                              from address in keys.Select(key => RawJson.Text(item, key)).OfType<string>()
                              select (Ranges.Ip(address), (string?)EstateDocuments.FullName(list, item)));
        }

        _targets.AddRange(from item in raw.All("sqlInstances")
                          from address in RawJson.List(item, "ipAddresses").Where(address => RawJson.Text(address, "type") == "PRIVATE")
                          select (Ranges.Ip(RawJson.Text(address, "ipAddress")!), (string?)EstateDocuments.FullName("sqlInstances", item)));

        _targets.AddRange(from item in raw.All("clusters")
                          select (Ranges.Ip(RawJson.Text(item["privateClusterConfig"], "privateEndpoint")!), (string?)EstateDocuments.FullName("clusters", item)));

        // An instance behind an endpoint has the endpoint's address.
        _targets.AddRange(from item in raw.All("sqlInstances")
                          from rule in raw.All("forwardingRules")
                          where RawEstate.IsPsc(rule) && !RawEstate.IsPscForGoogleApis(rule) && raw.PathAt(item, "pscServiceAttachmentLink") == raw.PathAt(rule, "target")
                          select (Ranges.Ip(RawJson.Text(rule, "IPAddress")!), (string?)EstateDocuments.FullName("sqlInstances", item)));
    }

    private ImmutableArray<uint?> Sources((uint First, uint Last)? usable) => usable is not var (first, last)
        ? [null]
        : [.. _addresses.Where(address => address >= first && address <= last).Append(first).Append(last).Distinct().Order().Select(address => (uint?)address)];

    [GeneratedRegex("\"(?<range>[0-9]+(\\.[0-9]+){3}(/[0-9]+)?)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cidr();

    [GeneratedRegex("\"(?<first>[0-9]{1,5})(-(?<last>[0-9]{1,5}))?\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ports();
}
