using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Auditor.Adapters.Ledgers.FirestoreFields;
using Value = Google.Cloud.Firestore.V1.Value;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The inbox: a document for every key that was taken. One that is settled keeps its key and loses the rest, also from the indexes; Firestore
/// removes it when nobody can deliver the event again.
/// </summary>
internal sealed class FirestoreInbox(FirestoreStore store, FirestoreFold fold)
{
    public const string Collection = "inbox";
    public const string Expires = "expires";

    // Firestore takes as many values in one IN.
    private const int OperationsPerQuery = 30;

    public Task<bool> EnqueueAsync(InboxEntry entry, CancellationToken cancellationToken)
    {
        var document = Waiting(store, entry);
        return store.RepeatAsync(
            async () => await store.TryCommitAsync([Create(document)], cancellationToken) switch
            {
                FirestoreOutcome.Refused { Why.StatusCode: StatusCode.AlreadyExists } => (null, false),
                FirestoreOutcome.Refused refused => throw store.Explain(refused.Why, cancellationToken),
                var outcome => (outcome, true),
            },
            cancellationToken);
    }

    /// <summary>
    /// Due entries in event-time order. The last entry of an operation brings along those that wait for it, also over the limit: they are
    /// settled together or not at all.
    /// </summary>
    public async Task<IReadOnlyList<InboxEntry>> PendingAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        // Nothing there is nothing there, whether or not everything is folded.
        var query = FirestoreQueries.Due.With(limit, Of(true), Of(now));
        var documents = await store.QueryAsync(query, null, cancellationToken);
        if (documents.Count == 0)
        {
            return [];
        }

        var head = await FirestoreHead.ReadAsync(store, cancellationToken);
        if (head.IsBehind)
        {
            head = await fold.SettledAsync(cancellationToken);
            documents = await store.QueryAsync(query, head.ReadAt, cancellationToken);
        }

        var (due, readAt) = (documents.ConvertAll(FirestoreBody.Read<InboxEntry>), head.ReadAt);
        var waiting = new List<InboxEntry>();
        foreach (var operations in due.Where(entry => entry.Change.IsLast).Select(entry => entry.Change.OperationId).OfType<string>().Distinct(StringComparer.Ordinal).Chunk(OperationsPerQuery))
        {
            var others = await store.QueryAsync(FirestoreQueries.Waiting.With(null, Of(true), OfAny(operations), Of(now)), readAt, cancellationToken);
            waiting.AddRange(others.Select(FirestoreBody.Read<InboxEntry>));
        }

        return Together(due, waiting.ToLookup(entry => entry.Change.OperationId!, StringComparer.Ordinal), limit);
    }

    public async Task<int> DepthAsync(CancellationToken cancellationToken)
    {
        var query = FirestoreQueries.Pending.With(null, Of(true));
        return await store.CountAsync(query, null, cancellationToken) == 0 ? 0 : (int)await store.CountAsync(query, (await fold.SettledAsync(cancellationToken)).ReadAt, cancellationToken);
    }

    /// <summary>The document of a key that was settled.</summary>
    public static Document Settled(FirestoreStore store, string key, DateTimeOffset enqueuedAt)
    {
        var document = Taken(store, key, enqueuedAt);
        document.Fields.Add(Expires, ExpiryOf(enqueuedAt));
        return document;
    }

    // Without an expiry: what waits is never removed.
    private static Document Taken(FirestoreStore store, string key, DateTimeOffset enqueuedAt)
    {
        var document = store.Document(Collection, IdOf(key));
        document.Fields.Add("key", Of(key));
        document.Fields.Add("enqueued", Of(enqueuedAt));
        return document;
    }

    /// <summary>The document of an entry that is not settled.</summary>
    /// <exception cref="LedgerLimitException">It is too large.</exception>
    public static Document Waiting(FirestoreStore store, InboxEntry entry)
    {
        var document = Taken(store, entry.Key, entry.EnqueuedAt);
        document.Fields.Add("pending", Of(true));
        document.Fields.Add("occurred", Of(entry.Change.OccurredAt));
        document.Fields.Add("due", Of(entry.DueAt));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(entry)));
        if (entry.Change.OperationId is { } operation)
        {
            document.Fields.Add("operation", Of(operation));
        }

        return store.Limits.Check($"The inbox entry {entry.Key}", document);
    }

    /// <summary>Settles an entry that is there; its key stays.</summary>
    public static Write Settle(string name, Commit commit)
    {
        var document = new Document { Name = name, Fields = { ["settled"] = Of(commit.Seq), [Expires] = ExpiryOf(commit.RecordedAt) } };
        return Merge(document, new Precondition { Exists = true }, "settled", Expires, "pending", "occurred", "due", "operation", FirestoreBody.Field);
    }

    // Policies want Firestore's own timestamps.
    private static Value ExpiryOf(DateTimeOffset since) => new() { TimestampValue = Timestamp.FromDateTimeOffset(since + Forgetting.KeysKept) };

    private static List<InboxEntry> Together(List<InboxEntry> dueEntries, ILookup<string, InboxEntry> waiting, int limit)
    {
        var pending = new List<InboxEntry>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var due in dueEntries)
        {
            var before = due.Change is { IsLast: true, OperationId: { } operation } ? waiting[operation] : [];
            List<InboxEntry> group = [.. before.Append(due).Where(entry => !taken.Contains(entry.Key))];
            if (taken.Count > 0 && taken.Count + group.Count > limit)
            {
                break;
            }

            taken.UnionWith(group.Select(entry => entry.Key));
            pending.AddRange(group);
        }

        return [.. pending.OrderBy(entry => entry.Change.OccurredAt).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }
}
