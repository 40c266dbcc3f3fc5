namespace Auditor.Model;

/// <summary>A Cloud Run job. Source: REST Resource projects.locations.jobs v2; namespaces.jobs v1.</summary>
public sealed record RunJob(ResourceName Name) : RunWorkload(Name)
{
    internal static RunJob Parse(FieldReader fields) => RunFields.IsKnative(fields) ? ParseV1(fields) : ParseV2(fields);

    private static RunJob ParseV2(FieldReader fields)
    {
        var task = fields.Child("template")?.Child("template");
        return new RunJob(fields.Context.Name)
        {
            VpcAccess = RunFields.AccessV2(task),
            ServiceAccount = task?.Text("serviceAccount"),
            Labels = fields.Map("labels"),
            Generation = fields.LargeNumber("generation"),
            ObservedGeneration = fields.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV2(fields),
            ExecutionEnvironment = task?.Text("executionEnvironment"),
            CloudSqlInstances = RunFields.SqlV2(task),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("template")?.Child("template")),
        };
    }

    private static RunJob ParseV1(FieldReader fields)
    {
        var metadata = fields.Child("metadata");
        var execution = fields.Child("spec")?.Child("template");
        var annotations = execution?.Child("metadata")?.Child("annotations");
        var status = fields.Child("status");
        return new RunJob(fields.Context.Name)
        {
            VpcAccess = RunFields.AccessV1(annotations),
            ServiceAccount = execution?.Child("spec")?.Child("template")?.Child("spec")?.Text("serviceAccountName"),
            Labels = metadata?.Map("labels") ?? [],
            Generation = metadata?.LargeNumber("generation"),
            ObservedGeneration = status?.LargeNumber("observedGeneration"),
            Condition = RunFields.ReadyV1(status),
            ExecutionEnvironment = RunFields.EnvironmentV1(annotations),
            CloudSqlInstances = RunFields.SqlV1(annotations),
            Endpoints = EndpointFields.OfContainers(fields, root => root.Child("spec")?.Child("template")?.Child("spec")?.Child("template")?.Child("spec")),
        };
    }
}
