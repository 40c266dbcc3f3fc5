using System.Text;
using System.Text.Json;

namespace Auditor.Ledger;

/// <summary>
/// A ledger as lines of JSON: a first line that says so, a line per record, a last line that says how many there were. Commits stand in it byte for
/// byte, each beside its hash.
/// </summary>
public static class LedgerNdjson
{
    private const string Header = """{"ledger":"auditor","version":1}""";

    /// <summary>The lines of an export.</summary>
    /// <exception cref="FormatException">A commit is not what its hash, or the one before it, says.</exception>
    public static async IAsyncEnumerable<string> WriteAsync(IAsyncEnumerable<LedgerRecord> records)
    {
        yield return Header;
        var (count, last) = (0L, (Seq: 0L, Hash: ""));
        await foreach (var record in records)
        {
            last = Check(record, last);
            count++;
            yield return Line(record);
        }

        yield return End(count);
    }

    /// <summary>The records of an export.</summary>
    /// <exception cref="FormatException">A line is not understood, a commit does not follow the one before it, or the end is missing. The message names the line.</exception>
    public static IEnumerable<LedgerRecord> Read(IEnumerable<string> lines)
    {
        var (number, last, isOver) = (0L, (Seq: 0L, Hash: ""), false);
        foreach (var line in lines)
        {
            number++;
            if (number == 1 ? line != Header : isOver)
            {
                throw new FormatException($"line {number} is '{Short(line)}'; {(isOver ? "nothing was expected after the end" : $"'{Header}' was expected")}");
            }

            if (number == 1)
            {
                continue;
            }

            isOver = line == End(number - 2);
            if (!isOver)
            {
                var record = Parse(line, number);
                last = Check(record, last);
                yield return record;
            }
        }

        if (!isOver)
        {
            throw new FormatException($"line {number} is the last; a line with the end was expected");
        }
    }

    private static string End(long count) => $$"""{"end":{{count}}}""";

    private static string Line(LedgerRecord record) => record switch
    {
        LedgerRecord.Leased leased => Named("lease", leased),
        LedgerRecord.Settled settled => Named("settled", settled),
        LedgerRecord.Waiting waiting => Named("waiting", waiting.Entry),
        LedgerRecord.Alerting alerting => Named("alert", alerting.Row),
        LedgerRecord.Committed { Commit: var commit } => $$"""{"hash":"{{commit.Hash}}","commit":{{Encoding.UTF8.GetString(commit.Bytes.Span)}}}""",
        _ => throw new InvalidOperationException("No such record."),
    };

    private static string Named<T>(string name, T record) => $$"""{"{{name}}":{{JsonSerializer.Serialize(record, LedgerJson.Options)}}}""";

    private static LedgerRecord Parse(string line, long number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var first = document.RootElement.EnumerateObject().First();
            return first.Name switch
            {
                "lease" => first.Value.Deserialize<LedgerRecord.Leased>(LedgerJson.Options)!,
                "settled" => first.Value.Deserialize<LedgerRecord.Settled>(LedgerJson.Options)!,
                "waiting" => new LedgerRecord.Waiting(first.Value.Deserialize<InboxEntry>(LedgerJson.Options)!),
                "alert" => new LedgerRecord.Alerting(first.Value.Deserialize<OutboxRow>(LedgerJson.Options)!),
                "hash" => new LedgerRecord.Committed(Stored(first.Value.GetString()!, document.RootElement.GetProperty("commit").GetRawText())),
                var other => throw new FormatException($"'{other}' is no kind of record"),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or NotSupportedException)
        {
            throw new FormatException($"line {number} is not understood: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static StoredCommit Stored(string hash, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var commit = JsonSerializer.Deserialize<Commit>(bytes, LedgerJson.Options)!;
        return commit.ToBytes().AsSpan().SequenceEqual(bytes)
            ? new StoredCommit(commit.Seq, commit.Epoch, hash, commit.PreviousHash, Timestamps.Format(commit.RecordedAt), bytes)
            : throw new FormatException($"commit {commit.Seq} holds something that this release does not know; a newer one is needed");
    }

    // The commit that the next one must follow.
    private static (long Seq, string Hash) Check(LedgerRecord record, (long Seq, string Hash) before) =>
        record is not LedgerRecord.Committed { Commit: var commit } ? before
        : commit.Seq != before.Seq + 1 ? throw new FormatException($"commit {before.Seq + 1} is missing")
        : commit.Problem(before.Hash) is { } problem ? throw new FormatException($"commit {commit.Seq} {problem}")
        : (commit.Seq, commit.Hash);

    private static string Short(string line) => line.Length <= 60 ? line : $"{line[..60]}…";
}
