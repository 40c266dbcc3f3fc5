using System.Globalization;
using System.Text;

namespace Auditor.Adapters.Ledgers;

/// <summary>The composite indexes, exemptions and time-to-live policies that the ledger needs of a database, as Terraform.</summary>
public static class FirestoreTerraform
{
    /// <summary>The blocks, in the order of <see cref="FirestoreQueries"/>.</summary>
    public static string Text { get; } = Write();

    private static string Write()
    {
        var text = new StringBuilder("""
            # Generated from the queries that the ledger sends; never edit, run 'make docs'.
            # Firestore refuses a query whose composite index is missing, and keeps what no time-to-live policy names.

            """);
        foreach (var query in FirestoreQueries.All.Where(query => !query.Index.IsEmpty))
        {
            Block(text, "index", $"{query.Collection}_{string.Join('_', query.Index)}", query.Collection, () =>
            {
                Line(text, "query_scope = \"COLLECTION\"");
                foreach (var field in query.Index)
                {
                    Line(text, "");
                    Line(text, "fields {");
                    Line(text, $"  field_path = \"{field}\"");
                    Line(text, "  order      = \"ASCENDING\"");
                    Line(text, "}");
                }
            });
        }

        foreach (var collection in FirestoreQueries.CollectionsWithBody)
        {
            Field(text, collection, FirestoreBody.Field, "index_config {}");
        }

        foreach (var (collection, field) in FirestoreQueries.TimesToLive)
        {
            Field(text, collection, field, "ttl_config {}", "index_config {}");
        }

        return text.ToString();
    }

    private static void Field(StringBuilder text, string collection, string field, params string[] configs) => Block(text, "field", $"{collection}_{field}", collection, () =>
    {
        Line(text, string.Create(CultureInfo.InvariantCulture, $"field      = \"{field}\""));
        foreach (var config in configs)
        {
            Line(text, "");
            Line(text, config);
        }
    });

    private static void Block(StringBuilder text, string kind, string name, string collection, Action body)
    {
        var width = kind == "index" ? 11 : 10;
        text.Append(CultureInfo.InvariantCulture, $"\nresource \"google_firestore_{kind}\" \"{name}\" {{\n");
        foreach (var (key, value) in new[] { ("project", "var.project"), ("database", "var.database"), ("collection", $"\"{collection}\"") })
        {
            Line(text, $"{key.PadRight(width)} = {value}");
        }

        body();
        text.Append("}\n");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.Length == 0 ? "" : "  ").Append(line).Append('\n');
}
