using System.Globalization;
using Auditor.Adapters.Exports;

namespace Auditor.Cli.Output;

/// <summary>Tells on stderr how far the reading is: on a terminal one line that is overwritten, elsewhere a line every ten seconds.</summary>
internal sealed class ReadingProgress(TextWriter stderr) : IProgress<ExportProgress>, IDisposable
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private TimeSpan _next = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 1);
    private bool _written;

    public void Report(ExportProgress value)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_started);
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + (Console.IsErrorRedirected ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(200));
        var line = string.Create(CultureInfo.InvariantCulture, $"read {value.Bytes / 1e6:N0} MB, {value.Resources:N0} resources, {elapsed.TotalSeconds:N0} s");
        if (Console.IsErrorRedirected)
        {
            stderr.WriteLine(line);
        }
        else
        {
            stderr.Write($"\r{line}   ");
            _written = true;
        }
    }

    /// <summary>Ends the overwritten line.</summary>
    public void Finish()
    {
        if (_written)
        {
            stderr.Write("\r\u001b[K");
            _written = false;
        }
    }

    public void Dispose() => Finish();
}
