namespace Auditor.Model;

/// <summary>How a load balancer asks its backends whether they live. Global or of a region. Source: REST Resources healthChecks and regionHealthChecks, compute v1.</summary>
public sealed record HealthCheck(ResourceName Name) : Resource(Name)
{
    private static readonly string[] s_details = ["tcpHealthCheck", "sslHealthCheck", "httpHealthCheck", "httpsHealthCheck", "http2HealthCheck", "grpcHealthCheck", "grpcTlsHealthCheck"];

    /// <summary>TCP, SSL, HTTP, HTTPS, HTTP2, GRPC, GRPC_WITH_TLS; null when not said.</summary>
    public string? Type { get; init; }

    /// <summary>The port asked; null where <see cref="PortSpecification"/> says otherwise, or Google's default for the type.</summary>
    public int? Port { get; init; }

    /// <summary>The named port asked; null when not said.</summary>
    public string? PortName { get; init; }

    /// <summary>USE_FIXED_PORT, USE_NAMED_PORT or USE_SERVING_PORT (the port each endpoint serves on); null means the port, or the named port.</summary>
    public string? PortSpecification { get; init; }

    internal static HealthCheck Parse(FieldReader fields)
    {
        var detail = s_details.Select(fields.Child).FirstOrDefault(child => child is not null);
        return new HealthCheck(fields.Context.Name)
        {
            Type = fields.Text("type"),
            Port = detail?.Number("port"),
            PortName = detail?.Text("portName"),
            PortSpecification = detail?.Text("portSpecification"),
        };
    }
}
