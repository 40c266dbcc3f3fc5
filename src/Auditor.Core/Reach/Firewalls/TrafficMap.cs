using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>Which of some lines may decide, by traffic alone. Immutable.</summary>
internal sealed class TrafficMap
{
    private readonly uint[] _starts;
    private readonly Candidates[] _values;

    private TrafficMap(FirewallLine[] lines, uint[] starts, Candidates[] values) => (Lines, _starts, _values) = (lines, starts, values);

    /// <summary>The lines it was made of.</summary>
    public FirewallLine[] Lines { get; }

    public static TrafficMap Of(IEnumerable<FirewallLine> lines)
    {
        var ordered = lines.ToArray();
        if (ordered is [var only])
        {
            return OfOne(only);
        }

        Array.Sort(ordered, FirewallLine.Order);
        var changes = new List<(uint At, bool Begins, int Line)>();
        for (var i = 0; i < ordered.Length; i++)
        {
            foreach (var interval in ordered[i].Traffic.Intervals)
            {
                changes.Add((interval.First, true, i));
                changes.Add((interval.Last + 1, false, i));
            }
        }

        changes.Sort(static (left, right) => left.At.CompareTo(right.At));
        var (starts, values) = (new List<uint> { 0 }, new List<Candidates> { Candidates.None });
        var open = new SortedSet<int>();
        for (var i = 0; i < changes.Count;)
        {
            var at = changes[i].At;
            for (; i < changes.Count && changes[i].At == at; i++)
            {
                _ = changes[i].Begins ? open.Add(changes[i].Line) : open.Remove(changes[i].Line);
            }

            var value = First(ordered, open);
            if (at == 0)
            {
                values[0] = value;
            }
            else if (at <= Traffic.Last && !ReferenceEquals(values[^1], value))
            {
                starts.Add(at);
                values.Add(value);
            }
        }

        return new TrafficMap(ordered, [.. starts], [.. values]);
    }

    /// <summary>All lines of all maps.</summary>
    public static TrafficMap Join(ReadOnlySpan<TrafficMap> maps)
    {
        if (maps.Length == 1)
        {
            return maps[0];
        }

        var (left, right) = (Join(maps[..(maps.Length / 2)]), Join(maps[(maps.Length / 2)..]));
        var (starts, values) = (new List<uint>(left._starts.Length + right._starts.Length), new List<Candidates>(left._starts.Length + right._starts.Length));
        for (int i = 0, j = 0; i < left._starts.Length || j < right._starts.Length;)
        {
            var (one, other) = (i < left._starts.Length ? left._starts[i] : uint.MaxValue, j < right._starts.Length ? right._starts[j] : uint.MaxValue);
            i += one <= other ? 1 : 0;
            j += other <= one ? 1 : 0;
            var value = Candidates.Combine(left._values[i - 1], right._values[j - 1]);
            if (values.Count == 0 || !ReferenceEquals(values[^1], value))
            {
                starts.Add(Math.Min(one, other));
                values.Add(value);
            }
        }

        return new TrafficMap([.. left.Lines, .. right.Lines], [.. starts], [.. values]);
    }

    // As most are.
    private static TrafficMap OfOne(FirewallLine line)
    {
        var intervals = line.Traffic.Intervals.AsSpan();
        var (starts, values) = (new List<uint>((intervals.Length * 2) + 1), new List<Candidates>((intervals.Length * 2) + 1));
        if (intervals.IsEmpty || intervals[0].First > 0)
        {
            starts.Add(0);
            values.Add(Candidates.None);
        }

        foreach (var interval in intervals)
        {
            starts.Add(interval.First);
            values.Add(line.Alone);
            if (interval.Last < Traffic.Last)
            {
                starts.Add(interval.Last + 1);
                values.Add(Candidates.None);
            }
        }

        return new TrafficMap([line], [.. starts], [.. values]);
    }

    public Candidates At(uint traffic) => _values[IndexOf(traffic)];

    /// <summary>The part within a window.</summary>
    public Steps<Candidates> Within(Interval<uint> window)
    {
        var index = IndexOf(window.First);
        var steps = new List<(uint First, Candidates Value)> { (window.First, _values[index]) };
        for (index++; index < _starts.Length && _starts[index] <= window.Last; index++)
        {
            steps.Add((_starts[index], _values[index]));
        }

        return new Steps<Candidates>(window, steps);
    }

    private static Candidates First(FirewallLine[] ordered, SortedSet<int> open)
    {
        FirewallLine? sure = null;
        List<FirewallLine>? doubtful = null;
        foreach (var index in open)
        {
            if (ordered[index].Doubt is null)
            {
                sure = ordered[index];
                break;
            }

            (doubtful ??= []).Add(ordered[index]);
        }

        return doubtful is not null ? doubtful.Count == 1 && sure is null ? doubtful[0].Alone : new Candidates(sure, [.. doubtful]) : sure?.Alone ?? Candidates.None;
    }

    private int IndexOf(uint traffic)
    {
        var index = Array.BinarySearch(_starts, traffic);
        return index >= 0 ? index : ~index - 1;
    }
}
