using System.Text;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Auditor.Tests.Simulator;

public sealed class AuditEntriesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
    private static readonly ResourceName s_rule = ResourceName.Parse("//compute.googleapis.com/projects/p/global/firewalls/f");
    private static readonly ResourceName s_connector = ResourceName.Parse("//vpcaccess.googleapis.com/projects/p/locations/us-central1/connectors/c");

    private readonly AuditEntries _entries = new(new FakeTimeProvider(s_now), seed: 7);

    [Fact]
    public void Operation_FirstEntry_HoldsTheCall()
    {
        var entry = Parse(_entries.Operation(Insert()).First);
        var payload = entry["protoPayload"]!;

        Assert.Equal("type.googleapis.com/google.cloud.audit.AuditLog", (string?)payload["@type"]);
        Assert.Equal("v1.compute.firewalls.insert", (string?)payload["methodName"]);
        Assert.Equal("projects/p/global/firewalls/f", (string?)payload["resourceName"]);
        Assert.Equal("1000", (string?)payload["request"]!["priority"]);
        Assert.Equal("type.googleapis.com/compute.firewalls.insert", (string?)payload["request"]!["@type"]);
        Assert.Equal("0", (string?)payload["response"]!["progress"]);
        Assert.Equal("https://www.googleapis.com/compute/v1/projects/p/global/firewalls/f", (string?)payload["response"]!["targetLink"]);
        Assert.Equal(["compute.firewalls.create", "compute.networks.updatePolicy"], payload["authorizationInfo"]!.AsArray().Select(info => (string?)info!["permission"]));
        Assert.True((bool)payload["authorizationInfo"]![0]!["granted"]!);
        Assert.Equal("ADMIN_WRITE", (string?)payload["authorizationInfo"]![0]!["permissionType"]);
        Assert.NotNull(payload["requestMetadata"]!["callerIp"]);
        Assert.True((bool)entry["operation"]!["first"]!);
        Assert.Null(entry["operation"]!["last"]);
        Assert.Equal("projects/p/logs/cloudaudit.googleapis.com%2Factivity", (string?)entry["logName"]);
        Assert.Equal(("gce_firewall_rule", "p"), ((string)entry["resource"]!["type"]!, (string)entry["resource"]!["labels"]!["project_id"]!));
        Assert.Equal("NOTICE", (string?)entry["severity"]);
    }

    [Fact]
    public void Operation_LastEntry_HoldsLittle()
    {
        var operation = _entries.Operation(Insert(), new AuditOutcome(Took: TimeSpan.FromSeconds(10)));
        var (first, last) = (Parse(operation.First), Parse(operation.Last));

        Assert.Equal("2026-11-20T09:29:50.000000Z", (string?)first["timestamp"]);
        Assert.Equal("2026-11-20T09:30:00.000000Z", (string?)last["timestamp"]);
        Assert.Equal((string?)first["operation"]!["id"], (string?)last["operation"]!["id"]);
        Assert.NotEqual((string?)first["insertId"], (string?)last["insertId"]);
        Assert.True((bool)last["operation"]!["last"]!);
        Assert.Null(last["protoPayload"]!["authorizationInfo"]);
        Assert.Null(last["protoPayload"]!["request"]);
        Assert.Null(last["protoPayload"]!["requestMetadata"]!["callerIp"]);
        Assert.Equal("ines@harbor.example.com", (string?)last["protoPayload"]!["authenticationInfo"]!["principalEmail"]);
    }

    [Fact]
    public void Operation_ThatFails_SaysSoInItsLastEntryOnly()
    {
        var operation = _entries.Operation(AuditCalls.Connector("CreateConnector", s_connector, []), new AuditOutcome(13, "failed to get healthy"));
        var (first, last) = (Parse(operation.First), Parse(operation.Last));

        Assert.Equal(("NOTICE", "{}"), ((string)first["severity"]!, first["protoPayload"]!["status"]!.ToJsonString()));
        Assert.Equal(("ERROR", 13), ((string)last["severity"]!, (int)last["protoPayload"]!["status"]!["code"]!));
        Assert.Equal("audited_resource", (string?)last["resource"]!["type"]);
    }

    [Fact]
    public void Operation_UnderTheParent_NamesTheConnectorElsewhere()
    {
        var operation = _entries.Operation(AuditCalls.Connector("CreateConnector", s_connector, new JsonObject { ["name"] = s_connector.Path }, isUnderParent: true));

        Assert.Equal("projects/p/locations/us-central1", (string?)Parse(operation.First)["protoPayload"]!["resourceName"]);
        Assert.Equal("c", (string?)Parse(operation.First)["protoPayload"]!["request"]!["connectorId"]);
        Assert.Equal(s_connector.Path, (string?)Parse(operation.Last)["protoPayload"]!["response"]!["name"]);
    }

    [Fact]
    public void Refused_IsOneErrorWithoutOperation()
    {
        var entry = Parse(_entries.Refused(Insert(), 7, "no"));

        Assert.Null(entry["operation"]);
        Assert.Equal(("ERROR", 7), ((string)entry["severity"]!, (int)entry["protoPayload"]!["status"]!["code"]!));
        Assert.Null(entry["protoPayload"]!["authorizationInfo"]![0]!["granted"]);
    }

    [Fact]
    public void ReplaceRunService_IsNamedAsKubernetesDoes()
    {
        var name = ResourceName.Of(ResourceKind.RunService, "p", "europe-west1", "s");

        var entry = Parse(_entries.Synchronous(AuditCalls.ReplaceRunService(name, [])));

        Assert.Null(entry["operation"]);
        Assert.Equal("namespaces/p/services/s", (string?)entry["protoPayload"]!["resourceName"]);
        Assert.Equal(("cloud_run_revision", "europe-west1", "s"), ((string)entry["resource"]!["type"]!, (string)entry["resource"]!["labels"]!["location"]!, (string)entry["resource"]!["labels"]!["service_name"]!));
    }

    [Fact]
    public void Other_IsNoAuditLog()
    {
        var entry = Parse(_entries.Other("p", "run.googleapis.com%2Frequests", "cloud_run_revision", new JsonObject { ["message"] = "x" }));

        Assert.Null(entry["protoPayload"]);
        Assert.Equal("projects/p/logs/run.googleapis.com%2Frequests", (string?)entry["logName"]);
    }

    [Fact]
    public void InLog_NamesTheLog() =>
        Assert.Equal("projects/p/logs/cloudaudit.googleapis.com%2Fdata_access", (string?)Parse(_entries.InLog("data_access", Insert()))["logName"]);

    [Fact]
    public void Operation_WithTheSameSeed_GivesTheSameBytes()
    {
        var again = new AuditEntries(new FakeTimeProvider(s_now), seed: 7);
        var other = new AuditEntries(new FakeTimeProvider(s_now), seed: 8);
        var expected = _entries.Operation(Insert()).InOrder;

        Assert.Equal(expected, again.Operation(Insert()).InOrder);
        Assert.NotEqual(expected, other.Operation(Insert()).InOrder);
    }

    [Fact]
    public void Refused_WhileTheClockStands_NeverRepeatsATime()
    {
        var entries = Enumerable.Range(0, 3).Select(_ => Parse(_entries.Refused(Insert(), 7, "no"))).ToList();

        Assert.Equal(3, entries.Select(entry => (string?)entry["timestamp"]).Distinct().Count());
    }

    [Fact]
    public void Body_CarriesTheEntryAndBothSpellings()
    {
        var entry = _entries.Refused(Insert(), 7, "no");

        var body = Parse(PubSubPush.Body(entry, "projects/p/subscriptions/s", deliveryAttempt: 2));
        var message = body["message"]!;

        Assert.Equal(entry, Convert.FromBase64String((string)message["data"]!));
        Assert.Equal((string?)Parse(entry)["timestamp"], (string?)message["attributes"]!["logging.googleapis.com/timestamp"]);
        Assert.Equal((string?)message["messageId"], (string?)message["message_id"]);
        Assert.Equal((string?)message["publishTime"], (string?)message["publish_time"]);
        Assert.Equal(("projects/p/subscriptions/s", 2), ((string)body["subscription"]!, (int)body["deliveryAttempt"]!));
        Assert.Equal(PubSubPush.Body(entry), PubSubPush.Body(entry));
    }

    private static AuditCall Insert() => AuditCalls.Compute("insert", s_rule, new JsonObject
    {
        ["name"] = "f",
        ["priority"] = 1000,
        ["network"] = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
    });

    private static JsonObject Parse(byte[] json) => JsonNode.Parse(Encoding.UTF8.GetString(json))!.AsObject();
}
