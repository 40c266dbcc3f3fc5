namespace Auditor.Model;

/// <summary>An App Engine version. Only the standard environment uses a connector; the flexible one runs on VMs in a network. Source: REST Resource apps.services.versions, appengine v1.</summary>
public sealed record AppEngineVersion(ResourceName Name) : Workload(Name)
{
    public AppEngineServingStatus ServingStatus { get; init; }

    /// <summary>"standard", "flexible" or "flex"; null means standard.</summary>
    public string? Environment { get; init; }

    public string? Runtime { get; init; }

    /// <summary>Where its application runs; the version does not say.</summary>
    public override string? Region => null;

    public override IEnumerable<ResourceName> References => Name.Parent is { } parent ? base.References.Append(parent) : base.References;

    public override string? Lifecycle => ServingStatus == AppEngineServingStatus.Unspecified ? null : ServingStatus.ToGoogleWord();

    internal static AppEngineVersion Parse(FieldReader fields)
    {
        var access = fields.Child("vpcAccessConnector");
        var connector = access?.Reference("name", ResourceKind.Connector);
        return new AppEngineVersion(fields.Context.Name)
        {
            ServingStatus = fields.Choice("servingStatus", AppEngineServingStatus.Unrecognized) ?? AppEngineServingStatus.Unspecified,
            Environment = fields.Text("env"),
            Runtime = fields.Text("runtime"),
            ServiceAccount = fields.Text("serviceAccount"),
            Endpoints = EndpointFields.OfMap(fields, root => root, "envVariables"),
            VpcAccess = connector is null ? null : new VpcAccess
            {
                Connector = connector,
                Egress = access!.Text("egressSetting") switch { "1" => VpcEgress.AllTraffic, "2" => VpcEgress.PrivateRangesOnly, var word => VpcEgressWords.Read(word) },
            },
        };
    }
}

/// <summary>Whether an App Engine version serves, with the API's numbers.</summary>
public enum AppEngineServingStatus
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Serving = 1,
    Stopped = 2,

    /// <summary>A status Google added after this was written.</summary>
    Unrecognized = -1,
}
