using Auditor.Changes;
using Auditor.Model;

namespace Auditor.Tests.Changes;

public sealed class ChangeTableTests
{
    private static readonly string?[] s_versions = [null, "v1", "v1beta1", "v2", "v2alpha", "v1p1beta1", "beta", "alpha"];

    /// <summary>Every method of the table, in every version.</summary>
    public static IEnumerable<(ChangeRow Row, string Method)> Methods =>
        from row in ChangeTable.Rows from version in s_versions from method in row.Methods select (row, row.MethodName(method, version));

    [Fact]
    public void Find_KnowsEveryMethod_InEveryVersion() =>
        Assert.Empty(Methods.Where(pair => !ReferenceEquals(pair.Row, ChangeTable.Find(pair.Row.Service, pair.Method))).Select(pair => pair.Method));

    [Theory]
    [InlineData("compute.googleapis.com", "")]
    [InlineData("", "v1.compute.firewalls.insert")]
    [InlineData("", "")]
    [InlineData("compute.googleapis.com", "v1.compute.firewalls.")]
    [InlineData("compute.googleapis.com", "v1.compute.firewalls")]
    [InlineData("compute.googleapis.com", "v1")]
    [InlineData("compute.googleapis.com", "v1.compute.firewalls.get")]
    [InlineData("compute.googleapis.com", "v1.compute.networks.listPeeringRoutes")]
    [InlineData("compute.googleapis.com", "v1.compute.subnetworks.testIamPermissions")]
    [InlineData("compute.googleapis.com", "v1.compute.subnetworks.getIamPolicy")]
    [InlineData("run.googleapis.com", "google.cloud.run.v2.Jobs.RunJob")]
    [InlineData("run.googleapis.com", "/Services.CreateService")]
    public void Find_KnowsNothingElse(string service, string method) => Assert.Null(ChangeTable.Find(service, method));

    [Fact]
    public void Find_TakesLongNames() => Assert.Null(ChangeTable.Find("compute.googleapis.com", new string('x', 5000)));

    [Theory]
    [InlineData("vpcaccess.googleapis.com", "google.cloud.vpcaccess.v1.VpcAccessService.CreateConnector", ResourceKind.Connector, "connector")]
    [InlineData("compute.googleapis.com", "v1.compute.globalAddresses.insert", ResourceKind.Address, "address")]
    [InlineData("compute.googleapis.com", "v1.compute.firewallPolicies.move", ResourceKind.FirewallPolicy, "firewallPolicy")]
    [InlineData("cloudsql.googleapis.com", "cloudsql.instances.update", ResourceKind.SqlInstance, "instance")]
    [InlineData("run.googleapis.com", "google.cloud.run.v2.WorkerPools.UpdateWorkerPool", ResourceKind.RunWorkerPool, "workerPool")]
    [InlineData("compute.googleapis.com", "v1.compute.regionBackendServices.patch", ResourceKind.BackendService, "backendService")]
    [InlineData("compute.googleapis.com", "v1.compute.instanceGroups.addInstances", ResourceKind.InstanceGroup, "instanceGroup")]
    [InlineData("compute.googleapis.com", "beta.compute.networkEndpointGroups.attachNetworkEndpoints", ResourceKind.NetworkEndpointGroup, "networkEndpointGroup")]
    [InlineData("compute.googleapis.com", "v1.compute.regionHealthChecks.update", ResourceKind.HealthCheck, "healthCheck")]
    [InlineData("compute.googleapis.com", "v1.compute.regionTargetHttpProxies.setUrlMap", ResourceKind.TargetProxy, "targetHttpProxy")]
    [InlineData("compute.googleapis.com", "v1.compute.targetTcpProxies.setBackendService", ResourceKind.TargetProxy, "targetTcpProxy")]
    [InlineData("compute.googleapis.com", "v1.compute.urlMaps.patch", ResourceKind.UrlMap, "urlMap")]
    [InlineData("compute.googleapis.com", "v1.compute.targetInstances.insert", ResourceKind.TargetInstance, "targetInstance")]
    [InlineData("compute.googleapis.com", "v1.compute.vpnTunnels.insert", ResourceKind.VpnTunnel, "vpnTunnel")]
    [InlineData("compute.googleapis.com", "v1.compute.interconnectAttachments.patch", ResourceKind.InterconnectAttachment, "interconnectAttachment")]
    [InlineData("compute.googleapis.com", "v1.compute.serviceAttachments.patch", ResourceKind.ServiceAttachment, "serviceAttachment")]
    [InlineData("networkconnectivity.googleapis.com", "google.cloud.networkconnectivity.v1.PolicyBasedRoutingService.CreatePolicyBasedRoute", ResourceKind.PolicyBasedRoute, "policyBasedRoute")]
    [InlineData("servicenetworking.googleapis.com", "google.cloud.servicenetworking.v1.ServicePeeringManager.UpdateConnection", ResourceKind.Network, "network")]
    [InlineData("dns.googleapis.com", "dns.managedZones.patch", ResourceKind.ManagedZone, "managedZone")]
    [InlineData("dns.googleapis.com", "dns.changes.create", ResourceKind.ManagedZone, "managedZone")]
    [InlineData("dns.googleapis.com", "dns.policies.update", ResourceKind.DnsPolicy, "policy")]
    [InlineData("dns.googleapis.com", "dns.responsePolicyRules.create", ResourceKind.ResponsePolicy, "responsePolicy")]
    [InlineData("container.googleapis.com", "google.container.v1.ClusterManager.UpdateCluster", ResourceKind.GkeCluster, "cluster")]
    [InlineData("container.googleapis.com", "google.container.v1.ClusterManager.SetNodePoolSize", ResourceKind.GkeCluster, "cluster")]
    [InlineData("redis.googleapis.com", "google.cloud.redis.cluster.v1.CloudRedisCluster.UpdateCluster", ResourceKind.RedisCluster, "cluster")]
    [InlineData("memcache.googleapis.com", "google.cloud.memcache.v1.CloudMemcache.UpdateInstance", ResourceKind.MemcacheInstance, "instance")]
    [InlineData("memorystore.googleapis.com", "google.cloud.memorystore.v1.Memorystore.DeleteInstance", ResourceKind.MemorystoreInstance, "instance")]
    [InlineData("alloydb.googleapis.com", "google.cloud.alloydb.v1.AlloyDBAdmin.UpdateInstance", ResourceKind.AlloyDbInstance, "instance")]
    [InlineData("alloydb.googleapis.com", "google.cloud.alloydb.v1.AlloyDBAdmin.UpdateCluster", ResourceKind.AlloyDbCluster, "cluster")]
    [InlineData("file.googleapis.com", "google.cloud.filestore.v1.CloudFilestoreManager.UpdateInstance", ResourceKind.FilestoreInstance, "instance")]
    public void Rows_LeadToAKind(string service, string method, ResourceKind kind, string noun)
    {
        var row = ChangeTable.Find(service, method)!;

        Assert.Equal(kind, row.Kind);
        Assert.Equal(noun, row.Noun);
    }
}
