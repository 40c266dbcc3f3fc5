using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Google.Protobuf;

namespace Google.Events.Protobuf;

/// <summary>Decodes event data from Protobuf's JSON; members that the message does not have are passed over.</summary>
internal sealed class ProtobufJsonFormatter<T> : JsonEventFormatter where T : class, IMessage<T>, new()
{
    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly JsonFormatter s_formatter = JsonFormatter.Default;

    /// <summary>An empty body is an event without data.</summary>
    public override void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent) =>
        cloudEvent.Data = body.IsEmpty ? null : s_parser.Parse<T>(Encoding.UTF8.GetString(body.Span));

    public override ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent) =>
        cloudEvent.Data is null ? default : Encoding.UTF8.GetBytes(s_formatter.Format((T)cloudEvent.Data));

    protected override void DecodeStructuredModeDataProperty(JsonElement dataElement, CloudEvent cloudEvent) =>
        cloudEvent.Data = dataElement.ValueKind == JsonValueKind.Null ? null : s_parser.Parse<T>(dataElement.GetRawText());

    protected override void DecodeStructuredModeDataBase64Property(JsonElement dataBase64Element, CloudEvent cloudEvent) =>
        DecodeBinaryModeEventData(dataBase64Element.GetBytesFromBase64(), cloudEvent);

    protected override void EncodeStructuredModeData(CloudEvent cloudEvent, Utf8JsonWriter writer)
    {
        writer.WritePropertyName(DataPropertyName);
        writer.WriteRawValue(s_formatter.Format((T)cloudEvent.Data!));
    }

    protected override string? InferDataContentType(object data) => "application/json";
}
