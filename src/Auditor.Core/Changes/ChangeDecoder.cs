using Auditor.Model;

namespace Auditor.Changes;

/// <summary>
/// Turns an audit event into the change it reports. The operation decides when to read: a last entry always reads, good or bad; a first one waits; a
/// single one reads unless it was refused. Who called never matters: service agents change firewall rules too.
/// </summary>
public static class ChangeDecoder
{
    private const int InvalidArgument = 3;
    private const int PermissionDenied = 7;

    public static ChangeDecoding Decode(AuditEvent entry)
    {
        if (ChangeTable.Find(entry.ServiceName, entry.MethodName) is not { } row)
        {
            return new ChangeDecoding.NotCovered($"method {entry.MethodName} of {entry.ServiceName} is not watched");
        }

        var names = new ResourceResolver(row, entry);
        var resources = names.Resources().Distinct().Order().ToValueList();
        return new ChangeDecoding.Decoded(new Change
        {
            EventKey = entry.Key,
            DedupKey = entry.Split is { } split ? $"split {split.Uid} {entry.LogName}" : entry.Key,
            OccurredAt = entry.Timestamp,
            ServiceName = entry.ServiceName,
            MethodName = entry.MethodName,
            Principal = entry.Principal,
            CallerIp = entry.CallerIp,
            UserAgent = entry.UserAgent,
            OperationId = entry.Operation is { Id.Length: > 0 } operation ? operation.Id : null,
            IsFirst = entry.Operation is { IsFirst: true },
            IsLast = entry.Operation is { IsLast: true },
            Status = entry.Status,
            Project = names.Project,
            Resources = resources,
            Related = names.Related().Distinct().Where(name => !resources.Contains(name)).Order().ToValueList(),
            UpdateMask = entry.HintsOf("request.updateMask").SelectMany(mask => mask.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToValueList(),
            Trigger = TriggerOf(row, entry, resources),
            Verb = VerbOf(row, entry.MethodName),
        });
    }

    private static Trigger TriggerOf(ChangeRow row, AuditEvent entry, ValueList<ResourceName> resources)
    {
        if (entry is { Operation: null, Status: { Code: PermissionDenied or InvalidArgument } status })
        {
            return new Trigger.RecordOnly($"refused: {CodeName(status.Code)}{(status.Message.Length == 0 ? "" : $", {status.Message}")}", IsRefusal: true);
        }

        if (row.Aspect is { } aspect)
        {
            return new Trigger.RecordOnly($"{aspect} is not modelled yet");
        }

        if (resources.IsEmpty)
        {
            return new Trigger.RecordOnly($"the entry does not name the {row.Noun}: resourceName is \"{entry.ResourceName}\"");
        }

        if (resources.All(name => name.Kind == ResourceKind.Other))
        {
            return new Trigger.RecordOnly($"{row.Host}/{row.Collection} is not modelled yet");
        }

        return entry.Operation is { IsFirst: true, IsLast: false } ? new Trigger.AwaitLast(row.SettleTime) : new Trigger.ReadNow();
    }

    private static string CodeName(int code) => code == PermissionDenied ? "PERMISSION_DENIED" : "INVALID_ARGUMENT";

    private static ChangeVerb VerbOf(ChangeRow row, string method)
    {
        var name = method.AsSpan(method.LastIndexOf('.') + 1);
        return row.ChangesPart ? ChangeVerb.Changed
            : name.StartsWith("Create") || name is "insert" or "bulkInsert" or "create" ? ChangeVerb.Created
            : name.StartsWith("Delete") || name is "delete" ? ChangeVerb.Deleted
            : ChangeVerb.Changed;
    }
}
