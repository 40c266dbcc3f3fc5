using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Ledger;

/// <summary>A state packed and unpacked, and what is said of one that is not whole.</summary>
public sealed class SnapshotTests
{
    private static readonly Head s_head = new(7, 3, new string('a', 64));

    private static readonly LedgerState s_state = new(
        s_head,
        [.. Enumerable.Range(0, 60).Select(i => Version(Named(i), i % 7 == 0 ? null : $$"""{"text":"näh \u2028 {{new string((char)('a' + (i % 26)), i * 40)}}{{i * 7919}}","number":1.50}""") with { LifecycleSince = i % 3 == 0 ? Noon.AddTicks(i) : null, ReadAt = i % 5 == 0 ? null : Noon })],
        new Coverage(["p1", "p2"], [new Gap(new GapScope(ResourceKind.Firewall, "p1"), "403")]),
        Enumerable.Range(0, 9).Select(i => Finding.Apply(null, Opened with { FindingId = Finding.IdOf("CON001", Named(i), ""), Resource = Named(i) })).ToImmutableDictionary(finding => finding.Id, StringComparer.Ordinal));

    [Theory]
    [InlineData(Snapshot.MaxChunkBytes, 1, 1)]
    [InlineData(900, 4, 60)]
    [InlineData(1, 69, 70)]
    public void Read_GivesTheStateBack_HoweverManyChunks(int maxChunkBytes, int least, int most)
    {
        var snapshot = Snapshot.Of(s_state, maxChunkBytes);
        Assert.InRange(snapshot.Chunks.Count, least, most);
        Assert.Equal((s_head, 60, 9, snapshot.Chunks.Count), (snapshot.Manifest.Head, snapshot.Manifest.Resources, snapshot.Manifest.Findings, snapshot.Manifest.Chunks.Count));
        var (state, problem) = Read(snapshot);
        Assert.Null(problem);
        Assert.Equal(Json(s_state), Json(state!));
        Assert.Equal(7, state!.SnapshotSeq);
        Assert.Equal(snapshot.Manifest, Snapshot.Of(state, maxChunkBytes).Manifest);
    }

    [Fact]
    public void Of_CutsWhatIsLong_IntoChunksThatADocumentHolds()
    {
        // What gzip cannot pack.
        var random = new Random(1);
        var bytes = new byte[15_000];
        var state = s_state with
        {
            Resources = [.. Enumerable.Range(0, 200).Select(i =>
            {
                random.NextBytes(bytes);
                return Version(Named(i), $$"""{"text":"{{Convert.ToBase64String(bytes)}}"}""");
            })],
        };
        var snapshot = Snapshot.Of(state);
        Assert.InRange(snapshot.Chunks.Count, 4, 20);
        Assert.All(snapshot.Chunks, chunk => Assert.InRange(chunk.Length, 1, Snapshot.MaxChunkBytes));
        Assert.Equal(Json(state), Json(Read(snapshot).State!));
    }

    [Fact]
    public void Read_SaysWhatIsMissing_AlteredOrOfAnotherLedger()
    {
        var snapshot = Snapshot.Of(s_state, 900);
        var count = snapshot.Chunks.Count;
        Assert.Equal($"of commit 7 lacks chunk 3 of {count}", Problem(chunks => chunks[2] = null));
        Assert.Equal($"of commit 7 lacks chunk {count} of {count}", Problem(chunks => chunks.RemoveAt(count - 1)));
        Assert.Equal($"of commit 7 has an altered chunk 2 of {count}", Problem(chunks => (chunks[1], chunks[2]) = (chunks[2], chunks[1])));
        Assert.Equal($"of commit 7 cannot read chunk 1 of {count}", Problem(chunks => chunks[0] = new byte[] { 1, 2, 3 }));
        Assert.Equal($"is of a commit 7 with hash {s_head.Hash}, and the ledger has hash bb there", Snapshot.Read(snapshot.Manifest, "bb", Chunks(snapshot)).Problem);
        Assert.Equal($"is of a commit 7 with hash {s_head.Hash}, and the ledger has no such commit", Snapshot.Read(snapshot.Manifest, null, Chunks(snapshot)).Problem);
        Assert.Equal("of commit 7 has format 9; this release reads format 1", Snapshot.Read(snapshot.Manifest with { Format = 9 }, s_head.Hash, Chunks(snapshot)).Problem);
        Assert.Equal("of commit 7 holds other records than it says", Snapshot.Read(snapshot.Manifest with { Resources = 61 }, s_head.Hash, Chunks(snapshot)).Problem);

        string? Problem(Action<List<ReadOnlyMemory<byte>?>> change)
        {
            var chunks = Chunks(snapshot);
            change(chunks);
            return Snapshot.Read(snapshot.Manifest, s_head.Hash, chunks).Problem;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("null")]
    public void Parse_OfSomethingElse_IsAManifestThatNobodyBelieves(string json) =>
        Assert.EndsWith("has format 0; this release reads format 1", SnapshotManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Problem("x"), StringComparison.Ordinal);

    [Fact]
    public void Parse_GivesTheManifestBack()
    {
        var manifest = Snapshot.Of(s_state, 900).Manifest;
        Assert.Equal(manifest, SnapshotManifest.Parse(JsonSerializer.SerializeToUtf8Bytes(manifest, LedgerJson.Options)));
    }

    private static (LedgerState? State, string? Problem) Read(Snapshot snapshot) => Snapshot.Read(snapshot.Manifest, s_head.Hash, Chunks(snapshot));

    private static List<ReadOnlyMemory<byte>?> Chunks(Snapshot snapshot) => [.. snapshot.Chunks.Select(chunk => (ReadOnlyMemory<byte>?)chunk)];

    private static string Json(LedgerState state) => JsonSerializer.Serialize(new { state.Head, state.Resources, state.Coverage, Findings = state.Findings.OrderBy(pair => pair.Key, StringComparer.Ordinal) }, LedgerJson.Options);

    private static ResourceName Named(int i) => ResourceName.Of(ResourceKind.Network, "p1", string.Create(CultureInfo.InvariantCulture, $"net-{i:D3}"));
}
