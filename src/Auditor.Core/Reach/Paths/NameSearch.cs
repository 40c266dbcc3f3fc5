namespace Auditor.Reach.Paths;

/// <summary>Finds what a person means by a name: the short one where it is enough, any longer end of the full name otherwise.</summary>
public static class NameSearch
{
    /// <summary>The items meant.</summary>
    /// <param name="what">What is looked for, for the message: "workload".</param>
    /// <param name="option">Where the text was given: "--from".</param>
    /// <param name="fullName">The full resource name; items without one are found by their short name alone.</param>
    /// <exception cref="FormatException">None or several things are meant; the message says which there are, or which were perhaps meant.</exception>
    public static IReadOnlyList<T> Find<T>(IReadOnlyList<T> items, string text, string what, string option, Func<T, string> shortName, Func<T, string?> fullName)
    {
        var found = items.Where(item => shortName(item) == text || (fullName(item) is { } full && (full == text || full.EndsWith("/" + text, StringComparison.Ordinal)))).ToList();
        var names = found.Select(item => fullName(item) ?? shortName(item)).Distinct(StringComparer.Ordinal).ToList();
        return names.Count switch
        {
            1 => found,
            0 when items.Count == 0 => throw new FormatException($"{option} is '{text}', and there is no {what} at all."),
            0 => throw new FormatException($"{option} is '{text}', which is no {what} here{Nearest(text, items.Select(shortName))}."),
            _ => throw new FormatException($"{option} is '{text}', which is more than one {what}: {string.Join(", ", names.Take(5).Select(Tail))}{(names.Count > 5 ? $" and {names.Count - 5} more" : "")}."),
        };
    }

    /// <summary>Names that are nearly the text, the nearest first, three at most.</summary>
    public static IReadOnlyList<string> Near(string text, IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Select(name => (Name: name, Distance: Distance(text, name)))
        .Where(pair => pair.Distance <= Math.Min(Math.Max(2, text.Length / 4), text.Length - 1)).OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal).Take(3).Select(pair => pair.Name)];

    private static string Nearest(string text, IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Near(text, all) is { Count: > 0 } near ? $"; did you mean {string.Join(" or ", near)}" : $"; there are {string.Join(", ", all.Take(10))}{(all.Count > 10 ? $" and {all.Count - 10} more" : "")}";
    }

    // Edits that turn one into the other: a letter put in, taken out or exchanged.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    private static string Tail(string full) => full[(full.IndexOf('/', 2) + 1)..];
}
