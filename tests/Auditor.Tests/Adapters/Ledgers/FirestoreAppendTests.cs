using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Adapters.Ledgers;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using Grpc.Core;
using static Auditor.Tests.Adapters.Ledgers.Commits;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Appends that one call cannot hold, that break off, that meet others, or that are too large.</summary>
public sealed class FirestoreAppendTests(FirestoreEmulator emulator)
{
    // So small that the commit below takes many calls.
    private static readonly FirestoreLimits s_small = new() { WritesPerCall = 6, BytesPerChunk = 1500 };
    private static readonly FirestoreLimits s_tiny = s_small with { BytesPerChunk = 400 };
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FirestoreAddress _address = emulator.NewAddress();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALargeCommit_TakesManyCalls_AndComesBackByteForByte()
    {
        var faults = new FirestoreFaults(StatusCode.Unknown);
        await using var ledger = await emulator.OpenAsync(_address, s_small, faults);
        var before = await PrepareAsync(ledger);
        var calls = faults.Calls;
        await ledger.AppendAsync(before, Large(before), Cancellation);
        Assert.InRange(faults.Calls - calls, 6, 20);
        Assert.Equal(Expected(true), await PictureAsync(ledger));
    }

    [Fact]
    public async Task AFirstSweepsCommit_FitsThroughTheCalls()
    {
        await using var ledger = await emulator.OpenAsync(_address);
        var lease = await PrepareAsync(ledger);
        var commit = Large(lease) with
        {
            Resources = [.. Enumerable.Range(0, 2500).Select(i => Version(Named(i), $$"""{"text":"{{Convert.ToHexString(RandomNumberGenerator.GetBytes(2000))}}"}"""))],
        };
        Assert.InRange(commit.ToBytes().Length, 9 << 20, 12 << 20);
        await ledger.AppendAsync(lease, commit, Cancellation);
        var state = await ledger.LoadAsync(Cancellation);
        Assert.Equal((commit.Hash, 2500, 7), (state.Head.Hash, state.Resources.Length, state.Findings.Count));
        Assert.Equal(commit.ToBytes(), (await ledger.CommitsAsync(0, Cancellation).SingleAsync(Cancellation)).ToBytes());
    }

    /// <summary>A process that dies at any call leaves the ledger as it was before, or as it is after; never between.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ALargeAppend_ThatBreaksOffAnywhere_IsAllOrNothing(bool isDone, bool isInParts)
    {
        string[] allowed = [Projections(Expected(false)), Projections(Expected(true))];
        var seen = new List<string>();
        for (var from = 1; ; from++)
        {
            var address = emulator.NewAddress();
            var faults = new FirestoreFaults(StatusCode.PermissionDenied) { From = from, IsDone = isDone };
            await using var sound = await emulator.OpenAsync(address, s_small);
            await using var dying = await emulator.OpenAsync(address, s_small, faults);
            var lease = await PrepareAsync(sound);
            if (await Record.ExceptionAsync(() => AppendAsync(dying, lease, isInParts)) is not { } e)
            {
                break;
            }

            // Several look at once, and all complete what they find.
            Assert.IsType<LedgerDamagedException>(e);
            var pictures = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PictureAsync(sound)));
            Assert.Single(pictures.Distinct());
            Assert.Contains(Projections(pictures[0]), allowed);
            Assert.True(isInParts || pictures[0] == Expected(false) || pictures[0] == Expected(true));
            seen.Add(Projections(pictures[0]));

            var next = (await sound.TryLeaseAsync("next", Noon.AddHours(1), s_minute, Cancellation))!;
            await sound.AppendAsync(next, After(await sound.HeadAsync(Cancellation), next), Cancellation);
        }

        Assert.Equal(2, seen.Distinct().Count());
    }

    /// <summary>A call that arrives late, when others have completed the fold and gone on, overwrites nothing of theirs.</summary>
    [Fact]
    public async Task ALargeAppend_ThatFreezesAnywhere_OverwritesNothingNewer()
    {
        var published = 0;
        for (var number = 1; ; number++)
        {
            var address = emulator.NewAddress();
            var gate = new FirestoreGate(number);
            await using var sound = await emulator.OpenAsync(address, s_small);
            await using var slow = await emulator.OpenAsync(address, s_small, gate);
            var lease = await PrepareAsync(sound);
            var append = Record.ExceptionAsync(() => slow.AppendAsync(lease, Large(lease), Cancellation)).AsTask();
            if (await Task.WhenAny(gate.Reached, append) == append)
            {
                break;
            }

            var next = (await sound.TryLeaseAsync("next", Noon.AddHours(1), s_minute, Cancellation))!;
            var head = await sound.HeadAsync(Cancellation);
            await sound.AppendAsync(
                next,
                After(head, next) with
                {
                    Consumed = ["k8"],
                    Resources = [.. Enumerable.Range(0, 13).Select(i => Version(Named(i), null))],
                    Coverage = Coverage.None,
                    Transitions = head == Head.None ? [] : [.. Large(lease).Transitions.Select(transition => transition with { Number = 1, Kind = TransitionKind.Resolved, Reason = ResolveReason.Fixed })],
                },
                Cancellation);
            foreach (var item in await sound.OwedAsync(Noon, 100, Cancellation))
            {
                await sound.MarkSentAsync(item, Noon, Cancellation);
            }

            var picture = await PictureAsync(sound);
            gate.Open();
            var end = await append;
            Assert.Equal(picture, await PictureAsync(sound));
            if (head == Head.None)
            {
                Assert.IsType<LedgerConflictException>(end);
            }
            else
            {
                Assert.Null(end);
                published++;
            }
        }

        Assert.InRange(published, 5, 20);
    }

    /// <summary>Killed at any call of a snapshot, its chunks count for nothing, and the next one is whole.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASnapshot_ThatIsCutOffAnywhere_ChangesNothingThatIsLoaded(bool isDone)
    {
        var problems = 0;
        for (var from = 1; ; from++)
        {
            var address = emulator.NewAddress();
            await using var sound = await emulator.OpenAsync(address, s_tiny);
            await using var dying = await emulator.OpenAsync(address, s_tiny, new FirestoreFaults(StatusCode.PermissionDenied) { From = from, IsDone = isDone });
            var lease = await PrepareAsync(sound);
            await sound.AppendAsync(lease, Large(lease), Cancellation);
            await sound.SnapshotAsync(Cancellation);
            await sound.AppendAsync(lease, After(await sound.HeadAsync(Cancellation), lease) with { Coverage = new Coverage(["p9"], []) }, Cancellation);
            var before = JsonSerializer.Serialize(await sound.LoadAsync(Cancellation), LedgerJson.Options);
            if (await Record.ExceptionAsync(() => dying.SnapshotAsync(Cancellation)) is not { } e)
            {
                break;
            }

            problems++;
            Assert.IsType<LedgerDamagedException>(e);
            var state = await sound.LoadAsync(Cancellation);
            Assert.Equal((before, null), (JsonSerializer.Serialize(state, LedgerJson.Options), state.SnapshotProblem));
            Assert.InRange(state.SnapshotSeq, 1, 2);

            await sound.AppendAsync(lease, After(await sound.HeadAsync(Cancellation), lease), Cancellation);
            var next = await sound.SnapshotAsync(Cancellation);
            Assert.Equal((3, true), (next?.Head.Seq, next?.Chunks.Count > 1));
            Assert.Equal(new SnapshotCheck(next!, null), await sound.CheckSnapshotAsync(Cancellation));
            Assert.Equal(next!.Chunks.Count, await CountAsync(address, FirestoreSnapshots.Collection));
        }

        Assert.InRange(problems, 3, 20);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Aborted)]
    public async Task AnAnswerThatIsLost_IsNoConflictWithOneself(StatusCode code)
    {
        await using var sound = await emulator.OpenAsync(_address);
        var lease = await PrepareAsync(sound);
        await using var ledger = await emulator.OpenAsync(_address, null, new FirestoreFaults(code) { From = 1, Count = 1, IsDone = true });
        await ledger.AppendAsync(lease, Large(lease), Cancellation);
        Assert.Equal(Expected(true), await PictureAsync(sound));
    }

    [Fact]
    public async Task ACallThatIsAborted_IsTriedAgain_AFewTimes()
    {
        await using var sound = await emulator.OpenAsync(_address);
        var lease = await PrepareAsync(sound);
        var often = new FirestoreFaults(StatusCode.Aborted) { From = 1 };
        await using (var ledger = await emulator.OpenAsync(_address, null, often))
        {
            var e = await Assert.ThrowsAsync<LedgerConflictException>(() => ledger.AppendAsync(lease, Large(lease), Cancellation));
            Assert.Equal($"Other writers of the ledger {_address} were faster 8 times; it may be free the next time.", e.Message);
            Assert.Equal((8, Head.None), (often.Calls, await sound.HeadAsync(Cancellation)));
        }

        await using (var ledger = await emulator.OpenAsync(_address, null, new FirestoreFaults(StatusCode.Aborted) { From = 1, Count = 3 }))
        {
            await ledger.AppendAsync(lease, Large(lease), Cancellation);
            Assert.Equal(Expected(true), await PictureAsync(sound));
        }
    }

    [Fact]
    public async Task OfWritersWithOneLease_ExactlyOneWins()
    {
        await using var one = await emulator.OpenAsync(_address);
        await using var other = await emulator.OpenAsync(_address);
        var lease = (await one.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        for (var seq = 1; seq <= 5; seq++)
        {
            var head = await one.HeadAsync(Cancellation);
            var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Record.ExceptionAsync(() =>
                (i % 2 == 0 ? one : other).AppendAsync(lease, After(head, lease) with { RecordedAt = Noon.AddSeconds(i) }, Cancellation)).AsTask()));
            Assert.Single(ends, end => end is null);
            Assert.All(ends.Where(end => end is not null), end => Assert.IsType<LedgerConflictException>(end));
            Assert.Equal(seq, (await one.HeadAsync(Cancellation)).Seq);
        }
    }

    /// <summary>A writer that froze between its look at the lease and its call is fenced off, also when nobody has appended since.</summary>
    [Fact]
    public async Task AWriterThatFreezes_WhileItsLeaseIsTaken_IsAConflict()
    {
        var gate = new FirestoreGate(1);
        await using var late = await emulator.OpenAsync(_address, null, gate);
        await using var next = await emulator.OpenAsync(_address);
        var old = await PrepareAsync(next);
        var append = Record.ExceptionAsync(() => late.AppendAsync(old, Large(old), Cancellation)).AsTask();
        await gate.Reached;
        var lease = (await next.TryLeaseAsync("next", Noon.AddHours(1), s_minute, Cancellation))!;
        gate.Open();
        Assert.Equal("The lease has epoch 1; a newer one, 2, was given out.", Assert.IsType<LedgerConflictException>(await append).Message);
        Assert.Equal(Expected(false), await PictureAsync(next));
        await next.AppendAsync(lease, After(Head.None, lease), Cancellation);
    }

    [Fact]
    public async Task WhatNoDocumentHolds_IsRefused_AndNothingIsWritten()
    {
        // Random text does not get smaller.
        await using var ledger = await emulator.OpenAsync(_address);
        var lease = await PrepareAsync(ledger);
        var noise = Convert.ToHexString(RandomNumberGenerator.GetBytes(1_200_000));
        var e = await Assert.ThrowsAsync<LedgerLimitException>(() => ledger.AppendAsync(
            lease, Large(lease) with { Resources = [Version(ConnectorName, $$"""{"text":"{{noise}}"}""")] }, Cancellation));
        Assert.Matches($"^The resource {ConnectorName.Value} takes [0-9,]+ bytes, compressed; a Firestore document holds 1,000,000, so nothing was written\\.$", e.Message);
        Assert.Equal(Expected(false), await PictureAsync(ledger));

        await using var small = await emulator.OpenAsync(_address, new FirestoreLimits { BytesPerCommit = 1000 });
        e = await Assert.ThrowsAsync<LedgerLimitException>(() => small.AppendAsync(lease, Large(lease), Cancellation));
        Assert.Matches("^Commit 1 takes [0-9,]+ bytes, compressed; a commit may take 1,000, so nothing was written\\.$", e.Message);
        Assert.Equal(Expected(false), await PictureAsync(ledger));

        e = await Assert.ThrowsAsync<LedgerLimitException>(() => ledger.EnqueueAsync(new InboxEntry("long", Change("long", Noon) with { UserAgent = noise }, Noon, Noon), Cancellation));
        Assert.StartsWith("The inbox entry long takes ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsLongButRepeatsItself_IsCompressed()
    {
        await using var ledger = await emulator.OpenAsync(_address);
        var lease = await PrepareAsync(ledger);
        var text = string.Concat(Enumerable.Repeat("10.0.0.0/8,", 200_000));
        var commit = Large(lease) with { Resources = [Version(ConnectorName, $$"""{"text":"{{text}}"}""")] };
        await ledger.AppendAsync(lease, commit, Cancellation);
        Assert.Equal(commit.Resources[0].Json!.Value.GetRawText(), (await ledger.LoadAsync(Cancellation)).Resources.Single().Json!.Value.GetRawText());
        Assert.Equal(commit.ToBytes(), await ledger.CommitsAsync(0, Cancellation).Select(read => read.ToBytes()).SingleAsync(Cancellation));
    }

    // Two entries wait, and the lease is taken.
    private async Task<int> CountAsync(FirestoreAddress address, string collection)
    {
        var store = new FirestoreStore(FirestoreConnection.InvokerOf(await emulator.RequireAsync(), address), address, FirestoreLimits.Default, TimeProvider.System);
        return (int)await store.CountAsync(new FirestoreQuery(collection, [], []).With(null), null, Cancellation);
    }

    private static async Task<Lease> PrepareAsync(FirestoreLedger ledger)
    {
        for (var i = 0; i < 9; i++)
        {
            await ledger.EnqueueAsync(Entry($"k{i}", Noon.AddSeconds(i)), Cancellation);
        }

        return (await ledger.TryLeaseAsync("test", Noon, s_minute, Cancellation))!;
    }

    // The first commit, with more of everything than the small limits let through one call.
    private static Commit Large(Lease lease) => Full(Head.None, lease) with
    {
        Consumed = [.. Enumerable.Range(0, 8).Select(i => $"k{i}")],
        Resources = [.. Enumerable.Range(0, 13).Select(i => Version(Named(i), string.Create(CultureInfo.InvariantCulture, $$"""{"state":"READY","number":{{i}}}""")))],
        Transitions = [.. Enumerable.Range(0, 7).Select(i => Opened with { FindingId = Finding.IdOf("CON001", Named(i), ""), Resource = Named(i) })],
        Outbox = [.. Enumerable.Range(0, 7).Select(i => Owed($"a{i}"))],
    };

    private static ResourceName Named(int i) => ResourceName.Parse(string.Create(CultureInfo.InvariantCulture, $"{ConnectorName.Value}-{i:D2}"));

    // What the ledger shows before or after that commit, worked out in memory.
    private static string Expected(bool isAfter)
    {
        var commit = Large(new Lease("test", 1, Noon + s_minute));
        return isAfter
            ? Picture(
                new Head(1, 1, commit.Hash), commit.Resources, commit.Coverage!, commit.Transitions.Select(transition => Finding.Apply(null, transition)), commit.Transitions,
                commit.Outbox.Select(item => item.Id), ["k8"], 1, [commit])
            : Picture(Head.None, [], Coverage.None, [], [], [], Enumerable.Range(0, 9).Select(i => $"k{i}"), 9, []);
    }

    private static async Task<string> PictureAsync(FirestoreLedger ledger)
    {
        // In an order in which each of them may be the one that completes the fold.
        var owed = await ledger.OwedAsync(Noon, 100, Cancellation);
        var depth = await ledger.InboxDepthAsync(Cancellation);
        var pending = await ledger.PendingAsync(Noon.AddMinutes(1), 100, Cancellation);
        var history = await ledger.HistoryAsync(null, Cancellation);
        var state = await ledger.LoadAsync(Cancellation);
        return Picture(
            state.Head, state.Resources, state.Coverage, state.Findings.Values, history, owed.Select(item => item.Id), pending.Select(entry => entry.Key), depth,
            await ledger.CommitsAsync(0, Cancellation).ToListAsync(Cancellation));
    }

    // Without what differs when the same comes in parts: head and commits.
    private static string Projections(string picture)
    {
        var all = JsonNode.Parse(picture)!.AsObject();
        all.Remove("head");
        all.Remove("commits");
        return all.ToJsonString();
    }

    private static string Picture(
        Head head,
        IEnumerable<ResourceVersion> resources,
        Coverage coverage,
        IEnumerable<Finding> findings,
        IEnumerable<Transition> history,
        IEnumerable<string> owed,
        IEnumerable<string> pending,
        int depth,
        IEnumerable<Commit> commits) => JsonSerializer.Serialize(
            new { head, resources, coverage, findings = findings.OrderBy(finding => finding.Id, StringComparer.Ordinal), history, owed, pending, depth, commits }, LedgerJson.Options);

    private static async Task AppendAsync(FirestoreLedger ledger, Lease lease, bool isInParts)
    {
        foreach (var part in CommitParts.Split(Large(lease), isInParts ? new CommitBounds(14, 1_000_000) : new CommitBounds(1_000_000, 1_000_000)))
        {
            await ledger.AppendAsync(lease, part, Cancellation);
        }
    }
}
