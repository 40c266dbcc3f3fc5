using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Entries;

/// <summary>One call of an API as the admin activity log tells it; <see cref="AuditEntries"/> turns it into entries.</summary>
/// <param name="Service">The API, such as "compute.googleapis.com".</param>
/// <param name="Method">Such as "v1.compute.firewalls.insert".</param>
/// <param name="Resource">protoPayload.resourceName, in the form the API uses.</param>
/// <param name="Project">The project that logs it.</param>
public sealed record AuditCall(string Service, string Method, string Resource, string Project)
{
    public string Principal { get; init; } = "ines@harbor.example.com";

    public string CallerIp { get; init; } = "198.51.100.24";

    public string UserAgent { get; init; } = "google-cloud-sdk gcloud/548.0.0 command/gcloud,gzip(gfe)";

    /// <summary>resource.type of the entry.</summary>
    public string ResourceType { get; init; } = "audited_resource";

    /// <summary>resource.labels beside project_id.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Permissions that were checked; the first entry of an operation tells them.</summary>
    public ImmutableArray<AuditPermission> Permissions { get; init; } = [];

    /// <summary>resourceLocation.currentLocations; null when the API does not say.</summary>
    public string? Location { get; init; }

    public JsonObject? Request { get; init; }

    /// <summary>Response of the first or only entry.</summary>
    public JsonObject? Response { get; init; }

    /// <summary>Response of the last entry; most APIs give none.</summary>
    public JsonObject? FinalResponse { get; init; }
}

/// <summary>A permission that a call was checked for, and on what.</summary>
public sealed record AuditPermission(string Permission, string Resource, string Type = "");
