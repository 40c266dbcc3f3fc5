using System.Collections.Concurrent;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>Takes entries in: those that come while the disk is busy with one go to disk together, in one transaction.</summary>
internal sealed class SqliteIntake(SqliteFile file) : IDisposable
{
    private const int MaxTogether = 1000;

    private readonly ConcurrentQueue<Arrival> _arriving = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Durable when it returns; false when the key was seen before.</summary>
    public async Task<bool> EnqueueAsync(InboxEntry entry, CancellationToken cancellationToken)
    {
        var arrival = new Arrival(entry);
        _arriving.Enqueue(arrival);
        await _one.WaitAsync(cancellationToken);
        try
        {
            // Another may have taken it along.
            if (!arrival.IsNew.Task.IsCompleted)
            {
                await TakeAsync();
            }
        }
        finally
        {
            _one.Release();
        }

        return await arrival.IsNew.Task;
    }

    public void Dispose() => _one.Dispose();

    // What nobody waits for any more is taken as well: delivered again, it is known.
    private async Task TakeAsync()
    {
        var together = new List<Arrival>();
        while (together.Count < MaxTogether && _arriving.TryDequeue(out var arrival))
        {
            together.Add(arrival);
        }

        try
        {
            var areNew = await file.TransactAsync(session => together.ConvertAll(arrival => SqliteInbox.Enqueue(session, arrival.Entry)), CancellationToken.None);
            for (var i = 0; i < together.Count; i++)
            {
                together[i].IsNew.SetResult(areNew[i]);
            }
        }
        catch (Exception e)
        {
            together.ForEach(arrival => arrival.IsNew.SetException(e));
        }
    }

    private sealed record Arrival(InboxEntry Entry)
    {
        public TaskCompletionSource<bool> IsNew { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
