namespace Auditor.Changes;

/// <summary>What became of one item handed in as an audit event.</summary>
public abstract record AuditReading
{
    private AuditReading()
    {
    }

    /// <summary>An entry of the admin activity log.</summary>
    public sealed record Understood(AuditEvent Event) : AuditReading;

    /// <summary>Well formed, but nothing the auditor reads: another log, another payload, no log entry at all. To be counted and let go.</summary>
    /// <param name="Reason">A clause without full stop, such as "log cloudaudit.googleapis.com/data_access is not the admin activity log".</param>
    public sealed record Irrelevant(string Reason) : AuditReading;

    /// <summary>Not what it should be. To be refused, so that somebody looks at it.</summary>
    /// <param name="Reason">A clause without full stop: what was found, what was wanted, under which key.</param>
    /// <param name="Line">From 1; null when the text has a single line.</param>
    public sealed record NotUnderstood(string Reason, int? Line = null) : AuditReading
    {
        public override string ToString() => Line is { } line ? $"line {line}: {Reason}" : Reason;
    }
}
