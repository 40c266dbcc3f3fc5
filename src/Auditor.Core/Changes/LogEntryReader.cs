using System.Text.Json;

namespace Auditor.Changes;

/// <summary>
/// Reads one LogEntry in one pass over its bytes, forward only. What is not needed is skipped without being decoded. A field of an unexpected type
/// counts as absent, unless the entry says nothing without it.
/// </summary>
internal static class LogEntryReader
{
    private const string Activity = "cloudaudit.googleapis.com/activity";
    private const string AuditLogType = "google.cloud.audit.AuditLog";

    /// <summary>Reads from the entry's opening brace to its closing one. Reasons carry no line; the caller knows it.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A text holds bytes or escapes that are no characters.</exception>
    public static AuditReading Read(ref Utf8JsonReader reader)
    {
        var draft = new EntryDraft();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("logName"u8))
            {
                draft.LogName = reader.NextText();
            }
            else if (reader.ValueTextEquals("protoPayload"u8))
            {
                AuditPayloadReader.Read(ref reader, draft, skip: draft.LogName is { } log && IsOther(LogId(Decoded(log))));
            }
            else if (reader.ValueTextEquals("textPayload"u8) || reader.ValueTextEquals("jsonPayload"u8))
            {
                draft.OtherPayload = reader.GetString();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("insertId"u8))
            {
                draft.InsertId = reader.NextText();
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                draft.Timestamp = reader.NextText();
            }
            else if (reader.ValueTextEquals("receiveTimestamp"u8))
            {
                draft.ReceiveTimestamp = reader.NextText();
            }
            else if (reader.ValueTextEquals("severity"u8))
            {
                draft.Severity = reader.NextText();
            }
            else if (reader.ValueTextEquals("resource"u8))
            {
                ReadResource(ref reader, draft);
            }
            else if (reader.ValueTextEquals("operation"u8))
            {
                draft.Operation = ReadOperation(ref reader);
            }
            else if (reader.ValueTextEquals("split"u8))
            {
                draft.Split = ReadSplit(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return Finish(draft);
    }

    private static AuditReading Finish(EntryDraft draft)
    {
        var log = Decoded(draft.LogName);
        var id = LogId(log);
        if (IsOther(id))
        {
            return new AuditReading.Irrelevant($"log {id} is not the admin activity log");
        }

        if (!draft.HasPayload && draft.OtherPayload is { } other)
        {
            return new AuditReading.Irrelevant($"the entry has a {other}, not an audit log");
        }

        if (draft.PayloadType is { } type && !type.EndsWith(AuditLogType, StringComparison.Ordinal))
        {
            return new AuditReading.Irrelevant($"protoPayload is a {type[(type.LastIndexOf('/') + 1)..]}, not a {AuditLogType}");
        }

        var instant = Timestamps.TryParse(draft.Timestamp);
        var received = Timestamps.TryParse(draft.ReceiveTimestamp);
        return id is null ? Missing("logName", draft.LogName, "a name such as projects/p/logs/cloudaudit.googleapis.com%2Factivity")
            : !draft.HasPayload ? Missing("protoPayload", null, "an object")
            : string.IsNullOrEmpty(draft.ServiceName) ? Missing("protoPayload.serviceName", draft.ServiceName, "a name such as compute.googleapis.com")
            : string.IsNullOrEmpty(draft.MethodName) ? Missing("protoPayload.methodName", draft.MethodName, "a name such as v1.compute.firewalls.insert")
            : (instant ?? received) is { } time ? new AuditReading.Understood(draft.ToEvent(log!, time, instant is null ? draft.ReceiveTimestamp! : draft.Timestamp!, received))
            : Missing("timestamp", draft.Timestamp, "an RFC 3339 instant");
    }

    // A log's name may hold a slash, which then is written %2F in most places.
    private static string? Decoded(string? log) => log?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    // What follows "/logs/"; null when the name is no log name.
    private static string? LogId(string? log) => log?.IndexOf("/logs/", StringComparison.Ordinal) is >= 0 and var at ? log[(at + "/logs/".Length)..] : null;

    private static bool IsOther(string? logId) => logId is not null && logId != Activity;

    private static AuditReading.NotUnderstood Missing(string key, string? found, string wanted) =>
        new($"{key} is {(found is null ? "missing" : $"\"{(found.Length <= 60 ? found : $"{found.AsSpan(0, 57)}...")}\"")}; {wanted} was expected");

    private static void ReadResource(ref Utf8JsonReader reader, EntryDraft draft)
    {
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                draft.ResourceType = reader.NextText();
            }
            else if (reader.ValueTextEquals("labels"u8) && reader.NextIsObject())
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    if (reader.NextText() is { } value)
                    {
                        draft.Labels.Add(KeyValuePair.Create(name, value));
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static EventOperation? ReadOperation(ref Utf8JsonReader reader)
    {
        string? id = null, producer = null;
        bool first = false, last = false;
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = reader.NextText();
            }
            else if (reader.ValueTextEquals("producer"u8))
            {
                producer = reader.NextText();
            }
            else if (reader.ValueTextEquals("first"u8))
            {
                first = reader.NextFlag();
            }
            else if (reader.ValueTextEquals("last"u8))
            {
                last = reader.NextFlag();
            }
            else
            {
                reader.Skip();
            }
        }

        return string.IsNullOrEmpty(id) && !first && !last ? null : new EventOperation(id ?? "", producer ?? "", first, last);
    }

    private static EventSplit? ReadSplit(ref Utf8JsonReader reader)
    {
        string? uid = null;
        int? index = null, total = null;
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("uid"u8))
            {
                uid = reader.NextText();
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                index = reader.NextNumber();
            }
            else if (reader.ValueTextEquals("totalSplits"u8))
            {
                total = reader.NextNumber();
            }
            else
            {
                reader.Skip();
            }
        }

        return string.IsNullOrEmpty(uid) ? null : new EventSplit(uid, index ?? 0, total ?? 0);
    }
}
