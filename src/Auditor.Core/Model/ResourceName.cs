using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>
/// A full resource name such as <c>//vpcaccess.googleapis.com/projects/p/locations/r/connectors/c</c>: the identity of a resource, in the one
/// form that is stored, compared and printed. Compared ordinally.
/// </summary>
public readonly record struct ResourceName : IComparable<ResourceName>
{
    private readonly string? _value;

    private ResourceName(string value, ResourceKind kind) => (_value, Kind) = (value, kind);

    /// <summary>The whole name, from the two slashes on.</summary>
    public string Value => _value ?? "";

    /// <summary>What the name's shape says it is; <see cref="ResourceKind.Other"/> when it is not modelled.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The API host, such as "compute.googleapis.com".</summary>
    public string Host => Value.Length < 2 ? "" : Value[2..Value.IndexOf('/', 2)];

    /// <summary>What follows the host, such as "projects/p/global/networks/n".</summary>
    public string Path => Value.Length < 2 ? "" : Value[(Value.IndexOf('/', 2) + 1)..];

    /// <summary>The last segment.</summary>
    public string Id => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The project, or the App Engine application (which bears the project's id); null for organisation-level names.</summary>
    public string? Project => After("projects") ?? After("apps");

    /// <summary>The region, zone or "global"; null where the name has none.</summary>
    public string? Location => After("locations") ?? After("regions") ?? After("zones") ?? (Value.Contains("/global/", StringComparison.Ordinal) ? "global" : null);

    /// <summary>The service, worker pool or App Engine service above a revision or version; null elsewhere.</summary>
    public ResourceName? Parent
    {
        get
        {
            if (Kind is not (ResourceKind.RunRevision or ResourceKind.AppEngineVersion))
            {
                return null;
            }

            var end = Value.LastIndexOf('/', Value.LastIndexOf('/') - 1);
            var parent = Value[..end];
            return parent.EndsWith(Location ?? "/", StringComparison.Ordinal) ? null : Of(Host, parent[(Value.IndexOf('/', 2) + 1)..]);
        }
    }

    /// <summary>Whether the project stands as a number that no map has turned into an id yet.</summary>
    public bool HasProjectNumber => Project is { Length: > 0 } project && project.All(char.IsAsciiDigit);

    /// <summary>Makes a name from an API host and a path without leading slash.</summary>
    public static ResourceName Of(string host, string path) => new($"//{host}/{path}", KindTable.Match(host, path)?.Kind ?? ResourceKind.Other);

    /// <summary>Makes the canonical name of a kind; parts fill the pattern's braces in order.</summary>
    public static ResourceName Of(ResourceKind kind, params ReadOnlySpan<string> parts)
    {
        var row = KindTable.Of(kind);
        var next = 0;
        var segments = new string[row.Segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = row.Segments[i][0] == '{' ? parts[next++] : row.Segments[i];
        }

        return new ResourceName($"//{row.Host}/{string.Join('/', segments)}", kind);
    }

    /// <summary>
    /// Reads any form in which Google writes a name: full resource name, REST URL of any version, relative path (then <paramref name="host"/>
    /// says whose). Null when the text is none of them.
    /// </summary>
    public static ResourceName? TryParse(string? text, string? host = null)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var url = text.StartsWith("//", StringComparison.Ordinal) ? text.AsSpan(2)
            : text.StartsWith("https://", StringComparison.Ordinal) ? text.AsSpan(8)
            : text.StartsWith("http://", StringComparison.Ordinal) ? text.AsSpan(7)
            : default;
        var path = text.AsSpan().TrimStart('/');
        if (!url.IsEmpty)
        {
            var slash = url.IndexOf('/');
            if (slash < 0)
            {
                return null;
            }

            host = HostOf(url[..slash], url[(slash + 1)..], host);
            path = url[(slash + 1)..];
        }

        path = StartOfPath(path).TrimEnd('/');
        return host is null || path.IsEmpty ? null : host switch
        {
            "sqladmin.googleapis.com" => Of("cloudsql.googleapis.com", path.ToString()),

            // Older names of clusters say zones where newer ones say locations.
            "container.googleapis.com" => Of(host, path.ToString().Replace("/zones/", "/locations/", StringComparison.Ordinal)),
            _ => Of(host, path.ToString()),
        };
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not a resource name.</exception>
    public static ResourceName Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not a full resource name.");

    /// <summary>The same name with the project's number replaced by its id where the map knows it.</summary>
    public ResourceName WithProjectId(ImmutableDictionary<string, string> idsByNumber)
    {
        if (!HasProjectNumber || !idsByNumber.TryGetValue(Project!, out var id))
        {
            return this;
        }

        var path = Path;
        var start = path.IndexOf("projects/", StringComparison.Ordinal) + "projects/".Length;
        return Of(Host, string.Concat(path.AsSpan(0, start), id, path.AsSpan(start + Project!.Length)));
    }

    public int CompareTo(ResourceName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    private string? After(string collection)
    {
        var value = Value;
        for (var at = value.IndexOf(collection, StringComparison.Ordinal); at > 0; at = value.IndexOf(collection, at + 1, StringComparison.Ordinal))
        {
            var start = at + collection.Length + 1;
            if (value[at - 1] == '/' && start < value.Length && value[start - 1] == '/')
            {
                var end = value.IndexOf('/', start);
                return end < 0 ? value[start..] : value[start..end];
            }
        }

        return null;
    }

    // www.googleapis.com/compute/v1/..., compute.googleapis.com/compute/beta/..., content-vpcaccess.googleapis.com/v1/...
    private static string HostOf(ReadOnlySpan<char> host, ReadOnlySpan<char> path, string? fallback)
    {
        if (host.SequenceEqual("www.googleapis.com"))
        {
            return path.StartsWith("compute/") ? "compute.googleapis.com"
                : path.StartsWith("sql/") ? "cloudsql.googleapis.com"
                : fallback ?? "www.googleapis.com";
        }

        return host.EndsWith("-run.googleapis.com") ? "run.googleapis.com" : host.ToString();
    }

    private static ReadOnlySpan<char> StartOfPath(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<string> roots = ["projects/", "apps/", "locations/", "organizations/", "folders/"];
        var best = -1;
        foreach (var root in roots)
        {
            var at = path.IndexOf(root);
            if (at >= 0 && (at == 0 || path[at - 1] == '/') && (best < 0 || at < best))
            {
                best = at;
            }
        }

        return best < 0 ? default : path[best..];
    }
}
