namespace Auditor.Benchmarks.Harness;

/// <summary>Durations of equal pieces of work, sorted.</summary>
internal sealed class Sample
{
    private readonly TimeSpan[] _sorted;

    public Sample(IEnumerable<TimeSpan> durations) => _sorted = [.. durations.Order()];

    public TimeSpan Median => _sorted[_sorted.Length / 2];

    /// <summary>The duration that one in a hundred exceeds; the longest of fewer than a hundred.</summary>
    public TimeSpan P99 => _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * 99 / 100)];

    /// <summary>Warms up, then measures rounds.</summary>
    /// <param name="before">Done before each round, and not measured.</param>
    public static Sample Of(int warmUps, int rounds, Action work, Action? before = null)
    {
        var durations = new List<TimeSpan>(rounds);
        for (var i = -warmUps; i < rounds; i++)
        {
            before?.Invoke();
            Settle(rounds);
            var started = TimeProvider.System.GetTimestamp();
            work();
            Keep(durations, i, started);
        }

        return new Sample(durations);
    }

    /// <inheritdoc cref="Of(int, int, Action, Action)"/>
    /// <param name="between">Done before each measured round, and not measured.</param>
    public static async Task<Sample> OfAsync(int warmUps, int rounds, Func<int, Task> work, Action? between = null)
    {
        var durations = new List<TimeSpan>(rounds);
        for (var i = -warmUps; i < rounds; i++)
        {
            if (i >= 0)
            {
                between?.Invoke();
            }

            Settle(rounds);
            var started = TimeProvider.System.GetTimestamp();
            await work(i);
            Keep(durations, i, started);
        }

        return new Sample(durations);
    }

    // Few long rounds each begin with a clean heap; many short ones take what comes, which is what p99 is about.
    private static void Settle(int rounds)
    {
        if (rounds < 50)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void Keep(List<TimeSpan> durations, int round, long started)
    {
        if (round >= 0)
        {
            durations.Add(TimeProvider.System.GetElapsedTime(started));
        }
    }
}
