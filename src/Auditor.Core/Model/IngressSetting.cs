namespace Auditor.Model;

/// <summary>Who may call a Cloud Run service or a function. The numbers are those of Cloud Run v2.</summary>
public enum IngressSetting
{
    /// <summary>Not said; Google's default is everyone.</summary>
    Unspecified = 0,
    All = 1,
    InternalOnly = 2,

    /// <summary>Internal, and through an Application Load Balancer.</summary>
    InternalLoadBalancer = 3,
    None = 4,

    /// <summary>A value Google added after this was written.</summary>
    Unrecognized = -1,
}

/// <summary>The words of the APIs for <see cref="IngressSetting"/>.</summary>
public static class IngressWords
{
    /// <summary>Reads the spelling of Cloud Run v1 and v2 and of Cloud Functions v1 and v2.</summary>
    public static IngressSetting Read(string? word) => word?.Replace('-', '_').ToUpperInvariant() switch
    {
        null or "" or "0" or "INGRESS_TRAFFIC_UNSPECIFIED" or "INGRESS_SETTINGS_UNSPECIFIED" => IngressSetting.Unspecified,
        "1" or "ALL" or "INGRESS_TRAFFIC_ALL" or "ALLOW_ALL" => IngressSetting.All,
        "2" or "INTERNAL" or "INGRESS_TRAFFIC_INTERNAL_ONLY" or "ALLOW_INTERNAL_ONLY" => IngressSetting.InternalOnly,
        "3" or "INTERNAL_AND_CLOUD_LOAD_BALANCING" or "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" or "ALLOW_INTERNAL_AND_GCLB" => IngressSetting.InternalLoadBalancer,
        "4" or "NONE" or "INGRESS_TRAFFIC_NONE" => IngressSetting.None,
        _ => IngressSetting.Unrecognized,
    };
}
