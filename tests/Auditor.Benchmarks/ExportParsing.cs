using System.Text.Json;
using Auditor.Benchmarks.Harness;
using Auditor.Model;

namespace Auditor.Benchmarks;

/// <summary>From an asset export on disk to an estate with its indexes.</summary>
internal static class ExportParsing
{
    public static async Task<Row> MeasureAsync(EstateFile estate, int rounds, CancellationToken cancellationToken)
    {
        var result = await estate.ReadAsync(cancellationToken);
        var parse = await Sample.OfAsync(rounds > 1 ? 1 : 0, rounds, async _ => await estate.ReadAsync(cancellationToken));
        var limit = await Sample.OfAsync(rounds > 1 ? 1 : 0, rounds, _ => DocumentsAsync(estate.Path, cancellationToken));
        var megabytes = estate.Generated.Bytes / 1e6;
        return new Row(
            "asset export to estate", $"{estate.SizeWord}, {megabytes:N1} MB", megabytes / parse.Median.TotalSeconds, "MB/s", megabytes / limit.Median.TotalSeconds, "JsonDocument per line",
            GateOf(estate, result));
    }

    private static Gate GateOf(EstateFile estate, Adapters.Exports.ExportResult result)
    {
        // Two assets tell of each project; everything else of a modelled kind is one resource.
        var expected = estate.Generated.Assets.Where(pair => KindTable.OfAssetType(pair.Key) != ResourceKind.Other).Sum(pair => pair.Value);
        return Gate.Of(
            "every asset of a modelled kind, no problem, no gap",
            result.Estate.Count == expected && result.Problems.IsEmpty && result.Estate.Gaps.IsEmpty,
            $"{result.Estate.Count} resources of {expected}, {result.Problems.Count} problems, {result.Estate.Gaps.Count} gaps{(result.Problems.IsEmpty ? "" : $", such as {result.Problems[0]}")}");
    }

    private static async Task DocumentsAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var rest = bytes.AsMemory();
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            using var document = JsonDocument.Parse(rest[..end]);
            rest = rest[(end + 1)..];
        }
    }
}
