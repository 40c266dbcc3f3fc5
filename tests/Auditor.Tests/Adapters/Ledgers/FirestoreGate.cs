using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Holds one commit call back, as a network or a frozen instance may, until it is let go.</summary>
/// <param name="number">Which, from 1.</param>
internal sealed class FirestoreGate(int number) : Interceptor
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Completes when the call is there.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.SetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (request is not CommitRequest || ++_calls != number)
        {
            return continuation(request, context);
        }

        _reached.SetResult();
        return new AsyncUnaryCall<TResponse>(LaterAsync(), Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => Metadata.Empty, () => { });

        async Task<TResponse> LaterAsync()
        {
            await _open.Task;
            return await continuation(request, context).ResponseAsync;
        }
    }
}
