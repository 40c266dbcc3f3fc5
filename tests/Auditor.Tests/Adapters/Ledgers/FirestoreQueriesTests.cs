using Auditor.Adapters.Ledgers;
using Google.Cloud.Firestore.V1;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>The table of queries, and the indexes that follow from it.</summary>
public sealed class FirestoreQueriesTests
{
    [Fact]
    public void Indexes_AreThoseThatThreeQueriesNeed() => Assert.Equal(
        [
            "inbox: pending, occurred, key, due",
            "inbox: operation, pending, due",
            "outbox: owed, seq, number, nextTry",
        ],
        FirestoreQueries.All.Where(query => !query.Index.IsEmpty).Select(query => $"{query.Collection}: {string.Join(", ", query.Index)}"));

    [Fact]
    public void AQueryThatIsSent_HasTheShapeOfItsEntry_AlsoInPages() => Assert.All(FirestoreQueries.All, query =>
    {
        var sent = query.With(5, [.. query.Filters.Select(_ => new Value { IntegerValue = 1 })]);
        Assert.Equal(query, FirestoreQuery.Of(sent));
        Assert.Equal(query, FirestoreQuery.Of(FirestoreQuery.Page(sent, "projects/p/databases/d/documents/a/b", 7)));
    });

    [Fact]
    public void AnotherShape_HasNoEntry() => Assert.DoesNotContain(FirestoreQueries.Due with { OrderBy = ["key"] }, FirestoreQueries.All);

    [Fact]
    public void Terraform_HasABlockForEveryIndex_ExemptionAndTimeToLive()
    {
        var text = FirestoreTerraform.Text;
        Assert.Equal(3, Count("resource \"google_firestore_index\""));
        Assert.Equal(FirestoreQueries.CollectionsWithBody.Count + FirestoreQueries.TimesToLive.Count, Count("resource \"google_firestore_field\""));
        Assert.Contains(
            """
            resource "google_firestore_index" "outbox_owed_seq_number_nextTry" {
              project     = var.project
              database    = var.database
              collection  = "outbox"
              query_scope = "COLLECTION"

              fields {
                field_path = "owed"
                order      = "ASCENDING"
              }

              fields {
                field_path = "seq"
            """,
            text,
            StringComparison.Ordinal);
        Assert.EndsWith(
            """
            resource "google_firestore_field" "inbox_expires" {
              project    = var.project
              database   = var.database
              collection = "inbox"
              field      = "expires"

              ttl_config {}

              index_config {}
            }

            """,
            text,
            StringComparison.Ordinal);

        int Count(string part) => text.Split(part).Length - 1;
    }

    [Fact]
    public void EveryCollectionThatIsAsked_SaysWhatIsNotIndexed() => Assert.All(FirestoreQueries.All, query => Assert.Contains(query.Collection, FirestoreQueries.CollectionsWithBody));
}
