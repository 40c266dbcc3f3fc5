using System.Numerics;

namespace Auditor.Network;

/// <summary>
/// A set of whole numbers as intervals, both ends included. Canonical: sorted, disjoint, and no two intervals touch; so two sets are equal exactly
/// when their intervals are. Immutable; the default is the empty set. Every operation costs one pass over the intervals of both sides.
/// </summary>
public readonly record struct IntervalSet<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private IntervalSet(ValueList<Interval<T>> intervals) => Intervals = intervals;

    /// <summary>Every value of the type.</summary>
    internal static IntervalSet<T> Everything => new([new Interval<T>(T.MinValue, T.MaxValue)]);

    /// <summary>The intervals in ascending order.</summary>
    public ValueList<Interval<T>> Intervals { get; }

    public bool IsEmpty => Intervals.IsEmpty;

    /// <summary>Whether a value is in the set; costs the logarithm of the number of intervals.</summary>
    public bool Contains(T value)
    {
        var (low, high) = (0, Intervals.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < Intervals[middle].First)
            {
                high = middle - 1;
            }
            else if (value > Intervals[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether every value of <paramref name="other"/> is in this set.</summary>
    public bool Contains(IntervalSet<T> other) => other.Except(this).IsEmpty;

    public bool Overlaps(IntervalSet<T> other) => !Intersect(other).IsEmpty;

    public IntervalSet<T> Union(IntervalSet<T> other) => IsEmpty ? other : other.IsEmpty ? this : Merge(Intervals.Concat(other.Intervals).OrderBy(interval => interval.First));

    public IntervalSet<T> Intersect(IntervalSet<T> other)
    {
        var common = new List<Interval<T>>();
        for (int i = 0, j = 0; i < Intervals.Count && j < other.Intervals.Count;)
        {
            var (left, right) = (Intervals[i], other.Intervals[j]);
            var (first, last) = (T.Max(left.First, right.First), T.Min(left.Last, right.Last));
            if (first <= last)
            {
                common.Add(new Interval<T>(first, last));
            }

            if (left.Last < right.Last)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return new IntervalSet<T>(common.ToValueList());
    }

    public IntervalSet<T> Except(IntervalSet<T> other) => IsEmpty || other.IsEmpty ? this : Intersect(other.Complement());

    /// <summary>Every value of the type that is not in this set.</summary>
    public IntervalSet<T> Complement()
    {
        var rest = new List<Interval<T>>(Intervals.Count + 1);
        var next = T.MinValue;
        foreach (var interval in Intervals)
        {
            if (interval.First > next)
            {
                rest.Add(new Interval<T>(next, interval.First - T.One));
            }

            if (interval.Last == T.MaxValue)
            {
                return new IntervalSet<T>(rest.ToValueList());
            }

            next = interval.Last + T.One;
        }

        rest.Add(new Interval<T>(next, T.MaxValue));
        return new IntervalSet<T>(rest.ToValueList());
    }

    public override string ToString() => string.Join(",", Intervals);

    /// <summary>The set of all values in any of the intervals, in any order; overlapping and touching ones become one.</summary>
    internal static IntervalSet<T> Of(IEnumerable<Interval<T>> intervals) => Merge(intervals.OrderBy(interval => interval.First));

    private static IntervalSet<T> Merge(IEnumerable<Interval<T>> sorted)
    {
        var merged = new List<Interval<T>>();
        foreach (var interval in sorted)
        {
            if (merged.Count > 0 && (merged[^1].Last == T.MaxValue || interval.First <= merged[^1].Last + T.One))
            {
                merged[^1] = new Interval<T>(merged[^1].First, T.Max(merged[^1].Last, interval.Last));
            }
            else
            {
                merged.Add(interval);
            }
        }

        return new IntervalSet<T>(merged.ToValueList());
    }
}

/// <summary>Whole numbers from first to last, both included; the first is not above the last.</summary>
public readonly record struct Interval<T>(T First, T Last)
    where T : struct, IBinaryInteger<T>
{
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>Makes interval sets.</summary>
public static class IntervalSet
{
    /// <summary>The values from first to last, both included.</summary>
    /// <exception cref="ArgumentException">The first is above the last.</exception>
    public static IntervalSet<T> Of<T>(T first, T last)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> =>
        first <= last ? IntervalSet<T>.Of([new Interval<T>(first, last)]) : throw new ArgumentException($"The interval {first} to {last} is empty.", nameof(last));

    /// <summary>The values of any of the intervals.</summary>
    public static IntervalSet<T> Of<T>(IEnumerable<Interval<T>> intervals)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => IntervalSet<T>.Of(intervals);

    /// <summary>Every value of the type.</summary>
    public static IntervalSet<T> All<T>()
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => IntervalSet<T>.Everything;
}
