using Auditor.Benchmarks.Harness;

namespace Auditor.Benchmarks;

/// <summary>The least it takes to make a few bytes durable: append a page, fsync.</summary>
internal sealed class Disk(string folder) : IDisposable
{
    private const int Page = 4096;
    private readonly byte[] _page = new byte[Page];
    private readonly FileStream _file = new(Path.Combine(folder, "fsync"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    /// <summary>Measures work beside the bare disk, in turns: a disk is slow for everybody or for nobody.</summary>
    public async Task<(Sample Work, Sample Fsync)> BesideAsync(int warmUps, int rounds, Func<int, Task> work)
    {
        var fsyncs = new List<TimeSpan>(rounds);
        var sample = await Sample.OfAsync(warmUps, rounds, work, between: () => fsyncs.Add(Fsync()));
        return (sample, new Sample(fsyncs));
    }

    public void Dispose() => _file.Dispose();

    private TimeSpan Fsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        _file.Write(_page);
        _file.Flush(flushToDisk: true);
        return TimeProvider.System.GetElapsedTime(started);
    }
}
