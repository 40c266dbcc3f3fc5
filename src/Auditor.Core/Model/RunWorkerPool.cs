namespace Auditor.Model;

/// <summary>A Cloud Run worker pool: instances without requests. Source: REST Resource projects.locations.workerPools v2; namespaces.workerpools v1.</summary>
public sealed record RunWorkerPool(ResourceName Name) : RunWorkload(Name)
{
    /// <summary>The newest revision that is ready; null before the first is.</summary>
    public ResourceName? LatestReadyRevision { get; init; }

    /// <summary>How instances shall be split over revisions; empty means all to the latest.</summary>
    public ValueList<TrafficTarget> InstanceSplits { get; init; }

    /// <summary>How instances are split; empty when Google does not say.</summary>
    public ValueList<TrafficTarget> InstanceSplitStatuses { get; init; }

    /// <summary>The number of instances when it is set by hand; null otherwise.</summary>
    public int? ManualInstances { get; init; }

    /// <summary>The revisions that run, sorted; empty when none is ready.</summary>
    public IEnumerable<ResourceName> ServingRevisions =>
        (InstanceSplitStatuses.IsEmpty ? InstanceSplits.IsEmpty ? [new TrafficTarget(null, true, 100, null)] : InstanceSplits : InstanceSplitStatuses)
        .Where(target => target.Percent > 0)
        .Select(target => target.Revision ?? (target.Latest ? LatestReadyRevision : null))
        .OfType<ResourceName>().Distinct().Order();

    public override IEnumerable<ResourceName> References => base.References
        .Concat(InstanceSplits.Concat(InstanceSplitStatuses).Select(target => target.Revision).Append(LatestReadyRevision).OfType<ResourceName>());

    internal static RunWorkerPool Parse(FieldReader fields) => RunFields.IsKnative(fields) ? ParseV1(fields) : ParseV2(fields);

    private static RunWorkerPool ParseV2(FieldReader fields)
    {
        var template = fields.Child("template");
        var scaling = fields.Child("scaling");
        return new RunWorkerPool(fields.Context.Name)
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
            ManualInstances = scaling?.Number("manualInstanceCount"),
            CloudSqlInstances = RunFields.SqlV2(template),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("template")),
            LatestReadyRevision = RunFields.Revision(fields, "latestReadyRevision", fields.Context.Name),
            InstanceSplits = TrafficTarget.ParseV2(fields, "instanceSplits"),
            InstanceSplitStatuses = TrafficTarget.ParseV2(fields, "instanceSplitStatuses"),
        };
    }

    private static RunWorkerPool ParseV1(FieldReader fields)
    {
        var name = fields.Context.Name;
        var metadata = fields.Child("metadata");
        var spec = fields.Child("spec");
        var template = spec?.Child("template");
        var annotations = template?.Child("metadata")?.Child("annotations");
        var status = fields.Child("status");
        return new RunWorkerPool(name)
        {
            VpcAccess = RunFields.AccessV1(annotations),
            ServiceAccount = template?.Child("spec")?.Text("serviceAccountName"),
            Labels = metadata?.Map("labels") ?? [],
            Generation = metadata?.LargeNumber("generation"),
            ObservedGeneration = status?.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV1(status),
            ExecutionEnvironment = RunFields.EnvironmentV1(annotations),
            ManualInstances = metadata?.Child("annotations")?.Number("run.googleapis.com/manualInstanceCount"),
            CloudSqlInstances = RunFields.SqlV1(annotations),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("spec")?.Child("template")?.Child("spec")),
            LatestReadyRevision = status is null ? null : RunFields.Revision(status, "latestReadyRevisionName", name),
            InstanceSplits = TrafficTarget.ParseV1(spec, name, "instanceSplits"),
            InstanceSplitStatuses = TrafficTarget.ParseV1(status, name, "instanceSplits"),
        };
    }
}
