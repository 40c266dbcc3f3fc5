using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>
/// Files of other schema versions: the fixture was written by the demonstration of the release whose schema was 1. While a release is rolled out, the
/// one before uses the same file.
/// </summary>
public sealed class SqliteSchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-schema-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "auditor.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AFileOfSchema1_IsBroughtAlong_AndHoldsTheSame()
    {
        await UnpackAsync();
        Assert.Equal(1, await SqliteLedger.VersionAsync(File, Cancellation));
        var (findings, transitions) = (Ask("SELECT count(*) FROM findings"), Ask("SELECT count(*) FROM transitions"));
        await using var ledger = await SqliteLedger.OpenAsync(File, Cancellation);
        Assert.Equal(SqliteLedger.SchemaVersion, await SqliteLedger.VersionAsync(File, Cancellation));
        var state = await ledger.LoadAsync(Cancellation);
        Assert.Equal((findings, transitions), (Text(state.Findings.Count), Text((await ledger.HistoryAsync(null, Cancellation)).Count)));
        Assert.Equal(new ChainReport(state.Head, null), await Chain.VerifyAsync(ledger.StoredAsync(0, Cancellation), state.Head, [], Cancellation));
        Assert.Equal(0, await ledger.RebuildAsync(Cancellation));
        var cold = await ledger.LoadAsync(Cancellation);
        Assert.Equal(state.Head.Seq, cold.SnapshotSeq);
        Assert.Equal(JsonSerializer.Serialize(state.Resources, LedgerJson.Options), JsonSerializer.Serialize(cold.Resources, LedgerJson.Options));
    }

    /// <summary>Its statements name tables without their columns: these stay, and so does the version that it looks at.</summary>
    [Fact]
    public async Task WhatThisReleaseWrites_TheReleaseOfSchema1_CanUse()
    {
        await UnpackAsync();
        var tables = Tables();
        await using var ledger = await SqliteLedger.OpenAsync(File, Cancellation);
        await ledger.SnapshotAsync(Cancellation);
        Assert.Equal("1", Ask("PRAGMA user_version"));
        Assert.Equal(tables, Tables("schema", "snapshots", "snapshot_chunks", "retention"));

        // What it appends, it appends behind the snapshot.
        var head = await ledger.HeadAsync(Cancellation);
        var commit = After(head, new Lease("old", head.Epoch, Noon)) with { Coverage = new Coverage(["p9"], []) };
        Ask(string.Create(
            CultureInfo.InvariantCulture,
            $"INSERT INTO commits VALUES ({commit.Seq}, {commit.Epoch}, '{commit.Hash}', '{commit.PreviousHash}', '{Timestamps.Format(commit.RecordedAt)}', x'{Convert.ToHexString(commit.ToBytes())}')"));
        var state = await ledger.LoadAsync(Cancellation);
        Assert.Equal((head.Seq, commit.Seq, ["p9"]), (state.SnapshotSeq, state.Head.Seq, state.Coverage.Projects));
    }

    [Fact]
    public async Task AFileThatALaterReleaseAddedTo_IsUsed_AndStaysAsItIs()
    {
        await (await SqliteLedger.OpenAsync(File, Cancellation)).DisposeAsync();
        Ask("UPDATE schema SET version = 9; CREATE TABLE later (x)");
        await using (var ledger = await SqliteLedger.OpenAsync(File, Cancellation))
        {
            Assert.True(await ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
        }

        Assert.Equal(9, await SqliteLedger.VersionAsync(File, Cancellation));
    }

    private string? Tables(params string[] except) =>
        Ask($"SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT IN ({string.Join(", ", except.Select(name => $"'{name}'"))}) ORDER BY name)");

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private async Task UnpackAsync()
    {
        await using var packed = new GZipStream(System.IO.File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "ledger-schema-1.db.gz")), CompressionMode.Decompress);
        await using var file = System.IO.File.Create(File);
        await packed.CopyToAsync(file, Cancellation);
    }

    private string? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
