using System.Globalization;

namespace Auditor.Changes;

/// <summary>The fields met so far; keys of an entry come in any order.</summary>
internal sealed class EntryDraft
{
    public string? LogName, InsertId, Timestamp, ReceiveTimestamp, Severity, OtherPayload, PayloadType, ServiceName, MethodName, ResourceName, ResourceType, CallerIp, UserAgent;
    public bool HasPayload;
    public EventOperation? Operation;
    public EventSplit? Split;
    public EventPrincipal? Principal;
    public EventStatus? Status;

    public List<KeyValuePair<string, string>> Labels { get; } = [];

    public List<EventPermission> Permissions { get; } = [];

    public List<EventHint> Hints { get; } = [];

    public AuditEvent ToEvent(string log, DateTimeOffset time, string timeText, DateTimeOffset? received) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss}.{Nanoseconds(timeText)}Z {log} {(string.IsNullOrEmpty(InsertId) ? Substitute() : InsertId)}"),
        LogName = log,
        InsertId = InsertId ?? "",
        Timestamp = time,
        ReceiveTimestamp = received,
        Severity = Severity,
        ServiceName = ServiceName!,
        MethodName = MethodName!,
        ResourceName = ResourceName ?? "",
        ResourceType = ResourceType,
        ResourceLabels = Labels.ToValueList(),
        Operation = Operation,
        Split = Split,
        Principal = Principal,
        CallerIp = CallerIp,
        UserAgent = UserAgent,
        Status = Status,
        Permissions = Permissions.ToValueList(),
        Hints = Hints.ToValueList(),
    };

    // All nine digits: two entries of one insert id differ only by their time.
    private static string Nanoseconds(string time)
    {
        var end = time.IndexOf('.', StringComparison.Ordinal) + 1;
        var start = end;
        while (start > 0 && end < time.Length && end - start < 9 && char.IsAsciiDigit(time[end]))
        {
            end++;
        }

        return time[start..end].PadRight(9, '0');
    }

    // Exports always carry an insert id; an entry without one is told apart by what it says.
    private string Substitute() => $"{MethodName} {ResourceName} {Operation?.Id} {(Operation is { IsFirst: true } ? "first" : "")}{(Operation is { IsLast: true } ? "last" : "")}";
}
