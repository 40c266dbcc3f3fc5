using Auditor.Model;

namespace Auditor.Changes;

/// <summary>
/// That something the auditor watches was changed, or that somebody tried: by whom, how it went, and which resources to read again. It says nothing
/// of what they are now; only a read does.
/// </summary>
public sealed record Change
{
    /// <summary><see cref="AuditEvent.Key"/> of the entry.</summary>
    public required string EventKey { get; init; }

    /// <summary>One change has one: the entry's key, or what the parts of a split entry share.</summary>
    public required string DedupKey { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string ServiceName { get; init; }

    public required string MethodName { get; init; }

    /// <summary>Null when Google redacted it.</summary>
    public EventPrincipal? Principal { get; init; }

    public string? CallerIp { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Ties the entries of one long-running operation together; null for calls that log a single entry.</summary>
    public string? OperationId { get; init; }

    public bool IsFirst { get; init; }

    public bool IsLast { get; init; }

    /// <summary>Null means success.</summary>
    public EventStatus? Status { get; init; }

    /// <summary>The project the entry was logged in; null for folders and organisations.</summary>
    public string? Project { get; init; }

    /// <summary>What was changed: full names, sorted, to be read again.</summary>
    public ValueList<ResourceName> Resources { get; init; }

    /// <summary>Networks and subnetworks the call touched besides, as far as the entry says; sorted.</summary>
    public ValueList<ResourceName> Related { get; init; }

    /// <summary>The fields the caller said it changes, such as "service_config.vpc_connector", as written. A hint; usually empty.</summary>
    public ValueList<string> UpdateMask { get; init; }

    /// <summary>How often it was looked at before, since what was read contradicted it; null for the first time.</summary>
    public int? Recheck { get; init; }

    /// <summary>What is to be done about it.</summary>
    public required Trigger Trigger { get; init; }

    /// <summary>What the method does to the resource, as a plain word for sentences.</summary>
    public required ChangeVerb Verb { get; init; }

    /// <summary>The method in Google's short form: DeleteConnector, firewalls.insert.</summary>
    public string Method => ShortName(MethodName);

    /// <summary>Such as "DeleteConnector conn-a by ci@p1.iam.gserviceaccount.com".</summary>
    public string Describe() => $"{Method} {(Resources.IsEmpty ? Project ?? "of an unnamed resource" : Resources[0].Id)} by {Principal?.ToString() ?? "an undisclosed caller"}";

    // A method that is a word of its own (CreateConnector) says it all; a bare verb (insert) needs its collection.
    private static string ShortName(string method)
    {
        var last = method.LastIndexOf('.') + 1;
        return last < 2 || last == method.Length || char.IsAsciiLetterUpper(method[last]) ? method[last..] : method[(method.LastIndexOf('.', last - 2) + 1)..];
    }
}

/// <summary>What a method does to the resource.</summary>
public enum ChangeVerb
{
    Changed,
    Created,
    Deleted,
}

/// <summary>The words for <see cref="ChangeVerb"/>.</summary>
public static class ChangeVerbs
{
    /// <summary>"created", "changed" or "deleted".</summary>
    public static string ToWord(this ChangeVerb verb) => verb switch
    {
        ChangeVerb.Created => "created",
        ChangeVerb.Deleted => "deleted",
        _ => "changed",
    };
}
