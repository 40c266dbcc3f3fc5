using Auditor.Model;

namespace Auditor.Changes;

/// <summary>
/// Finds out which resources an entry is about. resourceName usually says it; when it names the parent, or comes in an old form, the name is made
/// from what else the entry says: permissions, request, response, labels of the monitored resource.
/// </summary>
internal readonly struct ResourceResolver(ChangeRow row, AuditEvent entry)
{
    /// <summary>The project the entry was logged in: by label, else by log name, else by resource name.</summary>
    public string? Project { get; } = entry.Label("project_id") ?? Segment(entry.LogName, "projects") ?? Segment(entry.ResourceName, "projects") ?? Segment(entry.ResourceName, "apps");

    /// <summary>Full names of what was changed; empty when the entry does not say.</summary>
    public IEnumerable<ResourceName> Resources()
    {
        if (Path() is not { } path)
        {
            return [];
        }

        var name = ResourceName.Of(row.Host, path);
        return [name, .. Others(name)];
    }

    /// <summary>Networks and subnetworks named by checked permissions or the request.</summary>
    public IEnumerable<ResourceName> Related()
    {
        foreach (var permission in entry.Permissions)
        {
            if (permission.Permission.StartsWith("compute.", StringComparison.Ordinal) && Network(permission.Resource) is { } name)
            {
                yield return name;
            }
        }

        foreach (var hint in entry.Hints)
        {
            if (hint.Path.EndsWith("etwork", StringComparison.Ordinal) && Network(hint.Value) is { } name)
            {
                yield return name;
            }
        }
    }

    private static ResourceName? Network(string text) =>
        ResourceName.TryParse(text, "compute.googleapis.com") is { Kind: ResourceKind.Network or ResourceKind.Subnetwork } name ? name : null;

    // What a change shows in besides the resource itself.
    private IEnumerable<ResourceName> Others(ResourceName name)
    {
        if (name.Kind == ResourceKind.Function && entry.MethodName.Contains(".FunctionService.", StringComparison.Ordinal))
        {
            // The service of a second-generation function bears its name.
            yield return ResourceName.Of(ResourceKind.RunService, name.Project!, name.Location!, name.Id);
        }
        else if (name.Path.Contains("/instanceGroupManagers/", StringComparison.Ordinal))
        {
            // The group a manager fills bears its name.
            yield return ResourceName.Of(name.Host, name.Path.Replace("/instanceGroupManagers/", "/instanceGroups/", StringComparison.Ordinal));
        }
        else if (name.Parent is { } parent)
        {
            yield return parent;
        }
        else if (entry.Hint("request.body.cloneContext.destinationInstanceName") is { } clone && name.Kind == ResourceKind.SqlInstance)
        {
            yield return ResourceName.Of(ResourceKind.SqlInstance, name.Project!, clone);
        }
        else if (entry.Hint("request.xpnResource.id") is { } service && name.Kind == ResourceKind.Project)
        {
            yield return ResourceName.Of(ResourceKind.Project, service);
        }
    }

    private string? Path()
    {
        foreach (var pattern in row.Patterns)
        {
            if (Fit(entry.ResourceName, pattern, isOwn: true) is { } path)
            {
                return path;
            }
        }

        foreach (var pattern in row.Patterns)
        {
            foreach (var text in Candidates())
            {
                if (Fit(text, pattern, isOwn: false) is { } path)
                {
                    return path;
                }
            }
        }

        return row.Patterns.Select(Build).FirstOrDefault(path => path is not null);
    }

    // Whole names that may stand elsewhere in the entry, the most reliable first.
    private IEnumerable<string> Candidates()
    {
        foreach (var path in new[] { "response.targetLink", "response.name", "request.name", $"request.{row.Noun}.name", "request.resource", "request.connection.network", "request.consumerNetwork" })
        {
            if (entry.Hint(path) is { } value && value.Contains('/', StringComparison.Ordinal))
            {
                yield return value;
            }
        }

        foreach (var permission in entry.Permissions)
        {
            yield return permission.Resource;
        }
    }

    /// <summary>The part of a name that fits a pattern: all of it, or what stands above a sub-resource. Null when it does not.</summary>
    private string? Fit(string text, string pattern, bool isOwn)
    {
        var segments = pattern.Split('/');
        var parts = Normalise(text).Split('/');
        if (parts.Length < segments.Length)
        {
            return null;
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i][0] == '{' ? parts[i].Length == 0 || parts[i] == "-" : parts[i] != segments[i])
            {
                return null;
            }

            // An entry is logged in its resource's project, so a number in resourceName is the project it names. Other names may be of any project.
            if (isOwn && segments[i] == "{project}" && parts[i].All(char.IsAsciiDigit) && Project is { } project)
            {
                parts[i] = project;
            }
        }

        return string.Join('/', parts.Take(segments.Length));
    }

    private string Normalise(string text)
    {
        var path = text.Contains("//", StringComparison.Ordinal) ? ResourceName.TryParse(text)?.Path ?? text : text.TrimStart('/');
        if (path.StartsWith("namespaces/", StringComparison.Ordinal) && Location(path) is { } region)
        {
            // Cloud Run's first API: namespaces/P/services/S, the region being the host's.
            var rest = path["namespaces/".Length..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash < 0 ? path
                : row.Collection == "revisions" && entry.Label("service_name") is { } service
                    ? $"projects/{rest[..slash]}/locations/{region}/services/{service}{rest[slash..]}"
                    : $"projects/{rest[..slash]}/locations/{region}{rest[slash..]}";
        }

        if (path.StartsWith("instances/", StringComparison.Ordinal) && path.LastIndexOf(':') is > 0 and var colon)
        {
            // Cloud SQL's own form: instances/P:I, where P may hold a colon too.
            return $"projects/{path["instances/".Length..colon]}/instances/{path[(colon + 1)..]}";
        }

        if (path.StartsWith("projectnumbers/", StringComparison.Ordinal))
        {
            return $"projects/{path["projectnumbers/".Length..]}";
        }

        return row.Service switch
        {
            // Older GKE names say zones where newer ones say locations.
            "container.googleapis.com" => path.Replace("/zones/", "/locations/", StringComparison.Ordinal),
            "dns.googleapis.com" when !path.StartsWith("projects/", StringComparison.Ordinal) && Project is { } project => $"projects/{project}/{path}",
            _ => path,
        };
    }

    /// <summary>Fills a pattern's braces from what the entry says piecemeal; null when a piece is missing.</summary>
    private string? Build(string pattern)
    {
        var segments = pattern.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i][0] == '{')
            {
                var piece = segments[i] switch
                {
                    "{project}" => Segment(entry.ResourceName, "projects") is { } named && !named.All(char.IsAsciiDigit) ? named : Project,
                    "{location}" => Location(entry.ResourceName),
                    "{parent}" => Parent(segments[i - 1]),
                    "{id}" => Id(),
                    _ => Segment(entry.ResourceName, segments[i - 1]),
                };
                if (string.IsNullOrEmpty(piece) || piece.Contains('/', StringComparison.Ordinal))
                {
                    return null;
                }

                segments[i] = piece;
            }
        }

        return string.Join('/', segments);
    }

    private string? Location(string path) =>
        Segment(path, "locations") ?? Segment(path, "regions") ?? Segment(path, "zones")
        ?? entry.Label("location") ?? entry.Label("region") ?? entry.Label("zone")
        ?? entry.Hint("resourceLocation.currentLocations") ?? entry.Hint("request.region");

    private string? Parent(string collection) => Segment(entry.ResourceName, collection) ?? (collection switch
    {
        "services" => entry.Label("service_name") ?? entry.Label("module_id"),
        "workerPools" => entry.Label("worker_pool_name"),
        _ => null,
    });

    // Ids of requests, then of labels. A label that holds a number is Google's internal id, not the name.
    private string? Id()
    {
        var noun = row.Noun;
        var requested = entry.Hint($"request.{noun}Id") ?? entry.Hint($"request.{noun}.metadata.name") ?? entry.Hint($"request.metadata.name") ?? entry.Hint($"request.{noun}.name")
            ?? entry.Hint($"request.{noun}.id") ?? entry.Hint("request.body.name") ?? entry.Hint("request.name") ?? (row.Service == "cloudsql.googleapis.com" ? entry.Hint("response.targetId") : null);
        if (requested is not null)
        {
            return requested[(requested.LastIndexOf('/') + 1)..];
        }

        var label = entry.Label($"{noun}_name") ?? entry.Label($"{noun}_id") ?? (row.Service switch
        {
            "cloudsql.googleapis.com" => entry.Label("database_id"),
            "appengine.googleapis.com" when noun == "service" => entry.Label("module_id"),
            _ => null,
        });
        return label is null || label.All(char.IsAsciiDigit) ? null : label[(label.LastIndexOf(':') + 1)..];
    }

    private static string? Segment(string path, string collection)
    {
        var parts = path.Split('/');
        for (var i = 0; i + 1 < parts.Length; i++)
        {
            if (parts[i] == collection && parts[i + 1].Length > 0)
            {
                return parts[i + 1];
            }
        }

        return null;
    }
}
