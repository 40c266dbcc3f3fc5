using System.Globalization;
using System.Net;
using Auditor.Cli.Hosting;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Auditor.Simulator.Hosting;
using Microsoft.Data.Sqlite;

namespace Auditor.EndToEnd.Faults;

/// <summary>What the commands and the function say of a ledger that is not what was written: one sentence that names it.</summary>
public sealed class CorruptionTests : IAsyncLifetime
{
    private const string Ledger = "auditor.db";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-corrupt-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LedgerPath => Path.Combine(_folder, Ledger);

    public async ValueTask InitializeAsync()
    {
        await using var demo = await Demonstration.StartAsync(LedgerPath, Token);
        await demo.SweepAsync(Token);
        foreach (var step in DemoScenario.Steps.Take(3))
        {
            step.Apply(demo.Cloud);
            foreach (var entry in step.LogEntries(demo.Entries))
            {
                await demo.PushAsync(entry, Token);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("history")]
    [InlineData("ledger export copy.ndjson")]
    public async Task ATruncatedFile_IsRefused(string command)
    {
        Truncate();
        Assert.Equal(
            (2, "", $"auditor: The ledger {Ledger} is damaged (database disk image is malformed); restore it from a copy, or move it away to start a new one.\n"),
            await RunAsync(command));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("findings")]
    [InlineData("ledger rebuild")]
    public async Task ANewerSchema_IsRefused(string command)
    {
        Ask("PRAGMA user_version = 99");
        Assert.Equal(
            (2, "", string.Create(CultureInfo.InvariantCulture, $"auditor: The ledger {Ledger} has schema version 99; this release reads versions up to {Adapters.Ledgers.SqliteLedger.SchemaVersion}, so a newer release is needed.\n")),
            await RunAsync(command));
    }

    [Fact]
    public async Task AMissingCommit_IsNamed()
    {
        Ask("DELETE FROM commits WHERE seq = 3");
        Assert.Equal((1, "Broken: commit 3 is missing. Before it, 2 commits agree.\n", ""), await RunAsync("verify"));
        await AssertRefusedAsync(rebuild: "commit 3 is missing.", export: "commit 3 is missing.");
    }

    [Fact]
    public async Task AnAlteredCommit_IsNamed()
    {
        var hash = Ask("SELECT hash FROM commits WHERE seq = 2");
        Ask("UPDATE commits SET body = CAST(replace(CAST(body AS TEXT), 'ines@harbor', 'jane@harbor') AS BLOB) WHERE seq = 2");
        var (code, answer, _) = await RunAsync("verify");
        Assert.Equal(1, code);
        Assert.Matches($"^Broken: commit 2 has content of hash [0-9a-f]{{64}}, and .*{hash}.*\\. Before it, 1 commits agree\\.\n$", answer);
        await AssertRefusedAsync(rebuild: "commit 2 has content of hash ", export: "commit 2 has content of hash ");
    }

    [Fact]
    public async Task AMissingChunkOfASnapshot_IsNamed_AndMadeAgain()
    {
        Assert.Equal(0, (await RunAsync("ledger rebuild")).Code);
        Ask("DELETE FROM snapshot_chunks");
        var (code, answer, _) = await RunAsync("verify");
        Assert.Equal(1, code);
        Assert.Matches("\nBroken: the snapshot of commit [0-9]+ lacks chunk 1 of 1\\. Nothing is lost: 'auditor ledger rebuild' makes a new one\\.\n$", answer);
        Assert.Matches("; 1 records were not as these say\\.\n$", (await RunAsync("ledger rebuild")).Out);
        Assert.Equal(0, (await RunAsync("verify")).Code);
    }

    [Fact]
    public async Task WhatIsNotRetained_IsSaidToBe()
    {
        DateTimeOffset recordedAt;
        await using (var ledger = Adapters.Ledgers.SqliteLedger.Open(LedgerPath))
        {
            recordedAt = (await ledger.CommitsAsync(2, Token).FirstAsync(Token)).RecordedAt;
            Assert.Equal(2, await ledger.ForgetAsync(new Auditor.Ledger.Forgetting(recordedAt, default), Token));
            recordedAt = (await ledger.BaseAsync(Token))!.RecordedAt;
        }

        var from = Timestamps.Format(recordedAt);
        Assert.Equal(
            (2, "", $"auditor: not retained: the ledger keeps what was so, and known, from {from} on; --as-of is '2026-01-01'.\n"), await RunAsync("findings --as-of 2026-01-01"));
        Assert.Equal(
            (2, "", $"auditor: not retained: the ledger keeps what was so, and known, from {from} on; --known-at is '2026-01-01'.\n"), await RunAsync("estate --known-at 2026-01-01"));
        Assert.Equal(0, (await RunAsync($"estate --as-of {from}")).Code);
        Assert.Equal($"auditor: not retained: what was recorded before {from}.\n", (await RunAsync("history")).Error);
        var (code, answer, _) = await RunAsync("verify");
        Assert.Equal(0, code);
        Assert.EndsWith("The content of the first 2 is not retained; of these only links and hashes were compared.\n", answer, StringComparison.Ordinal);
        Assert.Matches("of which 2 are not retained and stand in one state; 0 records", (await RunAsync("ledger rebuild")).Out);
        Assert.Equal((2, "", "auditor: auditor.db cannot be exported: the content of its first 2 commits is not retained.\n"), await RunAsync("ledger export copy.ndjson"));
    }

    /// <summary>Nothing is acknowledged that is not durable: the message is delivered again, to a function whose ledger was restored.</summary>
    [Fact]
    public async Task TheFunction_AcknowledgesNothing_OnANewerSchema()
    {
        Ask("PRAGMA user_version = 99");
        await using var simulator = await SimulatorHost.StartAsync(new SimulatedCloud(), cancellationToken: Token);
        await using var function = await ServedFunction.StartAsync(_folder, Ledger, simulator.Address, new Uri("http://127.0.0.1:1/"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await function.PushAsync(DemoScenario.Steps[3].LogEntries(new AuditEntries(TimeProvider.System))[0]));
        await function.SaysAsync($"Refused with 503: The ledger {Ledger} has schema version 99;");
    }

    // What would carry the damage on.
    private async Task AssertRefusedAsync(string rebuild, string export)
    {
        foreach (var (command, beginning) in new[]
        {
            ("ledger rebuild", $"auditor: {Ledger} cannot be rebuilt from its commits: {rebuild}"),
            ("ledger export copy.ndjson", $"auditor: {Ledger} cannot be exported: {export}"),
        })
        {
            var (code, answer, error) = await RunAsync(command);
            Assert.Equal((command, 2, ""), (command, code, answer));
            Assert.StartsWith(beginning, error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }

        Assert.False(File.Exists(Path.Combine(_folder, "copy.ndjson")));
    }

    private Task<(int Code, string Out, string Error)> RunAsync(string command) => Command.RunAsync(_folder, [.. command.Split(' '), "--ledger", Ledger]);

    private void Truncate()
    {
        using var file = new FileStream(LedgerPath, FileMode.Open);
        file.SetLength(file.Length / 2 / 4096 * 4096);
    }

    private string? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LedgerPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
