using System.Text;
using Auditor.Adapters.Ledgers;
using Auditor.Cli.Hosting;
using Auditor.Ledger;

namespace Auditor.EndToEnd;

/// <summary>What is done with a ledger as a whole, on the baseline of the demonstration.</summary>
public sealed class LedgerCommandsTests : IAsyncLifetime
{
    private const string Ledger = "auditor.db";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-ledger-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var demo = await Demonstration.StartAsync(Path.Combine(_folder, Ledger), Token);
        await demo.SweepAsync(Token);
        await using var ledger = await OpenAsync();
        var head = await ledger.HeadAsync(Token);
        await new HeadsFile(Path.Combine(_folder, "heads")).PublishAsync(new PublishedHead(head.Seq, head.Epoch, head.Hash, DateTimeOffset.UnixEpoch), Token);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Verify_TellsASoundLedger_FromOneThatWasTouched()
    {
        var (code, answer, error) = await RunAsync("verify", "--heads", "heads");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^1 commits agree, up to hash [0-9a-f]{64}; compared with 1 published heads\\.\n$", answer);

        await File.AppendAllTextAsync(Path.Combine(_folder, "heads"), "torn", Token);
        (code, _, error) = await RunAsync("verify", "--heads", "heads");
        Assert.Equal((3, "auditor: line 2 of heads is no published head.\n"), (code, error));

        // One byte of the file: the commit's body begins with its number.
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder, Ledger), Token);
        bytes.AsSpan(bytes.AsSpan().LastIndexOf("{\"seq\":1,\"epoch\""u8), 8)[^1] = (byte)'2';
        await File.WriteAllBytesAsync(Path.Combine(_folder, Ledger), bytes, Token);
        (code, answer, _) = await RunAsync("verify");
        Assert.Equal(1, code);
        Assert.Matches("^Broken: commit 1 has content of hash [0-9a-f]{64}, and hash [0-9a-f]{64} stands beside it\\. Before it, 0 commits agree\\.\n$", answer);
    }

    [Fact]
    public async Task Export_OfAnImport_IsTheSameFile()
    {
        Assert.Equal(0, (await RunAsync("ledger", "export", "one.ndjson")).Code);
        Assert.Equal(0, (await Command.RunAsync(_folder, "ledger", "import", "one.ndjson", "--ledger", "other.db")).Code);
        Assert.Equal(0, (await Command.RunAsync(_folder, "ledger", "export", "two.ndjson", "--ledger", "other.db")).Code);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder, "one.ndjson"), Token), await File.ReadAllTextAsync(Path.Combine(_folder, "two.ndjson"), Token));
        Assert.Equal((await RunAsync("findings", "--format", "json")).Out, (await Command.RunAsync(_folder, "findings", "--format", "json", "--ledger", "other.db")).Out);

        Assert.Equal(
            (2, "", "auditor: The ledger holds something already; only an empty one can be filled.\n"), await Command.RunAsync(_folder, "ledger", "import", "one.ndjson", "--ledger", "other.db"));
        Assert.Equal((2, "", "auditor: one.ndjson is there already; another file was expected.\n"), await RunAsync("ledger", "export", "one.ndjson"));
        await File.WriteAllLinesAsync(Path.Combine(_folder, "cut.ndjson"), (await File.ReadAllLinesAsync(Path.Combine(_folder, "one.ndjson"), Token))[..2], Encoding.UTF8, Token);
        var (code, _, error) = await Command.RunAsync(_folder, "ledger", "import", "cut.ndjson", "--ledger", "third.db");
        Assert.Equal((2, "auditor: cut.ndjson cannot be imported: line 2 is the last; a line with the end was expected.\n"), (code, error));
        Assert.False(File.Exists(Path.Combine(_folder, "third.db")));
    }

    [Fact]
    public async Task RebuildAndMigrate_SayWhatTheyDid()
    {
        Assert.Equal((0, "Rebuilt from 1 commits; 0 records were not as these say.\n", ""), await RunAsync("ledger", "rebuild"));
        Assert.Equal((0, "auditor.db has schema version 2, which is this release's.\n", ""), await RunAsync("ledger", "migrate"));
    }

    [Fact]
    public async Task Findings_OfBeforeTheBaseline_AreUndecided()
    {
        var (code, answer, _) = await RunAsync("findings", "--as-of", "2020-01-01");
        Assert.Equal(3, code);
        Assert.Contains("May have been so already: ", answer, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("findings", "--as-of", "2999-01-01", "--known-at", "2999-01-01T00:00:00Z")).Code);
        var known = await RunAsync("findings", "--known-at", "2020-01-01");
        Assert.Equal((0, "No findings are open.\nNothing was recorded by then.\n"), (known.Code, known.Out));
        Assert.Equal(
            (2, "", "auditor: --as-of is 'yesterday'; a moment such as 2026-11-01T12:00:00Z, or a day such as 2026-11-01, was expected.\n"), await RunAsync("findings", "--as-of", "yesterday"));
        Assert.Equal((await RunAsync("estate", "--format", "json")).Out, (await RunAsync("estate", "--format", "json", "--as-of", "2999-01-01")).Out);
    }

    [Fact]
    public async Task Windows_TellHowLongFindingsAreOpen()
    {
        var (code, answer, _) = await RunAsync("history", "--windows");
        Assert.Equal(0, code);
        Assert.Matches("[0-9]+ windows: [0-9]+ open, 0 repaired\\.\n$", answer);
    }

    [Fact]
    public async Task Outbox_ListsWhatIsParked_AndRetriesIt()
    {
        string id;
        await using (var ledger = await OpenAsync())
        {
            var sent = Assert.Single(await ledger.OutboxAsync(Token));
            id = $"parked.{sent.Item.Channel}";
            var lease = (await ledger.TryLeaseAsync("test", DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1), Token))!;
            var head = await ledger.HeadAsync(Token);
            var item = sent.Item with { Alert = sent.Item.Alert with { Id = "parked" } };
            await ledger.AppendAsync(
                lease, new Commit { Seq = head.Seq + 1, Epoch = lease.Epoch, PreviousHash = head.Hash, RecordedAt = DateTimeOffset.UtcNow, Kind = Findings.CauseKind.Sweep, Outbox = [item] }, Token);
            await ledger.MarkFailedAsync(item, "webhook hook answered 404", null, Token);
        }

        var (code, answer, _) = await RunAsync("outbox");
        Assert.Equal(1, code);
        Assert.Contains("webhook hook", answer, StringComparison.Ordinal);
        Assert.Contains("0 owed, 1 parked.", answer, StringComparison.Ordinal);
        Assert.Equal((2, "", "auditor: either an alert's id or --all was expected.\n"), await RunAsync("outbox", "retry"));
        Assert.Equal((2, "", "auditor: no alert x is parked; 'auditor outbox' lists those that are.\n"), await RunAsync("outbox", "retry", "x"));
        Assert.Equal((0, "1 alerts are due.\n", ""), await RunAsync("outbox", "retry", id));
        Assert.Equal(0, (await RunAsync("outbox")).Code);
    }

    private Task<SqliteLedger> OpenAsync() => SqliteLedger.OpenAsync(Path.Combine(_folder, Ledger), Token);

    private Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => Command.RunAsync(_folder, [.. arguments, "--ledger", Ledger]);
}
