using System.Globalization;
using System.Runtime.InteropServices;

namespace Auditor.Model;

/// <summary>One thing a rule looked up: an object, a list, an absence, or something that was not read. Put into words only when somebody reads it.</summary>
/// <param name="Count">How many a list held; 0 elsewhere.</param>
/// <param name="Why">Why it was not read, or why a list may be short; null when neither.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Evidence(EvidenceKind Kind, Reference Key, int Count = 0, string? Why = null)
{
    /// <summary>The sentences of a record, sorted: the same facts in the same words.</summary>
    public static ValueList<string> Describe(IEnumerable<Evidence> evidence) => evidence.Select(item => item.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();

    public override string ToString() => Kind switch
    {
        EvidenceKind.Found => $"object {Key.Target}",
        EvidenceKind.Absent => $"absent {Key.Target}",
        EvidenceKind.Unread => $"unread {Key.Target}: {Why}",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"list {KindTable.Of(Key.Kind).Noun}{(Key.Target == default ? "" : $" of {Key.Target}")}: {Count}{(Why is null ? "" : $", incomplete: {Why}")}"),
    };
}

/// <summary>How something was looked up, and with what answer.</summary>
public enum EvidenceKind
{
    Found,
    Absent,
    Unread,
    List,
}
