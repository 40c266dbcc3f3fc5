namespace Auditor.Adapters.Google;

/// <summary>
/// The last thing before the wire: lets nothing but GET through, and the lists that Google made POSTs, so that nothing of the auditor can write to a
/// monitored project.
/// </summary>
internal sealed class ReadOnlyHandler : DelegatingHandler
{
    // The body of these says what to show; they need no permission to change anything.
    private static readonly string[] s_lists = ["/listInstances", "/listNetworkEndpoints"];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => IsRead(request)
        ? base.SendAsync(request, cancellationToken)
        : throw new InvalidOperationException($"The auditor only reads: {request.Method} {request.RequestUri?.AbsolutePath} was not sent.");

    private static bool IsRead(HttpRequestMessage request) => request.Method == HttpMethod.Get
        || (request.Method == HttpMethod.Post && request.RequestUri is { } address && s_lists.Any(list => address.AbsolutePath.EndsWith(list, StringComparison.Ordinal)));
}
