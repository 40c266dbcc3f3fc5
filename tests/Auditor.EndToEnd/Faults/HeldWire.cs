using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Auditor.EndToEnd.Faults;

/// <summary>
/// The wire between a function and an emulator: passes bytes on until the function says a word, such as the path of a document, and from then on
/// nothing. The word stands in a request as it is: gRPC compresses headers, not messages.
/// </summary>
internal sealed class HeldWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _to;
    private readonly Task _accepting;
    private Watch? _watch;

    /// <param name="to">HOST:PORT.</param>
    public HeldWire(string to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>HOST:PORT.</summary>
    public string Host => _listener.LocalEndpoint.ToString()!;

    /// <summary>Holds everything once a request has the word in it; completes when it has.</summary>
    /// <param name="isPassedOn">Whether that request still comes through.</param>
    public Task HoldAt(string word, bool isPassedOn)
    {
        var watch = new Watch(Encoding.ASCII.GetBytes(word), isPassedOn);
        _watch = watch;
        return watch.IsHere.Task;
    }

    /// <summary>Lets everything through again, but for what was held: whoever said it is gone, and so is its connection.</summary>
    public void LetGo() => Interlocked.Exchange(ref _watch, null)?.IsOver.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient from)
    {
        using var one = from;
        using var other = new TcpClient { NoDelay = true };
        one.NoDelay = true;
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            var parts = _to.Split(':');
            await other.ConnectAsync(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), closed.Token);
            await Task.WhenAny(PassOnAsync(one.GetStream(), other.GetStream(), isRequest: true, closed.Token), PassOnAsync(other.GetStream(), one.GetStream(), isRequest: false, closed.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // One end is gone; so is the other.
        }

        await closed.CancelAsync();
    }

    private async Task PassOnAsync(NetworkStream from, NetworkStream to, bool isRequest, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var tail = Array.Empty<byte>();
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (_watch is { } watch)
                {
                    byte[] seen = [.. tail, .. buffer.AsSpan(0, count)];
                    var isWord = isRequest && !watch.IsHere.Task.IsCompleted && seen.AsSpan().IndexOf(watch.Word) >= 0;
                    tail = seen[^Math.Min(seen.Length, watch.Word.Length - 1)..];
                    if (isWord && watch.IsPassedOn)
                    {
                        await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                        count = 0;
                    }

                    if (isWord)
                    {
                        watch.IsHere.TrySetResult();
                    }

                    if (watch.IsHere.Task.IsCompleted)
                    {
                        await watch.IsOver.Task.WaitAsync(cancellationToken);
                        return;
                    }
                }

                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // As above.
        }
    }

    private sealed record Watch(byte[] Word, bool IsPassedOn)
    {
        public TaskCompletionSource IsHere { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource IsOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
