using System.IO.Compression;
using System.Text;

namespace Auditor.Adapters.Exports;

/// <summary>Reads a file line by line as UTF-8 bytes without copying them: plain or gzipped, with or without a byte order mark, UTF-16 too.</summary>
internal sealed class LineReader(string path) : IAsyncDisposable
{
    private Stream? _stream;
    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>The line without white space around it; valid until the next call.</summary>
    internal ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Counted from 1, empty lines included.</summary>
    internal long LineNumber { get; private set; }

    /// <summary>Whether the file ends in this line without a line break.</summary>
    internal bool IsLast { get; private set; }

    /// <summary>Goes to the next line that is neither empty nor a comment (#); false at the end.</summary>
    internal async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        _stream ??= await OpenAsync(cancellationToken);
        var searched = _start;
        while (true)
        {
            var at = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (at < 0 && !_atEnd)
            {
                searched = _end - _start;
                await FillAsync(cancellationToken);
                searched += _start;
                continue;
            }

            var next = at < 0 ? _end : searched + at;
            if (at < 0 && _start == _end)
            {
                return false;
            }

            LineNumber++;
            IsLast = at < 0;
            Line = Trim(_buffer.AsMemory(_start, next - _start));
            _start = at < 0 ? _end : next + 1;
            searched = _start;
            if (Line.Length > 0 && Line.Span[0] != (byte)'#')
            {
                return true;
            }
        }
    }

    /// <summary>The current line and everything after it. Line breaks before it are added back, so that line numbers stay right.</summary>
    internal async Task<ReadOnlyMemory<byte>> RestAsync(CancellationToken cancellationToken)
    {
        using var rest = new MemoryStream();
        for (var i = 1; i < LineNumber; i++)
        {
            rest.WriteByte((byte)'\n');
        }

        await rest.WriteAsync(Line, cancellationToken);
        rest.WriteByte((byte)'\n');
        await rest.WriteAsync(_buffer.AsMemory(_start, _end - _start), cancellationToken);
        if (!_atEnd)
        {
            await _stream!.CopyToAsync(rest, cancellationToken);
        }

        return rest.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _stream!.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _atEnd = read == 0;
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream stream = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
        var head = new byte[3];
        var length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        if (length >= 2 && head[0] == 0x1f && head[1] == 0x8b)
        {
            return new BufferedStream(new GZipStream(stream, CompressionMode.Decompress), 1 << 16);
        }

        // A redirect in PowerShell writes UTF-16.
        if (length >= 2 && (head[0], head[1]) is (0xff, 0xfe) or (0xfe, 0xff))
        {
            stream.Position = 2;
            return Encoding.CreateTranscodingStream(stream, head[0] == 0xff ? Encoding.Unicode : Encoding.BigEndianUnicode, Encoding.UTF8);
        }

        return stream;
    }

    // White space, and the byte order mark of UTF-8.
    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        var span = line.Span;
        var start = span.IndexOfAnyExcept(" \t\r"u8);
        return start < 0 ? default : line[start..(span.LastIndexOfAnyExcept(" \t\r"u8) + 1)];
    }
}
