using Auditor.Adapters.Exports;
using Auditor.Simulator.Generator;

namespace Auditor.Benchmarks.Harness;

/// <summary>A generated estate on disk.</summary>
internal sealed record EstateFile(EstateSize Size, RuleShape Shape, string Path, GeneratedEstate Generated)
{
    /// <summary>The seed of all measurements, so that they can be compared.</summary>
    public const ulong Seed = 7;

    public string SizeWord => Size.ToString().ToLowerInvariant();

    public string ShapeWord => Shape switch { RuleShape.EarlyDeny => "early-deny", RuleShape.FallThrough => "fall-through", _ => "random" };

    public static EstateFile Write(string folder, EstateSize size, RuleShape shape)
    {
        var path = System.IO.Path.Combine(folder, $"{size}-{shape}.ndjson");
        using var file = File.Create(path);
        return new EstateFile(size, shape, path, EstateGenerator.Write(size, shape, Seed, file));
    }

    public Task<ExportResult> ReadAsync(CancellationToken cancellationToken, bool keepJson = false) => ExportReader.ReadAsync([Path], complete: true, null, cancellationToken, keepJson);
}
