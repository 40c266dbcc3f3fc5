using Auditor.Adapters.Ledgers;
using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Keeps the shape of every query that is sent.</summary>
internal sealed class FirestoreQueryRecorder : Interceptor
{
    private readonly List<FirestoreQuery> _sent = [];

    /// <summary>Fails when a query has no entry in the table that indexes are made from.</summary>
    public void AssertAllHaveEntries() => Assert.All(_sent, query => Assert.Contains(query, FirestoreQueries.All));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var query = request switch
        {
            RunQueryRequest plain => plain.StructuredQuery,
            RunAggregationQueryRequest aggregation => aggregation.StructuredAggregationQuery.StructuredQuery,
            _ => null,
        };
        if (query is not null)
        {
            lock (_sent)
            {
                _sent.Add(FirestoreQuery.Of(query));
            }
        }

        return continuation(request, context);
    }
}
