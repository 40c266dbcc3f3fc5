using System.Net;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Auditor.Cli.Hosting;

/// <summary>A topic of a Pub/Sub emulator, and its subscription that pushes to the function.</summary>
internal sealed class PubSubRoute : IDisposable
{
    private const string TopicName = "projects/demo-auditor/topics/audit-entries";
    private const string SubscriptionName = "projects/demo-auditor/subscriptions/auditor-push";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly GrpcChannel _channel;
    private readonly Publisher.PublisherClient _publisher;
    private readonly PushAnswers _answers;

    private PubSubRoute(GrpcChannel channel, PushAnswers answers) => (_channel, _publisher, _answers) = (channel, new Publisher.PublisherClient(channel), answers);

    /// <summary>Makes topic and subscription.</summary>
    /// <param name="host">HOST:PORT of the emulator.</param>
    /// <param name="answers">What stands at the function's door.</param>
    public static async Task<PubSubRoute> OpenAsync(string host, Uri function, PushAnswers answers, CancellationToken cancellationToken)
    {
        var route = new PubSubRoute(GrpcChannel.ForAddress($"http://{host}"), answers);
        try
        {
            await route._publisher.CreateTopicAsync(new Topic { Name = TopicName }, cancellationToken: cancellationToken);
            await new Subscriber.SubscriberClient(route._channel).CreateSubscriptionAsync(
                new Subscription
                {
                    Name = SubscriptionName,
                    Topic = TopicName,
                    AckDeadlineSeconds = 60,

                    // A push does not name its topic; the path does.
                    PushConfig = new PushConfig { PushEndpoint = new Uri(function, TopicName).ToString() },
                },
                cancellationToken: cancellationToken);
            return route;
        }
        catch
        {
            route.Dispose();
            throw;
        }
    }

    /// <summary>Publishes a log entry as a sink would; returns what the function answered to the push.</summary>
    public async Task<HttpStatusCode> PublishAsync(ReadOnlyMemory<byte> logEntry, CancellationToken cancellationToken)
    {
        var published = await _publisher.PublishAsync(
            new PublishRequest { Topic = TopicName, Messages = { new PubsubMessage { Data = ByteString.CopyFrom(logEntry.Span) } } }, cancellationToken: cancellationToken);
        return await _answers.ToAsync(published.MessageIds[0]).WaitAsync(s_patience, cancellationToken);
    }

    public void Dispose() => _channel.Dispose();
}
