using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>
/// The state at one commit, packed into chunks that any store can hold: what a cold instance starts from instead of every resource. Derived data: it
/// says nothing that the commits do not say, and is believed only where commit and chunks have the hashes that it names.
/// </summary>
/// <param name="Chunks">JSON, compressed with gzip; each can be read without the others.</param>
public sealed record Snapshot(SnapshotManifest Manifest, IReadOnlyList<ReadOnlyMemory<byte>> Chunks)
{
    /// <summary>Bytes of a chunk as it is stored: one document of Firestore holds it.</summary>
    public const int MaxChunkBytes = 900_000;

    // Uncompressed; what people write into resources is packed to a tenth.
    private const int JsonPerChunk = 4_000_000;

    /// <summary>Packs a state.</summary>
    /// <param name="state">Its head is a commit after which no run is open.</param>
    /// <param name="maxChunkBytes">The most bytes of a chunk; a single record that is longer has a longer one.</param>
    public static Snapshot Of(LedgerState state, int maxChunkBytes = MaxChunkBytes)
    {
        var chunks = Cut(state).AsParallel().AsOrdered().SelectMany(piece => Pack(piece, maxChunkBytes)).ToList();
        return new Snapshot(
            new SnapshotManifest(SnapshotManifest.CurrentFormat, state.Head, state.Resources.Length, state.Findings.Count, chunks.Select(chunk => chunk.Hash).ToValueList()),
            chunks.ConvertAll(chunk => chunk.Packed));
    }

    /// <summary>Unpacks what a store holds. A chunk that is not there is null.</summary>
    /// <param name="hash">The hash of the commit of the manifest's number, as the chain has it.</param>
    /// <returns>The state, or what is wrong, completing "the snapshot …".</returns>
    public static (LedgerState? State, string? Problem) Read(SnapshotManifest manifest, string? hash, IReadOnlyList<ReadOnlyMemory<byte>?> chunks)
    {
        if (manifest.Problem(hash) is { } problem)
        {
            return (null, problem);
        }

        var pieces = Enumerable.Range(0, manifest.Chunks.Count).AsParallel().AsOrdered().Select(i => Unpack(i, manifest, i < chunks.Count ? chunks[i] : null)).ToList();
        if (pieces.Select(piece => piece.Problem).FirstOrDefault(wrong => wrong is not null) is { } broken)
        {
            return (null, broken);
        }

        ImmutableArray<ResourceVersion> resources = [.. pieces.SelectMany(piece => piece.Resources)];
        var findings = pieces.SelectMany(piece => piece.Findings).ToImmutableDictionary(finding => finding.Id, StringComparer.Ordinal);
        var coverage = pieces.Select(piece => piece.Coverage).FirstOrDefault(one => one is not null);
        return resources.Length != manifest.Resources || findings.Count != manifest.Findings || coverage is null
            ? (null, string.Create(CultureInfo.InvariantCulture, $"of commit {manifest.Head.Seq} holds other records than it says"))
            : (new LedgerState(manifest.Head, resources, coverage, findings) { SnapshotSeq = manifest.Head.Seq }, null);
    }

    // Coverage and findings come first; resources in the order of their names.
    private static IEnumerable<Piece> Cut(LedgerState state)
    {
        var findings = state.Findings.Values.OrderBy(finding => finding.Id, StringComparer.Ordinal).Select(finding => JsonSerializer.SerializeToUtf8Bytes(finding, LedgerJson.Options)).ToList();
        var piece = new Piece(JsonSerializer.SerializeToUtf8Bytes(state.Coverage, LedgerJson.Options), [], []);
        foreach (var finding in findings)
        {
            if (piece.Bytes + finding.Length > JsonPerChunk)
            {
                yield return piece;
                piece = new Piece(null, [], []);
            }

            piece.Findings.Add(finding);
            piece.Bytes += finding.Length;
        }

        foreach (var version in state.Resources)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(version, LedgerJson.Options);
            if (piece.Bytes + json.Length > JsonPerChunk)
            {
                yield return piece;
                piece = new Piece(null, [], []);
            }

            piece.Resources.Add(json);
            piece.Bytes += json.Length;
        }

        yield return piece;
    }

    private static IEnumerable<(string Hash, ReadOnlyMemory<byte> Packed)> Pack(Piece piece, int maxBytes)
    {
        var json = piece.ToJson();
        using var stream = new MemoryStream(json.Length / 8);
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(json);
        }

        return stream.Length <= maxBytes || piece.Halves() is not { } halves
            ? [(Hash(json), stream.GetBuffer().AsMemory(0, (int)stream.Length))]
            : halves.SelectMany(half => Pack(half, maxBytes));
    }

    private static Unpacked Unpack(int number, SnapshotManifest manifest, ReadOnlyMemory<byte>? packed)
    {
        string Named(string what) => string.Create(CultureInfo.InvariantCulture, $"of commit {manifest.Head.Seq} {what} chunk {number + 1} of {manifest.Chunks.Count}");
        if (packed is not { } there)
        {
            return new Unpacked(Named("lacks"), null, [], []);
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(there.ToArray()), CompressionMode.Decompress);
            using var json = new MemoryStream(there.Length * 10);
            gzip.CopyTo(json);
            var bytes = json.GetBuffer().AsMemory(0, (int)json.Length);
            if (Hash(bytes.Span) != manifest.Chunks[number])
            {
                return new Unpacked(Named("has an altered"), null, [], []);
            }

            // Not disposed: the resources keep pointing into it.
            var root = JsonDocument.Parse(bytes).RootElement;
            return new Unpacked(
                null,
                root.TryGetProperty("coverage", out var coverage) ? coverage.Deserialize<Coverage>(LedgerJson.Options) : null,
                root.GetProperty("findings").Deserialize<Finding[]>(LedgerJson.Options)!,
                [.. root.GetProperty("resources").EnumerateArray().Select(Version)]);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException or NotSupportedException)
        {
            return new Unpacked(Named("cannot read"), null, [], []);
        }
    }

    private static ResourceVersion Version(JsonElement json) => new(
        ResourceName.Parse(json.GetProperty("name").GetString()!),
        json.TryGetProperty("json", out var resource) ? resource : null,
        json.TryGetProperty("readAt", out var readAt) ? readAt.GetDateTimeOffset() : null,
        json.TryGetProperty("lifecycleSince", out var since) ? since.GetDateTimeOffset() : null);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Unpacked(string? Problem, Coverage? Coverage, IReadOnlyList<Finding> Findings, IReadOnlyList<ResourceVersion> Resources);

    // Records of one chunk, each as its JSON.
    private sealed class Piece(byte[]? coverage, List<byte[]> findings, List<byte[]> resources)
    {
        public List<byte[]> Findings => findings;

        public List<byte[]> Resources => resources;

        public int Bytes { get; set; } = coverage?.Length ?? 0;

        public byte[] ToJson()
        {
            using var stream = new MemoryStream(Bytes + 1024 + resources.Count + findings.Count);
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true }))
            {
                writer.WriteStartObject();
                if (coverage is not null)
                {
                    writer.WritePropertyName("coverage");
                    writer.WriteRawValue(coverage, skipInputValidation: true);
                }

                Write(writer, "findings", findings);
                Write(writer, "resources", resources);
                writer.WriteEndObject();
            }

            return stream.ToArray();
        }

        // Null when there is nothing to part.
        public IReadOnlyList<Piece>? Halves() => findings.Count + resources.Count < 2 ? null
            : findings.Count > 1 ? [new(coverage, findings[..(findings.Count / 2)], []), new(null, findings[(findings.Count / 2)..], resources)]
            : findings.Count == 1 ? [new(coverage, findings, []), new(null, [], resources)]
            : [new(coverage, [], resources[..(resources.Count / 2)]), new(null, [], resources[(resources.Count / 2)..])];

        private static void Write(Utf8JsonWriter writer, string name, List<byte[]> records)
        {
            writer.WriteStartArray(name);
            foreach (var record in records)
            {
                writer.WriteRawValue(record, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }
    }
}

/// <summary>What a snapshot says of itself.</summary>
/// <param name="Head">The commit that it is of.</param>
/// <param name="Resources">How many resources it holds, <paramref name="Findings"/> how many findings.</param>
/// <param name="Chunks">SHA-256 of each chunk's JSON, in order.</param>
public sealed record SnapshotManifest(int Format, Head Head, int Resources, int Findings, ValueList<string> Chunks)
{
    /// <summary>What chunks look like. A release that changes it takes snapshots of its own.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Reads what a store holds; what is not understood has format 0.</summary>
    public static SnapshotManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotManifest>(json, LedgerJson.Options) is { Head: not null } manifest ? manifest : new SnapshotManifest(0, Head.None, 0, 0, []);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return new SnapshotManifest(0, Head.None, 0, 0, []);
        }
    }

    /// <summary>Why it cannot be believed, completing "the snapshot …"; null when chunks of its hashes can.</summary>
    /// <param name="hash">The hash of the commit of its number; null when there is no such commit.</param>
    public string? Problem(string? hash) =>
        Format != CurrentFormat ? string.Create(CultureInfo.InvariantCulture, $"of commit {Head.Seq} has format {Format}; this release reads format {CurrentFormat}")
        : hash != Head.Hash ? string.Create(CultureInfo.InvariantCulture, $"is of a commit {Head.Seq} with hash {Head.Hash}, and the ledger {(hash is null ? "has no such commit" : $"has hash {hash} there")}")
        : null;
}

/// <summary>A snapshot as it is stored.</summary>
/// <param name="Problem">Completes "the snapshot …"; null when it is sound.</param>
public sealed record SnapshotCheck(SnapshotManifest Manifest, string? Problem);
