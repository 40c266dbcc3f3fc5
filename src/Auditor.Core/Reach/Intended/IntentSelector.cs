using Auditor.Model;

namespace Auditor.Reach.Intended;

/// <summary>Selects workloads or targets: what is given must all hold. One without name, project and label selects every workload.</summary>
/// <param name="Name">The short name, or any longer end of the full resource name; null for any.</param>
/// <param name="Project">The project's id; null for any.</param>
/// <param name="Label">A label of the resource itself; null for any.</param>
public sealed record IntentSelector(string? Name = null, string? Project = null, KeyValuePair<string, string>? Label = null)
{
    /// <summary>Every workload.</summary>
    public static IntentSelector Any { get; } = new();

    /// <summary>Whether a resource is meant.</summary>
    public bool Matches(Resource resource) =>
        (Name is null || IsName(resource.Name)) && (Project is null || resource.Name.Project == Project) && (Label is not { } label || LabelsOf(resource).Find(label.Key) == label.Value);

    /// <summary>Whether everything that the other selects is selected for sure.</summary>
    public bool Covers(IntentSelector other) => (Name is null || Name == other.Name) && (Project is null || Project == other.Project) && (Label is null || Label.Equals(other.Label));

    public override string ToString() => this == Any ? "any" : string.Join(", ", new[] { Name, Project is null ? null : $"project {Project}", Label is { } label ? $"label {label.Key}={label.Value}" : null }.OfType<string>());

    private bool IsName(ResourceName name) => name.Id == Name || name.Value == Name || name.Value.EndsWith("/" + Name, StringComparison.Ordinal);

    private static ValueList<KeyValuePair<string, string>> LabelsOf(Resource resource) => resource switch
    {
        Workload workload => workload.Labels,
        Instance machine => machine.Labels,
        SqlInstance sql => sql.Labels,
        RedisInstance redis => redis.Labels,
        RedisCluster cluster => cluster.Labels,
        MemcacheInstance memcache => memcache.Labels,
        MemorystoreInstance memorystore => memorystore.Labels,
        AlloyDbInstance alloy => alloy.Labels,
        FilestoreInstance filestore => filestore.Labels,
        _ => [],
    };
}
