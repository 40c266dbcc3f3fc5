namespace Auditor.Findings;

/// <summary>The harm if a finding is true, worst last.</summary>
public enum Severity
{
    Info,
    Low,
    Medium,
    High,
    Critical,
}
