using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Fails commit calls: which, how, and whether Firestore did them all the same.</summary>
internal sealed class FirestoreFaults(StatusCode code, Exception? because = null) : Interceptor
{
    /// <summary>How many commit calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>The first commit call that fails, from 1; 0 for none.</summary>
    public int From { get; init; }

    /// <summary>How many calls in a row fail.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>Whether a call that fails is done, and only its answer lost.</summary>
    public bool IsDone { get; init; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (request is not CommitRequest || ++Calls < From || From == 0 || Calls - From >= Count)
        {
            return continuation(request, context);
        }

        // Only the first one gets through to be done: a dead process makes no other.
        return new AsyncUnaryCall<TResponse>(
            FailAsync(IsDone && Calls == From ? continuation(request, context).ResponseAsync : null), Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => Metadata.Empty, () => { });
    }

    private async Task<TResponse> FailAsync<TResponse>(Task<TResponse>? done)
    {
        if (done is not null)
        {
            await done;
        }

        throw new RpcException(new Status(code, "as the test wants it", because));
    }
}
