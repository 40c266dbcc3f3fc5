using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>The engine, asked in the oracles' words: the same raw JSON goes through the parsers into an estate.</summary>
internal sealed class EngineUnderTest : IFirewallUnderTest
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly bool _platform;
    private readonly Dictionary<string, EffectiveFirewall> _byRegion = [];
    private JsonNode? _last;
    private EstateView? _view;

    /// <param name="platform">Whether the packets that no rule can block or open are told apart.</param>
    public EngineUnderTest(bool platform = true) => _platform = platform;

    public static ResourceName Network { get; } = ResourceName.Of(ResourceKind.Network, "p1", "net");

    public Verdict Decide(JsonNode estate, Packet packet) =>
        ToVerdict(Slice(estate, Query.Around(packet)).Decide((byte)packet.Protocol, (ushort)packet.Port, IpRange.Parse(packet.Peer.ToString()), PeerOf(Query.Around(packet))));

    public Boxes Answer(JsonNode estate, Query query)
    {
        var answer = Slice(estate, query).Answer(PeerOf(query) with { Addresses = AddressSet.Of(IpRange.AnyV4) }, Traffic.All);
        return new([.. BoxesOf(answer.Allowed)], [.. BoxesOf(answer.Denied)], [.. BoxesOf(answer.Unknown)]);
    }

    public FirewallSlice Slice(JsonNode estate, Query query)
    {
        var own = new FirewallEnd(AddressSet.Of(IpRange.Parse(query.Own.ToString())), query.OwnTags.ToValueList(), query.OwnServiceAccount);
        return Firewall(estate, query.Region).Slices(query.Egress ? TrafficDirection.Egress : TrafficDirection.Ingress, own).Single();
    }

    public EffectiveFirewall Firewall(JsonNode estate, string region)
    {
        if (!ReferenceEquals(_last, estate))
        {
            (_last, _view) = (estate, new EstateView(EstateOf(estate), s_at));
            _byRegion.Clear();
        }

        // A recorded answer is that of one region.
        var asked = estate["effectiveFirewalls"] is null ? region : "us-central1";
        if (!_byRegion.TryGetValue(asked, out var firewall))
        {
            firewall = EffectiveFirewall.Of(_view!, Network, asked);
            _byRegion[asked] = firewall = _platform ? firewall : firewall.RulesOnly();
        }

        return firewall;
    }

    /// <summary>A raw rule of the estate as the model has it; null for null.</summary>
    public Auditor.Model.Firewall? Rule(JsonNode estate, JsonNode? rule)
    {
        Firewall(estate, "us-central1");
        return rule is null ? null : _view!.OfKind<Auditor.Model.Firewall>(ResourceKind.Firewall).Items.Single(item => item.Name.Id == rule["name"]!.ToString());
    }

    public static FirewallEnd PeerOf(Query query) => new(null, query.PeerTags.ToValueList(), query.PeerServiceAccount);

    private static Estate EstateOf(JsonNode raw)
    {
        var builder = new EstateBuilder();
        var hint = new DocumentHint(Project: "p1", Location: "us-central1", Network: Network);
        foreach (var document in Documents(raw))
        {
            builder.Add(JsonElement.Parse(document.ToJsonString()), "estate.json", hint);
        }

        var build = builder.Build(complete: true);
        Assert.Empty(build.Problems);
        return build.Estate;
    }

    private static IEnumerable<JsonNode> Documents(JsonNode raw)
    {
        yield return raw["network"]!;
        if (raw["effectiveFirewalls"] is { } answer)
        {
            yield return answer;
        }

        foreach (var list in (string[])["firewalls", "projects", "folders", "connectors", "subnetworks"])
        {
            foreach (var item in RawJson.List(raw, list))
            {
                yield return item;
            }
        }

        foreach (var policy in RawJson.List(raw, "firewallPolicies"))
        {
            var copy = policy.DeepClone();
            var scope = policy["parent"] is not null ? "locations/global" : policy["region"] is { } region ? "projects/p1/regions/" + region.ToString().Split('/')[^1] : "projects/p1/global";
            copy["selfLink"] = $"https://www.googleapis.com/compute/v1/{scope}/firewallPolicies/{policy["name"]}";
            yield return copy;
        }
    }

    private static Verdict ToVerdict(FirewallDecision decision) => decision.Effect switch
    {
        FirewallEffect.Allow => Verdict.Of(Oracles.Firewall.Answer.Allow, decision.DecidedBy!.Name, decision.DecidedBy.Assumed),
        FirewallEffect.Deny => Verdict.Of(Oracles.Firewall.Answer.Deny, decision.DecidedBy!.Name, decision.DecidedBy.Assumed),
        _ => Verdict.Unknown(decision.Because),
    };

    private static IEnumerable<Box> BoxesOf(PacketSet packets) =>
        from piece in packets.Pieces()
        from addresses in piece.Peers.V4.Intervals
        select new Box(piece.Traffic.Protocols.First, piece.Traffic.Protocols.Last, piece.Traffic.Ports.First, piece.Traffic.Ports.Last, addresses.First, addresses.Last);
}
