namespace Auditor.Model;

/// <summary>
/// A project: who it is (id and number), what stands above it, its labels, and whether its networks are shared with others. Two APIs tell of
/// it: resourcemanager (v1 and v3) all but the sharing, compute the sharing; <see cref="EstateBuilder"/> joins the two.
/// Source: REST Resource projects of cloudresourcemanager v1 and v3, REST Resource projects of compute v1.
/// </summary>
public sealed record Project(ResourceName Name) : Resource(Name)
{
    /// <summary>The id, such as "my-project"; the same as in the name.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The number, as text; null when only compute was asked.</summary>
    public string? Number { get; init; }

    /// <summary>"folders/N" or "organizations/N"; null for a project without parent, and when only compute was asked.</summary>
    public string? Parent { get; init; }

    public ProjectState State { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>HOST for a Shared VPC host; null for any other project, and when compute was not asked.</summary>
    public string? XpnProjectStatus { get; init; }

    /// <summary>E-mail of the service account that VMs run as when nothing else is said; null when compute was not asked.</summary>
    public string? DefaultServiceAccount { get; init; }

    /// <summary>Whether it shares its networks with service projects.</summary>
    public bool IsSharedVpcHost => XpnProjectStatus == "HOST";

    public override string? Lifecycle => State == ProjectState.Unspecified ? null : State.ToGoogleWord();

    internal static Project Parse(FieldReader fields)
    {
        // compute#project calls the id "name"; its own "id" is a number of compute's, not the project's.
        var compute = !fields.Has("projectId");
        return new Project(fields.Context.Name)
        {
            ProjectId = fields.Text(compute ? "name" : "projectId"),
            Number = compute ? null : fields.Text("projectNumber") ?? NumberOf(fields),
            Parent = ParentOf(fields),
            State = fields.Choice(fields.Has("state") ? "state" : "lifecycleState", ProjectState.Unrecognized) ?? ProjectState.Unspecified,
            Labels = fields.Map("labels"),
            XpnProjectStatus = fields.Text("xpnProjectStatus"),
            DefaultServiceAccount = fields.Text("defaultServiceAccount"),
        };
    }

    // v3: "projects/123"; v1 has a display name there.
    private static string? NumberOf(FieldReader fields) => fields.Peek("name") is { } name && name.StartsWith("projects/", StringComparison.Ordinal)
        ? fields.Text("name")!["projects/".Length..]
        : null;

    // v3: "folders/1"; v1: {"type": "folder", "id": "1"}.
    private static string? ParentOf(FieldReader fields) => fields.Peek("parent") is not null ? fields.Text("parent")
        : fields.Child("parent") is { } parent ? $"{parent.Text("type")}s/{parent.Text("id")}"
        : null;
}

/// <summary>States of a project (v3 `state`, v1 `lifecycleState`), with the numbers the two share.</summary>
public enum ProjectState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Active = 1,
    DeleteRequested = 2,

    /// <summary>v1 only: being deleted.</summary>
    DeleteInProgress = 3,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
