namespace Auditor.Changes;

/// <summary>
/// One entry of the admin activity log, reduced to what says who changed what and how it went. Request and response are never kept, only the few
/// names in them that help to find the resource. Values are as Google wrote them.
/// Source: LogEntry and AuditLog of the Cloud Logging API.
/// </summary>
public sealed record AuditEvent
{
    /// <summary>Event time, log and insert id in one text: the same for every delivery of the entry. Ordinal order is event-time order.</summary>
    public required string Key { get; init; }

    /// <summary>The log with its slash decoded: projects/p/logs/cloudaudit.googleapis.com/activity.</summary>
    public required string LogName { get; init; }

    /// <summary>Unique within project and timestamp; empty when the entry has none.</summary>
    public string InsertId { get; init; } = "";

    public required DateTimeOffset Timestamp { get; init; }

    public DateTimeOffset? ReceiveTimestamp { get; init; }

    public string? Severity { get; init; }

    public required string ServiceName { get; init; }

    public required string MethodName { get; init; }

    /// <summary>protoPayload.resourceName as written: relative, full, with namespaces, or the parent's; empty when not said.</summary>
    public string ResourceName { get; init; } = "";

    /// <summary>The monitored resource's type, such as gce_firewall_rule.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The monitored resource's labels, in the order written.</summary>
    public ValueList<KeyValuePair<string, string>> ResourceLabels { get; init; }

    /// <summary>The long-running operation the entry belongs to; null for calls that log a single entry.</summary>
    public EventOperation? Operation { get; init; }

    /// <summary>Set when the entry is one part of a larger one.</summary>
    public EventSplit? Split { get; init; }

    /// <summary>Who called; null when redacted or not said.</summary>
    public EventPrincipal? Principal { get; init; }

    public string? CallerIp { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Null means success.</summary>
    public EventStatus? Status { get; init; }

    /// <summary>The permissions checked and on what; usually only on an operation's first entry.</summary>
    public ValueList<EventPermission> Permissions { get; init; }

    /// <summary>Names found in request and response, under camel-case paths such as request.connectorId. They were asked for; they may not be.</summary>
    public ValueList<EventHint> Hints { get; init; }

    /// <summary>A label of the monitored resource; null when absent or empty.</summary>
    public string? Label(string name)
    {
        foreach (var (key, value) in ResourceLabels)
        {
            if (key == name)
            {
                return value.Length == 0 ? null : value;
            }
        }

        return null;
    }

    /// <summary>The first hint under a path; null when there is none.</summary>
    public string? Hint(string path)
    {
        foreach (var hint in Hints)
        {
            if (hint.Path == path)
            {
                return hint.Value;
            }
        }

        return null;
    }

    /// <summary>All hints under a path, in the order written.</summary>
    public IEnumerable<string> HintsOf(string path) => Hints.Where(hint => hint.Path == path).Select(hint => hint.Value);
}

/// <summary>The operation an entry belongs to. Neither first nor last is normal for calls that finish at once.</summary>
public sealed record EventOperation(string Id, string Producer, bool IsFirst, bool IsLast);

/// <summary>Which part of a larger entry this is; the parts share the uid.</summary>
public sealed record EventSplit(string Uid, int Index, int Total);

/// <summary>Who called.</summary>
/// <param name="Email">Null for federated identities.</param>
/// <param name="Subject">Such as "user:a@example.com" or "principal://iam.googleapis.com/...".</param>
/// <param name="IsThirdParty">Whether the identity is of a provider outside Google.</param>
public sealed record EventPrincipal(string? Email, string? Subject, bool IsThirdParty)
{
    /// <summary>The email or, where there is none, the subject.</summary>
    public override string ToString() => Email ?? Subject ?? "a third-party identity";
}

/// <summary>How a call failed, with the number of google.rpc.Code.</summary>
public sealed record EventStatus(int Code, string Message);

/// <summary>A permission that was checked on a resource.</summary>
/// <param name="Resource">The name as written; empty when not said.</param>
public sealed record EventPermission(string Resource, string Permission, bool IsGranted);

/// <summary>A name found in the request or response.</summary>
public sealed record EventHint(string Path, string Value);
