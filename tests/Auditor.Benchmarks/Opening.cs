using System.IO.Compression;
using System.Text.Json;
using Auditor.Adapters.Ledgers;
using Auditor.Benchmarks.Harness;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Benchmarks;

/// <summary>A cold instance: from the file to an estate that can be asked, by snapshot and by projections; and from there to all verdicts.</summary>
internal static class Opening
{
    public static async Task<IReadOnlyList<Row>> MeasureAsync(EstateFile file, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"open-{file.SizeWord}.db");
        var count = await FillAsync(await file.ReadAsync(cancellationToken, keepJson: true), path, cancellationToken);
        var projected = await OpenAsync(path, cancellationToken);
        SnapshotManifest manifest;
        await using (var ledger = await SqliteLedger.OpenAsync(path, cancellationToken))
        {
            await ledger.SnapshotAsync(cancellationToken);
            manifest = (await ledger.CheckSnapshotAsync(cancellationToken))!.Manifest;
        }

        var opened = await OpenAsync(path, cancellationToken);
        var (isProjected, isSnapshot) = (projected.State.SnapshotSeq == 0, opened.State.SnapshotSeq == manifest.Head.Seq);
        var isSame = JsonSerializer.Serialize(projected.State.Resources, LedgerJson.Options) == JsonSerializer.Serialize(opened.State.Resources, LedgerJson.Options);
        var rounds = file.Size == Simulator.Generator.EstateSize.Large ? 3 : 7;
        var packed = Snapshot.Of(opened.State).Chunks;
        var least = Sample.Of(1, rounds, () => packed.AsParallel().ForAll(Parse));

        // A cold instance has nothing in its memory yet.
        (projected, opened, packed) = (default, default, []);
        var cold = await Sample.OfAsync(1, rounds, async _ => opened = await OpenAsync(path, cancellationToken), between: () => opened = default);
        var estate = opened.Estate!;
        var full = Sample.Of(1, rounds, () => new Evaluator(RuleCatalog.All, RuleOptions.Default).Full(estate, TimeProvider.System.GetUtcNow()));
        var gate = Gate.Of($"{estate.Count:N0} resources in {manifest.Chunks.Count} chunks, as from the projections", isProjected && isSnapshot && isSame && estate.Count == count, "the snapshot does not give the estate back");
        return
        [
            new Row("cold open to estate", file.SizeWord, cold.Median.TotalSeconds, "s", least.Median.TotalSeconds, "its chunks unpacked and read as JSON", gate),
            new Row("cold open, all verdicts after it", file.SizeWord, full.Median.TotalSeconds, "s", null, "", gate),
        ];
    }

    private static async Task<(LedgerState State, Estate Estate)> OpenAsync(string path, CancellationToken cancellationToken)
    {
        await using var ledger = await SqliteLedger.OpenAsync(path, cancellationToken);
        var state = await ledger.LoadAsync(cancellationToken);
        return (state, state.ToEstate());
    }

    // As a first sweep does, but for its verdicts.
    private static async Task<int> FillAsync(Adapters.Exports.ExportResult export, string path, CancellationToken cancellationToken)
    {
        await using var ledger = await SqliteLedger.OpenAsync(path, cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var lease = (await ledger.TryLeaseAsync("bench", now, TimeSpan.FromMinutes(10), cancellationToken))!;
        var whole = new Commit
        {
            Seq = 1,
            Epoch = lease.Epoch,
            PreviousHash = "",
            RecordedAt = now,
            Kind = Findings.CauseKind.Baseline,
            Resources = export.Build.Json.OrderBy(pair => pair.Key).Select(pair => new ResourceVersion(pair.Key, JsonElement.Parse(pair.Value), now, null)).ToValueList(),
            Coverage = Coverage.Of(export.Estate),
        };
        foreach (var part in CommitParts.Split(whole, CommitBounds.Default))
        {
            await ledger.AppendAsync(lease, part, cancellationToken);
        }

        await ledger.ReleaseAsync(lease, cancellationToken);
        return export.Estate.Count;
    }

    private static void Parse(ReadOnlyMemory<byte> chunk)
    {
        using var gzip = new GZipStream(new MemoryStream(chunk.ToArray()), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(gzip);
    }
}
