using System.Globalization;

namespace Auditor.Simulator.Entries;

/// <summary>Ids that look like Google's and follow from a seed and a counter: the same run gives the same ids.</summary>
internal sealed class EntryIds(int seed)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private ulong _counter;

    /// <summary>A LogEntry's insertId.</summary>
    public string InsertId() => string.Create(12, Next(), (text, value) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Digits[(int)(value % 36)];
            value /= 36;
        }
    });

    /// <summary>The id of a resource or operation of Compute Engine: a number of 19 digits.</summary>
    public string Number() => (1_000_000_000_000_000_000 + (Next() % 8_000_000_000_000_000_000)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Four groups of hex digits, as in names of operations.</summary>
    public string Hex()
    {
        var (high, low) = (Next(), Next());
        return string.Create(CultureInfo.InvariantCulture, $"{high >> 32:x8}-{high & 0xffff:x4}-4{low >> 52:x3}-{low & 0xffffffffffff:x12}");
    }

    /// <summary>Up to a second and a half, as it takes an entry to arrive.</summary>
    public TimeSpan Delay() => TimeSpan.FromMicroseconds(200_000 + (long)(Next() % 1_300_000));

    // SplitMix64.
    private ulong Next()
    {
        var z = unchecked((ulong)seed * 0x9E3779B97F4A7C15) + (++_counter * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
