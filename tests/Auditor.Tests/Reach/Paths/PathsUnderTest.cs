using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;
using Auditor.Tests.Oracles.Paths;

namespace Auditor.Tests.Reach.Paths;

/// <summary>The engine, asked in the oracle's words: the same raw JSON goes through the parsers into an estate.</summary>
internal sealed class PathsUnderTest
{
    private readonly EstateView _view;
    private readonly Dictionary<string, PathSource> _sources;
    private readonly Dictionary<string, PathWalk> _walks = new(StringComparer.Ordinal);

    public PathsUnderTest(JsonNode raw)
    {
        Estate = EstateOf(raw);
        _view = new EstateView(Estate, DateTimeOffset.UnixEpoch);
        _sources = PathSource.All(_view).Sources.ToDictionary(source => (source.Workload is RunService service ? service.LatestCreatedRevision ?? service.LatestReadyRevision ?? service.Name : source.Workload.Name).Value, StringComparer.Ordinal);
    }

    public Estate Estate { get; }

    /// <summary>The part of the engine's answer that holds a packet.</summary>
    public PathEnd Answer(PathPacket packet)
    {
        if (!_walks.TryGetValue(packet.Workload, out var walk))
        {
            _walks[packet.Workload] = walk = PathWalk.Of(_view, _sources[packet.Workload]);
        }

        var address = IpRange.Of(isV6: false, packet.Destination, 32);
        var target = packet.GoogleApis ? PathTarget.GoogleApis : packet.Target is { } name ? PathTarget.Of(ResourceName.Parse(name), address) : PathTarget.At(address);
        var traffic = IpProtocol.HasPorts(packet.Protocol) ? Traffic.OfPorts(packet.Protocol, IntervalSet.Of(packet.Port, packet.Port)) : Traffic.OfProtocol(packet.Protocol);

        // Zones may give the names another address than the packet's.
        var parts = walk.Find(target, traffic).Parts.Where(part => (part.Destinations.Contains(address) || (packet.GoogleApis && AddressSet.Of(part.Destinations.Lowest) is var lowest && lowest.Intersect(RoutedRanges.GoogleApiVips) == lowest)) && part.Traffic.Contains(Traffic.Of(packet.Protocol, packet.Port))
            && (part.Sources is not { } sources || packet.Source is not { } source || sources.Contains(IpRange.Of(isV6: false, source, 32)))).ToList();
        return parts is [var only] ? only.End! : throw new InvalidOperationException($"{parts.Count} parts hold {packet}.");
    }

    internal static Estate EstateOf(JsonNode raw)
    {
        var builder = new EstateBuilder();
        foreach (var document in EstateDocuments.Of(raw))
        {
            // What Google tells in another call stands under names of ours.
            var asset = document.ToAsset();
            var data = asset["resource"]!["data"]!.AsObject();
            foreach (var (list, theirs, ours) in (ReadOnlySpan<(string, string, string)>)[("instanceGroups", "members", ResourcePart.Members.Field), ("networkEndpointGroups", "endpoints", ResourcePart.Endpoints.Field), ("managedZones", "rrsets", ResourcePart.Records.Field), ("responsePolicies", "rules", ResourcePart.Rules.Field)])
            {
                if (document.List == list && data.Remove(theirs, out var part))
                {
                    data[ours] = part;
                }
            }

            builder.Add(JsonElement.Parse(asset.ToJsonString()), "estate.json");
        }

        foreach (var (assetType, project) in EstateDocuments.Gaps(raw))
        {
            builder.AddGap(new GapScope(KindTable.OfAssetType(assetType), project), "the list is not whole");
        }

        var build = builder.Build(complete: true);
        Assert.Empty(build.Problems);
        return build.Estate;
    }
}
