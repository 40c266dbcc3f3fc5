using System.Text.Json;
using Auditor.Model;

namespace Auditor.Tests;

/// <summary>A Google Cloud of one project in memory; what it is told to refuse it refuses, and it counts what is read.</summary>
internal sealed class FakeCloud(TimeProvider time) : IResourceReader
{
    private readonly SortedDictionary<ResourceName, string> _resources = [];

    /// <summary>Reasons by name; such a read fails.</summary>
    public Dictionary<ResourceName, string> Refused { get; } = [];

    /// <summary>Every single read, in order.</summary>
    public List<ResourceName> Reads { get; } = [];

    public string this[ResourceName name]
    {
        set => _resources[name] = value;
    }

    public void Delete(ResourceName name) => _resources.Remove(name);

    public Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyList<ResourceName> names, CancellationToken cancellationToken)
    {
        Reads.AddRange(names);
        return Task.FromResult<IReadOnlyList<ResourceState>>([.. names.Select(Read)]);
    }

    /// <summary>Kinds that a sweep may not list.</summary>
    public HashSet<ResourceKind> HiddenKinds { get; } = [];

    /// <summary>What happens after everything was listed and before the sweep goes on.</summary>
    public Func<Task> WhileSweeping { get; set; } = () => Task.CompletedTask;

    public async Task<Picture> SweepAsync(CancellationToken cancellationToken)
    {
        var picture = new Picture(
            [.. _resources.Keys.Where(name => name.Project == "p1" && !Refused.ContainsKey(name) && !HiddenKinds.Contains(name.Kind)).Select(name => (ResourceState.Present)Read(name))],
            ["p1"],
            [
                .. Refused.Select(pair => new Gap(new GapScope(Resource: pair.Key), pair.Value)),
                .. HiddenKinds.Select(kind => new Gap(new GapScope(kind, "p1"), "the list is refused")),
            ]);
        await WhileSweeping();
        return picture;
    }

    private ResourceState Read(ResourceName name) =>
        Refused.TryGetValue(name, out var reason) ? new ResourceState.Unreadable(name, time.GetUtcNow(), reason)
        : _resources.TryGetValue(name, out var json) ? new ResourceState.Present(name, time.GetUtcNow(), JsonElement.Parse(json))
        : new ResourceState.Absent(name, time.GetUtcNow());
}
