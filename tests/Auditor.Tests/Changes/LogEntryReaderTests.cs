using System.Text.Json.Nodes;
using Auditor.Changes;
using CsCheck;
using static Auditor.Tests.Changes.EventFixtures;

namespace Auditor.Tests.Changes;

public sealed class LogEntryReaderTests
{
    [Fact]
    public void Read_KeepsWhatSaysWhoChangedWhat()
    {
        var entry = Event("firewalls.insert.first");

        Assert.Equal("2026-11-22T09:15:03.123456789Z projects/p1/logs/cloudaudit.googleapis.com/activity 1abc2def3", entry.Key);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 15, 3, TimeSpan.Zero).AddTicks(1234567), entry.Timestamp);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 15, 5, TimeSpan.Zero).AddTicks(447190), entry.ReceiveTimestamp);
        Assert.Equal("projects/p1/logs/cloudaudit.googleapis.com/activity", entry.LogName);
        Assert.Equal("NOTICE", entry.Severity);
        Assert.Equal("projects/p1/global/firewalls/allow-db", entry.ResourceName);
        Assert.Equal("gce_firewall_rule", entry.ResourceType);
        Assert.Equal("p1", entry.Label("project_id"));
        Assert.Equal(new EventOperation("operation-1795339703123-64a1f0c2-1b2c", "compute.googleapis.com", IsFirst: true, IsLast: false), entry.Operation);
        Assert.Equal(new EventPrincipal("ci@p1.iam.gserviceaccount.com", "serviceAccount:ci@p1.iam.gserviceaccount.com", IsThirdParty: false), entry.Principal);
        Assert.Equal("203.0.113.7", entry.CallerIp);
        Assert.Equal("google-cloud-sdk gcloud/530.0.0", entry.UserAgent);
        Assert.Null(entry.Status);
        Assert.Null(entry.Split);
        Assert.Equal(
            [
                new EventPermission("projects/p1/global/firewalls/allow-db", "compute.firewalls.create", IsGranted: true),
                new EventPermission("projects/p1/global/networks/prod", "compute.networks.updatePolicy", IsGranted: true),
            ],
            entry.Permissions);
        Assert.Equal(
            [
                new EventHint("request.name", "allow-db"),
                new EventHint("request.network", "projects/p1/global/networks/prod"),
                new EventHint("response.id", "1234567890123456789"),
                new EventHint("response.name", "operation-1795339703123-64a1f0c2-1b2c"),
                new EventHint("response.targetLink", "https://www.googleapis.com/compute/v1/projects/p1/global/firewalls/allow-db"),
                new EventHint("response.targetId", "5230417782012345678"),
                new EventHint("resourceLocation.currentLocations", "global"),
            ],
            entry.Hints);
    }

    [Fact]
    public void Read_NeverKeepsPayloads() =>
        Assert.All(Names.SelectMany(name => AuditEventReader.Read(Json(name))), reading => Assert.DoesNotContain("not-for-the-record", $"{reading}", StringComparison.Ordinal));

    [Theory]
    [InlineData("projects/p1/logs/cloudaudit.googleapis.com%2Factivity")]
    [InlineData("projects/p1/logs/cloudaudit.googleapis.com%2factivity")]
    [InlineData("projects/p1/logs/cloudaudit.googleapis.com/activity")]
    public void Key_IsTheSame_HoweverTheLogIsWritten(string log) =>
        Assert.Equal(Event("firewalls.insert.first").Key, Event("firewalls.insert.first", entry => entry["logName"] = log).Key);

    [Theory]
    [InlineData("organizations/123/logs/cloudaudit.googleapis.com%2Factivity")]
    [InlineData("folders/123/logs/cloudaudit.googleapis.com%2Factivity")]
    [InlineData("billingAccounts/00-AA/logs/cloudaudit.googleapis.com%2Factivity")]
    public void Read_TakesEveryLevelsLog(string log) => Assert.EndsWith("/logs/cloudaudit.googleapis.com/activity", Event("firewalls.insert.first", entry => entry["logName"] = log).LogName, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-11-22T09:15:03Z", "2026-11-22T09:15:03.000000000Z")]
    [InlineData("2026-11-22T01:15:03.5-08:00", "2026-11-22T09:15:03.500000000Z")]
    [InlineData("2026-11-22T09:15:03.123456789Z", "2026-11-22T09:15:03.123456789Z")]
    public void Key_HoldsTheTimeToTheNanosecond(string time, string expected) =>
        Assert.StartsWith(expected, Event("firewalls.insert.first", entry => entry["timestamp"] = time).Key, StringComparison.Ordinal);

    [Fact]
    public void Read_TakesTheReceiveTime_WhereThereIsNoOther() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 15, 5, TimeSpan.Zero).AddTicks(447190), Event("firewalls.insert.first", entry => entry.Remove("timestamp")).Timestamp);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("{\"code\":0}", null)]
    [InlineData("{\"code\":7,\"message\":\"no\"}", 7)]
    [InlineData("{\"code\":\"7\"}", 7)]
    [InlineData("{\"message\":\"it broke\"}", 2)]
    [InlineData("[]", null)]
    public void Status_IsNullForSuccess(string status, int? code) =>
        Assert.Equal(code, Event("firewalls.insert.first", entry => entry["protoPayload"]!["status"] = JsonNode.Parse(status)).Status?.Code);

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"principalEmail\":\"\"}")]
    public void Principal_IsNullWhenRedacted(string info) =>
        Assert.Null(Event("firewalls.insert.first", entry => entry["protoPayload"]!["authenticationInfo"] = JsonNode.Parse(info)).Principal);

    [Fact]
    public void Principal_MayBeFederated() => Assert.Equal(
        new EventPrincipal(null, "principal://iam.googleapis.com/locations/global/workforcePools/w/subject/alice", IsThirdParty: true),
        Event("firewalls.insert.first", entry => entry["protoPayload"]!["authenticationInfo"] = JsonNode.Parse("""{"principalSubject":"principal://iam.googleapis.com/locations/global/workforcePools/w/subject/alice","thirdPartyPrincipal":{"thirdPartyClaims":{}}}""")).Principal);

    [Fact]
    public void Operation_IsNullWhenEmpty() => Assert.Null(Event("firewalls.insert.first", entry => entry["operation"] = new JsonObject()).Operation);

    [Fact]
    public void Hints_AreTheSameInBothSpellings() =>
        Assert.Equal(["service_config.vpc_connector", "service_config.vpc_connector_egress_settings"], Event("functions.update.first.v2").HintsOf("request.updateMask"));

    [Theory]
    [InlineData("cloudaudit.googleapis.com%2Fdata_access", "log cloudaudit.googleapis.com/data_access is not the admin activity log")]
    [InlineData("cloudaudit.googleapis.com%2Fsystem_event", "log cloudaudit.googleapis.com/system_event is not the admin activity log")]
    [InlineData("cloudaudit.googleapis.com%2Fpolicy", "log cloudaudit.googleapis.com/policy is not the admin activity log")]
    [InlineData("syslog", "log syslog is not the admin activity log")]
    public void Read_LetsOtherLogsGo(string log, string reason) =>
        Assert.Equal(new AuditReading.Irrelevant(reason), Assert.Single(AuditEventReader.Read(Json("firewalls.insert.first", entry => entry["logName"] = $"projects/p1/logs/{log}"))));

    [Fact]
    public void Read_LetsOtherPayloadsGo()
    {
        Assert.Equal(
            new AuditReading.Irrelevant("protoPayload is a google.appengine.logging.v1.RequestLog, not a google.cloud.audit.AuditLog"),
            Assert.Single(AuditEventReader.Read(Json("firewalls.insert.first", entry => entry["protoPayload"]!["@type"] = "type.googleapis.com/google.appengine.logging.v1.RequestLog"))));
        Assert.Equal(
            new AuditReading.Irrelevant("the entry has a jsonPayload, not an audit log"),
            Assert.Single(AuditEventReader.Read("""{"logName":"projects/p1/logs/cloudaudit.googleapis.com%2Factivity","jsonPayload":{}}""")));
    }

    [Theory]
    [InlineData("logName", "logName is missing; a name such as projects/p/logs/cloudaudit.googleapis.com%2Factivity was expected")]
    [InlineData("protoPayload", "protoPayload is missing; an object was expected")]
    [InlineData("protoPayload.serviceName", "protoPayload.serviceName is missing; a name such as compute.googleapis.com was expected")]
    [InlineData("protoPayload.methodName", "protoPayload.methodName is missing; a name such as v1.compute.firewalls.insert was expected")]
    public void Read_NamesWhatIsMissing(string path, string sentence)
    {
        var json = Json("firewalls.insert.first", entry => _ = path.Split('.') is [var outer, var inner] ? entry[outer]!.AsObject().Remove(inner) : entry.Remove(path));

        Assert.Equal(new AuditReading.NotUnderstood(sentence), Assert.Single(AuditEventReader.Read(json)));
    }

    [Fact]
    public void Read_RefusesAnEntryWithoutAnyTime() => Assert.Equal(
        new AuditReading.NotUnderstood("timestamp is \"0000-00-00T00:00:00.000Z\"; an RFC 3339 instant was expected"),
        Assert.Single(AuditEventReader.Read(Json("firewalls.insert.first", entry => (entry["timestamp"], _) = ("0000-00-00T00:00:00.000Z", entry.Remove("receiveTimestamp"))))));

    [Fact]
    public void Read_NeverThrows_WhateverFieldIsDroppedOrRetyped()
    {
        var paths = Names.SelectMany(name => Paths(JsonNode.Parse(Json(name))!, []).Select(path => (name, path))).ToArray();
        var values = new[] { "null", "7", "-1.5e300", "true", "\"\"", "\"text\"", "[]", "{}", "[[{}]]", "{\"a\":{}}", "\"//\"", "\"projects/\"", "\"instances/:\"", "\"namespaces/\"", "\"\\ud800\"" };
        Gen.Select(Gen.Int[0, paths.Length - 1].Select(i => paths[i]), Gen.Int[-1, values.Length - 1], Gen.Int[0, Envelopes.Count - 1].Select(i => Envelopes.Keys.ElementAt(i))).Sample(
            (at, value, envelope) =>
            {
                var json = Json(at.name, entry => Replace(entry, at.path, value < 0 ? null : "@@"));
                var readings = AuditEventReader.Read(Envelopes[envelope](Encode(value < 0 ? json : json.Replace("\"@@\"", values[value], StringComparison.Ordinal))));
                foreach (var read in readings.OfType<AuditReading.Understood>())
                {
                    _ = ChangeDecoder.Decode(read.Event) is ChangeDecoding.Decoded decoded ? decoded.Change.Describe() : "";
                }

                return readings.Count == 1;
            },
            iter: 20_000);
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path) => node switch
    {
        JsonObject map => map.SelectMany(pair => Paths(pair.Value!, [.. path, pair.Key]).Prepend([.. path, pair.Key])),
        JsonArray list => list.SelectMany((item, i) => Paths(item!, [.. path, i]).Prepend([.. path, i])),
        _ => [],
    };

    private static void Replace(JsonNode node, object[] path, string? value)
    {
        foreach (var step in path[..^1])
        {
            node = step is string key ? node[key]! : node[(int)step]!;
        }

        if (path[^1] is string last)
        {
            node.AsObject().Remove(last);
            if (value is not null)
            {
                node[last] = value;
            }
        }
        else
        {
            node[(int)path[^1]] = value;
        }
    }
}
