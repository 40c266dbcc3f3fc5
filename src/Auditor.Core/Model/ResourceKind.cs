namespace Auditor.Model;

/// <summary>The kinds of resource the auditor models. The order is the order of printed lists.</summary>
public enum ResourceKind
{
    /// <summary>A name the auditor does not model; never stored.</summary>
    Other,
    Folder,
    Project,
    Network,
    Subnetwork,
    Connector,
    RunService,
    RunRevision,
    RunJob,
    RunWorkerPool,
    Function,
    AppEngineApplication,
    AppEngineService,
    AppEngineVersion,
    Firewall,
    FirewallPolicy,
    Route,
    Router,
    Address,
    Instance,
    ForwardingRule,
    SqlInstance,
    RedisInstance,
    RedisCluster,
    MemcacheInstance,
    MemorystoreInstance,
    AlloyDbCluster,
    AlloyDbInstance,
    FilestoreInstance,
}
