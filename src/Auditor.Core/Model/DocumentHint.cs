namespace Auditor.Model;

/// <summary>What whoever read a document knows about it beyond its content, such as the parts of the URL that was asked. All may be null.</summary>
/// <param name="Kind">The kind a list was asked for.</param>
/// <param name="Network">The network whose effective firewalls were asked for.</param>
public sealed record DocumentHint(ResourceKind? Kind = null, string? Project = null, string? Location = null, ResourceName? Network = null)
{
    /// <summary>Nothing known.</summary>
    public static DocumentHint None { get; } = new();
}
