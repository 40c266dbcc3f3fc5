using Google.Cloud.Firestore.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Auditor.EndToEnd.Faults;

/// <summary>Looks at the lease of a ledger in Firestore again and again, and counts how often it went from one holder to another; it may miss some.</summary>
internal sealed class LeaseWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly GrpcChannel _channel;
    private readonly Task _watching;

    /// <param name="host">HOST:PORT of the emulator.</param>
    /// <param name="ledger">The ledger's name.</param>
    public LeaseWatch(string host, string ledger)
    {
        _channel = GrpcChannel.ForAddress($"http://{host}");
        _watching = WatchAsync($"projects/demo-auditor/databases/(default)/documents/ledgers/{ledger}/state/lease");
    }

    /// <summary>How often another holder was seen than before.</summary>
    public int Changes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _channel.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync(string document)
    {
        var client = new Firestore.FirestoreClient(_channel);
        var holder = "";
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var lease = await client.GetDocumentAsync(new GetDocumentRequest { Name = document }, new Metadata { { "authorization", "Bearer owner" } }, cancellationToken: _end.Token);
                if (lease.Fields.TryGetValue("holder", out var value) && value.StringValue != holder)
                {
                    Changes += holder.Length > 0 ? 1 : 0;
                    holder = value.StringValue;
                }

                await Task.Delay(20, _end.Token);
            }
            catch (Exception e) when (e is RpcException { StatusCode: StatusCode.NotFound or StatusCode.Cancelled } or OperationCanceledException)
            {
                // Nobody has taken it yet, or this is the end.
            }
        }
    }
}
