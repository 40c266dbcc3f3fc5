namespace Auditor.Model;

/// <summary>
/// What Cloud Run's service, revision, job and worker pool have in common. Both APIs are read: v1 (Knative: metadata, spec, status; this is what
/// asset exports hold) and v2.
/// </summary>
public abstract record RunWorkload(ResourceName Name) : Workload(Name)
{
    /// <summary>Grows with every change of the specification; null when not said.</summary>
    public long? Generation { get; init; }

    /// <summary>The generation Google has acted on; less than <see cref="Generation"/> while a change is under way.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The Ready condition; null when not said.</summary>
    public RunCondition? Condition { get; init; }

    /// <summary>EXECUTION_ENVIRONMENT_GEN1, gen2, ... as written; null means Google chooses.</summary>
    public string? ExecutionEnvironment { get; init; }

    /// <summary>Fewest instances; null means none are kept.</summary>
    public int? MinInstances { get; init; }

    /// <summary>Most instances; null means Google's limit.</summary>
    public int? MaxInstances { get; init; }

    /// <summary>Connection names ("p:r:db") of the Cloud SQL instances mounted as sockets.</summary>
    public ValueList<string> CloudSqlInstances { get; init; }

    /// <summary>Whether it belongs to a function of the 2nd generation (label goog-managed-by: cloudfunctions).</summary>
    public bool IsManagedByFunctions => Labels.Find("goog-managed-by") == "cloudfunctions";

    public override string? Lifecycle => Condition is { } condition ? $"CONDITION_{condition.State.ToGoogleWord()}" : null;
}

/// <summary>The Ready condition of a Cloud Run resource. Source: GoogleCloudRunV2Condition, and GoogleCloudRunV1Condition of type Ready.</summary>
/// <param name="Reason">Google's word for why, such as "HealthCheckContainerError"; null when all is well.</param>
/// <param name="Message">Google's sentence; null when all is well.</param>
/// <param name="LastTransitionTime">Since when the condition is as it is.</param>
public sealed record RunCondition(RunConditionState State, string? Reason, string? Message, DateTimeOffset? LastTransitionTime)
{
    // v2: terminalCondition, or the Ready one of a revision's conditions.
    internal static RunCondition? ParseV2(FieldReader? fields) => fields is null ? null : new RunCondition(
        fields.Choice("state", RunConditionState.Unrecognized, "CONDITION_") ?? RunConditionState.Unspecified,
        ReasonOf(fields),
        fields.Text("message"),
        fields.Instant("lastTransitionTime"));

    // v1: status True, False or Unknown.
    internal static RunCondition? ParseV1(FieldReader? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var state = fields.Text("status") switch
        {
            null => RunConditionState.Unspecified,
            "True" => RunConditionState.Succeeded,
            "False" => RunConditionState.Failed,
            "Unknown" => RunConditionState.Reconciling,
            _ => RunConditionState.Unrecognized,
        };
        return new RunCondition(state, fields.Text("reason"), fields.Text("message"), fields.Instant("lastTransitionTime"));
    }

    // Jobs and revisions have reasons of their own beside the common ones.
    private static string? ReasonOf(FieldReader fields) =>
        fields.Text(fields.Has("revisionReason") ? "revisionReason" : fields.Has("executionReason") ? "executionReason" : "reason");
}

/// <summary>States of a Cloud Run condition, with the API's numbers.</summary>
public enum RunConditionState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Pending = 1,
    Reconciling = 2,
    Failed = 3,
    Succeeded = 4,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
