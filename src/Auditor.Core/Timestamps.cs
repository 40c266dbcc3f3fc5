using System.Globalization;

namespace Auditor;

/// <summary>RFC 3339 instants as Google writes them: up to nanoseconds, any offset. Precision beyond 100 ns is dropped.</summary>
public static class Timestamps
{
    public static DateTimeOffset? TryParse(string? text) =>
        text is { Length: >= 20 } && text[10] is 'T' or 't'
        && DateTimeOffset.TryParse(Shorten(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;

    /// <summary>The one form in which the auditor stores and prints instants: UTC, seven digits or none.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // .NET reads seven digits of a second; Google writes nine.
    private static string Shorten(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return text;
        }

        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - dot - 1 <= 7 ? text : string.Concat(text.AsSpan(0, dot + 8), text.AsSpan(end));
    }
}
