using Auditor.Model;
using Auditor.Reach.Paths;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Paths;
using CsCheck;

namespace Auditor.Tests.Reach.Paths;

/// <summary>What names mean in a network: by hand, and against a look through the raw records.</summary>
public sealed class NameResolutionTests(ITestOutputHelper output)
{
    private const string Vm = "\"status\":\"RUNNING\"";

    [Fact]
    public void AName_IsFollowedToTheAddressInTheLongestZone()
    {
        var here = Case().Zone("corp", "corp.example.", "db.corp.example. A 10.1.0.9", "*.corp.example. A 10.1.0.8").Zone("eu", "eu.corp.example.", "db.eu.corp.example. A 10.1.0.5", "www.eu.corp.example. CNAME db.eu.corp.example.");
        Assert.Equal("reachable", here.Ask("db.eu.corp.example", "tcp:5432"));
        Assert.Equal("reachable", here.Ask("WWW.eu.corp.example.", "tcp:5432"));
        Assert.Equal("blocked Target UNKNOWN_INTERNAL_ADDRESS by main", here.Ask("db.corp.example", "tcp:5432"));
        Assert.Equal("blocked Name DNS_NAME_NOT_FOUND by eu", here.Ask("gone.eu.corp.example", "tcp:5432"));
        Assert.Equal("unknown Name: other.test is no name of a private zone that network main sees, and the internet's DNS is not asked", here.Ask("other.test"));
        Assert.Equal("unknown Name: other.test is no name of a private zone that the workload sees, and the internet's DNS is not asked", here.Service("bare", null).Ask("other.test", from: "bare"));
    }

    [Fact]
    public void TheStepsSayWhatTheNameMeans()
    {
        var step = Case().Zone("corp", "corp.example.", "db.corp.example. A 10.1.0.5").Find("db.corp.example", "tcp:5432").Telling.Trail.ToSteps()[0];
        Assert.Equal((PathStage.Name, "db.corp.example is 10.1.0.5", "DNS zone corp"), (step.Stage, step.Decision, step.DecidedBy!.Words));
    }

    [Fact]
    public void ZonesThatAskOthers_AreUnknown_AndPeeringZonesAreFollowed()
    {
        Assert.Equal("unknown Name: DNS zone corp asks servers of its own", Case().Zone("corp", "corp.example.", "\"forwardingConfig\":{\"targetNameServers\":[{\"ipv4Address\":\"10.1.0.53\"}]}").Ask("db.corp.example"));
        const string Peer = "\"peeringConfig\":{\"targetNetwork\":{\"networkUrl\":\"https://www.googleapis.com/compute/v1/projects/shop/global/networks/hub\"}}";
        Assert.Equal("unknown Name: DNS zone corp asks network hub of project shop, which was not read", Case().Zone("corp", "corp.example.", Peer).Ask("db.corp.example"));
        Assert.Equal("reachable", Case().OfNetwork("hub").Zone("corp", "corp.example.", Peer).Zone("hubs", "corp.example.", ["db.corp.example. A 10.1.0.5"], "hub").Ask("db.corp.example"));
        Assert.Equal("unknown Name: the records of DNS zone corp were not read", Case().Zone("corp", "corp.example.", "\"description\":\"\"").Ask("db.corp.example"));
    }

    [Fact]
    public void AliasesOfThemselves_AreUnknown() => Assert.Equal(
        "unknown Name: a.corp.example. leads from alias to alias or from network to network without end",
        Case().Zone("corp", "corp.example.", "a.corp.example. CNAME b.corp.example.", "b.corp.example. CNAME a.corp.example.").Ask("a.corp.example"));

    [Fact]
    public void GoogleApis_TakeTheAddressesOfAPrivateZone()
    {
        static PathCase Here(string address) => new PathCase("PRIVATE_RANGES_ONLY").Subnetwork("direct", "10.2.0.0/24", fields: "\"privateIpGoogleAccess\":true").Service("job", """ "networkInterfaces":[{"subnetwork":"direct"}] """)
            .Zone("apis", "googleapis.com.", $"restricted.googleapis.com. A {address}", "*.googleapis.com. CNAME restricted.googleapis.com.");
        Assert.Equal("reachable", Here("199.36.153.4").Ask("googleapis", from: "job"));
        Assert.Equal("reachable", Here("199.36.153.4").Ask("storage.googleapis.com", from: "job"));
        Assert.Equal("blocked Route NO_ROUTE by main", Here("199.36.153.4").Without("routes/default-route").Ask("googleapis", from: "job"));
        Assert.Equal("reachable", new PathCase().Ask("storage.googleapis.com"));
        Assert.Equal("unknown Name: DNS zone apis answers for some names of googleapis.com alone: ask for one of them", new PathCase().Zone("apis", "googleapis.com.", "storage.googleapis.com. A 199.36.153.8").Ask("googleapis"));
    }

    [Fact]
    public void Names_MeanWhatTheRawRecordsSay()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        RandomNames.Estate.Sample(
            raw =>
            {
                var (naive, view) = (new NaiveNames(new RawEstate(raw)), new EstateView(PathsUnderTest.EstateOf(raw), DateTimeOffset.UnixEpoch));
                foreach (var network in new[] { "projects/p1/global/networks/net", "projects/p2/global/networks/net-b" })
                {
                    foreach (var name in RandomNames.Names)
                    {
                        var (expected, actual) = (naive.Resolve(network, name), Words(NameResolution.Of(view, ResourceName.Parse("//compute.googleapis.com/" + network), name)));
                        lock (seen)
                        {
                            var sort = char.IsAsciiDigit(actual[0]) ? "address" : actual.Split(' ')[0];
                            seen[sort] = seen.GetValueOrDefault(sort) + 1;
                        }

                        Assert.True(expected == actual, $"{name} in {network}\nengine: {actual}\noracle: {expected}\n{raw}");
                    }
                }
            },
            iter: 300 * Soak.Factor);
        output.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.True(seen.Count == 4 && seen.Values.All(count => count > 100), "too few of a sort to prove anything");
    }

    private static string Words(ResolvedName name) => name switch
    {
        ResolvedName.Addresses { Set: var set, By: var by } => $"{string.Join(", ", set.V4.Intervals.SelectMany(interval => Enumerable.Range(0, (int)(interval.Last - interval.First) + 1).Select(i => Auditor.Network.IpRange.Of(false, interval.First + (uint)i, 32).Address)))} by {by.Name}",
        ResolvedName.Nothing { By: var by } => $"nothing by {by.Name}",
        ResolvedName.Public { Name: var left } => $"public {left}",
        _ => "unknown",
    };

    private static PathCase Case() => new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm);
}
