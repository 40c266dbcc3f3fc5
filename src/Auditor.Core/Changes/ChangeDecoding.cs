namespace Auditor.Changes;

/// <summary>What an audit event comes to.</summary>
public abstract record ChangeDecoding
{
    private ChangeDecoding()
    {
    }

    /// <summary>A change the auditor listens to.</summary>
    public sealed record Decoded(Change Change) : ChangeDecoding;

    /// <summary>A method the auditor does not listen to.</summary>
    /// <param name="Reason">A clause without full stop that names the method and service.</param>
    public sealed record NotCovered(string Reason) : ChangeDecoding;
}
