using System.Net.Mime;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Core;
using CloudNative.CloudEvents.Http;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Reads the event of a request: binary or structured CloudEvent, legacy background event, raw Pub/Sub push.</summary>
internal static class CloudEventReader
{
    /// <exception cref="ConversionException">The request is none of them.</exception>
    public static async Task<CloudEvent> ReadAsync(HttpRequest request, CloudEventFormatter formatter, ILogger logger)
    {
        var body = await ReadBodyAsync(request);
        try
        {
            var cloudEvent = Convert(request, body, formatter, logger);
            return cloudEvent.IsValid ? cloudEvent : throw new ConversionException("The CloudEvent lacks an id, a source or a type.");
        }
        catch (Exception e) when (e is not ConversionException)
        {
            // The body is in memory, so nothing but its content can fail here.
            throw new ConversionException(Explain(e), e);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream(capacity: (int)Math.Min(request.ContentLength ?? 0, 1 << 20));
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static CloudEvent Convert(HttpRequest request, ReadOnlyMemory<byte> body, CloudEventFormatter formatter, ILogger logger)
    {
        if (request.Headers.ContainsKey(HttpUtilities.SpecVersionHttpHeader))
        {
            return ConvertBinary(request, body, formatter);
        }

        if (MimeUtilities.IsCloudEventsBatchContentType(request.ContentType))
        {
            throw new ConversionException("The body is a batch of CloudEvents; send one event a request.");
        }

        if (MimeUtilities.IsCloudEventsContentType(request.ContentType))
        {
            return formatter.DecodeStructuredModeMessage(body, new ContentType(request.ContentType!), extensionAttributes: null);
        }

        if (!IsJson(request.ContentType))
        {
            throw new ConversionException("The request has neither CloudEvent headers nor a JSON body.");
        }

        using var document = JsonDocument.Parse(body);
        return PubSubEnvelope.Read(document.RootElement, request.Path, logger).ToCloudEvent(formatter);
    }

    private static CloudEvent ConvertBinary(HttpRequest request, ReadOnlyMemory<byte> body, CloudEventFormatter formatter)
    {
        var version = CloudEventsSpecVersion.FromVersionId(request.Headers[HttpUtilities.SpecVersionHttpHeader])
            ?? throw new ConversionException("The header ce-specversion is not a version this server knows; use 1.0.");
        var cloudEvent = new CloudEvent(version);
        foreach (var header in request.Headers)
        {
            var name = HttpUtilities.GetAttributeNameFromHeaderName(header.Key);
            if (name is not null && name != CloudEventsSpecVersion.SpecVersionAttribute.Name)
            {
                cloudEvent.SetAttributeFromString(name, HttpUtilities.DecodeHeaderValue(header.Value.ToString()));
            }
        }

        cloudEvent.DataContentType = request.ContentType;
        formatter.DecodeBinaryModeEventData(body, cloudEvent);
        return cloudEvent;
    }

    private static bool IsJson(string? contentType) =>
        MimeUtilities.CreateContentTypeOrNull(contentType) is { MediaType: var type }
        && string.Equals(type, MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    private static string Explain(Exception e) => e switch
    {
        JsonException { LineNumber: { } line, BytePositionInLine: { } column } => $"The body is not valid JSON at line {line + 1}, byte {column + 1}.",
        JsonException or InvalidJsonException => "The body is not valid JSON.",
        InvalidProtocolBufferException or FormatException =>
            "The event data does not have the shape of its type: a value has the wrong type or is not base64.",
        _ => "The request is not a valid CloudEvent.",
    };
}
