using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudNative.CloudEvents;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>A Pub/Sub message that did not come as a CloudEvent: a raw push or a legacy background event.</summary>
internal sealed partial record PubSubEnvelope(string Id, string? PublishTime, string Topic, JsonElement Message, string? Subscription)
{
    private const string UnknownTopic = "projects/unknown-project!/topics/unknown-topic!";
    private static readonly CloudEventAttribute s_topic = CloudEventAttribute.CreateExtension("topic", CloudEventAttributeType.String);

    /// <summary>Reads either form. A raw push does not name its topic, so the path of the push endpoint has to.</summary>
    public static PubSubEnvelope Read(JsonElement root, string? path, ILogger logger)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ConversionException("The body is not a JSON object.");
        }

        return root.TryGetProperty("message", out _) || root.TryGetProperty("subscription", out _)
            ? ReadPush(root, path, logger)
            : ReadLegacy(root);
    }

    public CloudEvent ToCloudEvent(CloudEventFormatter formatter)
    {
        var cloudEvent = new CloudEvent
        {
            Id = Id,
            Type = "google.cloud.pubsub.topic.v1.messagePublished",
            Source = new Uri("//pubsub.googleapis.com/" + Topic, UriKind.RelativeOrAbsolute),
            Time = PublishTime is null ? null : ParseTime(PublishTime),
            DataContentType = "application/json",
        };
        if (TopicName().Match(Topic) is { Success: true } match)
        {
            cloudEvent[s_topic] = match.Groups["topic"].Value;
        }

        formatter.DecodeBinaryModeEventData(WriteData(), cloudEvent);
        return cloudEvent;
    }

    private static PubSubEnvelope ReadPush(JsonElement root, string? path, ILogger logger)
    {
        if (Object(root, "message") is not { } message || Text(root, "subscription") is not { } subscription)
        {
            throw new ConversionException("A Pub/Sub push has an object 'message' and a string 'subscription'.");
        }

        var id = Text(message, "messageId") ?? Text(message, "message_id")
            ?? throw new ConversionException("The Pub/Sub message has no 'messageId'.");
        var topic = path?.TrimStart('/') ?? "";
        if (!TopicName().IsMatch(topic))
        {
            logger.LogWarning("The request path names no Pub/Sub topic; the event's source is {Topic}", UnknownTopic);
            topic = UnknownTopic;
        }

        return new(id, Text(message, "publishTime") ?? Text(message, "publish_time"), topic, message, subscription);
    }

    private static PubSubEnvelope ReadLegacy(JsonElement root)
    {
        // The oldest form has the context's members at the top.
        var context = Object(root, "context") ?? root;
        if (Object(root, "data") is not { } message || Text(context, "eventId") is not { } id || Text(context, "eventType") is not { } type)
        {
            throw new ConversionException("The body is neither a Pub/Sub push nor an event with 'context' and 'data'.");
        }

        if (type is not ("google.pubsub.topic.publish" or "providers/cloud.pubsub/eventTypes/topic.publish"))
        {
            throw new ConversionException("The event's type is not the publishing of a Pub/Sub message.");
        }

        var topic = Text(context, "resource") ?? (Object(context, "resource") is { } resource ? Text(resource, "name") : null)
            ?? throw new ConversionException("The event's context names no resource.");
        return new(id, Text(context, "timestamp"), topic, message, Subscription: null);
    }

    /// <summary>The data that Eventarc would have sent: the message with its id and time, one spelling of each.</summary>
    private ReadOnlyMemory<byte> WriteData()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject("message");
        foreach (var property in Message.EnumerateObject())
        {
            if (property.Name is not ("messageId" or "message_id" or "publishTime" or "publish_time"))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteString("messageId", Id);
        if (PublishTime is not null)
        {
            writer.WriteString("publishTime", PublishTime);
        }

        writer.WriteEndObject();
        if (Subscription is not null)
        {
            writer.WriteString("subscription", Subscription);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ConversionException("The publish time is not a timestamp.");

    private static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^projects/[^/]+/topics/(?<topic>[^/]+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TopicName();
}
