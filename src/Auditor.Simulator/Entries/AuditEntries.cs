using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Cloud.Audit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc.Context;

namespace Auditor.Simulator.Entries;

/// <summary>
/// Writes LogEntry JSON as a log sink delivers it. The payload goes through Google's own AuditLog message, so that its JSON is what Google's
/// formatter makes of it. With the same seed, clock and calls it writes the same bytes.
/// </summary>
public sealed class AuditEntries(TimeProvider time, int seed = 1)
{
    private const string ActivityLog = "cloudaudit.googleapis.com%2Factivity";
    private const string Timestamps = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(AuditLog.Descriptor)));
    private static readonly JsonSerializerOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly EntryIds _ids = new(seed);
    private ImmutableList<byte[]> _written = [];
    private DateTimeOffset _latest;

    /// <summary>Everything written so far, in order: what a careless subscription may deliver again.</summary>
    public IReadOnlyList<byte[]> Written => _written;

    /// <summary>A call that is over when it answers.</summary>
    public byte[] Synchronous(AuditCall call) => InLog("activity", call);

    /// <summary>A call that was refused at admission: one entry, no operation.</summary>
    public byte[] Refused(AuditCall call, int code, string message)
    {
        var at = Now();
        return Write(call, Payload(call, isFirst: true, null, new AuditOutcome(code, message), at, isGranted: code != 7), at, isError: true, null, ActivityLog);
    }

    /// <summary>A long-running operation: accepted, then finished. The last entry is now, or as long ago as the outcome says.</summary>
    public OperationEntries Operation(AuditCall call, AuditOutcome? outcome = null)
    {
        outcome ??= new AuditOutcome();
        var last = outcome.Ago == default ? Now() : time.GetUtcNow() - outcome.Ago;
        var first = last - (outcome.Took == default ? TimeSpan.FromSeconds(4) : outcome.Took);
        var id = OperationId(call, first);
        return new OperationEntries(
            Write(call, Payload(call, isFirst: true, Accepted(call, id), null, first), first, isError: false, Operation(call, id, "first"), ActivityLog),
            Write(call, Payload(call, isFirst: false, call.FinalResponse, outcome, last), last, outcome.Code != 0, Operation(call, id, "last"), ActivityLog));
    }

    /// <summary>A call in any audit log, such as "data_access".</summary>
    public byte[] InLog(string log, AuditCall call)
    {
        var at = Now();
        return Write(call, Payload(call, isFirst: true, call.Response, null, at), at, isError: false, null, $"cloudaudit.googleapis.com%2F{log}");
    }

    /// <summary>An entry that is no audit log at all.</summary>
    public byte[] Other(string project, string log, string resourceType, JsonObject jsonPayload)
    {
        var at = Now();
        return Keep(Entry("jsonPayload", jsonPayload.DeepClone(), project, resourceType, [], at, "INFO", null, log));
    }

    private byte[] Write(AuditCall call, AuditLog payload, DateTimeOffset at, bool isError, JsonObject? operation, string log) => Keep(
        Entry("protoPayload", JsonNode.Parse(s_formatter.Format(Any.Pack(payload)))!, call.Project, call.ResourceType, call.Labels, at, isError ? "ERROR" : "NOTICE", operation, log));

    private JsonObject Entry(
        string payloadKey, JsonNode payload, string project, string resourceType, IEnumerable<KeyValuePair<string, string>> labels,
        DateTimeOffset at, string severity, JsonObject? operation, string log)
    {
        var entry = new JsonObject
        {
            [payloadKey] = payload,
            ["insertId"] = _ids.InsertId(),
            ["resource"] = new JsonObject
            {
                ["type"] = resourceType,
                ["labels"] = new JsonObject(labels.Append(KeyValuePair.Create("project_id", project)).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
            ["timestamp"] = Text(at),
            ["severity"] = severity,
            ["logName"] = $"projects/{project}/logs/{log}",
        };
        if (operation is not null)
        {
            entry["operation"] = operation;
        }

        entry["receiveTimestamp"] = Text(at + _ids.Delay());
        return entry;
    }

    private static AuditLog Payload(AuditCall call, bool isFirst, JsonObject? response, AuditOutcome? outcome, DateTimeOffset at, bool isGranted = true)
    {
        var payload = new AuditLog
        {
            ServiceName = call.Service,
            MethodName = call.Method,
            ResourceName = call.Resource,
            AuthenticationInfo = new AuthenticationInfo { PrincipalEmail = call.Principal },
            RequestMetadata = new RequestMetadata(),
        };
        if (isFirst)
        {
            payload.RequestMetadata = new RequestMetadata
            {
                CallerIp = call.CallerIp,
                CallerSuppliedUserAgent = call.UserAgent,
                RequestAttributes = new AttributeContext.Types.Request { Time = Timestamp.FromDateTimeOffset(at), Auth = new AttributeContext.Types.Auth() },
                DestinationAttributes = new AttributeContext.Types.Peer(),
            };
            payload.AuthorizationInfo.AddRange(call.Permissions.Select(permission => new AuthorizationInfo
            {
                Resource = permission.Resource,
                Permission = permission.Permission,
                Granted = isGranted,
                PermissionType = AuthorizationInfo.Types.PermissionType.AdminWrite,
                ResourceAttributes = new AttributeContext.Types.Resource { Service = call.Service.Split('.')[0], Name = permission.Resource, Type = permission.Type },
            }));
            payload.Request = ToStruct(call.Request);
        }

        payload.Response = ToStruct(response);
        if (call.Location is not null)
        {
            payload.ResourceLocation = new ResourceLocation { CurrentLocations = { call.Location } };
        }

        if (outcome is { Code: not 0 })
        {
            payload.Status = new Google.Rpc.Status { Code = outcome.Code, Message = outcome.Message };
        }
        else if (call.Service != "compute.googleapis.com")
        {
            payload.Status = new Google.Rpc.Status();
        }

        return payload;
    }

    // What the API answers while the operation runs.
    private JsonObject Accepted(AuditCall call, string operationId) => call.Service == "compute.googleapis.com"
        ? new JsonObject
        {
            ["@type"] = "type.googleapis.com/operation",
            ["id"] = _ids.Number(),
            ["name"] = operationId,
            ["operationType"] = call.Method[(call.Method.LastIndexOf('.') + 1)..],
            ["targetLink"] = $"https://www.googleapis.com/compute/v1/{call.Resource}",
            ["targetId"] = call.Labels.Where(label => label.Key.EndsWith("_id", StringComparison.Ordinal)).Select(label => label.Value).FirstOrDefault() ?? _ids.Number(),
            ["status"] = "RUNNING",
            ["user"] = call.Principal,
            ["progress"] = "0",
        }
        : new JsonObject { ["@type"] = "type.googleapis.com/google.longrunning.Operation", ["name"] = operationId };

    private string OperationId(AuditCall call, DateTimeOffset at) => call.Service == "compute.googleapis.com"
        ? string.Create(CultureInfo.InvariantCulture, $"operation-{at.ToUnixTimeMilliseconds()}-{_ids.Hex()}")
        : $"projects/{call.Project}/locations/{call.Location ?? "global"}/operations/{_ids.Hex()}";

    private static JsonObject Operation(AuditCall call, string id, string flag) => new() { ["id"] = id, ["producer"] = call.Service, [flag] = true };

    private static Struct? ToStruct(JsonObject? json) => json is null ? null : JsonParser.Default.Parse<Struct>(json.ToJsonString());

    // The clock may stand still; two entries never bear one time.
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return _latest = now > _latest ? now : _latest.AddMicroseconds(1);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Timestamps, CultureInfo.InvariantCulture);

    private byte[] Keep(JsonObject entry)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(entry, s_json);
        _written = _written.Add(bytes);
        return bytes;
    }
}
