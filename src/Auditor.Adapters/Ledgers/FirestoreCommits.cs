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

    /// <summary>The document of a commit; null when there is none of this number.</summary>
    public async Task<Document?> FindAsync(long seq, CancellationToken cancellationToken) => (await store.GetAsync(Collection, IdOf(seq), null, cancellationToken)).Document;

    /// <summary>Whether a commit was not forgotten.</summary>
    public static bool HasContent(Document document) => document.Fields.ContainsKey(FirestoreBody.Field) || document.Fields.ContainsKey("chunks");

    /// <summary>Names of the documents that hold a commit's long body.</summary>
    public IEnumerable<string> ChunkNames(Document document) =>
        Enumerable.Range(0, (int)document.Fields.Number("chunks")).Select(number => ChunkName(document.Fields.Number("seq"), document.Fields.Text("hash") ?? "", number));

    /// <summary>Takes a commit's content away; its link in the chain stays.</summary>
    public Write Strip(long seq) => Merge(store.Document(Collection, IdOf(seq)), new Precondition { Exists = true }, FirestoreBody.Field, "chunks");

    /// <summary>Number, epoch and hash of a commit, without its body; null when there is none of this number.</summary>
    public async Task<Head?> FindHeadAsync(long seq, CancellationToken cancellationToken)
    {
        var name = store.NameOf(Collection, IdOf(seq));
        return (await store.GetAsync([name], cancellationToken, "epoch", "hash")).GetValueOrDefault(name)?.Fields is { } fields
            ? new Head(seq, fields.Number("epoch"), fields.Text("hash") ?? "")
            : null;
    }

    public async IAsyncEnumerable<Commit> ReadAfterAsync(long seq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in DocumentsAsync(seq, cancellationToken))
        {
            yield return await ReadAsync(document, cancellationToken);
        }
    }

    /// <summary>Commits as they are stored; what is wrong with one is said in it.</summary>
    public async IAsyncEnumerable<StoredCommit> StoredAfterAsync(long seq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in DocumentsAsync(seq, cancellationToken))
        {
            var fields = document.Fields;
            var stored = new StoredCommit(fields.Number("seq"), fields.Number("epoch"), fields.Text("hash") ?? "", fields.Text("previousHash") ?? "", fields.Text("recorded") ?? "", default);
            yield return await FillAsync(stored, document, cancellationToken);
        }
    }

    /// <summary>Ids of one width sort as numbers do.</summary>
    public static string IdOf(long seq) => seq.ToString("D19", CultureInfo.InvariantCulture);

    private async IAsyncEnumerable<Document> DocumentsAsync(long seq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.QueryAsync(FirestoreQueries.Commits.With(CommitsPerPage, Of(seq)), null, cancellationToken);
            foreach (var document in page)
            {
                yield return document;
            }

            if (page.Count < CommitsPerPage)
            {
                yield break;
            }

            seq = page[^1].Fields.Number("seq");
        }
    }

    private async Task<Commit> ReadAsync(Document document, CancellationToken cancellationToken)
    {
        var (body, missing) = await BodyOfAsync(document, cancellationToken);
        return missing is null ? FirestoreBody.Read<Commit>(document.Name, body) : throw Damaged($"the document {missing} is missing");
    }

    private async Task<StoredCommit> FillAsync(StoredCommit stored, Document document, CancellationToken cancellationToken)
    {
        var (body, missing) = await BodyOfAsync(document, cancellationToken);
        try
        {
            return missing is null ? stored with { Bytes = FirestoreBody.Unpack(body) } : stored with { Unreadable = $"lacks the document {missing}" };
        }
        catch (InvalidDataException e)
        {
            return stored with { Unreadable = $"cannot be unpacked ({e.Message.TrimEnd('.')})" };
        }
    }

    // The name of the first chunk that is missing, if one is.
    private async Task<(ByteString Body, string? Missing)> BodyOfAsync(Document document, CancellationToken cancellationToken)
    {
        var count = (int)document.Fields.Number("chunks");
        if (count == 0)
        {
            return (document.Fields.TryGetValue(FirestoreBody.Field, out var plain) ? plain.BytesValue : ByteString.Empty, null);
        }

        var names = ChunkNames(document).ToList();
        using var body = new MemoryStream();
        foreach (var some in names.Chunk(ChunksPerCall))
        {
            var found = await store.GetAsync(some, cancellationToken);
            foreach (var name in some)
            {
                if (!found.TryGetValue(name, out var chunk))
                {
                    return (ByteString.Empty, name);
                }

                chunk.Fields[FirestoreBody.Field].BytesValue.WriteTo(body);
            }
        }

        return (UnsafeByteOperations.UnsafeWrap(body.GetBuffer().AsMemory(0, (int)body.Length)), null);
    }

    public LedgerDamagedException Damaged(string what) => new($"The ledger {store.Address} is damaged ({what}); restore the database from a backup, or name another ledger.");

    private string ChunkName(long seq, string hash, int number) => store.NameOf(Chunks, string.Create(CultureInfo.InvariantCulture, $"{IdOf(seq)}-{hash}-{number:D4}"));

    private static ReadOnlyMemory<byte> Part(ByteString body, int number, int length) => body.Memory[(number * length)..Math.Min(body.Length, (number + 1) * length)];
}
