using System.Collections.Immutable;

namespace Auditor.Simulator.Hosting;

/// <summary>One request the simulator answered; the path starts with the API host, without query.</summary>
public sealed record LoggedRequest(string Method, string Path, string Query, int Status)
{
    /// <summary>Whether it would have changed something in Google Cloud. Some reads are POSTs; those do not count.</summary>
    public bool IsWrite => Status == 405;
}

/// <summary>What was asked of the simulator, in the order of the answers.</summary>
public sealed class RequestLog
{
    private ImmutableList<LoggedRequest> _requests = [];

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<LoggedRequest> All => _requests;

    /// <summary>How many would have written; a read-only auditor leaves it at 0.</summary>
    public int WriteAttempts => _requests.Count(request => request.IsWrite);

    /// <summary>How many had a path that begins with <paramref name="prefix"/>, such as "compute.googleapis.com/".</summary>
    public int Count(string prefix) => _requests.Count(request => request.Path.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Forgets everything.</summary>
    public void Clear() => Interlocked.Exchange(ref _requests, []);

    internal void Add(LoggedRequest request) => ImmutableInterlocked.Update(ref _requests, (list, item) => list.Add(item), request);
}
