using System.Collections.Immutable;
using System.Text;

namespace Auditor.Changes;

/// <summary>
/// The log sink's filter, made from the rows of <see cref="ChangeTable"/>: the admin activity log, and of each service only the methods the auditor
/// understands. Regular expressions are RE2 and anchored.
/// </summary>
public static class SinkFilter
{
    /// <summary>What Google allows a sink's filter, in characters.</summary>
    public const int LongestText = 20_000;

    /// <summary>The version of an API inside a method name, with the dot after it.</summary>
    private const string Version = "(?:(?:v[0-9][0-9a-z]*|alpha|beta)[.])?";

    /// <summary>One clause per service and shape of method names, in the table's order.</summary>
    public static ImmutableArray<(string Service, string Expression)> Clauses { get; } =
    [
        .. ChangeTable.Rows
            .GroupBy(row => (row.Service, Stem: StemOf(row.Interface), Methods: row.TakesAnyMethod ? "[A-Za-z]+" : Choice(row.Methods)))
            .Select(group => (group.Key.Service, $"^{group.Key.Stem}{Choice(group.Select(row => LeafOf(row.Interface)).Distinct())}{group.Key.Methods}$")),
    ];

    /// <summary>The whole filter, ready for <c>gcloud logging sinks create --log-filter</c>.</summary>
    public static string Text { get; } = Print();

    private static string Print()
    {
        var text = new StringBuilder("log_id(\"cloudaudit.googleapis.com/activity\") AND (\n");
        for (var i = 0; i < Clauses.Length; i++)
        {
            text.Append(i == 0 ? "  " : "  OR ").Append($"(protoPayload.serviceName=\"{Clauses[i].Service}\" AND protoPayload.methodName=~\"{Clauses[i].Expression}\")\n");
        }

        return text.Append(")\n").ToString();
    }

    // "google.cloud.run.{v}.Services" is the stem "google.cloud.run.{v}." and the leaf "Services.".
    private static string StemOf(string name) => Escape(name[..(name.LastIndexOf('.') + 1)]);

    private static string LeafOf(string name) => name.Length == 0 ? "" : Escape($"{name.AsSpan(name.LastIndexOf('.') + 1)}.");

    private static string Escape(string name) => name.Replace(".", "[.]", StringComparison.Ordinal).Replace("{v}[.]", Version, StringComparison.Ordinal);

    private static string Choice(IEnumerable<string> texts)
    {
        var all = texts.ToArray();
        return all.Length == 1 ? all[0] : $"(?:{string.Join('|', all)})";
    }
}
