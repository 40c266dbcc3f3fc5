using CloudNative.CloudEvents;

namespace Google.Events.Protobuf.Cloud.PubSub.V1;

[CloudEventFormatter(typeof(ProtobufJsonFormatter<MessagePublishedData>))]
public sealed partial class MessagePublishedData;
