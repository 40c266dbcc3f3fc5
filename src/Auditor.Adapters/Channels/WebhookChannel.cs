using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Auditor.Alerts;
using Auditor.Ledger;

namespace Auditor.Adapters.Channels;

/// <summary>
/// Posts alerts as CloudEvents 1.0 in structured JSON, signed: <c>Auditor-Signature: v1=HEX</c> is HMAC-SHA256 over the text of
/// <c>Auditor-Timestamp</c> (Unix seconds), a dot and the body. The event's id is the same for every delivery of an alert; a receiver checks
/// signature and age, and lets repeats go.
/// </summary>
public sealed class WebhookChannel : IAlertChannel
{
    private const string EventType = "dev.auditor.alert.v1";

    private readonly HttpClient _client;
    private readonly WebhookOptions _options;
    private readonly byte[] _secret;
    private readonly TimeProvider _time;

    /// <param name="client">Must not follow redirects: the signature is for one receiver. Its own timeout does not count.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message says which.</exception>
    public WebhookChannel(HttpClient client, WebhookOptions options, TimeProvider time)
    {
        if (options.Problems(options.Name).FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        (_client, _options, _time) = (client, options, time);
        _secret = options.ReadSecret(options.Name).Secret;
    }

    public string Name => _options.Name;

    public async Task SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        var body = Body(item);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        request.Headers.Add("Auditor-Timestamp", timestamp);
        request.Headers.Add("Auditor-Signature", $"v1={Sign(timestamp, body)}");
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new AlertNotSentException(string.Create(CultureInfo.InvariantCulture, $"webhook {Name} answered {(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd());
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AlertNotSentException(string.Create(CultureInfo.InvariantCulture, $"webhook {Name} did not answer within {_options.Timeout:c}"), e);
        }
        catch (HttpRequestException e)
        {
            // The message names host and port; the address may be a secret, so only the kind of failure is told.
            throw new AlertNotSentException($"webhook {Name} could not be reached: {e.HttpRequestError}", e);
        }
    }

    private byte[] Body(OutboxItem item)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", "1.0");
            writer.WriteString("id", item.Id);
            writer.WriteString("source", _options.Source);
            writer.WriteString("type", EventType);
            writer.WriteString("subject", item.Alert.Items.IsEmpty ? item.Alert.Kind.ToString().ToLowerInvariant() : item.Alert.Items[0].Resource);
            writer.WriteString("time", Timestamps.Format(item.Alert.RecordedAt));
            writer.WriteString("datacontenttype", "application/json");
            writer.WritePropertyName("data");
            JsonSerializer.Serialize(writer, item.Alert, LedgerJson.Options);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private string Sign(string timestamp, byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret, (byte[])[.. Encoding.ASCII.GetBytes($"{timestamp}."), .. body]));
}
