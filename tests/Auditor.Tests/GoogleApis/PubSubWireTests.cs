using Google.Cloud.PubSub.V1;
using Google.Events.Protobuf.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Tests.GoogleApis.Wire;
using EventMessage = Google.Events.Protobuf.Cloud.PubSub.V1.PubsubMessage;
using PubsubMessage = Google.Cloud.PubSub.V1.PubsubMessage;

namespace Auditor.Tests.GoogleApis;

/// <summary>The Pub/Sub messages and the event made of them have Google's field numbers.</summary>
public sealed class PubSubWireTests
{
    private const string Topic = "projects/p/topics/changes";
    private const string Name = "projects/p/subscriptions/push";
    private static readonly Timestamp s_time = new() { Seconds = 1_763_802_905 };
    private static readonly byte[] s_message = Message(
        Bytes(1, 1, 2), Entry(2, "a", "b"), Text(3, "17"), Seconds(4, s_time.Seconds), Text(5, "key"));

    [Fact]
    public void Publishing()
    {
        AssertDecodes(new Topic { Name = Topic, Labels = { ["a"] = "b" } }, Text(1, Topic), Entry(2, "a", "b"));
        AssertDecodes(new PublishRequest { Topic = Topic, Messages = { Published() } }, Text(1, Topic), Bytes(2, s_message));
        AssertDecodes(new PublishResponse { MessageIds = { "17" } }, Text(1, "17"));
        AssertDecodes(new DeleteTopicRequest { Topic = Topic }, Text(1, Topic));
    }

    [Fact]
    public void Subscribing() => AssertDecodes(
        new Subscription
        {
            Name = Name,
            Topic = Topic,
            PushConfig = new PushConfig
            {
                PushEndpoint = "http://127.0.0.1:8080",
                Attributes = { ["x-goog-version"] = "v1" },
                OidcToken = new PushConfig.Types.OidcToken { ServiceAccountEmail = "push@p.iam.gserviceaccount.com", Audience = "auditor" },
            },
            AckDeadlineSeconds = 600,
            RetainAckedMessages = true,
            MessageRetentionDuration = new Duration { Seconds = 700 },
            Labels = { ["a"] = "b" },
            EnableMessageOrdering = true,
            ExpirationPolicy = new ExpirationPolicy { Ttl = new Duration { Seconds = 800 } },
            Filter = "hasPrefix(attributes.a, \"b\")",
            DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = Topic, MaxDeliveryAttempts = 5 },
            RetryPolicy = new RetryPolicy { MinimumBackoff = new Duration { Seconds = 10 }, MaximumBackoff = new Duration { Seconds = 600 } },
        },
        Text(1, Name),
        Text(2, Topic),
        Nested(4,
            Text(1, "http://127.0.0.1:8080"),
            Entry(2, "x-goog-version", "v1"),
            Nested(3, Text(1, "push@p.iam.gserviceaccount.com"), Text(2, "auditor"))),
        Varint(5, 600),
        Varint(7, 1),
        Seconds(8, 700),
        Entry(9, "a", "b"),
        Varint(10, 1),
        Nested(11, Seconds(1, 800)),
        Text(12, "hasPrefix(attributes.a, \"b\")"),
        Nested(13, Text(1, Topic), Varint(2, 5)),
        Nested(14, Seconds(1, 10), Seconds(2, 600)));

    [Fact]
    public void Pulling()
    {
        AssertDecodes(new PullRequest { Subscription = Name, MaxMessages = 5 }, Text(1, Name), Varint(3, 5));
        AssertDecodes(
            new PullResponse { ReceivedMessages = { new ReceivedMessage { AckId = "ack", Message = Published(), DeliveryAttempt = 2 } } },
            Nested(1, Text(1, "ack"), Bytes(2, s_message), Varint(3, 2)));
        AssertDecodes(new AcknowledgeRequest { Subscription = Name, AckIds = { "ack" } }, Text(1, Name), Text(2, "ack"));
        AssertDecodes(new DeleteSubscriptionRequest { Subscription = Name }, Text(1, Name));
    }

    [Fact]
    public void Event() => AssertDecodes(
        new MessagePublishedData
        {
            Message = new EventMessage
            {
                Data = ByteString.CopyFrom(1, 2),
                Attributes = { ["a"] = "b" },
                MessageId = "17",
                PublishTime = s_time,
                OrderingKey = "key",
            },
            Subscription = Name,
        },
        Bytes(1, s_message),
        Text(2, Name));

    private static PubsubMessage Published() => new()
    {
        Data = ByteString.CopyFrom(1, 2),
        Attributes = { ["a"] = "b" },
        MessageId = "17",
        PublishTime = s_time,
        OrderingKey = "key",
    };

    private static void AssertDecodes<T>(T expected, params byte[][] fields) where T : IMessage<T>, new() =>
        Assert.Equal(expected, new MessageParser<T>(() => new T()).ParseFrom(Message(fields)));
}
