namespace Auditor.Model;

/// <summary>A folder: what stands above it says whose firewall policies reach the projects in it. Source: REST Resource folders of cloudresourcemanager v2 and v3.</summary>
public sealed record Folder(ResourceName Name) : Resource(Name)
{
    public string? DisplayName { get; init; }

    /// <summary>"folders/N" or "organizations/N"; null when not said.</summary>
    public string? Parent { get; init; }

    public ProjectState State { get; init; }

    public override string? Lifecycle => State == ProjectState.Unspecified ? null : State.ToGoogleWord();

    internal static Folder Parse(FieldReader fields) => new(fields.Context.Name)
    {
        DisplayName = fields.Text("displayName"),
        Parent = fields.Text("parent"),
        State = fields.Choice(fields.Has("state") ? "state" : "lifecycleState", ProjectState.Unrecognized) ?? ProjectState.Unspecified,
    };
}
