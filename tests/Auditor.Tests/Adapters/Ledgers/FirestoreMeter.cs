using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Counts documents as Firestore bills them: each that is read or looked for, at least one a query; each that is written.</summary>
internal sealed class FirestoreMeter : Interceptor
{
    private int _reads;
    private int _writes;

    public int Reads => _reads;

    public int Writes => _writes;

    public void Reset() => (_reads, _writes) = (0, 0);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        Interlocked.Add(ref _writes, request is CommitRequest commit ? commit.Writes.Count : 0);
        return continuation(request, context);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        Interlocked.Add(ref _reads, request is BatchGetDocumentsRequest get ? get.Documents.Count : 1);
        return request is not RunQueryRequest ? call : new AsyncServerStreamingCall<TResponse>(
            new Counted<TResponse>(call.ResponseStream, () => Interlocked.Increment(ref _reads)), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    // The first document of a query is counted with the query.
    private sealed class Counted<T>(IAsyncStreamReader<T> inner, Action count) : IAsyncStreamReader<T>
    {
        private bool _isFirst = true;

        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await inner.MoveNext(cancellationToken))
            {
                return false;
            }

            if (Current is RunQueryResponse { Document: not null })
            {
                if (!_isFirst)
                {
                    count();
                }

                _isFirst = false;
            }

            return true;
        }
    }
}
