using Google.Cloud.Firestore.V1;
using Google.Cloud.PubSub.V1;
using Grpc.Core;

namespace Auditor.Tests.GoogleApis;

/// <summary>The raw clients call Google's methods, with Google's streaming.</summary>
public sealed class ClientTests
{
    private readonly RecordingInvoker _invoker = new();

    [Fact]
    public void Firestore_CallsAreNamedAsGoogleNamesThem()
    {
        var client = new Firestore.FirestoreClient(_invoker);
        client.GetDocument(new GetDocumentRequest());
        client.BatchGetDocuments(new BatchGetDocumentsRequest());
        client.BeginTransaction(new BeginTransactionRequest());
        client.Commit(new CommitRequest());
        client.Rollback(new RollbackRequest());
        client.RunQuery(new RunQueryRequest());
        client.RunAggregationQuery(new RunAggregationQueryRequest());
        client.BatchWrite(new BatchWriteRequest());
        Assert.Equal(
            [
                "Unary /google.firestore.v1.Firestore/GetDocument",
                "ServerStreaming /google.firestore.v1.Firestore/BatchGetDocuments",
                "Unary /google.firestore.v1.Firestore/BeginTransaction",
                "Unary /google.firestore.v1.Firestore/Commit",
                "Unary /google.firestore.v1.Firestore/Rollback",
                "ServerStreaming /google.firestore.v1.Firestore/RunQuery",
                "ServerStreaming /google.firestore.v1.Firestore/RunAggregationQuery",
                "Unary /google.firestore.v1.Firestore/BatchWrite",
            ],
            _invoker.Calls);
    }

    [Fact]
    public void PubSub_CallsAreNamedAsGoogleNamesThem()
    {
        var publisher = new Publisher.PublisherClient(_invoker);
        publisher.CreateTopic(new Topic());
        publisher.Publish(new PublishRequest());
        publisher.DeleteTopic(new DeleteTopicRequest());
        var subscriber = new Subscriber.SubscriberClient(_invoker);
        subscriber.CreateSubscription(new Subscription());
        subscriber.Pull(new PullRequest());
        subscriber.Acknowledge(new AcknowledgeRequest());
        subscriber.DeleteSubscription(new DeleteSubscriptionRequest());
        Assert.Equal(
            [
                "Unary /google.pubsub.v1.Publisher/CreateTopic",
                "Unary /google.pubsub.v1.Publisher/Publish",
                "Unary /google.pubsub.v1.Publisher/DeleteTopic",
                "Unary /google.pubsub.v1.Subscriber/CreateSubscription",
                "Unary /google.pubsub.v1.Subscriber/Pull",
                "Unary /google.pubsub.v1.Subscriber/Acknowledge",
                "Unary /google.pubsub.v1.Subscriber/DeleteSubscription",
            ],
            _invoker.Calls);
    }

    /// <summary>Records the method of each call and answers nothing.</summary>
    private sealed class RecordingInvoker : CallInvoker
    {
        public List<string> Calls { get; } = [];

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => Record<AsyncServerStreamingCall<TResponse>>(method);

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => Record<TResponse>(method);

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        private T Record<T>(IMethod method)
        {
            Calls.Add($"{method.Type} {method.FullName}");
            return default!;
        }
    }
}
