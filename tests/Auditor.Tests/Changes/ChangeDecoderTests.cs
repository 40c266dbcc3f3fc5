using System.Text.Json.Nodes;
using Auditor.Changes;
using Auditor.Model;
using static Auditor.Tests.Changes.EventFixtures;

namespace Auditor.Tests.Changes;

public sealed class ChangeDecoderTests
{
    private static readonly Trigger s_await = new Trigger.AwaitLast(TimeSpan.FromMinutes(15));
    private static readonly Trigger s_now = new Trigger.ReadNow();

    [Fact]
    public void Decode_SaysWhoChangedWhat()
    {
        var change = Change("firewalls.insert.first");

        Assert.Equal(
            new Change
            {
                EventKey = "2026-11-22T09:15:03.123456789Z projects/p1/logs/cloudaudit.googleapis.com/activity 1abc2def3",
                DedupKey = "2026-11-22T09:15:03.123456789Z projects/p1/logs/cloudaudit.googleapis.com/activity 1abc2def3",
                OccurredAt = new DateTimeOffset(2026, 11, 22, 9, 15, 3, TimeSpan.Zero).AddTicks(1234567),
                ServiceName = "compute.googleapis.com",
                MethodName = "v1.compute.firewalls.insert",
                Principal = new EventPrincipal("ci@p1.iam.gserviceaccount.com", "serviceAccount:ci@p1.iam.gserviceaccount.com", IsThirdParty: false),
                CallerIp = "203.0.113.7",
                UserAgent = "google-cloud-sdk gcloud/530.0.0",
                OperationId = "operation-1795339703123-64a1f0c2-1b2c",
                IsFirst = true,
                Project = "p1",
                Resources = [ResourceName.Parse("//compute.googleapis.com/projects/p1/global/firewalls/allow-db")],
                Related = [ResourceName.Parse("//compute.googleapis.com/projects/p1/global/networks/prod")],
                Trigger = s_await,
                Verb = ChangeVerb.Created,
            },
            change);
    }

    [Theory]
    [InlineData("firewalls.insert.first", "firewalls.insert allow-db by ci@p1.iam.gserviceaccount.com", "created")]
    [InlineData("connectors.delete.last", "DeleteConnector conn-a by ci@p1.iam.gserviceaccount.com", "deleted")]
    [InlineData("cloudsql.instances.update.last.oldname", "instances.update orders by ci@p1.iam.gserviceaccount.com", "changed")]
    [InlineData("firewallpolicies.addrule.organisation", "firewallPolicies.addRule 998877 by ci@p1.iam.gserviceaccount.com", "changed")]
    [InlineData("projects.setiampolicy.single", "SetIamPolicy p1 by alice@example.com", "changed")]
    [InlineData("subnetworks.patch.split", "subnetworks.patch apps by an undisclosed caller", "changed")]
    public void Describe_IsASentence(string fixture, string sentence, string verb)
    {
        Assert.Equal(sentence, Change(fixture).Describe());
        Assert.Equal(verb, Change(fixture).Verb.ToWord());
    }

    [Theory]
    [InlineData("connectors.create.first.parent", "//vpcaccess.googleapis.com/projects/p1/locations/europe-west1/connectors/conn-a")]
    [InlineData("connectors.delete.last", "//vpcaccess.googleapis.com/projects/p1/locations/europe-west1/connectors/conn-a")]
    [InlineData("run.services.replace.single", "//run.googleapis.com/projects/p1/locations/europe-west1/services/shop")]
    [InlineData("run.services.create.first.v2", "//run.googleapis.com/projects/p1/locations/europe-west1/services/shop")]
    [InlineData("functions.update.last.v2", "//cloudfunctions.googleapis.com/projects/p1/locations/europe-west1/functions/hook //run.googleapis.com/projects/p1/locations/europe-west1/services/hook")]
    [InlineData("appengine.versions.create.last", "//appengine.googleapis.com/apps/p1/services/api //appengine.googleapis.com/apps/p1/services/api/versions/20261122t091400")]
    [InlineData("cloudsql.instances.create.first", "//cloudsql.googleapis.com/projects/p1/instances/orders")]
    [InlineData("cloudsql.instances.update.last.oldname", "//cloudsql.googleapis.com/projects/example.com:p1/instances/orders")]
    [InlineData("firewallpolicies.addrule.organisation", "//compute.googleapis.com/locations/global/firewallPolicies/998877")]
    [InlineData("subnetworks.patch.split", "//compute.googleapis.com/projects/p1/regions/europe-west1/subnetworks/apps")]
    [InlineData("instancegroups.setnamedports.last", "//compute.googleapis.com/projects/p1/regions/europe-west1/instanceGroups/web")]
    public void Resources_AreFullNames(string fixture, string names) => Assert.Equal(names, string.Join(' ', Change(fixture).Resources));

    [Theory]
    [InlineData("compute.googleapis.com", "v1.compute.firewalls.insert", "https://compute.googleapis.com/compute/v1/projects/p1/global/firewalls/f", "//compute.googleapis.com/projects/p1/global/firewalls/f")]
    [InlineData("compute.googleapis.com", "alpha.compute.networks.addPeering", "projects/p1/global/networks/n", "//compute.googleapis.com/projects/p1/global/networks/n")]
    [InlineData("compute.googleapis.com", "compute.instances.addAccessConfig", "projects/p1/zones/z/instances/i", "//compute.googleapis.com/projects/p1/zones/z/instances/i")]
    [InlineData("compute.googleapis.com", "v1.compute.regionNetworkFirewallPolicies.addRule", "projects/p1/regions/r/firewallPolicies/p", "//compute.googleapis.com/projects/p1/regions/r/firewallPolicies/p")]
    [InlineData("compute.googleapis.com", "v1.compute.networkFirewallPolicies.addPacketMirroringRule", "projects/p1/global/firewallPolicies/p", "//compute.googleapis.com/projects/p1/global/firewallPolicies/p")]
    [InlineData("compute.googleapis.com", "v1.compute.projects.enableXpnHost", "projects/p1", "//cloudresourcemanager.googleapis.com/projects/p1")]
    [InlineData("run.googleapis.com", "google.cloud.run.v1.Revisions.DeleteRevision", "namespaces/112233/revisions/shop-00001", "//run.googleapis.com/projects/p1/locations/europe-west1/services/shop //run.googleapis.com/projects/p1/locations/europe-west1/services/shop/revisions/shop-00001")]
    [InlineData("run.googleapis.com", "google.cloud.run.v2.Services.SetIamPolicy", "projects/p1/locations/europe-west1/services/shop", "//run.googleapis.com/projects/p1/locations/europe-west1/services/shop")]
    [InlineData("run.googleapis.com", "google.cloud.run.v2.WorkerPools.UpdateWorkerPool", "projects/p1/locations/europe-west1/workerPools/w", "//run.googleapis.com/projects/p1/locations/europe-west1/workerPools/w")]
    [InlineData("appengine.googleapis.com", "google.appengine.v1beta.Services.UpdateService", "apps/p1/services/api", "//appengine.googleapis.com/apps/p1/services/api")]
    [InlineData("appengine.googleapis.com", "google.appengine.v1.Applications.UpdateApplication", "apps/p1", "//appengine.googleapis.com/apps/p1")]
    [InlineData("dns.googleapis.com", "dns.changes.create", "managedZones/z", "//dns.googleapis.com/projects/p1/managedZones/z")]
    [InlineData("dns.googleapis.com", "dns.responsePolicyRules.patch", "projects/p1/responsePolicies/r/rules/x", "//dns.googleapis.com/projects/p1/responsePolicies/r")]
    [InlineData("container.googleapis.com", "google.container.v1.ClusterManager.DeleteNodePool", "projects/p1/zones/z/clusters/c/nodePools/n", "//container.googleapis.com/projects/p1/locations/z/clusters/c")]
    [InlineData("redis.googleapis.com", "google.cloud.redis.cluster.v1beta1.CloudRedisCluster.CreateCluster", "projects/p1/locations/r/clusters/c", "//redis.googleapis.com/projects/p1/locations/r/clusters/c")]
    [InlineData("serviceusage.googleapis.com", "google.api.serviceusage.v1.ServiceUsage.EnableService", "projects/112233/services/vpcaccess.googleapis.com", "//serviceusage.googleapis.com/projects/p1/services/vpcaccess.googleapis.com")]
    [InlineData("logging.googleapis.com", "google.logging.v2.ConfigServiceV2.DeleteSink", "organizations/1/sinks/s", "//logging.googleapis.com/organizations/1/sinks/s")]
    public void Resources_AreFound_WhereverTheNameStands(string service, string method, string resource, string names) => Assert.Equal(
        names,
        string.Join(' ', Change("run.services.replace.single", entry => (entry["protoPayload"]!["serviceName"], entry["protoPayload"]!["methodName"], entry["protoPayload"]!["resourceName"]) = (service, method, resource)).Resources));

    [Fact]
    public void Resources_OfAPrivateServicesConnection_AreItsNetwork() => Assert.Equal(
        "//compute.googleapis.com/projects/112233/global/networks/prod",
        string.Join(' ', Change("connectors.create.first.parent", entry =>
        {
            var payload = entry["protoPayload"]!;
            (payload["serviceName"], payload["methodName"], payload["resourceName"]) = ("servicenetworking.googleapis.com", "google.cloud.servicenetworking.v1.ServicePeeringManager.CreateConnection", "services/servicenetworking.googleapis.com");
            payload["request"] = JsonNode.Parse("""{"parent":"services/servicenetworking.googleapis.com","connection":{"network":"projects/112233/global/networks/prod","reservedPeeringRanges":["psa"]}}""");
        }).Resources));

    [Fact]
    public void Resources_OfASharedVpcAttachment_AreBothProjects() => Assert.Equal(
        "//cloudresourcemanager.googleapis.com/projects/p1 //cloudresourcemanager.googleapis.com/projects/p2",
        string.Join(' ', Change("firewalls.insert.first", entry =>
        {
            (entry["protoPayload"]!["methodName"], entry["protoPayload"]!["resourceName"]) = ("v1.compute.projects.enableXpnResource", "projects/p1");
            entry["protoPayload"]!["request"] = JsonNode.Parse("""{"xpnResource":{"id":"p2","type":"PROJECT"}}""");
            entry["protoPayload"]!.AsObject().Remove("response");
        }).Resources));

    [Theory]
    [InlineData("v1.compute.instanceGroupManagers.resize", "projects/p1/zones/z/instanceGroupManagers/m", "projects/p1/zones/z/instanceGroups/m")]
    [InlineData("v1.compute.regionInstanceGroupManagers.resize", "projects/p1/regions/r/instanceGroupManagers/m", "projects/p1/regions/r/instanceGroups/m")]
    public void Resources_OfAGroupManager_AreItsGroupToo_WhichIsRead(string method, string manager, string group)
    {
        var change = Change("instancegroups.setnamedports.last", entry => (entry["protoPayload"]!["methodName"], entry["protoPayload"]!["resourceName"]) = (method, manager));
        Assert.Equal([$"//compute.googleapis.com/{manager}", $"//compute.googleapis.com/{group}"], change.Resources.Select(name => name.Value).Order(StringComparer.Ordinal));
        Assert.Equal(s_now, change.Trigger);
    }

    [Fact]
    public void Related_AreTheNetworksTouched() => Assert.Equal(
        "//compute.googleapis.com/projects/p1/global/networks/prod //compute.googleapis.com/projects/p1/regions/europe-west1/subnetworks/apps",
        string.Join(' ', Change("instances.insert.first").Related));

    [Fact]
    public void Project_IsTheLabelsFirst()
    {
        Assert.Equal("p1", Change("subnetworks.patch.split").Project);
        Assert.Equal("p9", Change("firewalls.insert.first", entry => (entry["resource"]!["labels"], entry["logName"]) = (new JsonObject(), "projects/p9/logs/cloudaudit.googleapis.com%2Factivity")).Project);
        Assert.Equal("p1", Change("firewalls.insert.first", entry => (entry["resource"]!["labels"], entry["logName"]) = (new JsonObject(), "folders/9/logs/cloudaudit.googleapis.com%2Factivity")).Project);
        Assert.Null(Change("firewallpolicies.addrule.organisation").Project);
    }

    [Theory]
    [InlineData("""{"id":"o","first":true}""", "{}", "await")]
    [InlineData("""{"id":"o","first":true}""", """{"code":7}""", "await")]
    [InlineData("""{"id":"o","last":true}""", "{}", "now")]
    [InlineData("""{"id":"o","last":true}""", """{"code":13}""", "now")]
    [InlineData("""{"id":"o","last":true}""", """{"code":7}""", "now")]
    [InlineData("""{"id":"o","first":true,"last":true}""", """{"code":3}""", "now")]
    [InlineData("""{"id":"o"}""", "{}", "now")]
    [InlineData("""{"id":"o"}""", """{"code":7}""", "now")]
    [InlineData("null", "{}", "now")]
    [InlineData("null", """{"code":9}""", "now")]
    [InlineData("null", """{"code":14}""", "now")]
    [InlineData("null", """{"code":7,"message":"no"}""", "refused: PERMISSION_DENIED, no")]
    [InlineData("null", """{"code":3}""", "refused: INVALID_ARGUMENT")]
    public void Trigger_FollowsTheOperation(string operation, string status, string expected)
    {
        var trigger = Change("firewalls.insert.first", entry => (entry["operation"], entry["protoPayload"]!["status"]) = (JsonNode.Parse(operation), JsonNode.Parse(status))).Trigger;

        Assert.Equal(expected switch { "await" => s_await, "now" => s_now, _ => new Trigger.RecordOnly(expected, IsRefusal: true) }, trigger);
    }

    [Fact]
    public void Trigger_OfAFailedCreate_IsToRead() => Assert.Equal(s_now, Change("connectors.create.last.failed").Trigger);

    [Fact]
    public void Trigger_OfAServiceAgent_IsAsAnyOther() => Assert.Equal(s_await, Change("instances.insert.first").Trigger);

    [Theory]
    [InlineData("projects.setiampolicy.single", "its IAM policy is not modelled yet")]
    public void Trigger_OfWhatIsNotModelled_IsToRecord(string fixture, string reason) => Assert.Equal(new Trigger.RecordOnly(reason), Change(fixture).Trigger);

    [Fact]
    public void Trigger_OfAnUnnamedResource_IsToRecord() => Assert.Equal(
        new Trigger.RecordOnly("the entry does not name the connector: resourceName is \"projects/p1/locations/europe-west1\""),
        Change("connectors.create.first.parent", entry => entry["protoPayload"]!.AsObject().Remove("request")).Trigger);

    [Fact]
    public void Trigger_OfAKindNobodyModels_IsToRecord() => Assert.Equal(
        new Trigger.RecordOnly("cloudresourcemanager.googleapis.com/tagValues is not modelled yet"),
        Change("projects.setiampolicy.single", entry => (entry["protoPayload"]!["methodName"], entry["protoPayload"]!["resourceName"]) = ("google.cloud.resourcemanager.v3.TagValues.DeleteTagValue", "tagValues/77")).Trigger);

    [Fact]
    public void DedupKey_IsSharedByTheParts()
    {
        var one = Change("subnetworks.patch.split");
        var other = Change("subnetworks.patch.split", entry => (entry["insertId"], entry["split"]!["index"]) = ("other", 2));

        Assert.NotEqual(one.EventKey, other.EventKey);
        Assert.Equal(one.DedupKey, other.DedupKey);
    }

    [Theory]
    [InlineData("appengine.googleapis.com", "google.appengine.v1.Firewall.CreateIngressRule")]
    [InlineData("compute.googleapis.com", "v1.compute.instances.setMetadata")]
    [InlineData("compute.googleapis.com", "v1.compute.disks.insert")]
    [InlineData("compute.googleapis.com", "v1.compute.firewalls.list")]
    [InlineData("storage.googleapis.com", "storage.buckets.create")]
    [InlineData("vpcaccess.googleapis.com", "v1.compute.firewalls.insert")]
    public void Decode_SaysWhatItDoesNotWatch(string service, string method) => Assert.Equal(
        new ChangeDecoding.NotCovered($"method {method} of {service} is not watched"),
        ChangeDecoder.Decode(Event("firewalls.insert.first") with { ServiceName = service, MethodName = method }));
}
