using System.Text;

namespace Auditor.Changes;

/// <summary>
/// Reads audit events from every form in which they reach the auditor: a Pub/Sub push body, a CloudEvent (structured, or the data of a binary one),
/// a legacy background event, a bare LogEntry, a page of entries, JSON lists of any of these, and one of these per line. Never throws on input.
/// </summary>
public static class AuditEventReader
{
    /// <summary>Reads all items of a text, in order. An empty list in gives an empty list out; anything else gives at least one reading.</summary>
    public static IReadOnlyList<AuditReading> Read(ReadOnlySpan<byte> utf8)
    {
        var readings = new List<AuditReading>(1);
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var first = NextLine(utf8, out var rest).Trim(Blanks);
        var second = NextLine(rest.TrimStart(Blanks), out _);
        if (utf8.IndexOfAnyExcept(Blanks) < 0)
        {
            readings.Add(new AuditReading.NotUnderstood("the text is empty; a LogEntry or an envelope with one was expected"));
        }
        else if (!first.IsEmpty && !second.IsEmpty && first[0] == '{' && (first[^1] == '}' || second[0] == '{'))
        {
            ReadLines(utf8, readings);
        }
        else
        {
            new EnvelopeReader(utf8, second.IsEmpty ? null : 1, readings).ReadAll();
        }

        return readings;
    }

    /// <summary>As the other overload, of a text.</summary>
    public static IReadOnlyList<AuditReading> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    // Each line is its own text, so that a broken one costs only itself.
    private static void ReadLines(ReadOnlySpan<byte> text, List<AuditReading> readings)
    {
        for (var line = 1; !text.IsEmpty; line++)
        {
            var one = NextLine(text, out text).Trim(Blanks);
            if (!one.IsEmpty)
            {
                new EnvelopeReader(one, line, readings).ReadAll();
            }
        }
    }

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf((byte)'\n');
        rest = end < 0 ? default : text[(end + 1)..];
        return end < 0 ? text : text[..end];
    }
}
