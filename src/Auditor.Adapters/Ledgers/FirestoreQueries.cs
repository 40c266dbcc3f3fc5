using FieldOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.FieldFilter.Types.Operator;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// Every query the ledger sends. Firestore refuses one whose composite index is missing, and its emulator asks for none: so this table is what
/// indexes are made from, and tests hold every query that is sent against it.
/// </summary>
internal static class FirestoreQueries
{
    /// <summary>Entries that are due, in event-time order.</summary>
    public static readonly FirestoreQuery Due = new(
        FirestoreInbox.Collection, [new("pending", FieldOperator.Equal), new("due", FieldOperator.LessThanOrEqual)], ["occurred", "key"]);

    /// <summary>Entries of operations that are not due by themselves.</summary>
    public static readonly FirestoreQuery Waiting = new(
        FirestoreInbox.Collection, [new("pending", FieldOperator.Equal), new("operation", FieldOperator.In), new("due", FieldOperator.GreaterThan)], []);

    /// <summary>Entries not yet settled; counted.</summary>
    public static readonly FirestoreQuery Pending = new(FirestoreInbox.Collection, [new("pending", FieldOperator.Equal)], []);

    /// <summary>Commits after one, in order.</summary>
    public static readonly FirestoreQuery Commits = new(FirestoreCommits.Collection, [new("seq", FieldOperator.GreaterThan)], ["seq"]);

    /// <summary>The latest version of every resource.</summary>
    public static readonly FirestoreQuery Resources = new(FirestoreFold.Resources, [], []);

    /// <summary>Every finding.</summary>
    public static readonly FirestoreQuery Findings = new(FirestoreFold.Findings, [], []);

    /// <summary>Every transition, oldest first: ids sort so.</summary>
    public static readonly FirestoreQuery Transitions = new(FirestoreFold.Transitions, [], []);

    /// <summary>The transitions of a finding, oldest first.</summary>
    public static readonly FirestoreQuery TransitionsOfFinding = new(FirestoreFold.Transitions, [new("finding", FieldOperator.Equal)], []);

    /// <summary>Items of the outbox that are owed, oldest commit first.</summary>
    public static readonly FirestoreQuery Owed = new(
        FirestoreOutbox.Collection, [new("owed", FieldOperator.Equal), new("nextTry", FieldOperator.LessThanOrEqual)], ["seq", "number"]);

    /// <summary>Every key ever taken; also counted.</summary>
    public static readonly FirestoreQuery Inbox = new(FirestoreInbox.Collection, [], []);

    /// <summary>Every item of the outbox.</summary>
    public static readonly FirestoreQuery Outbox = new(FirestoreOutbox.Collection, [], []);

    /// <summary>Chunks of snapshots before one.</summary>
    public static readonly FirestoreQuery SnapshotsBefore = new(FirestoreSnapshots.Collection, [new("seq", FieldOperator.LessThan)], []);

    public static ValueList<FirestoreQuery> All { get; } =
        [Due, Waiting, Pending, Commits, Resources, Findings, Transitions, TransitionsOfFinding, Owed, Inbox, Outbox, SnapshotsBefore];

    /// <summary>Collections with a field that no query asks for and that is long: indexing it would cost storage for nothing.</summary>
    public static ValueList<string> CollectionsWithBody { get; } =
    [
        FirestoreInbox.Collection, FirestoreCommits.Collection, FirestoreCommits.Chunks, FirestoreFold.Resources, FirestoreFold.Findings, FirestoreFold.Transitions,
        FirestoreFold.State, FirestoreOutbox.Collection, FirestoreSnapshots.Collection,
    ];

    /// <summary>Fields with the moment after which Firestore may remove a document.</summary>
    public static ValueList<(string Collection, string Field)> TimesToLive { get; } = [(FirestoreInbox.Collection, FirestoreInbox.Expires)];
}
