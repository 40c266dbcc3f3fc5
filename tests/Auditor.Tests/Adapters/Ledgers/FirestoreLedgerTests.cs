using Auditor.Adapters.Ledgers;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>The contract on the Firestore emulator. Every query that is sent has to stand in the table that indexes are made from.</summary>
public sealed class FirestoreLedgerTests(FirestoreEmulator emulator) : LedgerContract
{
    private readonly FirestoreAddress _address = emulator.NewAddress();
    private readonly QueryRecorder _queries = new();

    protected override Task<ILedger> OpenAsync() => OpenAsync(FirestoreLimits.Default);

    public override async ValueTask DisposeAsync()
    {
        // Null when the test was skipped.
        if (Ledger is not null)
        {
            await base.DisposeAsync();
        }

        Assert.All(_queries.Sent, query => Assert.Contains(query, FirestoreQueries.All));
    }

    [Fact]
    public async Task TwoLedgersOnOneDatabase_ShareInboxAndLease()
    {
        await using var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Ledger : other).EnqueueAsync(Entry($"k{i / 2}", Noon), Cancellation)));
        Assert.Equal(20, await other.InboxDepthAsync(Cancellation));
        Assert.NotNull(await Ledger.TryLeaseAsync("a", Noon, TimeSpan.FromMinutes(1), Cancellation));
        Assert.Null(await other.TryLeaseAsync("b", Noon, TimeSpan.FromMinutes(1), Cancellation));
    }

    private async Task<ILedger> OpenAsync(FirestoreLimits limits)
    {
        var invoker = FirestoreConnection.InvokerOf(await emulator.RequireAsync(), _address).Intercept(_queries);
        return new FirestoreLedger(invoker, _address, limits, TimeProvider.System);
    }

    private sealed class QueryRecorder : Interceptor
    {
        public List<FirestoreQuery> Sent { get; } = [];

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            var query = request switch
            {
                RunQueryRequest { StructuredQuery: var one } => one,
                RunAggregationQueryRequest { StructuredAggregationQuery.StructuredQuery: var one } => one,
                _ => null,
            };
            if (query is not null)
            {
                lock (Sent)
                {
                    Sent.Add(FirestoreQuery.Of(query));
                }
            }

            return continuation(request, context);
        }
    }
}
