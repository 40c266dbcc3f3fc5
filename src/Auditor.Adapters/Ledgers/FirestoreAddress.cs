using System.Text.RegularExpressions;

namespace Auditor.Adapters.Ledgers;

/// <summary>Which ledger of which Firestore database; written <c>firestore:PROJECT/DATABASE/NAME</c>. Several ledgers may share a database.</summary>
/// <param name="Database">"(default)" unless the database has a name.</param>
/// <param name="Name">The document below <c>ledgers</c> that everything is kept under.</param>
public sealed partial record FirestoreAddress(string Project, string Database, string Name)
{
    public const string Scheme = "firestore:";

    private const string DefaultDatabase = "(default)";
    private const string DefaultName = "auditor";

    /// <summary>The database, as every request names it.</summary>
    public string DatabasePath => $"projects/{Project}/databases/{Database}";

    /// <summary>The document that the ledger's collections are below.</summary>
    public string Root => $"{DatabasePath}/documents/ledgers/{Name}";

    /// <summary>Whether a setting names a Firestore ledger rather than a file.</summary>
    public static bool IsMeantBy(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Reads <c>firestore:PROJECT</c>, <c>firestore:PROJECT/DATABASE</c> or <c>firestore:PROJECT/DATABASE/NAME</c>.</summary>
    /// <exception cref="FormatException">It is none of these; the message completes "… is".</exception>
    public static FirestoreAddress Parse(string text)
    {
        var match = Written().Match(text);
        return !match.Success
            ? throw new FormatException($"'{text}'; firestore:PROJECT/DATABASE/NAME is wanted, such as firestore:my-project/(default)/auditor")
            : new FirestoreAddress(match.Groups["project"].Value, Or(match.Groups["database"], DefaultDatabase), Or(match.Groups["name"], DefaultName));
    }

    public override string ToString() => $"{Scheme}{Project}/{Database}/{Name}";

    private static string Or(Group group, string other) => group.Success ? group.Value : other;

    // Source: https://cloud.google.com/firestore/docs/manage-databases
    [GeneratedRegex(
        @"^firestore:(?<project>(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])(?:/(?<database>\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])(?:/(?<name>[A-Za-z0-9][A-Za-z0-9_-]{0,62}))?)?\z",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Written();
}
