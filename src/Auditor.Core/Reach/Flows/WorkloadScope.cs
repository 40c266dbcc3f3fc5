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

    /// <summary>Where a workload runs; App Engine says it of the application. Null when that is not known, and then why.</summary>
    public static string? RegionOf(Workload subject, EstateView view, out string? missing)
    {
        missing = null;
        if (subject is not AppEngineVersion)
        {
            return subject.Region;
        }

        var application = ResourceName.Of(ResourceKind.AppEngineApplication, subject.Name.Project!);
        switch (view.Find<AppEngineApplication>(application))
        {
            case Lookup<AppEngineApplication>.Found { Resource.Region: { } region }:
                return region;
            case Lookup<AppEngineApplication>.Unread { Reason: var reason }:
                missing = $"the region of App Engine application {application.Id} is not known: {reason}";
                return null;
            default:
                missing = $"the region of App Engine application {application.Id} is not known";
                return null;
        }
    }
}
