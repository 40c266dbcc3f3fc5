using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>A function of traffic over one window, constant between steps.</summary>
/// <param name="window">Where it is defined.</param>
/// <param name="steps">The first begins with the window; ascending.</param>
internal sealed class Steps<T>(Interval<uint> window, List<(uint First, T Value)> steps) : IEquatable<Steps<T>>
    where T : class
{
    public Interval<uint> Window => window;

    public int Count => steps.Count;

    public T this[int index] => steps[index].Value;

    public static Steps<T> Constant(Interval<uint> window, T value) => new(window, [(window.First, value)]);

    public Interval<uint> IntervalAt(int index) => new(steps[index].First, index + 1 < steps.Count ? steps[index + 1].First - 1 : window.Last);

    /// <summary>The operation at every point; neighbours with the same result are one step.</summary>
    public Steps<TResult> Zip<TOther, TResult>(Steps<TOther> other, Func<T, TOther, TResult> operation)
        where TOther : class
        where TResult : class
    {
        var result = new List<(uint First, TResult Value)>(Math.Max(Count, other.Count));
        var (i, j) = (0, 0);
        for (var next = window.First; ; next = Math.Max(First(i), other.First(j)))
        {
            var value = operation(this[i], other[j]);
            if (result.Count == 0 || !(ReferenceEquals(result[^1].Value, value) || result[^1].Value.Equals(value)))
            {
                result.Add((next, value));
            }

            var (left, right) = (i + 1 < Count ? First(i + 1) : uint.MaxValue, j + 1 < other.Count ? other.First(j + 1) : uint.MaxValue);
            if (left == uint.MaxValue && right == uint.MaxValue)
            {
                return new Steps<TResult>(window, result);
            }

            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
        }
    }

    /// <summary>Another value at every point; neighbours that become the same are one step.</summary>
    public Steps<TResult> Select<TResult>(Func<T, TResult> selector)
        where TResult : class
    {
        var result = new List<(uint First, TResult Value)>();
        foreach (var (first, value) in steps)
        {
            var selected = selector(value);
            if (result.Count == 0 || !result[^1].Value.Equals(selected))
            {
                result.Add((first, selected));
            }
        }

        return new Steps<TResult>(window, result);
    }

    public bool Equals(Steps<T>? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || window != other.Window || Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (First(i) != other.First(i) || !(ReferenceEquals(this[i], other[i]) || this[i].Equals(other[i])))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Steps<T>);

    public override int GetHashCode() => HashCode.Combine(window, Count, First(Count - 1));

    private uint First(int index) => steps[index].First;
}
