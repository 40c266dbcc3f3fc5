using Auditor.Alerts;
using Google.Cloud.Firestore.V1;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>The outbox: what is owed, sent or parked. Only what is owed is in the index of what is owed.</summary>
internal sealed class FirestoreOutbox(FirestoreStore store, FirestoreFold fold)
{
    public const string Collection = "outbox";

    /// <summary>Owes an item that was never owed before.</summary>
    public static Write Owe(FirestoreStore store, long seq, int number, OutboxItem item)
    {
        var document = store.Document(Collection, IdOf(item.Id));
        document.Fields.Add("id", Of(item.Id));
        document.Fields.Add("seq", Of(seq));
        document.Fields.Add("number", Of(number));
        document.Fields.Add("owed", Of(true));
        document.Fields.Add("nextTry", Of(0));
        document.Fields.Add("tries", Of(item.Tries));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(item)));
        return Create(store.Limits.Check($"The alert {item.Id}", document));
    }

    public async Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var readAt = (await fold.SettledAsync(cancellationToken)).ReadAt;
        var owed = await store.QueryAsync(FirestoreQueries.Owed.With(limit, Of(true), Of(now)), readAt, cancellationToken);
        return owed.ConvertAll(document => FirestoreBody.Read<OutboxItem>(document) with { Tries = (int)document.Fields.Number("tries") });
    }

    public Task MarkSentAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(item, (_, change) => change.Fields.Add("sent", Of(now)), ["sent", "owed", "reason"], cancellationToken);

    public Task MarkFailedAsync(OutboxItem item, string reason, DateTimeOffset? nextTryAt, CancellationToken cancellationToken) => ChangeAsync(
        item,
        (before, change) =>
        {
            change.Fields.Add("tries", Of(before.Fields.Number("tries") + 1));
            change.Fields.Add("reason", Of(reason));
            if (nextTryAt is { } at)
            {
                change.Fields.Add("owed", Of(true));
                change.Fields.Add("nextTry", Of(at));
            }
        },
        ["tries", "reason", "owed", "nextTry"],
        cancellationToken);

    // What was sent stays sent.
    private Task<bool> ChangeAsync(OutboxItem item, Action<Document, Document> apply, string[] fields, CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            var (before, _) = await store.GetAsync(Collection, IdOf(item.Id), null, cancellationToken);
            if (before is null || before.Fields.ContainsKey("sent"))
            {
                return (null, false);
            }

            var change = new Document { Name = before.Name };
            apply(before, change);
            return (await store.TryCommitAsync([Merge(change, new Precondition { UpdateTime = before.UpdateTime }, fields)], cancellationToken), true);
        },
        cancellationToken);
}
