namespace Auditor.Model;

/// <summary>
/// What stands behind the forwarding rule of a proxy load balancer: a TCP proxy names a backend service, an HTTP or HTTPS proxy a URL map. Global or
/// of a region. Source: REST Resources targetTcpProxies, targetHttpProxies and targetHttpsProxies and their regional likes, compute v1.
/// </summary>
public sealed record TargetProxy(ResourceName Name) : Resource(Name)
{
    /// <summary>TCP proxies: the backend service.</summary>
    public ResourceName? BackendService { get; init; }

    /// <summary>HTTP and HTTPS proxies: the URL map.</summary>
    public ResourceName? UrlMap { get; init; }

    public override IEnumerable<ResourceName> References => new[] { BackendService, UrlMap }.OfType<ResourceName>();

    internal static TargetProxy Parse(FieldReader fields) => new(fields.Context.Name)
    {
        BackendService = fields.AnyReference("service", "compute.googleapis.com"),
        UrlMap = fields.AnyReference("urlMap", "compute.googleapis.com"),
    };
}
