using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Corpus;

/// <summary>Recorded effective firewalls: read without a gap, judged as the recorded verdicts say and as the raw rules read packet by packet.</summary>
public sealed class FirewallCorpusTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RecordedVerdictsAgree()
    {
        var corpus = CorpusFolder.Require();
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(corpus, "expected", "firewall_verdicts.json")));
        var cases = expected.RootElement.GetProperty("network_test").EnumerateArray().Concat(expected.RootElement.GetProperty("lint_snapshots").EnumerateArray()).ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, item =>
        {
            var firewall = Read(Path.Combine(corpus, item.GetProperty("dump").GetString()!));
            var direction = item.GetProperty("direction").GetString() == "EGRESS" ? TrafficDirection.Egress : TrafficDirection.Ingress;
            var peer = new FirewallEnd(AddressSet.Of(IpRange.Parse(item.GetProperty("src").GetString()!)), Texts(item, "source_tags"), Text(item, "source_service_account"));
            var own = new FirewallEnd(null, Texts(item, "target_tags"), Text(item, "target_service_account"));
            var port = (ushort)item.GetProperty("port").GetInt32();
            var answer = firewall.Answer(direction, own, peer, Traffic.OfPorts(IpProtocol.TryParse(item.GetProperty("protocol").GetString()!)!.Value, IntervalSet.Of(port, port)));
            var effect = item.GetProperty("expected_action").GetString() == "deny" ? FirewallEffect.Deny : FirewallEffect.Allow;

            // Where the recorded tool judges a whole range by the part that a rule covers, the exact answer has that part and may have others.
            if (Text(item, "note")?.StartsWith("gcpdiag-only", StringComparison.Ordinal) != true)
            {
                Assert.All(answer.Decisions, pair => Assert.Equal(effect, pair.Decision.Effect));
            }

            var matched = item.GetProperty("matched");
            var name = Text(matched, "vpc_rule") ?? Text(matched, "policy");
            Assert.Contains(answer.Decisions.Where(pair => pair.Decision.Effect == effect), pair => name is null ? pair.Decision.DecidedBy!.Kind == FirewallDeciderKind.Implied : pair.Decision.DecidedBy!.Name.Split('/')[0] == name);
        });
        output.WriteLine($"{cases.Count} recorded verdicts");
    }

    [Fact]
    public void EveryRecordedAnswer_IsReadWithoutAGap_AndJudgedAsItsRawRules()
    {
        var corpus = CorpusFolder.Require();
        var files = Directory.EnumerateFiles(corpus, "compute-effective-firewalls-*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        var packets = 0;
        foreach (var file in files)
        {
            var firewall = Read(file);
            var raw = new JsonObject { ["effectiveFirewalls"] = JsonNode.Parse(File.ReadAllText(file)) };
            var naive = new NaiveFirewall(raw);
            var corners = new BoundaryPackets(raw);
            var random = new Random(7);
            for (var i = 0; i < 40; i++)
            {
                var query = corners.RandomQuery(random);
                var own = new FirewallEnd(AddressSet.Of(IpRange.Parse(query.Own.ToString())), query.OwnTags.ToValueList(), query.OwnServiceAccount);
                var slice = Assert.Single(firewall.Slices(query.Egress ? TrafficDirection.Egress : TrafficDirection.Ingress, own));
                for (var j = 0; j < 50; j++, packets++)
                {
                    var seen = corners.RandomPacket(random);
                    var packet = query.At(seen.Protocol, seen.Port, seen.Peer);
                    var (verdict, decision) = (naive.Decide(packet), slice.Decide((byte)packet.Protocol, (ushort)packet.Port, IpRange.Parse(packet.Peer.ToString()), EngineUnderTest.PeerOf(query)));
                    Assert.True(verdict.Answer.ToString() == decision.Effect.ToString(), $"{file}: {packet}: the raw rules say {verdict}, the engine {decision}");
                }
            }
        }

        output.WriteLine($"{files.Count} recorded answers, {packets} packets");
    }

    private static EffectiveFirewall Read(string file)
    {
        var builder = new EstateBuilder();
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        builder.Add(document.RootElement, file, new DocumentHint(Project: "p"));
        var build = builder.Build(complete: true);
        Assert.Empty(build.Problems);
        Assert.Empty(build.Estate.Gaps);
        var network = build.Estate.Resources.OfType<Auditor.Model.Firewall>().Select(rule => rule.Network).OfType<ResourceName>().Distinct().Single();
        return EffectiveFirewall.Of(new EstateView(build.Estate, s_at), network, null);
    }

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ValueList<string> Texts(JsonElement item, string name) =>
        !item.TryGetProperty(name, out var value) ? [] : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(tag => tag.GetString()!).ToValueList() : [value.GetString()!];
}
