namespace Auditor.Model;

/// <summary>
/// How an HTTP load balancer chooses a backend service, reduced to which it may choose. Global or of a region. Source: REST Resources urlMaps and
/// regionUrlMaps, compute v1.
/// </summary>
public sealed record UrlMap(ResourceName Name) : Resource(Name)
{
    /// <summary>Every backend service that requests may be sent to, by whatever host and path, each once, sorted. Mirrors are left out.</summary>
    public ValueList<ResourceName> Services { get; init; }

    public override IEnumerable<ResourceName> References => Services;

    internal static UrlMap Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Services = OfMatcher(fields).Concat(fields.Children("pathMatchers").SelectMany(matcher =>
                OfMatcher(matcher).Concat(matcher.Children("pathRules").SelectMany(OfRule)).Concat(matcher.Children("routeRules").SelectMany(OfRule))))
            .OfType<ResourceName>().Distinct().Order().ToValueList(),
    };

    private static IEnumerable<ResourceName?> OfMatcher(FieldReader fields) =>
        OfAction(fields.Child("defaultRouteAction")).Append(fields.AnyReference("defaultService", "compute.googleapis.com"));

    private static IEnumerable<ResourceName?> OfRule(FieldReader fields) =>
        OfAction(fields.Child("routeAction")).Append(fields.AnyReference("service", "compute.googleapis.com"));

    private static IEnumerable<ResourceName?> OfAction(FieldReader? action) =>
        (action?.Children("weightedBackendServices") ?? []).Select(weighted => weighted.AnyReference("backendService", "compute.googleapis.com"));
}
