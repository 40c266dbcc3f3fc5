using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator;

/// <summary>
/// What exists in a small Google Cloud: raw REST JSON by full resource name. It knows names and nothing of the auditor's records, so that a
/// field the auditor misreads is not misread here in the same way. Safe for use by several threads; whatever goes in or out is a copy.
/// Side effects that Google would have (a connector's firewall rules, a subnetwork's route) are left to whoever changes it.
/// </summary>
public sealed class SimulatedCloud
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ResourceName, JsonObject> _resources = [];

    /// <summary>What goes wrong when it is read.</summary>
    public SimulatedFaults Faults { get; } = new();

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<ResourceName> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _resources.Keys];
            }
        }
    }

    /// <summary>The resource's JSON; null when it does not exist.</summary>
    public JsonObject? Find(ResourceName name)
    {
        lock (_lock)
        {
            return _resources.TryGetValue(name, out var json) ? Copy(json) : null;
        }
    }

    /// <summary>The resources whose name is wanted, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<ResourceName, JsonObject>> Where(Func<ResourceName, bool> wanted)
    {
        lock (_lock)
        {
            return [.. _resources.Where(pair => wanted(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, Copy(pair.Value)))];
        }
    }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="InvalidOperationException">It exists already.</exception>
    public void Insert(ResourceName name, JsonObject json)
    {
        lock (_lock)
        {
            if (!_resources.TryAdd(name, Copy(json)))
            {
                throw new InvalidOperationException($"{name} exists already.");
            }
        }
    }

    /// <summary>Changes a resource in place.</summary>
    /// <exception cref="InvalidOperationException">It does not exist.</exception>
    public void Patch(ResourceName name, Action<JsonObject> change)
    {
        lock (_lock)
        {
            var json = Copy(_resources.TryGetValue(name, out var found) ? found : throw new InvalidOperationException($"{name} does not exist."));
            change(json);
            _resources[name] = json;
        }
    }

    /// <summary>Removes a resource.</summary>
    /// <exception cref="InvalidOperationException">It does not exist.</exception>
    public void Delete(ResourceName name)
    {
        lock (_lock)
        {
            if (!_resources.Remove(name))
            {
                throw new InvalidOperationException($"{name} does not exist.");
            }
        }
    }

    /// <summary>The id of a project given by id or number; null when there is no such project.</summary>
    public string? ProjectId(string idOrNumber)
    {
        lock (_lock)
        {
            return _resources.Where(pair => pair.Key.Kind == ResourceKind.Project)
                .Where(pair => pair.Key.Id == idOrNumber || (string?)pair.Value["name"] == $"projects/{idOrNumber}")
                .Select(pair => pair.Key.Id).FirstOrDefault();
        }
    }

    private static JsonObject Copy(JsonObject json) => (JsonObject)json.DeepClone();
}
