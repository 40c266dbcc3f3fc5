using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>
/// What a parser needs to know about where a resource comes from: whose it is and which project numbers are known. Collects the numbers
/// that are not, so that the caller can learn them and parse again.
/// </summary>
public sealed class ParseContext(ResourceName name, ImmutableDictionary<string, string> projectIdsByNumber)
{
    private SortedSet<string>? _unmapped;

    /// <summary>Whether workloads' variables are looked at for endpoints.</summary>
    public bool ReadVariables { get; init; } = true;

    /// <summary>The resource being parsed, its project number already replaced where known.</summary>
    public ResourceName Name { get; } = name.WithProjectId(projectIdsByNumber);

    /// <summary>Project numbers that were met and could not be turned into ids.</summary>
    public IReadOnlyCollection<string> UnmappedProjectNumbers => _unmapped is null ? [] : _unmapped;

    /// <summary>Turns any form of a reference into a full name; see <see cref="FieldReader.Reference"/>.</summary>
    public ResourceName? Resolve(string? text, ResourceKind kind, string? project = null, string? location = null)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var row = KindTable.Of(kind);
        project ??= Name.Project;
        var resolved = ResourceName.TryParse(text, row.Host);
        if (resolved is null && project is not null)
        {
            // "default", or "global/networks/default" without the project.
            resolved = text.Contains('/', StringComparison.Ordinal)
                ? ResourceName.Of(row.Host, $"projects/{project}/{text.TrimStart('/')}")
                : row.Segments.Contains("{location}")
                    ? (location ?? Name.Location) is { } at ? ResourceName.Of(kind, project, at, text) : null
                    : ResourceName.Of(kind, project, text);
        }

        return Map(resolved);
    }

    /// <summary>As <see cref="Resolve"/>, for a reference to any kind of resource of an API; null when it is a bare word.</summary>
    public ResourceName? ResolveAny(string? text, string host) => Map(ResourceName.TryParse(text, host));

    /// <summary>Turns the project number of a name into an id where it is known, and notes it where it is not.</summary>
    public ResourceName? Map(ResourceName? name)
    {
        var mapped = name?.WithProjectId(projectIdsByNumber);
        if (mapped is { HasProjectNumber: true } unmapped)
        {
            (_unmapped ??= new SortedSet<string>(StringComparer.Ordinal)).Add(unmapped.Project!);
        }

        return mapped;
    }
}
