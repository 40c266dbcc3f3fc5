using System.Text;

namespace Auditor.Model;

/// <summary>Google's enum words (PENDING_DELETE, private-ranges-only) to and from the names of our members (PendingDelete).</summary>
public static class GoogleWords
{
    /// <summary>The member as Google writes it: PendingDelete is PENDING_DELETE, Ipv4Ipv6 is IPV4_IPV6.</summary>
    public static string ToGoogleWord<T>(this T member)
        where T : struct, Enum
    {
        var name = member.ToString();
        var word = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                word.Append('_');
            }

            word.Append(char.ToUpperInvariant(name[i]));
        }

        return word.ToString();
    }

    /// <summary>The member for a word in any of Google's spellings; null when there is none. A number is no word.</summary>
    internal static T? TryRead<T>(string word, string prefix)
        where T : struct, Enum
    {
        // STATE_UNSPECIFIED, SQL_INSTANCE_STATE_UNSPECIFIED, ...: every API has its own word for "not said".
        if (word.EndsWith("_UNSPECIFIED", StringComparison.OrdinalIgnoreCase))
        {
            return Enum.TryParse<T>("Unspecified", out var unspecified) ? unspecified : null;
        }

        var rest = prefix.Length > 0 && word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? word.AsSpan(prefix.Length) : word;
        Span<char> squeezed = stackalloc char[Math.Min(rest.Length, 128)];
        var length = 0;
        foreach (var c in rest)
        {
            if (c is '_' or '-')
            {
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(c) || length == squeezed.Length || (length == 0 && char.IsAsciiDigit(c)))
            {
                return null;
            }

            squeezed[length++] = c;
        }

        return Enum.TryParse<T>(squeezed[..length], ignoreCase: true, out var member) ? member : null;
    }
}
