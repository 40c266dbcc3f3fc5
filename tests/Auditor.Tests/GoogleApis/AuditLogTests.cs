using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Cloud.Audit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Tests.GoogleApis.Wire;

namespace Auditor.Tests.GoogleApis;

/// <summary>The audit log message has Google's field numbers and looks in JSON as it stands in a log entry.</summary>
public sealed class AuditLogTests
{
    [Fact]
    public void FieldNumbers()
    {
        var log = Parse(
            Nested(2, Varint(1, 7), Text(2, "denied")),
            Nested(3, Text(1, "a@example.com"), Text(2, "selector"), Text(5, "//iam.googleapis.com/key"), Nested(6, Text(3, "delegate")), Text(8, "user:a")),
            Nested(4, Text(1, "203.0.113.9"), Text(2, "gcloud"), Text(3, "//compute.googleapis.com/n")),
            Text(7, "compute.googleapis.com"),
            Text(8, "v1.compute.firewalls.patch"),
            Nested(9, Text(1, "projects/p"), Text(2, "compute.firewalls.update"), Varint(3, 1), Varint(7, 2)),
            Text(11, "projects/p/global/firewalls/f"),
            Varint(12, 3),
            Nested(16, Entry(1, "in", Text(3, "request"))),
            Nested(17, Entry(1, "in", Text(3, "response"))),
            Nested(18, Entry(1, "in", Text(3, "metadata"))),
            Nested(19, Entry(1, "in", Text(3, "original"))),
            Nested(20, Text(1, "global"), Text(2, "europe-west1")),
            Nested(25, Nested(1, Text(2, "compute.googleapis.com/Firewall"), Nested(4, Text(1, "constraints/c"), Text(2, "no"), Text(3, "v"), Varint(4, 2)))));

        Assert.Equal(7, log.Status.Code);
        Assert.Equal("a@example.com", log.AuthenticationInfo.PrincipalEmail);
        Assert.Equal("selector", log.AuthenticationInfo.AuthoritySelector);
        Assert.Equal("//iam.googleapis.com/key", log.AuthenticationInfo.ServiceAccountKeyName);
        Assert.Equal("delegate", Assert.Single(log.AuthenticationInfo.ServiceAccountDelegationInfo).PrincipalSubject);
        Assert.Equal("user:a", log.AuthenticationInfo.PrincipalSubject);
        Assert.Equal(
            new RequestMetadata { CallerIp = "203.0.113.9", CallerSuppliedUserAgent = "gcloud", CallerNetwork = "//compute.googleapis.com/n" },
            log.RequestMetadata);
        Assert.Equal("compute.googleapis.com", log.ServiceName);
        Assert.Equal("v1.compute.firewalls.patch", log.MethodName);
        Assert.Equal(
            new AuthorizationInfo
            {
                Resource = "projects/p",
                Permission = "compute.firewalls.update",
                Granted = true,
                PermissionType = AuthorizationInfo.Types.PermissionType.AdminWrite,
            },
            Assert.Single(log.AuthorizationInfo));
        Assert.Equal("projects/p/global/firewalls/f", log.ResourceName);
        Assert.Equal(3, log.NumResponseItems);
        Assert.Equal("request", log.Request.Fields["in"].StringValue);
        Assert.Equal("response", log.Response.Fields["in"].StringValue);
        Assert.Equal("metadata", log.Metadata.Fields["in"].StringValue);
        Assert.Equal("original", log.ResourceOriginalState.Fields["in"].StringValue);
        Assert.Equal(new ResourceLocation { CurrentLocations = { "global" }, OriginalLocations = { "europe-west1" } }, log.ResourceLocation);
        Assert.Equal(
            new ViolationInfo { Constraint = "constraints/c", ErrorMessage = "no", CheckedValue = "v", PolicyType = ViolationInfo.Types.PolicyType.ListConstraint },
            Assert.Single(log.PolicyViolationInfo.OrgPolicyViolationInfo.ViolationInfo));
    }

    [Fact]
    public void ServiceData_IsAnAny()
    {
        var log = Parse(Nested(15, Text(1, "type.googleapis.com/google.appengine.legacy.AuditData"), Bytes(2, 1)));
#pragma warning disable CS0612 // App Engine still writes the deprecated field.
        Assert.Equal("type.googleapis.com/google.appengine.legacy.AuditData", log.ServiceData.TypeUrl);
#pragma warning restore CS0612
    }

    [Fact]
    public void Json_IsWhatALogEntryShows()
    {
        var log = new AuditLog
        {
            AuthenticationInfo = new AuthenticationInfo { PrincipalEmail = "deployer@net-host-7.iam.gserviceaccount.com" },
            AuthorizationInfo =
            {
                new AuthorizationInfo
                {
                    Granted = true,
                    Permission = "compute.firewalls.update",
                    PermissionType = AuthorizationInfo.Types.PermissionType.AdminWrite,
                    Resource = "projects/net-host-7/global/firewalls/allow-connectors",
                    ResourceAttributes = new Google.Rpc.Context.AttributeContext.Types.Resource
                    {
                        Name = "projects/net-host-7/global/firewalls/allow-connectors",
                        Service = "compute",
                        Type = "compute.firewalls",
                    },
                },
            },
            MethodName = "v1.compute.firewalls.patch",
            Request = Struct.Parser.ParseJson("""{"@type":"type.googleapis.com/compute.firewalls.patch","disabled":true}"""),
            RequestMetadata = new RequestMetadata { CallerIp = "203.0.113.9", CallerSuppliedUserAgent = "google-cloud-sdk gcloud/528.0.0" },
            ResourceLocation = new ResourceLocation { CurrentLocations = { "global" } },
            ResourceName = "projects/net-host-7/global/firewalls/allow-connectors",
            ServiceName = "compute.googleapis.com",
        };
        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(AuditLog.Descriptor)));

        var shown = JsonNode.Parse(Envelopes.Text("log-entry-alone"))!["protoPayload"];
        var written = JsonNode.Parse(formatter.Format(Any.Pack(log)));
        Assert.True(JsonNode.DeepEquals(shown, written), written!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private static AuditLog Parse(params byte[][] fields) => AuditLog.Parser.ParseFrom(Message(fields));
}
