using Auditor.Model;

namespace Auditor.Reach.Flows;

/// <summary>Which workloads a rule leaves to another subject.</summary>
internal static class WorkloadScope
{
    /// <summary>Why a workload is not judged by itself; null when it is.</summary>
    public static string? WhyOutside(Workload subject, EstateView view) => subject switch
    {
        AppEngineVersion { ServingStatus: AppEngineServingStatus.Stopped } => "the App Engine version is stopped",
        AppEngineVersion { Environment: "flexible" or "flex" } => "App Engine flexible runs inside the VPC and needs no connector",
        RunService when view.Referrers<Function>(ResourceKind.Function, subject.Name).Items is [var function, ..] => $"function {function.Name.Id} stands for it",
        _ => null,
    };
}
