using Google.Apis.Auth.OAuth2;

namespace Auditor.Adapters.Google;

/// <summary>
/// Adds a token of the Application Default Credentials. They are looked for at the first call, so that a host without calls needs none, and
/// looked for again after a failure.
/// </summary>
internal sealed class CredentialHandler(string scope) : DelegatingHandler
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private ITokenAccessWithHeaders? _credential;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var credential = await CredentialAsync(cancellationToken);
            var token = await credential.GetAccessTokenWithHeadersForRequestAsync($"https://{request.RequestUri!.Host}/", cancellationToken);
            token.AddHeaders(request);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new NoCredentialsException(Explain(e), e);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _one.Dispose();
        base.Dispose(disposing);
    }

    private static string Explain(Exception e) =>
        e is not InvalidOperationException ? $"the credentials gave no token ({e.GetType().Name})"
        : string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS")) ? "there are no Application Default Credentials; 'gcloud auth application-default login' makes them"
        : "GOOGLE_APPLICATION_CREDENTIALS names a file that holds no credentials";

    private async Task<ITokenAccessWithHeaders> CredentialAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _credential ??= (ITokenAccessWithHeaders)(await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)).CreateScoped(scope).UnderlyingCredential;
        }
        finally
        {
            _one.Release();
        }
    }
}
