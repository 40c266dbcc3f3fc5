using Auditor.Model;

namespace Auditor.Changes;

/// <summary>One audited interface: its methods, which resource they change, and when that resource is worth reading again.</summary>
/// <param name="Service">protoPayload.serviceName.</param>
/// <param name="Interface">The method name without its last part; "{v}" is a version that may be any or absent. Empty for bare names.</param>
/// <param name="Methods">Last parts of the method name that are known.</param>
/// <param name="Patterns">Where the resource's name may stand, in the words of <see cref="KindTable"/>; the first is the one to build.</param>
public sealed record ChangeRow(string Service, string Interface, ValueList<string> Methods, ValueList<string> Patterns)
{
    private static readonly TimeSpan s_settleTime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_shortSettleTime = TimeSpan.FromMinutes(5);

    private readonly string? _host;

    /// <summary>Whether methods that are not listed change the resource as well: everything but reads.</summary>
    public bool TakesAnyMethod { get; init; }

    /// <summary>Whether the methods change a part of the resource, so that creating or deleting the part changes the resource.</summary>
    public bool ChangesPart { get; init; }

    /// <summary>What is changed, for sentences, where the auditor does not read it although it reads the resource named by the patterns; null elsewhere.</summary>
    public string? Aspect { get; init; }

    /// <summary>When the resource is worth reading.</summary>
    public OperationStyle Style { get; init; } = OperationStyle.OnLast;

    /// <summary>How long after an operation's first entry to read when no last one has come.</summary>
    public TimeSpan SettleTime => Style == OperationStyle.AfterSettle ? s_shortSettleTime : s_settleTime;

    /// <summary>The host of the resource's full name, where it is not the service.</summary>
    public string Host
    {
        get => _host ?? Service;
        init => _host = value;
    }

    /// <summary>The kind the patterns lead to; Other when it is not modelled. Follows <see cref="KindTable"/>.</summary>
    public ResourceKind Kind => KindTable.Match(Host, Patterns[0])?.Kind ?? ResourceKind.Other;

    /// <summary>The collection the resource stands in, such as "connectors".</summary>
    public string Collection => Patterns[0].Split('/')[^2];

    /// <summary>The collection's noun in camel case, such as "connector": what requests call the resource.</summary>
    public string Noun => Collection.EndsWith("ies", StringComparison.Ordinal) ? $"{Collection.AsSpan(0, Collection.Length - 3)}y"
        : Collection[..^(Collection.EndsWith("sses", StringComparison.Ordinal) ? 2 : 1)];

    /// <summary>A full method name; version null leaves it out.</summary>
    public string MethodName(string method, string? version) =>
        Interface.Length == 0 ? method : $"{Interface}.{method}".Replace("{v}.", version is null ? "" : $"{version}.", StringComparison.Ordinal);
}

/// <summary>When the resource an operation changes is worth reading.</summary>
public enum OperationStyle
{
    /// <summary>A long-running operation that logs its end.</summary>
    OnLast,

    /// <summary>A call that is done when it is logged.</summary>
    OnSingle,

    /// <summary>A long-running operation that is not known to log its end: read after the settle time.</summary>
    AfterSettle,
}
