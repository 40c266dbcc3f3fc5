using System.Text.Json.Serialization;

namespace Auditor.Changes;

/// <summary>What a change asks the auditor to do.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "when")]
[JsonDerivedType(typeof(ReadNow), "now")]
[JsonDerivedType(typeof(AwaitLast), "last")]
[JsonDerivedType(typeof(RecordOnly), "never")]
public abstract record Trigger
{
    private Trigger()
    {
    }

    /// <summary>The call is over, for better or worse: read the resources now.</summary>
    public sealed record ReadNow : Trigger;

    /// <summary>The operation has begun: read when its last entry comes, or after the settle time if none does.</summary>
    public sealed record AwaitLast(TimeSpan SettleTime) : Trigger;

    /// <summary>Keep the record and read nothing.</summary>
    /// <param name="Reason">A clause without full stop: refused, or what is not modelled.</param>
    /// <param name="IsRefusal">Whether the call was turned away at the door, so that nothing can have changed.</param>
    public sealed record RecordOnly(string Reason, bool IsRefusal = false) : Trigger;
}
