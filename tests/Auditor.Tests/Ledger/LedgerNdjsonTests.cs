using System.Text;
using Auditor.Ledger;
using Auditor.Tests.Adapters.Ledgers;

namespace Auditor.Tests.Ledger;

/// <summary>Exports, and what is refused as one.</summary>
public sealed class LedgerNdjsonTests
{
    private static readonly Commit s_first = Commits.Full(Head.None, new Lease("test", 1, Commits.Noon));
    private static readonly Commit s_second = Commits.After(new Head(1, 1, s_first.Hash), new Lease("test", 1, Commits.Noon));

    private static readonly LedgerRecord[] s_records =
    [
        new LedgerRecord.Leased(2),
        new LedgerRecord.Settled("k", Commits.Noon),
        new LedgerRecord.Waiting(Commits.First("f", Commits.Noon, "op")),
        new LedgerRecord.Alerting(new OutboxRow(Commits.Owed("a") with { Tries = 3 }, 1, 0, Commits.Noon, null, false, "it answered 500")),
        new LedgerRecord.Committed(Store(s_first)),
        new LedgerRecord.Committed(Store(s_second)),
    ];

    [Fact]
    public async Task WhatIsWritten_IsReadAgain()
    {
        var lines = await LinesAsync();
        Assert.Equal((s_records.Length + 2, """{"lease":{"epoch":2}}"""), (lines.Length, lines[1]));
        var read = LedgerNdjson.Read(lines).ToList();
        Assert.Equal(s_records[..4], read[..4]);
        Assert.Equal([s_first.ToBytes(), s_second.ToBytes()], read[4..].Cast<LedgerRecord.Committed>().Select(record => record.Commit.Bytes.ToArray()));
        Assert.Equal(lines, await LedgerNdjson.WriteAsync(read.ToAsyncEnumerable()).ToArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("cut", "line 7 is the last; a line with the end was expected")]
    [InlineData("empty", "line 0 is the last; a line with the end was expected")]
    [InlineData("other", """line 1 is '{"some":"json"}'; '{"ledger":"auditor","version":1}' was expected""")]
    [InlineData("longer", "line 9 is '{}'; nothing was expected after the end")]
    [InlineData("missing", "line 6 is not understood: 'end' is no kind of record")]
    [InlineData("garbage", "line 4 is not understood: 'x' is no kind of record")]
    public async Task WhatIsNotWhole_IsRefused(string what, string sentence)
    {
        var lines = await LinesAsync();
        string[] touched = what switch
        {
            "cut" => lines[..7],
            "empty" => [],
            "other" => ["""{"some":"json"}""", .. lines[1..]],
            "longer" => [.. lines, "{}"],
            "missing" => [.. lines[..2], .. lines[4..7], lines[7]],
            _ => [.. lines[..3], """{"x":1}""", .. lines[4..]],
        };
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => LedgerNdjson.Read(touched).Count()).Message);
    }

    [Fact]
    public async Task AnAlteredCommit_IsRefused()
    {
        var lines = await LinesAsync();
        lines[5] = lines[5].Replace("READY", "ERROR", StringComparison.Ordinal);
        Assert.StartsWith("commit 1 has content of hash ", Assert.Throws<FormatException>(() => LedgerNdjson.Read(lines).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACommitOfANewerRelease_IsRefused_AsItWouldLoseSomething()
    {
        var lines = await LinesAsync();
        lines[5] = lines[5].Replace("\"commit\":{", "\"commit\":{\"news\":1,", StringComparison.Ordinal);
        Assert.Equal(
            "line 6 is not understood: commit 1 holds something that this release does not know; a newer one is needed", Assert.Throws<FormatException>(() => LedgerNdjson.Read(lines).Count()).Message);
    }

    private static async Task<string[]> LinesAsync() => await LedgerNdjson.WriteAsync(s_records.ToAsyncEnumerable()).ToArrayAsync(TestContext.Current.CancellationToken);

    private static StoredCommit Store(Commit commit) =>
        new(commit.Seq, commit.Epoch, commit.Hash, commit.PreviousHash, Timestamps.Format(commit.RecordedAt), Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(commit.ToBytes())));
}
