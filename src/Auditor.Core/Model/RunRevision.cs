namespace Auditor.Model;

/// <summary>
/// A revision of a Cloud Run service or worker pool: what runs, with the VPC access it was made with; a revision never changes.
/// Source: REST Resource projects.locations.services.revisions v2; namespaces.revisions v1.
/// </summary>
public sealed record RunRevision(ResourceName Name) : RunWorkload(Name)
{
    public override IEnumerable<ResourceName> References => Name.Parent is { } parent ? base.References.Append(parent) : base.References;

    internal static RunRevision Parse(FieldReader fields) => RunFields.IsKnative(fields) ? ParseV1(fields) : ParseV2(fields);

    private static RunRevision ParseV2(FieldReader fields)
    {
        var scaling = fields.Child("scaling");
        return new RunRevision(fields.Context.Name)
        {
            VpcAccess = RunFields.AccessV2(fields),
            ServiceAccount = fields.Text("serviceAccount"),
            Labels = fields.Map("labels"),
            Generation = fields.LargeNumber("generation"),
            ObservedGeneration = fields.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV2(fields),
            ExecutionEnvironment = fields.Text("executionEnvironment"),
            MinInstances = scaling?.Number("minInstanceCount"),
            MaxInstances = scaling?.Number("maxInstanceCount"),
            CloudSqlInstances = RunFields.SqlV2(fields),
            Endpoints = EndpointFields.OfContainers(fields, root => root),
        };
    }

    private static RunRevision ParseV1(FieldReader fields)
    {
        var metadata = fields.Child("metadata");
        var annotations = metadata?.Child("annotations");
        var status = fields.Child("status");
        return new RunRevision(fields.Context.Name)
        {
            VpcAccess = RunFields.AccessV1(annotations),
            ServiceAccount = fields.Child("spec")?.Text("serviceAccountName"),
            Labels = metadata?.Map("labels") ?? [],
            Generation = metadata?.LargeNumber("generation"),
            ObservedGeneration = status?.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV1(status),
            ExecutionEnvironment = RunFields.EnvironmentV1(annotations),
            MinInstances = RunFields.ScaleV1(annotations, "minScale"),
            MaxInstances = RunFields.ScaleV1(annotations, "maxScale"),
            CloudSqlInstances = RunFields.SqlV1(annotations),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("spec")),
        };
    }
}
