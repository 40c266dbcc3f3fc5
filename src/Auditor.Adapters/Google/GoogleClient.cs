using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Auditor.Adapters.Google;

/// <summary>Asks Google's REST APIs. Every outcome is an answer; what may pass is tried again, for a bounded time.</summary>
internal sealed class GoogleClient(HttpClient client, GoogleOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(30);

    private readonly string? _endpoint = options.Endpoint is { Length: > 0 } endpoint ? endpoint.TrimEnd('/') : null;

    /// <param name="path">Version, path and query, escaped.</param>
    /// <param name="permission">What the call takes, for a refusal that does not say.</param>
    /// <param name="body">JSON for the few reads that Google made POSTs; null for a GET.</param>
    public async Task<GoogleAnswer> ReadAsync(string host, string path, string permission, string? body, CancellationToken cancellationToken)
    {
        var address = new Uri(_endpoint is null ? $"https://{host}/{path}" : $"{_endpoint}/{host}/{path}");
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync(address, host, permission, body, cancellationToken);
            if (answer is not GoogleAnswer.Failed { MayPass: true } failed || attempt >= options.MaxTries)
            {
                return answer;
            }

            await Task.Delay(DelayOf(attempt, failed.RetryAfter), time, cancellationToken);
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, for all that is read with GET.</summary>
    public Task<GoogleAnswer> GetAsync(string host, string path, string permission, CancellationToken cancellationToken) => ReadAsync(host, path, permission, null, cancellationToken);

    private async Task<GoogleAnswer> TryAsync(Uri address, string host, string permission, string? body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, address);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await client.SendAsync(request, either.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.StatusCode == HttpStatusCode.OK ? Read(host, answer) : Explain(host, response.StatusCode, GoogleError.Read(answer), permission, RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new GoogleAnswer.Failed($"{host} did not answer in time", MayPass: true);
        }
        catch (HttpRequestException e)
        {
            return new GoogleAnswer.Failed($"{host} could not be reached: {e.HttpRequestError}", MayPass: true);
        }
        catch (NoCredentialsException e)
        {
            return new GoogleAnswer.Failed(e.Message);
        }
    }

    private static GoogleAnswer Read(string host, byte[] body)
    {
        try
        {
            var json = JsonElement.Parse(body);
            return json.ValueKind == JsonValueKind.Object ? new GoogleAnswer.Found(json) : new GoogleAnswer.Failed($"{host} answered a JSON {json.ValueKind.ToString().ToLowerInvariant()}; an object was expected");
        }
        catch (JsonException)
        {
            return new GoogleAnswer.Failed($"{host} answered something that is not JSON");
        }
    }

    private static GoogleAnswer Explain(string host, HttpStatusCode status, GoogleError error, string permission, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.NotFound => new GoogleAnswer.Missing(),
        HttpStatusCode.Forbidden when error.IsServiceOff => new GoogleAnswer.Off(),
        HttpStatusCode.Forbidden when error.IsRateLimit => new GoogleAnswer.Failed($"{host} refuses more calls for now", status, MayPass: true, retryAfter),
        HttpStatusCode.Forbidden when error.IsScopeTooNarrow => new GoogleAnswer.Failed($"{host} refuses the scope of the credentials; Auditor:Google:Scope asks for another", status),
        HttpStatusCode.Forbidden => new GoogleAnswer.Failed($"permission {error.Permission ?? permission} is missing", status),
        HttpStatusCode.Unauthorized => new GoogleAnswer.Failed($"{host} does not accept the credentials", status),
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
            new GoogleAnswer.Failed(Words(host, status, error), status, MayPass: true, retryAfter),
        _ => new GoogleAnswer.Failed(Words(host, status, error), status),
    };

    private static string Words(string host, HttpStatusCode status, GoogleError error) =>
        string.Create(CultureInfo.InvariantCulture, $"{host} answered {(int)status}{(error.Status is { } word ? $" {word}" : "")}");

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    // Doubling, and up to half more by chance, so that callers who failed together do not come back together.
    private static TimeSpan DelayOf(int attempt, TimeSpan? asked)
    {
        var delay = asked is { } wait && wait > TimeSpan.Zero ? wait : s_firstDelay * Math.Pow(2, attempt - 1);
        return (delay < s_longestDelay ? delay : s_longestDelay) * (1 + (RandomNumberGenerator.GetInt32(500) / 1000.0));
    }
}
