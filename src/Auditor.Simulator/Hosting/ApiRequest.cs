using Auditor.Model;

namespace Auditor.Simulator.Hosting;

/// <summary>A request taken apart: which API and version, the path below them with the project as id, and the query.</summary>
internal sealed record ApiRequest(ApiCatalog Api, string Version, string[] Segments, IReadOnlyDictionary<string, string> Query)
{
    /// <summary>The resource the path names.</summary>
    public ResourceName Name => ResourceName.Of(Api.NameHost, string.Join('/', Segments));

    /// <summary>The project it is asked of; null above projects.</summary>
    public string? Project => Segments is ["projects" or "apps", var project, ..] ? project : null;

    /// <summary>A segment counted from the end; null when the path is shorter.</summary>
    public string? At(Index index) => index.GetOffset(Segments.Length) is >= 0 and var at ? Segments[at] : null;

    /// <summary>The answer to a caller without the permission.</summary>
    public ApiAnswer Denied(string project, string permission) => ApiAnswer.Forbidden(
        Api.PermissionPrefix == "compute"
            ? $"Required '{permission}' permission for '{string.Join('/', Segments)}'"
            : $"Permission '{permission}' denied on resource '{Name}' (or it may not exist).",
        "IAM_PERMISSION_DENIED", Api.Host, project, permission);
}
