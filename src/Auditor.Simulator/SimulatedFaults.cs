using System.Net;

namespace Auditor.Simulator;

/// <summary>What goes wrong when the cloud is read: missing permissions, disabled APIs, unreachable locations, passing failures.</summary>
public sealed class SimulatedFaults
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Project, string Permission)> _forbidden = [];
    private readonly HashSet<(string Project, string Api)> _disabled = [];
    private readonly HashSet<string> _unreachable = new(StringComparer.Ordinal);
    private readonly Queue<HttpStatusCode> _next = new();

    /// <summary>Takes a permission such as "compute.firewalls.list" away; "compute.firewalls.*" and "*" stand for many.</summary>
    public void Forbid(string project, string permission) => Change(() => _forbidden.Add((project, permission)));

    /// <summary>Gives it back.</summary>
    public void Allow(string project, string permission) => Change(() => _forbidden.Remove((project, permission)));

    /// <summary>Switches an API such as "redis.googleapis.com" off in a project.</summary>
    public void Disable(string project, string api) => Change(() => _disabled.Add((project, api)));

    /// <summary>Makes a region or zone unreachable: lists over many locations become partial or fail.</summary>
    public void MakeUnreachable(string location) => Change(() => _unreachable.Add(location));

    /// <summary>Lets the next requests fail, whatever they ask for.</summary>
    public void FailNext(HttpStatusCode status, int times = 1) => Change(() =>
    {
        for (var i = 0; i < times; i++)
        {
            _next.Enqueue(status);
        }
    });

    internal bool Forbids(string project, string permission) => Ask(() => _forbidden.Any(entry => entry.Project == project && Covers(entry.Permission, permission)));

    internal bool IsDisabled(string project, string api) => Ask(() => _disabled.Contains((project, api)));

    internal bool IsUnreachable(string location) => Ask(() => _unreachable.Contains(location));

    internal IReadOnlyList<string> Unreachable() => Ask(() => _unreachable.Order(StringComparer.Ordinal).ToList());

    internal HttpStatusCode? TakeFailure() => Ask(() => _next.TryDequeue(out var status) ? status : (HttpStatusCode?)null);

    private static bool Covers(string pattern, string permission) =>
        pattern == permission || (pattern.EndsWith('*') && permission.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }

    private T Ask<T>(Func<T> question)
    {
        lock (_lock)
        {
            return question();
        }
    }
}
