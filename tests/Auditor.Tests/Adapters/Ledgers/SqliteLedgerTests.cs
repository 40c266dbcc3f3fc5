using System.Globalization;
using System.Text;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>The contract on a SQLite file, and what may be wrong with such a file.</summary>
public sealed class SqliteLedgerTests : LedgerContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-ledger-").FullName;

    private string File => Path.Combine(_folder, "made", "on", "demand.db");

    protected override async Task<ILedger> OpenAsync() => await SqliteLedger.OpenAsync(File, Cancellation);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Open_TheFileIsDurable_AndHasAVersion()
    {
        await Ledger.DisposeAsync();
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
        Assert.Equal("1", Ask("PRAGMA user_version"));
    }

    [Fact]
    public async Task TwoLedgersOnOneFile_ShareInboxAndLease()
    {
        await using var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Ledger : other).EnqueueAsync(Entry($"k{i / 2}", Noon), Cancellation)));
        Assert.Equal(20, await other.InboxDepthAsync(Cancellation));
        Assert.NotNull(await Ledger.TryLeaseAsync("a", Noon, TimeSpan.FromMinutes(1), Cancellation));
        Assert.Null(await other.TryLeaseAsync("b", Noon, TimeSpan.FromMinutes(1), Cancellation));
    }

    [Fact]
    public async Task Forget_ForgetsKeysThatNobodyDeliversAgain_ButNothingThatWaits()
    {
        foreach (var key in new[] { "old", "waiting", "young" })
        {
            await Ledger.EnqueueAsync(Entry(key, key == "young" ? Noon : Noon.AddDays(-40)), Cancellation);
        }

        await AppendAsync((head, lease) => After(head, lease) with { Consumed = ["old", "young"] });
        await Ledger.ForgetAsync(Forgetting.At(Noon, null), Cancellation);
        Assert.False(await Ledger.EnqueueAsync(Entry("young", Noon), Cancellation));
        Assert.False(await Ledger.EnqueueAsync(Entry("waiting", Noon), Cancellation));
        Assert.Equal(["waiting"], (await Ledger.PendingAsync(Noon, 9, Cancellation)).Select(entry => entry.Key));
        Assert.True(await Ledger.EnqueueAsync(Entry("old", Noon), Cancellation));
        Assert.Null(await Ledger.BaseAsync(Cancellation));
    }

    [Fact]
    public async Task Body_IsExactlyTheCommitsBytes_AndHashItsHash()
    {
        var commit = Full(Head.None, new Lease("test", 1, Noon));
        await AppendAsync((_, _) => commit);
        await Ledger.DisposeAsync();
        Assert.Equal(Encoding.UTF8.GetString(commit.ToBytes()), Ask("SELECT CAST(body AS TEXT) FROM commits"));
        Assert.Equal(commit.Hash, Ask("SELECT hash FROM commits"));
        Assert.Equal("2026-11-01T12:00:00.1234567Z", Ask("SELECT recorded_at FROM commits"));
    }

    [Fact]
    public async Task Open_OfANewerSchema_NamesFileAndVersions()
    {
        await Ledger.DisposeAsync();
        Ask("PRAGMA user_version = 7");
        Assert.Equal($"The ledger {File} has schema version 7; this release reads versions up to 2, so a newer release is needed.", await RefusalAsync());
    }

    [Fact]
    public async Task Open_OfAnotherDatabase_IsRefused()
    {
        await Ledger.DisposeAsync();
        System.IO.File.Delete(File);
        Ask("CREATE TABLE other (x)");
        Assert.Equal($"{File} is a SQLite database, but not a ledger of the auditor; another path was expected under Auditor:Ledger:Path.", await RefusalAsync());
    }

    [Fact]
    public async Task Open_OfSomethingElse_SaysSo()
    {
        await Ledger.DisposeAsync();
        await System.IO.File.WriteAllTextAsync(File, string.Concat(Enumerable.Repeat("this is no database; ", 100)), Cancellation);
        Assert.Equal($"The ledger {File} is damaged (file is not a database); restore it from a copy, or move it away to start a new one.", await RefusalAsync());
    }

    [Fact]
    public async Task Open_OfAFolder_SaysSo()
    {
        var e = await Assert.ThrowsAsync<LedgerDamagedException>(() => SqliteLedger.OpenAsync(_folder, Cancellation));
        Assert.Equal($"The ledger {_folder} cannot be read or written (unable to open database file).", e.Message);
    }

    [Fact]
    public async Task Read_OfACutOffFile_IsOneClearSentence()
    {
        for (var i = 0; i < 50; i++)
        {
            await AppendAsync((head, lease) => Full(head, lease) with { Transitions = [] });
        }

        await Ledger.DisposeAsync();
        using (var stream = new FileStream(File, FileMode.Open))
        {
            stream.SetLength(stream.Length / 2 / 4096 * 4096);
        }

        Assert.Equal($"The ledger {File} is damaged (database disk image is malformed); restore it from a copy, or move it away to start a new one.", await RefusalAsync());
    }

    [Fact]
    public async Task Read_OfARecordThatIsNotUnderstood_IsOneClearSentence()
    {
        await AppendAsync(Full);
        await Ledger.DisposeAsync();
        Ask("UPDATE resources SET body = CAST('{\"name\":5}' AS BLOB)");
        Assert.StartsWith($"The ledger {File} is damaged (a record in it is not understood: ", await RefusalAsync(), StringComparison.Ordinal);
    }

    // Opens and reads everything; gives the sentence.
    private async Task<string> RefusalAsync() => (await Assert.ThrowsAsync<LedgerDamagedException>(async () =>
    {
        await using var ledger = await OpenAsync();
        await ledger.LoadAsync(Cancellation);
        await foreach (var commit in ledger.CommitsAsync(0, Cancellation))
        {
            Assert.NotNull(commit);
        }
    })).Message;

    protected override async Task<ILedger> OpenOtherAsync() => await SqliteLedger.OpenAsync(Path.Combine(_folder, "other.db"), Cancellation);

    protected override Task<string> DumpAsync()
    {
        string[] tables = ["commits", "lease", "seen", "inbox", "resources", "resource_versions", "findings", "transitions", "coverage", "outbox"];
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        var lines = new List<string>();
        foreach (var table in tables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var values = Enumerable.Range(0, rows.FieldCount).Select(rows.GetValue).Select(value => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture));
                lines.Add($"{table}: {string.Join(" | ", values)}");
            }
        }

        return Task.FromResult(string.Join('\n', lines.Order(StringComparer.Ordinal)));
    }

    protected override Task SpoilAsync()
    {
        Ask("DELETE FROM coverage; UPDATE findings SET body = CAST('{}' AS BLOB); INSERT INTO transitions VALUES (1, 1, 'x', CAST('{}' AS BLOB))");
        return Task.CompletedTask;
    }

    protected override Task TouchAsync(long seq, Func<byte[], byte[]?> change)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"commits WHERE seq = {seq}");
        Ask(change(Convert.FromHexString(Ask($"SELECT hex(body) FROM {text}")!)) is { } body
            ? string.Create(CultureInfo.InvariantCulture, $"UPDATE commits SET body = x'{Convert.ToHexString(body)}' WHERE seq = {seq}")
            : $"DELETE FROM {text}");
        return Task.CompletedTask;
    }

    protected override Task TouchSnapshotAsync(Func<byte[], byte[]?> change)
    {
        Ask(change(Convert.FromHexString(Ask("SELECT hex(body) FROM snapshot_chunks WHERE number = 0")!)) is { } body
            ? $"UPDATE snapshot_chunks SET body = x'{Convert.ToHexString(body)}' WHERE number = 0"
            : "DELETE FROM snapshot_chunks WHERE number = 0");
        return Task.CompletedTask;
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
