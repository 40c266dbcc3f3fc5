namespace Auditor.Adapters.Google;

/// <summary>Many calls at a time, but not too many; results in the order of the input.</summary>
internal static class Bounded
{
    public static async Task<TResult[]> SelectAsync<T, TResult>(IReadOnlyList<T> items, int limit, Func<T, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = limit, CancellationToken = cancellationToken },
            async (i, token) => results[i] = await call(items[i], token));
        return results;
    }
}
