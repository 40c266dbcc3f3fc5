namespace Auditor.Adapters.Google;

/// <summary>The last thing before the wire: lets nothing but GET through, so that nothing of the auditor can write to a monitored project.</summary>
internal sealed class ReadOnlyHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => request.Method == HttpMethod.Get
        ? base.SendAsync(request, cancellationToken)
        : throw new InvalidOperationException($"The auditor only reads: {request.Method} {request.RequestUri?.AbsolutePath} was not sent.");
}
