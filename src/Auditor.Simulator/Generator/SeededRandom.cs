using System.Runtime.InteropServices;

namespace Auditor.Simulator.Generator;

/// <summary>
/// SplitMix64: the same numbers from the same seed on every runtime, which System.Random does not promise.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz";
    private ulong _state = seed;

    /// <summary>The generator of one part of the work, whatever was drawn for the other parts.</summary>
    public static SeededRandom For(ulong seed, int part) => new(new SeededRandom(seed ^ (0xD1B54A32D192ED03UL * (ulong)(part + 1))).Draw());

    public ulong Draw()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)Math.BigMul(Draw(), (ulong)limit, out _);

    /// <summary>From and to included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>True in so many of a hundred.</summary>
    public bool Percent(int share) => Below(100) < share;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    public T Pick<T>(List<T> items) => items[Below(items.Count)];

    /// <summary>Takes one out.</summary>
    public T Take<T>(List<T> items)
    {
        var at = Below(items.Count);
        var item = items[at];
        items.RemoveAt(at);
        return item;
    }

    public void Shuffle<T>(List<T> items)
    {
        var span = CollectionsMarshal.AsSpan(items);
        for (var i = span.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (span[i], span[j]) = (span[j], span[i]);
        }
    }

    /// <summary>Lower-case letters, as Google ends names with.</summary>
    public string Word(int length) => string.Create(length, this, static (text, random) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Letters[random.Below(Letters.Length)];
        }
    });
}
