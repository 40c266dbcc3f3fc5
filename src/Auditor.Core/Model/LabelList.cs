namespace Auditor.Model;

/// <summary>Looking things up in a resource's labels.</summary>
public static class LabelList
{
    /// <summary>The value of a label; null when there is no such label.</summary>
    public static string? Find(this ValueList<KeyValuePair<string, string>> labels, string key)
    {
        foreach (var label in labels)
        {
            if (label.Key == key)
            {
                return label.Value;
            }
        }

        return null;
    }

    /// <summary>The labels that a resource bears itself; empty for kinds without labels.</summary>
    public static ValueList<KeyValuePair<string, string>> Of(Resource resource) => resource switch
    {
        Workload workload => workload.Labels,
        Project project => project.Labels,
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
