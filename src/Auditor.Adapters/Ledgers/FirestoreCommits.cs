using System.Globalization;
using System.Runtime.CompilerServices;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The commits: a document each. A long body is cut into chunks, which are written before the commit's document and count for nothing without it.
/// </summary>
internal sealed class FirestoreCommits(FirestoreStore store)
{
    public const string Collection = "commits";
    public const string Chunks = "chunks";

    private const int CommitsPerPage = 50;
    private const int ChunksPerCall = 8;

    /// <summary>Makes a commit's document and, if its body is too long for one, the writes of the chunks that are to go before it.</summary>
    /// <exception cref="LedgerLimitException">It is longer than a commit may be.</exception>
    public (Write Write, IReadOnlyList<Write> Chunks) WritesOf(Commit commit, byte[] bytes, string hash)
    {
        var body = FirestoreBody.Pack(bytes);
        if (body.Length > store.Limits.BytesPerCommit)
        {
            throw new LedgerLimitException(string.Create(
                CultureInfo.InvariantCulture, $"Commit {commit.Seq} takes {body.Length:N0} bytes, compressed; a commit may take {store.Limits.BytesPerCommit:N0}, so nothing was written."));
        }

        var document = store.Document(Collection, IdOf(commit.Seq));
        document.Fields.Add("seq", Of(commit.Seq));
        document.Fields.Add("epoch", Of(commit.Epoch));
        document.Fields.Add("hash", Of(hash));
        document.Fields.Add("previousHash", Of(commit.PreviousHash));
        document.Fields.Add("recorded", Of(Timestamps.Format(commit.RecordedAt)));
        if (body.Length <= store.Limits.BytesPerChunk)
        {
            document.Fields.Add(FirestoreBody.Field, Of(body));
            return (Create(document), []);
        }

        var count = (body.Length + store.Limits.BytesPerChunk - 1) / store.Limits.BytesPerChunk;
        document.Fields.Add("chunks", Of(count));
        return (Create(document), [.. Enumerable.Range(0, count).Select(number => Set(new Document
        {
            Name = ChunkName(commit.Seq, hash, number),
            Fields = { [FirestoreBody.Field] = Of(UnsafeByteOperations.UnsafeWrap(Part(body, number, store.Limits.BytesPerChunk))) },
        }))]);
    }

    /// <summary>The commit of a number that the head says is there.</summary>
    public async Task<Commit> ReadAsync(long seq, CancellationToken cancellationToken) =>
        (await store.GetAsync(Collection, IdOf(seq), null, cancellationToken)).Document is { } document
            ? await ReadAsync(document, cancellationToken)
            : throw Damaged(string.Create(CultureInfo.InvariantCulture, $"commit {seq} is missing"));

    public async IAsyncEnumerable<Commit> ReadAfterAsync(long seq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.QueryAsync(FirestoreQueries.Commits.With(CommitsPerPage, Of(seq)), null, cancellationToken);
            foreach (var document in page)
            {
                var commit = await ReadAsync(document, cancellationToken);
                seq = commit.Seq;
                yield return commit;
            }

            if (page.Count < CommitsPerPage)
            {
                yield break;
            }
        }
    }

    /// <summary>Ids of one width sort as numbers do.</summary>
    public static string IdOf(long seq) => seq.ToString("D19", CultureInfo.InvariantCulture);

    private async Task<Commit> ReadAsync(Document document, CancellationToken cancellationToken)
    {
        var count = (int)document.Fields.Number("chunks");
        if (count == 0)
        {
            return FirestoreBody.Read<Commit>(document);
        }

        var names = Enumerable.Range(0, count).Select(number => ChunkName(document.Fields.Number("seq"), document.Fields.Text("hash") ?? "", number)).ToList();
        using var body = new MemoryStream();
        foreach (var some in names.Chunk(ChunksPerCall))
        {
            var found = await store.GetAsync(some, cancellationToken);
            foreach (var name in some)
            {
                var chunk = found.GetValueOrDefault(name) ?? throw Damaged($"the document {name} is missing");
                chunk.Fields[FirestoreBody.Field].BytesValue.WriteTo(body);
            }
        }

        return FirestoreBody.Read<Commit>(document.Name, UnsafeByteOperations.UnsafeWrap(body.GetBuffer().AsMemory(0, (int)body.Length)));
    }

    private LedgerDamagedException Damaged(string what) => new($"The ledger {store.Address} is damaged ({what}); restore the database from a backup, or name another ledger.");

    private string ChunkName(long seq, string hash, int number) => store.NameOf(Chunks, string.Create(CultureInfo.InvariantCulture, $"{IdOf(seq)}-{hash}-{number:D4}"));

    private static ReadOnlyMemory<byte> Part(ByteString body, int number, int length) => body.Memory[(number * length)..Math.Min(body.Length, (number + 1) * length)];
}
