namespace Auditor.Model;

/// <summary>The App Engine application of a project: it says where all versions run. Source: REST Resource apps, appengine v1.</summary>
public sealed record AppEngineApplication(ResourceName Name) : Resource(Name)
{
    /// <summary>As Google writes it: "us-central" and "europe-west" are the regions us-central1 and europe-west1; see <see cref="Region"/>.</summary>
    public string? LocationId { get; init; }

    /// <summary>SERVING, USER_DISABLED, SYSTEM_DISABLED; null when not said.</summary>
    public string? ServingStatus { get; init; }

    /// <summary>Default service account of versions; null when not said.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The region of connectors that its versions can use; null when the location is not known.</summary>
    public string? Region => LocationId switch { "us-central" => "us-central1", "europe-west" => "europe-west1", var location => location };

    internal static AppEngineApplication Parse(FieldReader fields) => new(fields.Context.Name)
    {
        LocationId = fields.Text("locationId"),
        ServingStatus = fields.Text("servingStatus"),
        ServiceAccount = fields.Text("serviceAccount"),
    };
}
