using System.Text.Json;

namespace Auditor.Changes;

/// <summary>Reads protoPayload, the AuditLog inside a LogEntry.</summary>
internal static class AuditPayloadReader
{
    /// <param name="skip">Whether the entry is known to be of another log, so that its payload only has to be well formed.</param>
    public static void Read(ref Utf8JsonReader reader, EntryDraft draft, bool skip)
    {
        if (skip)
        {
            draft.HasPayload = true;
            reader.Skip();
            return;
        }

        draft.HasPayload = reader.NextIsObject();
        while (draft.HasPayload && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("request"u8))
            {
                HintReader.Read(ref reader, draft.Hints, "request");
            }
            else if (reader.ValueTextEquals("response"u8))
            {
                HintReader.Read(ref reader, draft.Hints, "response");
            }
            else if (reader.ValueTextEquals("serviceName"u8))
            {
                draft.ServiceName = reader.NextText();
            }
            else if (reader.ValueTextEquals("methodName"u8))
            {
                draft.MethodName = reader.NextText();
            }
            else if (reader.ValueTextEquals("resourceName"u8))
            {
                draft.ResourceName = reader.NextText();
            }
            else if (reader.ValueTextEquals("@type"u8))
            {
                draft.PayloadType = reader.NextText();
            }
            else if (reader.ValueTextEquals("authenticationInfo"u8))
            {
                ReadPrincipal(ref reader, draft);
            }
            else if (reader.ValueTextEquals("authorizationInfo"u8))
            {
                ReadPermissions(ref reader, draft);
            }
            else if (reader.ValueTextEquals("requestMetadata"u8))
            {
                ReadRequestMetadata(ref reader, draft);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                draft.Status = ReadStatus(ref reader);
            }
            else if (reader.ValueTextEquals("resourceLocation"u8))
            {
                HintReader.Read(ref reader, draft.Hints, "resourceLocation");
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadPrincipal(ref Utf8JsonReader reader, EntryDraft draft)
    {
        string? email = null, subject = null;
        var thirdParty = false;
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("principalEmail"u8))
            {
                email = reader.NextText();
            }
            else if (reader.ValueTextEquals("principalSubject"u8))
            {
                subject = reader.NextText();
            }
            else if (reader.ValueTextEquals("thirdPartyPrincipal"u8))
            {
                thirdParty = reader.NextIsObject();
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        email = string.IsNullOrEmpty(email) ? null : email;
        subject = string.IsNullOrEmpty(subject) ? null : subject;
        draft.Principal = email is null && subject is null && !thirdParty ? null : new EventPrincipal(email, subject, thirdParty);
    }

    private static void ReadPermissions(ref Utf8JsonReader reader, EntryDraft draft)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            string? resource = null, attribute = null, permission = null;
            var granted = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("resource"u8))
                {
                    resource = reader.NextText();
                }
                else if (reader.ValueTextEquals("permission"u8))
                {
                    permission = reader.NextText();
                }
                else if (reader.ValueTextEquals("granted"u8))
                {
                    granted = reader.NextFlag();
                }
                else if (reader.ValueTextEquals("resourceAttributes"u8) && reader.NextIsObject())
                {
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        if (reader.ValueTextEquals("name"u8))
                        {
                            attribute = reader.NextText();
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }
                }
                else
                {
                    reader.Skip();
                }
            }

            draft.Permissions.Add(new EventPermission(string.IsNullOrEmpty(resource) ? attribute ?? "" : resource, permission ?? "", granted));
        }
    }

    private static void ReadRequestMetadata(ref Utf8JsonReader reader, EntryDraft draft)
    {
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("callerIp"u8))
            {
                draft.CallerIp = reader.NextText();
            }
            else if (reader.ValueTextEquals("callerSuppliedUserAgent"u8))
            {
                draft.UserAgent = reader.NextText();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static EventStatus? ReadStatus(ref Utf8JsonReader reader)
    {
        int? code = null;
        string? message = null;
        var isObject = reader.NextIsObject();
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8))
            {
                code = reader.NextNumber();
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                message = reader.NextText();
            }
            else
            {
                reader.Skip();
            }
        }

        // A message without a code is google.rpc.Code UNKNOWN.
        return code is null or 0 ? string.IsNullOrEmpty(message) || code is 0 ? null : new EventStatus(2, message) : new EventStatus(code.Value, message ?? "");
    }
}
