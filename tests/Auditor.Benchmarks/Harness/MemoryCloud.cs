using System.Text.Json;
using Auditor.Model;

namespace Auditor.Benchmarks.Harness;

/// <summary>A cloud that answers from memory, so that what is measured is the auditor alone.</summary>
internal sealed class MemoryCloud(IEnumerable<KeyValuePair<ResourceName, byte[]>> resources, IReadOnlyList<string> projects) : IResourceReader
{
    private readonly Dictionary<ResourceName, JsonElement> _resources = resources.ToDictionary(pair => pair.Key, pair => JsonElement.Parse(pair.Value));

    /// <summary>Single reads so far.</summary>
    public int Reads { get; private set; }

    public JsonElement this[ResourceName name]
    {
        get => _resources[name];
        set => _resources[name] = value;
    }

    public Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyList<ResourceName> names, CancellationToken cancellationToken)
    {
        Reads += names.Count;
        return Task.FromResult<IReadOnlyList<ResourceState>>([.. names.Select(Read)]);
    }

    public Task<Picture> SweepAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new Picture([.. _resources.Keys.Order().Select(name => (ResourceState.Present)Read(name))], projects, []));

    private ResourceState Read(ResourceName name)
    {
        var now = TimeProvider.System.GetUtcNow();
        return _resources.TryGetValue(name, out var json) ? new ResourceState.Present(name, now, json) : new ResourceState.Absent(name, now);
    }
}
