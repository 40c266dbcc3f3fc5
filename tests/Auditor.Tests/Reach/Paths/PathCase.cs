using System.Text.Json;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Tests.Reach.Paths;

/// <summary>A small Google Cloud, written down as raw answers; asked one flow at a time, as a test reads best. Starts with network "main" and a connector "conn" on 10.8.0.0/28 that service "shop" uses.</summary>
internal sealed class PathCase
{
    public const string Compute = "https://www.googleapis.com/compute/v1/projects/shop/";
    public const string Network = Compute + "global/networks/main";
    public const string Region = "europe-west1";

    private readonly Dictionary<string, string> _documents = new(StringComparer.Ordinal);

    public PathCase(string egress = "PRIVATE_RANGES_ONLY")
    {
        With("""{"name":"projects/111","projectId":"shop","parent":"organizations/9"}""");
        OfNetwork("main");
        With($$"""{"name":"projects/shop/locations/{{Region}}/connectors/conn","network":"main","ipCidrRange":"10.8.0.0/28","state":"READY"}""");
        Service("shop", $$""" "connector":"projects/shop/locations/{{Region}}/connectors/conn","egress":"{{egress}}" """);
        Route("default-route", "0.0.0.0/0", $$""" "nextHopGateway":"{{Compute}}global/gateways/default-internet-gateway" """);
    }

    public Estate Estate
    {
        get
        {
            var builder = new EstateBuilder();
            foreach (var document in _documents.Values)
            {
                builder.Add(JsonElement.Parse(document), "case.json", new DocumentHint(Project: "shop"));
            }

            var build = builder.Build(complete: true);
            Assert.Empty(build.Problems);
            return build.Estate;
        }
    }

    /// <summary>Any resource; one of the same name is replaced.</summary>
    public PathCase With(string document)
    {
        var json = JsonElement.Parse(document);
        _documents[json.TryGetProperty("selfLink", out var link) ? link.GetString()! : json.GetProperty("name").GetString()!] = document;
        return this;
    }

    /// <summary>A network's own fields, such as its peerings.</summary>
    public PathCase OfNetwork(string name, string fields = "\"autoCreateSubnetworks\":false") => With($$"""{"name":"{{name}}","selfLink":"{{Compute}}global/networks/{{name}}",{{fields}}}""");

    public PathCase Service(string name, string? access) =>
        With($$"""{"name":"projects/shop/locations/{{Region}}/services/{{name}}","template":{ {{(access is null ? "" : $$"""
            "vpcAccess":{ {{access}} }
            """)}} } }""");

    /// <summary>A service whose variable says what it calls.</summary>
    public PathCase Caller(string endpoint, string? access) => With($$"""
        {"name":"projects/shop/locations/{{Region}}/services/shop","template":{ {{(access is null ? "" : $"\"vpcAccess\":{{{access}}},")}} "containers":[{"env":[{"name":"TARGET","value":"{{endpoint}}"}]}]} }
        """);

    public PathCase Subnetwork(string name, string range, string network = "main", string fields = "\"privateIpGoogleAccess\":false", string region = Region) =>
        With($$"""{"name":"{{name}}","selfLink":"{{Compute}}regions/{{region}}/subnetworks/{{name}}","network":"{{Compute}}global/networks/{{network}}","ipCidrRange":"{{range}}",{{fields}}}""");

    public PathCase Route(string name, string range, string hop, string fields = "\"priority\":1000", string network = "main") =>
        With($$"""{"name":"{{name}}","selfLink":"{{Compute}}global/routes/{{name}}","network":"{{Compute}}global/networks/{{network}}","destRange":"{{range}}",{{hop}},{{fields}}}""");

    public PathCase Without(string nameOrLink)
    {
        Assert.True(_documents.Remove(nameOrLink) || _documents.Remove(_documents.Keys.Single(key => key.EndsWith("/" + nameOrLink, StringComparison.Ordinal))));
        return this;
    }

    public PathCase Rule(string name, string fields, string network = "main") => With($$"""{"name":"{{name}}","selfLink":"{{Compute}}global/firewalls/{{name}}","network":"{{Compute}}global/networks/{{network}}",{{fields}}}""");

    public PathCase Machine(string name, string address, string fields = "\"status\":\"RUNNING\"", string network = "main") =>
        With($$"""{"name":"{{name}}","selfLink":"{{Compute}}zones/{{Region}}-b/instances/{{name}}","networkInterfaces":[{"name":"nic0","network":"{{Compute}}global/networks/{{network}}","networkIP":"{{address}}"}],{{fields}}}""");

    public PathCase Nat(string fields, string region = Region) =>
        With($$"""{"name":"router","selfLink":"{{Compute}}regions/{{region}}/routers/router","network":"{{Network}}","nats":[{"name":"nat",{{fields}}}]}""");

    /// <summary>A Cloud SQL instance with a private address, and the peering to it.</summary>
    public PathCase Sql(string address = "10.60.0.3", string settings = "\"activationPolicy\":\"ALWAYS\"", string peering = "ACTIVE", string state = "RUNNABLE", string ip = "\"ipv4Enabled\":false") =>
        OfNetwork("main", $$""" "peerings":[{"name":"servicenetworking-googleapis-com","network":"https://www.googleapis.com/compute/v1/projects/tenant-tp/global/networks/servicenetworking","state":"{{peering}}"}] """)
            .With($$"""{"kind":"sql#instance","name":"orders","project":"shop","region":"{{Region}}","databaseVersion":"POSTGRES_16","state":"{{state}}","ipAddresses":[{"ipAddress":"{{address}}","type":"PRIVATE"}],"settings":{ {{settings}},"ipConfiguration":{"privateNetwork":"projects/shop/global/networks/main",{{ip}}} } }""");

    /// <summary>A private zone; its records as "name type data", or one text with other fields of it.</summary>
    public PathCase Zone(string name, string suffix, params string[] records) => Zone(name, suffix, records, "main");

    public PathCase Zone(string name, string suffix, string[] records, string network)
    {
        var fields = records is [var only] && only.StartsWith('"') ? only
            : $"\"auditorRecords\":[{string.Join(',', records.Select(record => record.Split(' ')).Select(parts => $$"""{"name":"{{parts[0]}}","type":"{{parts[1]}}","rrdatas":["{{parts[2]}}"]}"""))}]";
        return With($$"""{"kind":"dns#managedZone","name":"{{name}}","dnsName":"{{suffix}}","visibility":"private","privateVisibilityConfig":{"networks":[{"networkUrl":"{{Compute}}global/networks/{{network}}"}]},{{fields}}}""");
    }

    /// <summary>A GKE cluster, with its private endpoint and more.</summary>
    public PathCase Cluster(string own, string more = "", string location = "europe-west1-b", string status = "RUNNING", string network = "main") => With($$"""
        {"name":"c1","selfLink":"https://container.googleapis.com/v1/projects/shop/locations/{{location}}/clusters/c1","location":"{{location}}","status":"{{status}}",{{more}}
         "networkConfig":{"network":"projects/shop/global/networks/{{network}}","subnetwork":"projects/shop/regions/europe-west1/subnetworks/apps"},"privateClusterConfig":{ {{own}} } }
        """);

    /// <summary>What becomes of a flow, in short: "reachable", "blocked route NO_ROUTE by main", or several such for parts of the sources.</summary>
    public string Ask(string to, string port = "tcp:443", string from = "shop")
    {
        var answer = Find(to, port, from);
        return string.Join("; ", answer.Parts.GroupBy(part => part.End!).OrderBy(group => group.Key.Effect).Select(group => Words(group.Key, answer, group.SelectMany(part => (part.Sources ?? AddressSet.None).ToRanges()).Distinct())));
    }

    public PathAnswer Find(string to, string port = "tcp:443", string from = "shop")
    {
        var view = new EstateView(Estate, DateTimeOffset.UnixEpoch);
        var source = Assert.Single(PathSource.All(view).Sources, source => source.ShortName == from);
        var parts = port.Split(':');
        var target = to switch
        {
            "internet" => ReachTarget.Internet,
            "googleapis" => ReachTarget.GoogleApis,
            _ when IpRange.TryParse(to) is { } address => ReachTarget.At(address),
            _ when to.Contains('.', StringComparison.Ordinal) => ReachTarget.Named(to),
            _ => ReachTarget.All(view, []).First(target => target.ShortName == to),
        };
        return PathWalk.Of(view, source).Find(target.On(IpProtocol.TryParse(parts[0]), parts.Length > 1 ? ushort.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : null));
    }

    private static string Words(PathEnd end, PathAnswer answer, IEnumerable<IpRange> sources)
    {
        var what = end.Effect switch
        {
            PathEffect.Reachable => "reachable",
            PathEffect.Unknown => $"unknown {end.Stage}: {string.Join(", ", end.Because)}",
            _ => $"{end.Effect} {end.Stage} {end.Reason} by {(end.DecidedBy == PathDecider.Sender ? "sender" : end.DecidedBy!.Name)}".Replace("Blocked", "blocked", StringComparison.Ordinal).Replace("Partial", "partial", StringComparison.Ordinal),
        };
        return answer.Parts.Select(part => part.End).Distinct().Count() > 1 ? $"{string.Join(",", sources)} {what}" : what;
    }
}
