using Auditor.Alerts;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The outbox: what is owed, sent or parked. Only what is owed is in the index of what is owed. A claim is a next try
/// that is put off: when it expires, the item is owed again.
/// </summary>
internal sealed class FirestoreOutbox(FirestoreStore store, FirestoreFold fold)
{
    public const string Collection = "outbox";

    /// <summary>Owes an item that was never owed before.</summary>
    public static Write Owe(FirestoreStore store, long seq, int number, OutboxItem item) => Put(store, new OutboxRow(item, seq, number, null, null, IsParked: false, null));

    /// <summary>Makes an item that is not there, as far as it has come.</summary>
    public static Write Put(FirestoreStore store, OutboxRow row)
    {
        var item = row.Item;
        var document = store.Document(Collection, IdOf(item.Id));
        document.Fields.Add("id", Of(item.Id));
        document.Fields.Add("seq", Of(row.Seq));
        document.Fields.Add("number", Of(row.Number));
        if (row.State == OutboxState.Owed)
        {
            document.Fields.Add("owed", Of(true));
        }

        if (!row.IsParked)
        {
            document.Fields.Add("nextTry", row.NextTryAt is { } at ? Of(at) : Of(0));
        }

        if (row.SentAt is { } sent)
        {
            document.Fields.Add("sent", Of(sent));
        }

        if (row.Reason is { } reason)
        {
            document.Fields.Add("reason", Of(reason));
        }

        document.Fields.Add("tries", Of(item.Tries));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(item)));
        return Create(store.Limits.Check($"The alert {item.Id}", document));
    }

    /// <summary>All items, oldest commit first.</summary>
    public static async Task<IReadOnlyList<OutboxRow>> AllAsync(FirestoreStore store, Timestamp readAt, CancellationToken cancellationToken)
    {
        var documents = await store.QueryAllAsync(FirestoreQueries.Outbox.With(null), readAt, cancellationToken);
        return [.. documents.Select(Row).OrderBy(row => row.Seq).ThenBy(row => row.Number).ThenBy(row => row.Item.Id, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        (await DueAsync(now, limit, cancellationToken)).ConvertAll(Item);

    public async Task<IReadOnlyList<OutboxItem>> ClaimAsync(DateTimeOffset now, int limit, TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = now + duration;
        var claimed = new List<OutboxItem>();
        foreach (var document in await DueAsync(now, limit, cancellationToken))
        {
            // Where another was faster, it is the other's.
            var change = new Document { Name = document.Name, Fields = { ["nextTry"] = Of(until) } };
            if (await store.TryCommitAsync([Merge(change, new Precondition { UpdateTime = document.UpdateTime }, "nextTry")], cancellationToken) is FirestoreOutcome.Done)
            {
                claimed.Add(Item(document) with { ClaimedUntil = until });
            }
        }

        return claimed;
    }

    public async Task<int> RetryAsync(string? id, CancellationToken cancellationToken)
    {
        var rows = await AllAsync(store, (await fold.SettledAsync(cancellationToken)).ReadAt, cancellationToken);
        var count = 0;
        foreach (var row in rows.Where(row => row.State == OutboxState.Parked && (id is null || row.Item.Id == id)))
        {
            count += await ChangeAsync(row.Item, Due, ["tries", "owed", "nextTry"], cancellationToken) ? 1 : 0;
        }

        return count;
    }

    private static bool Due(Document before, Document change)
    {
        change.Fields.Add("tries", Of(0));
        change.Fields.Add("owed", Of(true));
        change.Fields.Add("nextTry", Of(0));
        return !before.Fields.ContainsKey("owed");
    }

    public Task MarkSentAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(
            item,
            (_, change) =>
            {
                change.Fields.Add("sent", Of(now));
                return true;
            },
            ["sent", "owed", "reason"],
            cancellationToken);

    public Task MarkFailedAsync(OutboxItem item, string reason, DateTimeOffset? nextTryAt, CancellationToken cancellationToken) => ChangeAsync(
        item,
        (before, change) =>
        {
            // Its claim expired, and another has it.
            if (item.ClaimedUntil is { } until && before.Fields.Number("nextTry") != until.UtcTicks)
            {
                return false;
            }

            change.Fields.Add("tries", Of(before.Fields.Number("tries") + 1));
            change.Fields.Add("reason", Of(reason));
            if (nextTryAt is { } at)
            {
                change.Fields.Add("owed", Of(true));
                change.Fields.Add("nextTry", Of(at));
            }

            return true;
        },
        ["tries", "reason", "owed", "nextTry"],
        cancellationToken);

    private static OutboxRow Row(Document document)
    {
        var fields = document.Fields;
        return new OutboxRow(
            Item(document),
            fields.Number("seq"),
            (int)fields.Number("number"),
            Instant("nextTry"),
            Instant("sent"),
            !fields.ContainsKey("owed") && !fields.ContainsKey("sent"),
            fields.Text("reason"));

        DateTimeOffset? Instant(string name) => fields.Number(name) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    private static OutboxItem Item(Document document) => FirestoreBody.Read<OutboxItem>(document) with { Tries = (int)document.Fields.Number("tries") };

    private async Task<List<Document>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var query = FirestoreQueries.Owed.With(limit, Of(true), Of(now));
        var documents = await store.QueryAsync(query, null, cancellationToken);

        // What is there is owed; what is not there may not be folded yet, by a process that died before this one looked. Each drain looks.
        return documents.Count == limit || fold.Last is not null || !(await FirestoreHead.ReadAsync(store, cancellationToken)).IsBehind
            ? documents
            : await store.QueryAsync(query, (await fold.SettledAsync(cancellationToken)).ReadAt, cancellationToken);
    }

    // What was sent stays sent; what is not to be changed any more is left alone.
    private Task<bool> ChangeAsync(OutboxItem item, Func<Document, Document, bool> apply, string[] fields, CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            var (before, _) = await store.GetAsync(Collection, IdOf(item.Id), null, cancellationToken);
            if (before is null || before.Fields.ContainsKey("sent"))
            {
                return (null, false);
            }

            var change = new Document { Name = before.Name };
            if (!apply(before, change))
            {
                return (null, false);
            }

            return (await store.TryCommitAsync([Merge(change, new Precondition { UpdateTime = before.UpdateTime }, fields)], cancellationToken), true);
        },
        cancellationToken);
}
