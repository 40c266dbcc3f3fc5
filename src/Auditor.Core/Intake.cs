using Auditor.Changes;

namespace Auditor;

/// <summary>What became of an event at the door.</summary>
public abstract record Intake
{
    private Intake()
    {
    }

    /// <summary>It is durable in the inbox.</summary>
    public sealed record Taken(Change Change) : Intake;

    /// <summary>It was taken before; nothing changed.</summary>
    public sealed record Repeated(Change Change) : Intake;

    /// <summary>It changes nothing the auditor watches; <paramref name="Reason"/> says why.</summary>
    public sealed record Irrelevant(string Reason) : Intake;
}
