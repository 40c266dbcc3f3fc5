namespace Auditor.Model;

/// <summary>
/// Something that could not be seen or understood, and why. Whatever falls into a gap's scope is unknown: it is never taken for absent.
/// </summary>
/// <param name="Reason">A sentence without full stop that names the permission, feature or value.</param>
public sealed record Gap(GapScope Scope, string Reason);

/// <summary>Which resources a gap hides. Null parts mean "any"; a gap of one resource has only <paramref name="Resource"/>.</summary>
public sealed record GapScope(ResourceKind? Kind = null, string? Project = null, string? Location = null, ResourceName? Resource = null)
{
    /// <summary>Whether a resource of that name would be hidden.</summary>
    public bool Hides(ResourceName name) => Resource is { } one
        ? one == name
        : HidesAny(name.Kind, name.Project) && (Location is null || name.Location is null || Location == name.Location);

    /// <summary>Whether some resources of a kind in a project would be hidden; a null project asks about any project.</summary>
    public bool HidesAny(ResourceKind kind, string? project) => Resource is { } one
        ? one.Kind == kind && (project is null || one.Project == project)
        : (Kind is null || Kind == kind) && (Project is null || project is null || Project == project);

    public override string ToString() => Resource is { } one ? one.Value
        : string.Join(' ', new[] { Kind is { } kind ? KindTable.Of(kind).Noun : null, Project is { } project ? $"project {project}" : null, Location is { } location ? $"location {location}" : null }
            .OfType<string>().DefaultIfEmpty("everything"));
}
