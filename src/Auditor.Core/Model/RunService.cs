namespace Auditor.Model;

/// <summary>
/// A Cloud Run service. Its <see cref="Workload.VpcAccess"/> is the template's: what the next revision gets. What runs now is said by the
/// revisions that get traffic (<see cref="ServingRevisions"/>). Source: REST Resource projects.locations.services v2; namespaces.services v1.
/// </summary>
public sealed record RunService(ResourceName Name) : RunWorkload(Name)
{
    public IngressSetting Ingress { get; init; }

    /// <summary>The newest revision that is ready; null before the first is.</summary>
    public ResourceName? LatestReadyRevision { get; init; }

    /// <summary>The newest revision, ready or not.</summary>
    public ResourceName? LatestCreatedRevision { get; init; }

    /// <summary>How traffic shall be split; empty means everything to the latest ready revision.</summary>
    public ValueList<TrafficTarget> Traffic { get; init; }

    /// <summary>How traffic is split; empty when Google does not say.</summary>
    public ValueList<TrafficTarget> TrafficStatuses { get; init; }

    /// <summary>
    /// The revisions that a request can reach: with a share of the traffic, or with a tag (which gives a URL of its own). Sorted.
    /// Empty when none is ready.
    /// </summary>
    public IEnumerable<ResourceName> ServingRevisions => (TrafficStatuses.IsEmpty ? Traffic.IsEmpty ? [new TrafficTarget(null, true, 100, null)] : Traffic : TrafficStatuses)
        .Where(target => target.Percent > 0 || target.Tag is not null)
        .Select(target => target.Revision ?? (target.Latest ? LatestReadyRevision : null))
        .OfType<ResourceName>().Distinct().Order();

    public override IEnumerable<ResourceName> References => base.References
        .Concat(Traffic.Concat(TrafficStatuses).Select(target => target.Revision).Append(LatestReadyRevision).Append(LatestCreatedRevision).OfType<ResourceName>());

    internal static RunService Parse(FieldReader fields) => RunFields.IsKnative(fields) ? ParseV1(fields) : ParseV2(fields);

    private static RunService ParseV2(FieldReader fields)
    {
        var name = fields.Context.Name;
        var template = fields.Child("template");
        var scaling = template?.Child("scaling");
        return new RunService(name)
        {
            VpcAccess = RunFields.AccessV2(template),
            ServiceAccount = template?.Text("serviceAccount"),
            Labels = fields.Map("labels"),
            Generation = fields.LargeNumber("generation"),
            ObservedGeneration = fields.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV2(fields),
            ExecutionEnvironment = template?.Text("executionEnvironment"),
            MinInstances = scaling?.Number("minInstanceCount"),
            MaxInstances = scaling?.Number("maxInstanceCount"),
            CloudSqlInstances = RunFields.SqlV2(template),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("template")),
            Ingress = IngressWords.Read(fields.Text("ingress")),
            LatestReadyRevision = RunFields.Revision(fields, "latestReadyRevision", name),
            LatestCreatedRevision = RunFields.Revision(fields, "latestCreatedRevision", name),
            Traffic = TrafficTarget.ParseV2(fields, "traffic"),
            TrafficStatuses = TrafficTarget.ParseV2(fields, "trafficStatuses"),
        };
    }

    private static RunService ParseV1(FieldReader fields)
    {
        var name = fields.Context.Name;
        var metadata = fields.Child("metadata");
        var spec = fields.Child("spec");
        var template = spec?.Child("template");
        var annotations = template?.Child("metadata")?.Child("annotations");
        var status = fields.Child("status");
        return new RunService(name)
        {
            VpcAccess = RunFields.AccessV1(annotations),
            ServiceAccount = template?.Child("spec")?.Text("serviceAccountName"),
            Labels = metadata?.Map("labels") ?? [],
            Generation = metadata?.LargeNumber("generation"),
            ObservedGeneration = status?.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV1(status),
            ExecutionEnvironment = RunFields.EnvironmentV1(annotations),
            MinInstances = RunFields.ScaleV1(annotations, "minScale"),
            MaxInstances = RunFields.ScaleV1(annotations, "maxScale"),
            CloudSqlInstances = RunFields.SqlV1(annotations),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("spec")?.Child("template")?.Child("spec")),
            Ingress = IngressWords.Read(metadata?.Child("annotations")?.Text("run.googleapis.com/ingress")),
            LatestReadyRevision = status is null ? null : RunFields.Revision(status, "latestReadyRevisionName", name),
            LatestCreatedRevision = status is null ? null : RunFields.Revision(status, "latestCreatedRevisionName", name),
            Traffic = TrafficTarget.ParseV1(spec, name),
            TrafficStatuses = TrafficTarget.ParseV1(status, name),
        };
    }
}
