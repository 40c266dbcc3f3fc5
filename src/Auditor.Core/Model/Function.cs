namespace Auditor.Model;

/// <summary>
/// A Cloud Function of either generation. A function of the 2nd generation is a Cloud Run service (<see cref="RunService"/>) underneath; the two
/// say the same, and the service is what runs. Source: REST Resource projects.locations.functions, cloudfunctions v1 and v2.
/// </summary>
public sealed record Function(ResourceName Name) : Workload(Name)
{
    /// <summary>Null when not said; objects of API v1 are of the 1st generation.</summary>
    public FunctionGeneration? Generation { get; init; }

    public FunctionState State { get; init; }

    /// <summary>Such as "dotnet8"; null when not said.</summary>
    public string? Runtime { get; init; }

    public IngressSetting Ingress { get; init; }

    /// <summary>The Cloud Run service underneath; null for the 1st generation.</summary>
    public ResourceName? RunService { get; init; }

    /// <summary>The revision of that service that serves; null for the 1st generation.</summary>
    public ResourceName? RunRevision { get; init; }

    public int? MinInstances { get; init; }

    /// <summary>Null means Google's limit.</summary>
    public int? MaxInstances { get; init; }

    public override IEnumerable<ResourceName> References => base.References.Concat(new[] { RunService, RunRevision }.OfType<ResourceName>());

    public override string? Lifecycle => State == FunctionState.Unspecified ? null : State.ToGoogleWord();

    internal static Function Parse(FieldReader fields) =>
        fields.Has("serviceConfig") || fields.Has("buildConfig") || fields.Has("environment") || fields.Has("state") ? ParseV2(fields) : ParseV1(fields);

    private static Function ParseV1(FieldReader fields)
    {
        var connector = fields.Reference("vpcConnector", ResourceKind.Connector);
        return new Function(fields.Context.Name)
        {
            Generation = FunctionGeneration.First,
            State = fields.Choice("status", CloudFunctionStatus.Unrecognized) switch
            {
                null or CloudFunctionStatus.Unspecified => FunctionState.Unspecified,
                CloudFunctionStatus.Active => FunctionState.Active,
                CloudFunctionStatus.Offline => FunctionState.Offline,
                CloudFunctionStatus.DeployInProgress => FunctionState.Deploying,
                CloudFunctionStatus.DeleteInProgress => FunctionState.Deleting,
                CloudFunctionStatus.Unknown => FunctionState.Unknown,
                _ => FunctionState.Unrecognized,
            },
            Runtime = fields.Text("runtime"),
            Ingress = IngressWords.Read(fields.Text("ingressSettings")),
            ServiceAccount = fields.Text("serviceAccountEmail"),
            Labels = fields.Map("labels"),
            MinInstances = fields.Number("minInstances"),
            MaxInstances = fields.Number("maxInstances"),
            VpcAccess = connector is null ? null : new VpcAccess { Connector = connector, Egress = Egress(fields) },
            Endpoints = EndpointFields.OfMap(fields, root => root, "environmentVariables"),
        };
    }

    private static Function ParseV2(FieldReader fields)
    {
        var service = fields.Child("serviceConfig");
        var run = service?.Reference("service", ResourceKind.RunService);
        return new Function(fields.Context.Name)
        {
            Generation = fields.Text("environment") switch { "GEN_1" or "1" => FunctionGeneration.First, "GEN_2" or "2" => FunctionGeneration.Second, _ => null },
            State = fields.Choice("state", FunctionState.Unrecognized) ?? FunctionState.Unspecified,
            Runtime = fields.Child("buildConfig")?.Text("runtime"),
            Ingress = IngressWords.Read(service?.Text("ingressSettings")),
            ServiceAccount = service?.Text("serviceAccountEmail"),
            Labels = fields.Map("labels"),
            MinInstances = service?.Number("minInstanceCount"),
            MaxInstances = service?.Number("maxInstanceCount"),
            RunService = run,
            RunRevision = run is { } owner ? RunFields.Revision(service!, "revision", owner) : null,
            VpcAccess = service is null ? null : Access(service),
            Endpoints = EndpointFields.OfMap(fields, root => root.Child("serviceConfig"), "environmentVariables"),
        };
    }

    private static VpcAccess? Access(FieldReader service)
    {
        if (service.Children("directVpcNetworkInterface") is [var first, ..])
        {
            return RunFields.Interface(first) with { Egress = VpcEgressWords.Read(service.Text("directVpcEgress")) };
        }

        return service.Reference("vpcConnector", ResourceKind.Connector) is { } connector ? new VpcAccess { Connector = connector, Egress = Egress(service) } : null;
    }

    // The numbers of this API differ from Cloud Run's.
    private static VpcEgress Egress(FieldReader fields) => fields.Text("vpcConnectorEgressSettings") switch
    {
        "1" => VpcEgress.PrivateRangesOnly,
        "2" => VpcEgress.AllTraffic,
        var word => VpcEgressWords.Read(word),
    };

    private enum CloudFunctionStatus
    {
        Unspecified = 0,
        Active = 1,
        Offline = 2,
        DeployInProgress = 3,
        DeleteInProgress = 4,
        Unknown = 5,
        Unrecognized = -1,
    }
}

/// <summary>Generations of Cloud Functions.</summary>
public enum FunctionGeneration
{
    First = 1,
    Second = 2,
}

/// <summary>States of a function in the words and numbers of API v2; v1's OFFLINE has no number there.</summary>
public enum FunctionState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Active = 1,
    Failed = 2,

    /// <summary>DEPLOYING, v1 DEPLOY_IN_PROGRESS.</summary>
    Deploying = 3,

    /// <summary>DELETING, v1 DELETE_IN_PROGRESS.</summary>
    Deleting = 4,

    /// <summary>Google's own UNKNOWN.</summary>
    Unknown = 5,
    Detaching = 6,
    DetachFailed = 7,

    /// <summary>v1 only: deployment failed or was taken down.</summary>
    Offline = 100,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
