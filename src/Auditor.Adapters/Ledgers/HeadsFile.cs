using System.Text.Json;
using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>Heads in a file that is only ever appended to: one JSON object a line. A head is on disk when publishing returns.</summary>
public sealed class HeadsFile(string path) : IHeadPublisher
{
    public async Task PublishAsync(PublishedHead head, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var line = new List<byte>(JsonSerializer.SerializeToUtf8Bytes(head, LedgerJson.Options)) { (byte)'\n' };
        if (stream.Length > 0)
        {
            // A line that a killed process did not finish stays as it is; this one begins after it.
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n')
            {
                line.Insert(0, (byte)'\n');
            }
        }

        await stream.WriteAsync(line.ToArray(), cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The heads of a file, and the numbers of the lines that hold none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<(IReadOnlyList<PublishedHead> Heads, IReadOnlyList<int> NotUnderstood)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var heads = new List<PublishedHead>();
        var others = new List<int>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (Parse(line) is { } head)
            {
                heads.Add(head);
            }
            else
            {
                others.Add(number);
            }
        }

        return (heads, others);
    }

    private static PublishedHead? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<PublishedHead>(line, LedgerJson.Options) is { Seq: > 0, Hash.Length: 64 } head ? head : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
