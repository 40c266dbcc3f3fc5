using System.Diagnostics;
using System.Text.Json;
using Auditor.Adapters.Google;
using Auditor.Adapters.Ledgers;
using Auditor.Findings;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Grpc.Core;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>The contract on the Firestore emulator, and what may be wrong with such a ledger.</summary>
public sealed class FirestoreLedgerTests(FirestoreEmulator emulator) : LedgerContract
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FirestoreAddress _address = emulator.NewAddress();
    private readonly FirestoreQueryRecorder _queries = new();

    protected override async Task<ILedger> OpenAsync() => await emulator.OpenAsync(_address, null, _queries);

    public override async ValueTask DisposeAsync()
    {
        // Null when the test was skipped.
        if (Ledger is not null)
        {
            await base.DisposeAsync();
        }

        _queries.AssertAllHaveEntries();
    }

    [Fact]
    public async Task TwoLedgersOnOneDatabase_ShareInboxAndLease()
    {
        await using var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Ledger : other).EnqueueAsync(Entry($"k{i / 2}", Noon), Cancellation)));
        Assert.Equal(20, await other.InboxDepthAsync(Cancellation));

        // Instances in containers may all have one name.
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? Ledger : other).TryLeaseAsync("localhost-1", Noon, s_minute, Cancellation)));
        Assert.Equal(new Lease("localhost-1", 1, Noon + s_minute), Assert.Single(leases, lease => lease is not null));
    }

    [Fact]
    public async Task Ledgers_OfOneDatabase_KnowNothingOfEachOther()
    {
        await AppendAsync(Full);
        await using var other = await emulator.OpenAsync(emulator.NewAddress());
        Assert.Equal(Head.None, await other.HeadAsync(Cancellation));
        Assert.Empty((await other.LoadAsync(Cancellation)).Findings);
        Assert.Empty(await other.OwedAsync(Noon, 10, Cancellation));
    }

    [Fact]
    public async Task ASecondProcess_SeesEverything()
    {
        await AppendAsync(Full);
        await AppendAsync((head, lease) => After(head, lease) with { Transitions = [Resolved, Reopened] });
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "auditor.dll"), "history", "--ledger", _address.ToString(), "--format", "json"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [FirestoreConnection.EmulatorHost] = emulator.Host },
        };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal([Opened, Resolved, Reopened], JsonSerializer.Deserialize<Transition[]>(answer, LedgerJson.Options)!);
    }

    [Fact]
    public async Task Keys_MayHoldWhatDocumentIdsMayNot()
    {
        string[] keys = ["a/b", ".", "..", "__x__", new string('k', 3000), "näh\n"];
        foreach (var key in keys)
        {
            Assert.True(await Ledger.EnqueueAsync(Entry(key, Noon), Cancellation));
        }

        await AppendAsync((head, lease) => After(head, lease) with { Consumed = ["a/b", ".."] });
        Assert.Equal(keys.Except(["a/b", ".."]).Order(StringComparer.Ordinal), (await Ledger.PendingAsync(Noon, 10, Cancellation)).Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AKey_MayGo_AMonthAfterItWasSettled_AndNotWhileItWaits()
    {
        await Ledger.EnqueueAsync(Entry("waiting", Noon), Cancellation);
        await Ledger.EnqueueAsync(Entry("settled", Noon), Cancellation);
        await AppendAsync((head, lease) => After(head, lease) with { Consumed = ["settled"] });
        var store = new FirestoreStore(FirestoreConnection.InvokerOf(await emulator.RequireAsync(), _address), _address, FirestoreLimits.Default, TimeProvider.System);
        var (waiting, _) = await store.GetAsync("inbox", FirestoreFields.IdOf("waiting"), null, Cancellation);
        var (settled, _) = await store.GetAsync("inbox", FirestoreFields.IdOf("settled"), null, Cancellation);
        Assert.Equal((false, Noon.AddDays(31).AddTicks(1234567 / 10 * 10)), (waiting!.Fields.ContainsKey("expires"), settled!.Fields["expires"].TimestampValue.ToDateTimeOffset()));
        Assert.Contains(("inbox", "expires"), FirestoreQueries.TimesToLive);
    }

    [Fact]
    public async Task Read_OfANewerLayout_NamesLedgerAndLayouts()
    {
        await AppendAsync(Full);
        await ChangeAsync("state/head", "layout", new Value { IntegerValue = 7 });
        Assert.Equal($"The ledger {_address} has layout 7; this release reads layouts up to 1, so a newer release is needed.", await RefusalAsync());
    }

    [Fact]
    public async Task Read_OfARecordThatIsNotUnderstood_IsOneClearSentence()
    {
        await AppendAsync(Full);
        await ChangeAsync("state/coverage", "body", new Value { BytesValue = Google.Protobuf.ByteString.CopyFromUtf8("[1]") });
        Assert.StartsWith($"The document {_address.Root}/state/coverage is not understood (", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfACommitThatIsMissing_IsOneClearSentence()
    {
        await AppendAsync(Full);
        await ChangeAsync("state/head", "seq", new Value { IntegerValue = 2 });
        Assert.Equal(
            $"The ledger {_address} is damaged (commit 2 is missing); restore the database from a backup, or name another ledger.", await RefusalAsync());
    }

    [Fact]
    public async Task Read_OfAChunkThatIsMissing_NamesIt_AndVerifyNamesItsCommit()
    {
        await using var small = await emulator.OpenAsync(_address, new FirestoreLimits { BytesPerChunk = 500 });
        var lease = (await small.TryLeaseAsync("test", Noon, s_minute, Cancellation))!;
        var commit = Full(Head.None, lease);
        await small.AppendAsync(lease, commit, Cancellation);
        var chunk = $"{_address.Root}/{FirestoreCommits.Chunks}/{FirestoreCommits.IdOf(1)}-{commit.Hash}-0001";
        await WriteAsync(new Write { Delete = chunk });
        var e = await Assert.ThrowsAsync<LedgerDamagedException>(async () => await Ledger.CommitsAsync(0, Cancellation).ToListAsync(Cancellation));
        Assert.Equal($"The ledger {_address} is damaged (the document {chunk} is missing); restore the database from a backup, or name another ledger.", e.Message);
        Assert.Equal(new BrokenLink(1, $"lacks the document {chunk}"), (await Chain.VerifyAsync(Ledger.StoredAsync(0, Cancellation), await Ledger.HeadAsync(Cancellation), [], Cancellation)).Broken);
    }

    /// <summary>"Not found" here is the database, not the entry.</summary>
    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unavailable)]
    public async Task Enqueue_WhereFirestoreRefuses_SaysSo_AndTakesNothingForSeen(StatusCode code)
    {
        await using var refused = await emulator.OpenAsync(_address, null, new FirestoreFaults(code) { From = 1 });
        var e = await Assert.ThrowsAsync<LedgerDamagedException>(() => refused.EnqueueAsync(Entry("k", Noon), Cancellation));
        Assert.Equal($"The ledger {_address} cannot be read or written ({code}: as the test wants it).", e.Message);
        Assert.True(await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
    }

    [Fact]
    public async Task Open_WhereNobodyListens_SaysSoAtTheFirstCall()
    {
        using var channel = FirestoreConnection.Open("127.0.0.1:1");
        await using var ledger = new FirestoreLedger(FirestoreConnection.InvokerOf(channel, _address), _address, FirestoreLimits.Default, new FirestoreEmulator.HurriedTime());
        var e = await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.HeadAsync(Cancellation));
        Assert.Equal($"The ledger {_address} cannot be read or written (Unavailable: Connection refused).", e.Message);
    }

    [Fact]
    public async Task Enqueue_WithoutCredentials_SaysSoAtOnce()
    {
        var faults = new FirestoreFaults(StatusCode.Internal, new NoCredentialsException("there are no credentials", new InvalidOperationException())) { From = 1 };
        await using var ledger = await emulator.OpenAsync(_address, null, faults);
        var e = await Assert.ThrowsAsync<LedgerDamagedException>(() => ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
        Assert.Equal(($"The ledger {_address} cannot be read or written (there are no credentials).", 1), (e.Message, faults.Calls));
    }

    private async Task<string> RefusalAsync() => (await Assert.ThrowsAsync<LedgerDamagedException>(() => Ledger.LoadAsync(Cancellation))).Message;

    protected override async Task<ILedger> OpenOtherAsync() => await emulator.OpenAsync(emulator.NewAddress());

    protected override async Task<string> DumpAsync()
    {
        var store = new FirestoreStore(FirestoreConnection.InvokerOf(await emulator.RequireAsync(), _address), _address, FirestoreLimits.Default, TimeProvider.System);
        var readAt = (await store.GetAsync("state", "head", null, Cancellation)).ReadAt;
        var documents = new List<Document>();
        foreach (var collection in FirestoreQueries.CollectionsWithBody.Where(collection => collection != FirestoreSnapshots.Collection))
        {
            documents.AddRange(await store.QueryAllAsync(new FirestoreQuery(collection, [], []).With(null), readAt, Cancellation));
        }

        return string.Join('\n', documents.Where(document => !document.Name.EndsWith("/state/snapshot", StringComparison.Ordinal)).OrderBy(document => document.Name, StringComparer.Ordinal).Select(document => $"{document.Name}: {document.Fields}"));
    }

    protected override async Task SpoilAsync()
    {
        var finding = (await Ledger.LoadAsync(Cancellation)).Findings.Keys.First();
        await WriteAsync(new Write { Delete = $"{_address.Root}/state/coverage" });
        await ChangeAsync($"findings/{finding}", "body", new Value { BytesValue = Google.Protobuf.ByteString.CopyFromUtf8("{}") });
        await ChangeAsync("transitions/x", "finding", new Value { StringValue = "x" });
    }

    protected override async Task TouchAsync(long seq, Func<byte[], byte[]?> change)
    {
        var stored = await Ledger.StoredAsync(seq - 1, Cancellation).FirstAsync(Cancellation);
        var name = $"commits/{FirestoreCommits.IdOf(seq)}";
        await (change(stored.Bytes.ToArray()) is { } body
            ? ChangeAsync(name, "body", new Value { BytesValue = Google.Protobuf.ByteString.CopyFrom(body) })
            : WriteAsync(new Write { Delete = $"{_address.Root}/{name}" }));
    }

    protected override async Task TouchSnapshotAsync(Func<byte[], byte[]?> change)
    {
        var manifest = (await Ledger.CheckSnapshotAsync(Cancellation))!.Manifest;
        var name = $"{FirestoreSnapshots.Collection}/{FirestoreCommits.IdOf(manifest.Head.Seq)}-0000-{manifest.Chunks[0]}";
        await (change([]) is { } body
            ? ChangeAsync(name, "body", new Value { BytesValue = Google.Protobuf.ByteString.CopyFrom(body) })
            : WriteAsync(new Write { Delete = $"{_address.Root}/{name}" }));
    }

    private Task ChangeAsync(string path, string field, Value value) =>
        WriteAsync(FirestoreFields.Merge(new Document { Name = $"{_address.Root}/{path}", Fields = { [field] = value } }, null, field));

    private async Task WriteAsync(Write write)
    {
        var client = new Firestore.FirestoreClient(FirestoreConnection.InvokerOf(await emulator.RequireAsync(), _address));
        await client.CommitAsync(new CommitRequest { Database = _address.DatabasePath, Writes = { write } }, cancellationToken: Cancellation);
    }
}
