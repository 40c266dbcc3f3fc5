using System.Collections.Immutable;
using System.Globalization;
using Auditor.Findings;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The current state, from the newest snapshot and the commits after it or from the projections; and how snapshots are written: chunks first, which
/// mean nothing until the manifest names them, then the manifest, then what was before is removed.
/// </summary>
internal sealed class FirestoreSnapshots(FirestoreStore store, FirestoreCommits commits, FirestoreFold fold)
{
    public const string Collection = "snapshots";

    /// <summary>The document of the base of what is retained: a snapshot that stays.</summary>
    public const string BaseId = "base";

    private const string ManifestId = "snapshot";
    private const int ChunksPerCall = 8;

    public async Task<LedgerState> LoadAsync(CancellationToken cancellationToken)
    {
        var head = await fold.SettledAsync(cancellationToken);
        var (state, problem) = await ReadAsync(await ManifestAsync(cancellationToken), cancellationToken);

        // What another has written since the head was read is not part of this answer.
        if (state is null || state.Head.Seq > head.Head.Seq)
        {
            return await ProjectedAsync(head, cancellationToken) with { SnapshotProblem = problem };
        }

        var after = new StateFold(state);
        await foreach (var commit in commits.ReadAfterAsync(state.Head.Seq, cancellationToken))
        {
            if (commit.Seq > head.Head.Seq)
            {
                break;
            }

            after.Add(commit);
        }

        return after.Head == head.Head ? after.State : throw commits.Damaged(string.Create(CultureInfo.InvariantCulture, $"commit {after.Head.Seq + 1} is missing"));
    }

    /// <summary>Writes a snapshot of the state that is loaded; null when there is nothing new, or another writer is ahead.</summary>
    public async Task<SnapshotManifest?> TakeAsync(CancellationToken cancellationToken) => await WriteAsync(await LoadAsync(cancellationToken), cancellationToken);

    /// <summary>Writes a snapshot of what the projections say, whatever is there.</summary>
    public async Task RemakeAsync(CancellationToken cancellationToken)
    {
        await store.CommitAsync([new Write { Delete = store.NameOf(FirestoreFold.State, ManifestId) }], cancellationToken);
        await WriteAsync(await ProjectedAsync(await fold.SettledAsync(cancellationToken), cancellationToken), cancellationToken);
    }

    public async Task<SnapshotCheck?> CheckAsync(CancellationToken cancellationToken) =>
        await ManifestAsync(cancellationToken) is { } stored ? new SnapshotCheck(Parse(stored), (await ReadAsync(stored, cancellationToken)).Problem) : null;

    /// <summary>Writes the chunks of a snapshot, and gives the document that makes them count.</summary>
    /// <param name="id">Which one it is to be.</param>
    public async Task<Document> WriteChunksAsync(string id, Snapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (var call in store.Limits.Deal(snapshot.Chunks.Select((chunk, number) => Set(Chunk(snapshot.Manifest, number, chunk))), reserved: 0))
        {
            await store.CommitAsync(call, cancellationToken);
        }

        var document = store.Document(FirestoreFold.State, id);
        document.Fields.Add("seq", Of(snapshot.Manifest.Head.Seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(snapshot.Manifest)));
        return store.Limits.Check("The manifest of the snapshot", document);
    }

    private async Task<SnapshotManifest?> WriteAsync(LedgerState state, CancellationToken cancellationToken)
    {
        var complete = await CompleteAsync(state.Head, cancellationToken);
        if (complete.Seq == 0 || complete.Seq == state.SnapshotSeq)
        {
            return null;
        }

        var snapshot = Snapshot.Of(state with { Head = complete }, store.Limits.BytesPerChunk);
        var document = await WriteChunksAsync(ManifestId, snapshot, cancellationToken);
        var isWritten = await store.RepeatAsync(
            async () =>
            {
                var before = await ManifestAsync(cancellationToken);
                if (before?.Fields.Number("seq") is { } seq && (state.SnapshotProblem is null ? seq >= complete.Seq : seq > complete.Seq))
                {
                    return (null, false);
                }

                var write = Set(document);
                write.CurrentDocument = before is null ? new Precondition { Exists = false } : new Precondition { UpdateTime = before.UpdateTime };
                return (await store.TryCommitAsync([write], cancellationToken), true);
            },
            cancellationToken);
        if (!isWritten)
        {
            return null;
        }

        await ForgetBeforeAsync(complete.Seq, cancellationToken);
        return snapshot.Manifest;
    }

    // Also what processes left that were killed on the way. What a slower one still writes is not newer, so it never counts.
    private async Task ForgetBeforeAsync(long seq, CancellationToken cancellationToken)
    {
        var names = FirestoreQueries.SnapshotsBefore.With(null, Of(seq));
        names.Select = new StructuredQuery.Types.Projection { Fields = { new StructuredQuery.Types.FieldReference { FieldPath = "__name__" } } };
        var old = await store.QueryAsync(names, null, cancellationToken);
        var kept = FirestoreCommits.IdOf((await store.GetAsync(FirestoreFold.State, BaseId, null, cancellationToken)).Document?.Fields.Number("seq") ?? 0);
        foreach (var call in store.Limits.Deal(old.Where(document => !document.Name.Contains($"/{kept}-", StringComparison.Ordinal)).Select(document => new Write { Delete = document.Name }), reserved: 0))
        {
            await store.CommitAsync(call, cancellationToken);
        }
    }

    private async Task<LedgerState> ProjectedAsync(FirestoreHead head, CancellationToken cancellationToken)
    {
        // Everything as it was when the head was read.
        var resources = await store.QueryAllAsync(FirestoreQueries.Resources.With(null), head.ReadAt, cancellationToken);
        var findings = await store.QueryAllAsync(FirestoreQueries.Findings.With(null), head.ReadAt, cancellationToken);
        return new LedgerState(
            head.Head,
            [.. resources.Select(FirestoreBody.Read<ResourceVersion>).OrderBy(version => version.Name.Value, StringComparer.Ordinal)],
            await fold.CoverageAsync(head.ReadAt, cancellationToken),
            findings.Select(FirestoreBody.Read<Finding>).ToImmutableDictionary(finding => finding.Id, StringComparer.Ordinal));
    }

    private async Task<Head> CompleteAsync(Head head, CancellationToken cancellationToken)
    {
        // What was forgotten was whole.
        return head.Seq == 0 || await commits.FindAsync(head.Seq, cancellationToken) is not { } last || !FirestoreCommits.HasContent(last) || (await commits.ReadAsync(head.Seq, cancellationToken)).Part is not { IsLast: false, First: var first }
            ? head
            : await commits.FindHeadAsync(first - 1, cancellationToken) ?? Head.None;
    }

    /// <summary>The state that a manifest's document stands for, or what is wrong with it.</summary>
    public async Task<(LedgerState? State, string? Problem)> ReadAsync(Document? stored, CancellationToken cancellationToken)
    {
        if (stored is null)
        {
            return (null, null);
        }

        var manifest = Parse(stored);
        var names = Enumerable.Range(0, manifest.Chunks.Count).Select(number => NameOf(manifest, number)).ToList();
        var calls = await Task.WhenAll(names.Chunk(ChunksPerCall).Select(some => store.GetAsync(some, cancellationToken)));
        var found = calls.SelectMany(call => call).ToDictionary(StringComparer.Ordinal);
        var hash = manifest.Format == SnapshotManifest.CurrentFormat ? (await commits.FindHeadAsync(manifest.Head.Seq, cancellationToken))?.Hash : null;
        return Snapshot.Read(
            manifest,
            hash,
            names.ConvertAll(name => found.TryGetValue(name, out var document) && document.Fields.TryGetValue(FirestoreBody.Field, out var body) ? body.BytesValue.Memory : (ReadOnlyMemory<byte>?)null));
    }

    private async Task<Document?> ManifestAsync(CancellationToken cancellationToken) => (await store.GetAsync(FirestoreFold.State, ManifestId, null, cancellationToken)).Document;

    private static SnapshotManifest Parse(Document document)
    {
        try
        {
            return SnapshotManifest.Parse(FirestoreBody.Unpack(document.Fields.TryGetValue(FirestoreBody.Field, out var body) ? body.BytesValue : ByteString.Empty).Span);
        }
        catch (InvalidDataException)
        {
            return SnapshotManifest.Parse(default);
        }
    }

    private Document Chunk(SnapshotManifest manifest, int number, ReadOnlyMemory<byte> bytes)
    {
        var document = new Document { Name = NameOf(manifest, number) };
        document.Fields.Add("seq", Of(manifest.Head.Seq));
        document.Fields.Add(FirestoreBody.Field, Of(UnsafeByteOperations.UnsafeWrap(bytes)));
        return store.Limits.Check(string.Create(CultureInfo.InvariantCulture, $"Chunk {number + 1} of the snapshot"), document);
    }

    // Named by what is in it: the same snapshot again writes the same.
    private string NameOf(SnapshotManifest manifest, int number) =>
        store.NameOf(Collection, string.Create(CultureInfo.InvariantCulture, $"{FirestoreCommits.IdOf(manifest.Head.Seq)}-{number:D4}-{manifest.Chunks[number]}"));
}
