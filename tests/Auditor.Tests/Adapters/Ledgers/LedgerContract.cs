using System.Text.Json;
using Auditor.Adapters.Ledgers;
using Auditor.Alerts;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using static Auditor.Tests.Adapters.Ledgers.Commits;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>What every ledger promises. An implementation inherits it and says how to open one.</summary>
public abstract class LedgerContract : IAsyncLifetime
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly ResourceName s_other = ResourceName.Of(ResourceKind.Network, "p2", "other");

    /// <summary>The ledger under test, empty at first.</summary>
    protected ILedger Ledger { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the ledger of this test; opened again it holds the same.</summary>
    protected abstract Task<ILedger> OpenAsync();

    public virtual async ValueTask InitializeAsync() => Ledger = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Enqueue_TheSameKeyTwice_ChangesNothing_AlsoAfterItWasSettled()
    {
        Assert.True(await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
        Assert.False(await Ledger.EnqueueAsync(Entry("k", Noon.AddHours(1)), Cancellation));
        Assert.Equal(1, await Ledger.InboxDepthAsync(Cancellation));
        Assert.Equal(Entry("k", Noon), Assert.Single(await PendingAsync(Noon)));

        await AppendAsync((head, lease) => After(head, lease) with { Consumed = ["k"] });
        Assert.Equal(0, await Ledger.InboxDepthAsync(Cancellation));
        Assert.False(await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
        Assert.Equal(0, await Ledger.InboxDepthAsync(Cancellation));
    }

    [Fact]
    public async Task Pending_IsInEventTimeOrder_WhateverTheOrderOfArrival_DownToTheTick()
    {
        // As texts, ".5Z" sorts before "Z".
        DateTimeOffset[] times = [Noon, Noon.AddTicks(1), Noon.AddMilliseconds(450), Noon.AddMilliseconds(500), Noon.AddSeconds(1)];
        foreach (var i in new[] { 3, 0, 4, 2, 1 })
        {
            await Ledger.EnqueueAsync(Entry($"k{9 - i}", times[i]), Cancellation);
        }

        await Ledger.EnqueueAsync(Entry("a", Noon), Cancellation);
        Assert.Equal(["a", "k9", "k8", "k7", "k6", "k5"], (await PendingAsync(Noon.AddSeconds(1))).Select(entry => entry.Key));
        Assert.Equal(["a", "k9", "k8"], (await PendingAsync(Noon.AddMilliseconds(449))).Select(entry => entry.Key));
        Assert.Equal(["a", "k9"], (await Ledger.PendingAsync(Noon.AddSeconds(1), 2, Cancellation)).Select(entry => entry.Key));
    }

    [Fact]
    public async Task Pending_AFirstEntryWaits_ForItsLastOrItsSettleTime()
    {
        await Ledger.EnqueueAsync(First("first", Noon, "op-1"), Cancellation);
        await Ledger.EnqueueAsync(First("other", Noon.AddSeconds(1), "op-2"), Cancellation);
        Assert.Empty(await PendingAsync(Noon.AddMinutes(9)));

        await Ledger.EnqueueAsync(Last("last", Noon.AddSeconds(30), "op-1"), Cancellation);
        Assert.Equal(["first", "last"], (await PendingAsync(Noon.AddMinutes(1))).Select(entry => entry.Key));
        Assert.Equal(["first", "other", "last"], (await PendingAsync(Noon.AddMinutes(11))).Select(entry => entry.Key));
        Assert.Equal(3, await Ledger.InboxDepthAsync(Cancellation));
    }

    [Fact]
    public async Task Pending_AnOperationIsNotTornApartByTheLimit()
    {
        await Ledger.EnqueueAsync(Entry("early", Noon.AddSeconds(-1)), Cancellation);
        await Ledger.EnqueueAsync(First("first", Noon, "op"), Cancellation);
        await Ledger.EnqueueAsync(Last("last", Noon.AddSeconds(1), "op"), Cancellation);
        Assert.Equal(["early"], (await Ledger.PendingAsync(Noon.AddMinutes(1), 2, Cancellation)).Select(entry => entry.Key));
        Assert.Equal(["early", "first", "last"], (await Ledger.PendingAsync(Noon.AddMinutes(1), 3, Cancellation)).Select(entry => entry.Key));

        await AppendAsync((head, lease) => After(head, lease) with { Consumed = ["early"] });
        Assert.Equal(["first", "last"], (await Ledger.PendingAsync(Noon.AddMinutes(1), 1, Cancellation)).Select(entry => entry.Key));
    }

    [Fact]
    public async Task Lease_HasOneHolder_UntilReleased_AndEveryNewOneAHigherEpoch()
    {
        var first = await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation);
        Assert.Equal(new Lease("a", 1, Noon + s_minute), first);
        Assert.Null(await Ledger.TryLeaseAsync("b", Noon.AddSeconds(59), s_minute, Cancellation));
        Assert.Null(await Ledger.TryLeaseAsync("a", Noon.AddSeconds(59), s_minute, Cancellation));

        await Ledger.ReleaseAsync(first!, Cancellation);
        Assert.Equal(new Lease("b", 2, Noon + s_minute), await Ledger.TryLeaseAsync("b", Noon, s_minute, Cancellation));
    }

    [Fact]
    public async Task Lease_Expires_AndALateRelease_DoesNotTakeTheNextOneAway()
    {
        var first = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        var second = await Ledger.TryLeaseAsync("b", Noon + s_minute, s_minute, Cancellation);
        Assert.Equal(2, second?.Epoch);
        await Ledger.ReleaseAsync(first!, Cancellation);
        Assert.Null(await Ledger.TryLeaseAsync("c", Noon + s_minute, s_minute, Cancellation));
    }

    [Fact]
    public async Task Renew_ExtendsAHeldLease_AndSaysWhenItWasLost()
    {
        var first = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        Assert.True(await Ledger.RenewAsync(first, Noon.AddSeconds(30), s_minute, Cancellation));
        Assert.Null(await Ledger.TryLeaseAsync("b", Noon.AddSeconds(80), s_minute, Cancellation));
        Assert.True(await Ledger.RenewAsync(first, Noon.AddSeconds(95), s_minute, Cancellation), "Late, but nobody took it.");
        Assert.Null(await Ledger.TryLeaseAsync("b", Noon.AddSeconds(150), s_minute, Cancellation));

        var second = (await Ledger.TryLeaseAsync("b", Noon.AddSeconds(155), s_minute, Cancellation))!;
        Assert.False(await Ledger.RenewAsync(first, Noon.AddSeconds(156), s_minute, Cancellation));
        await Ledger.ReleaseAsync(second, Cancellation);
        Assert.False(await Ledger.RenewAsync(second, Noon.AddSeconds(157), s_minute, Cancellation));
    }

    [Fact]
    public async Task Append_UnderAnOldEpoch_IsAConflict()
    {
        var old = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        await Ledger.TryLeaseAsync("b", Noon + s_minute, s_minute, Cancellation);
        await Assert.ThrowsAsync<LedgerConflictException>(() => Ledger.AppendAsync(old, After(Head.None, old), Cancellation));
        Assert.Equal(Head.None, await Ledger.HeadAsync(Cancellation));
    }

    [Fact]
    public async Task Append_ThatDoesNotFollowTheHead_IsAConflict_AndLeavesNothing()
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        var lease = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        await Ledger.AppendAsync(lease, After(Head.None, lease), Cancellation);
        var head = await Ledger.HeadAsync(Cancellation);

        foreach (var wrong in new[] { Head.None, head with { Seq = 2 }, head with { Hash = "other" } })
        {
            await Assert.ThrowsAsync<LedgerConflictException>(() => Ledger.AppendAsync(lease, Full(wrong, lease), Cancellation));
        }

        Assert.Equal(head, await Ledger.HeadAsync(Cancellation));
        await AssertOnlyInboxAsync();
    }

    [Fact]
    public async Task Append_IsAllOrNothing()
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        var lease = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        // A resolution without a finding cannot be folded; by then resources and inbox were dealt with.
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.AppendAsync(lease, Full(Head.None, lease) with { Transitions = [Resolved] }, Cancellation));
        Assert.Equal(Head.None, await Ledger.HeadAsync(Cancellation));
        await AssertOnlyInboxAsync();
    }

    [Fact]
    public async Task ARun_CountsWhenItsLastPartIsThere_AndNotBefore()
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        var lease = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        var parts = CommitParts.Split(Full(Head.None, lease), new CommitBounds(1, 100_000));
        Assert.Equal(6, parts.Count);
        foreach (var part in parts)
        {
            await AssertOnlyInboxAsync();
            await Ledger.AppendAsync(lease, part, Cancellation);
            await ReopenAsync();
            Assert.Equal(new Head(part.Seq, part.Epoch, part.Hash), await Ledger.HeadAsync(Cancellation));
        }

        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal((6, 2, 2, 1), (state.Head.Seq, state.Resources.Length, state.Coverage.Projects.Count, state.Findings.Count));
        Assert.Equal([Opened], await Ledger.HistoryAsync(null, Cancellation));
        Assert.Equal(2, (await OwedAsync(Noon)).Count);
        Assert.Equal(0, await Ledger.InboxDepthAsync(Cancellation));
        Assert.Null((await VerifyAsync()).Broken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARunThatWasCutOff_CountsForNothing(bool nextIsInParts)
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease), new CommitBounds(1, 100_000))[0]);
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease), new CommitBounds(2, 100_000))[0]);
        await AssertOnlyInboxAsync();

        var last = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        var whole = After(await Ledger.HeadAsync(Cancellation), last) with { Resources = [Version(ServiceName, null)], Coverage = new Coverage(["p9"], []), Consumed = ["k"] };
        foreach (var commit in CommitParts.Split(whole, nextIsInParts ? new CommitBounds(1, 100_000) : CommitBounds.Default))
        {
            await Ledger.AppendAsync(last, commit, Cancellation);
        }

        await ReopenAsync();
        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal((nextIsInParts ? 4 : 3, 1, 0), (state.Head.Seq, state.Resources.Length, state.Findings.Count));
        Assert.Equal(["p9"], state.Coverage.Projects);
        Assert.Equal(0, await Ledger.InboxDepthAsync(Cancellation));
        Assert.Empty(await OwedAsync(Noon));
        Assert.Null((await VerifyAsync()).Broken);
    }

    [Fact]
    public async Task Findings_AreTheFoldOfTheirTransitions_AlsoWhenTheyRegress()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Transitions = [Opened] });
        await AppendAsync((head, lease) => After(head, lease) with { Transitions = [Resolved, Reopened] });
        var expected = new[] { Opened, Resolved, Reopened }.Aggregate((Finding?)null, Finding.Apply)!;
        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal(expected, Assert.Single(state.Findings).Value);
        Assert.Equal(2, expected.TimesOpened);
        Assert.Equal([Opened, Resolved, Reopened], await Ledger.HistoryAsync(null, Cancellation));
        Assert.Equal([Opened, Resolved, Reopened], await Ledger.HistoryAsync(Opened.FindingId, Cancellation));
        Assert.Empty(await Ledger.HistoryAsync("nobody", Cancellation));
    }

    [Fact]
    public async Task Load_GivesTheLatestVersions_AbsentOnesToo_AndTheCoverage()
    {
        Assert.Equal((Head.None, Coverage.None, 0, 0), await LoadCountsAsync());
        await AppendAsync((head, lease) => Full(head, lease));
        var head = await AppendAsync((head, lease) => After(head, lease) with { Resources = [Version(ConnectorName, """{"state":"ERROR"}"""), Version(ConnectorName, """{"state":"READY"}""")] });
        await ReopenAsync();

        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal(head, state.Head);
        Assert.Equal([ServiceName, ConnectorName], state.Resources.Select(version => version.Name));
        Assert.Null(state.Resources[0].Json);
        Assert.Equal("""{"state":"READY"}""", state.Resources[1].Json?.GetRawText());
        Assert.Equal(Noon, state.Resources[1].ReadAt);
        Assert.Equal(["p1", "p2"], state.Coverage.Projects);
        Assert.Equal([new GapScope(ResourceKind.Firewall, "p1"), new GapScope(Resource: ServiceName)], state.Coverage.Gaps.Select(gap => gap.Scope));
        Assert.Equal(Opened.FindingId, Assert.Single(state.Findings).Key);
    }

    [Fact]
    public async Task Load_IsTheFoldOfAllCommits_AlsoWithPartsAndRunsThatWereCutOff()
    {
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease), new CommitBounds(1, 100_000))[0]);
        await AppendAsync(Full);
        await AppendAsync((head, lease) => After(head, lease) with { Transitions = [Resolved], Resources = [Version(ConnectorName, null)], Coverage = Coverage.None });
        var fold = new AsOfFold(null, null);
        Assert.All(await CommitsAsync(0), commit => Assert.True(fold.Add(commit)));
        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal((fold.State.Head, fold.State.Coverage), (state.Head, state.Coverage));
        Assert.Equal(fold.State.Findings, state.Findings);
        Assert.Equal(JsonSerializer.Serialize(fold.State.Resources, LedgerJson.Options), JsonSerializer.Serialize(state.Resources, LedgerJson.Options));
    }

    [Fact]
    public async Task Load_FromASnapshot_IsWhatTheCommitsSay_AlsoAfterMoreOfThem()
    {
        Assert.Null(await Ledger.SnapshotAsync(Cancellation));
        Assert.Null(await Ledger.CheckSnapshotAsync(Cancellation));
        await FillAsync();
        var head = await Ledger.HeadAsync(Cancellation);
        var manifest = (await Ledger.SnapshotAsync(Cancellation))!;
        Assert.Equal((head, 2, 1), (manifest.Head, manifest.Resources, manifest.Findings));
        Assert.Null(await Ledger.SnapshotAsync(Cancellation));
        await AssertLoadsFromAsync(head.Seq);

        await AppendAsync((at, lease) => CommitParts.Split(Full(at, lease), new CommitBounds(1, 100_000))[0]);
        await AssertLoadsFromAsync(head.Seq);
        await AppendAsync((at, lease) => After(at, lease) with
        {
            Resources = [Version(ConnectorName, """{"state":"ERROR"}"""), Version(s_other, "{}"), Version(ConnectorName, """{"state":"READY"}""")],
            Transitions = [Opened with { Number = 3, Kind = TransitionKind.Resolved, Reason = ResolveReason.Fixed }],
            Coverage = new Coverage(["p3"], []),
        });
        await AssertLoadsFromAsync(head.Seq);
        var next = (await Ledger.SnapshotAsync(Cancellation))!;
        Assert.Equal((await Ledger.HeadAsync(Cancellation), 3), (next.Head, next.Resources));
        await AssertLoadsFromAsync(next.Head.Seq);
        Assert.Equal(new SnapshotCheck(next, null), await Ledger.CheckSnapshotAsync(Cancellation));
    }

    [Fact]
    public async Task Snapshot_WhileARunIsOpen_IsOfTheCommitBeforeIt()
    {
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease), new CommitBounds(1, 100_000))[0]);
        Assert.Null(await Ledger.SnapshotAsync(Cancellation));
        var before = await AppendAsync(Full);
        var lease = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        var parts = CommitParts.Split(After(before, lease) with { Transitions = [Resolved], Resources = [Version(ConnectorName, null)] }, new CommitBounds(2, 100_000));
        Assert.Equal(2, parts.Count);
        await Ledger.AppendAsync(lease, parts[0], Cancellation);
        Assert.Equal(before, (await Ledger.SnapshotAsync(Cancellation))?.Head);
        await AssertLoadsFromAsync(before.Seq);
        await Ledger.AppendAsync(lease, parts[1], Cancellation);
        await AssertLoadsFromAsync(before.Seq);
    }

    [Theory]
    [InlineData(true, "lacks")]
    [InlineData(false, "has an altered")]
    public async Task ABrokenSnapshot_IsNamed_PassedOver_AndReplaced(bool isMissing, string what)
    {
        await FillAsync();
        var manifest = (await Ledger.SnapshotAsync(Cancellation))!;
        await TouchSnapshotAsync(bytes => isMissing ? null : Snapshot.Of(LedgerState.Empty).Chunks[0].ToArray());
        var problem = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"of commit {manifest.Head.Seq} {what} chunk 1 of 1");
        Assert.Equal(problem, (await Ledger.CheckSnapshotAsync(Cancellation))?.Problem);
        await AssertLoadsFromAsync(0, problem);

        Assert.Equal(manifest, await Ledger.SnapshotAsync(Cancellation));
        await AssertLoadsFromAsync(manifest.Head.Seq);
        await TouchSnapshotAsync(bytes => isMissing ? null : Snapshot.Of(LedgerState.Empty).Chunks[0].ToArray());
        Assert.Equal(1, await Ledger.RebuildAsync(Cancellation));
        await AssertLoadsFromAsync(manifest.Head.Seq);
        Assert.Equal(0, await Ledger.RebuildAsync(Cancellation));
    }

    [Fact]
    public async Task Forget_LeavesTheLinks_AndAnswersFromTheBaseOn()
    {
        Assert.Null(await Ledger.BaseAsync(Cancellation));
        await AppendAsync((head, lease) => Full(head, lease) with { RecordedAt = Noon });
        await AppendAsync((head, lease) => After(head, lease) with { RecordedAt = Noon.AddDays(1), Transitions = [Resolved], Resources = [Version(s_other, "{}")] });
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease) with { RecordedAt = Noon.AddDays(2) }, new CommitBounds(1, 100_000))[0]);
        await AppendAsync((head, lease) => After(head, lease) with { RecordedAt = Noon.AddDays(3), Coverage = new Coverage(["p3"], []) });
        await AppendAsync((head, lease) => After(head, lease) with { RecordedAt = Noon.AddDays(4), Transitions = [Reopened with { Occurred = Occurrence.At(Noon.AddDays(4)) }], Resources = [Version(ConnectorName, null) with { ReadAt = Noon.AddDays(4) }], Outbox = [Owed("late")] });
        await Ledger.MarkSentAsync(Owed("a"), Noon, Cancellation);
        var (before, all) = (Json(await Ledger.LoadAsync(Cancellation)), await CommitsAsync(0));
        Assert.Equal(0, await ForgetAsync(Noon));
        Assert.Equal(before, Json(await Ledger.LoadAsync(Cancellation)));

        // The part of a run that was cut off stays with what follows it.
        Assert.Equal(2, await ForgetAsync(Noon.AddDays(2.5)));
        await AssertFromBaseAsync(2, Noon.AddDays(1));
        Assert.Equal(0, await ForgetAsync(Noon.AddDays(2.5)));
        Assert.Equal(2, await ForgetAsync(Noon.AddDays(3.5)));
        await AssertFromBaseAsync(4, Noon.AddDays(3));
        await AppendAsync((head, lease) => After(head, lease) with { RecordedAt = Noon.AddDays(5), Resources = [Version(ServiceName, "{}")] });
        Assert.NotNull(await Ledger.SnapshotAsync(Cancellation));
        (before, all) = (Json(await Ledger.LoadAsync(Cancellation)), [.. all, .. await CommitsAsync(5)]);
        await AssertFromBaseAsync(4, Noon.AddDays(3));

        // Also of a run that is all there is.
        Assert.Equal(2, await ForgetAsync(Noon.AddDays(9)));
        await AssertFromBaseAsync(6, Noon.AddDays(5));
        await AppendAsync((head, lease) => After(head, lease) with { RecordedAt = Noon.AddDays(6) });
        Assert.Equal(7, (await Ledger.HeadAsync(Cancellation)).Seq);
        Assert.Null((await VerifyAsync(6)).Broken);

        Task<long> ForgetAsync(DateTimeOffset contentBefore) => Ledger.ForgetAsync(new Forgetting(contentBefore, DateTimeOffset.MinValue), Cancellation);

        async Task AssertFromBaseAsync(long seq, DateTimeOffset recordedAt)
        {
            await ReopenAsync();
            var from = (await Ledger.BaseAsync(Cancellation))!;
            Assert.Equal((seq, recordedAt), (from.State.Head.Seq, from.RecordedAt));
            Assert.Equal(before, Json(await Ledger.LoadAsync(Cancellation)));
            Assert.Null((await VerifyAsync(seq)).Broken);
            Assert.Equal(new BrokenLink(1, "has no content"), (await VerifyAsync(0)).Broken);
            await Assert.ThrowsAsync<LedgerDamagedException>(() => CommitsAsync(0));
            foreach (var (at, known) in new (DateTimeOffset?, DateTimeOffset?)[] { (null, null), (recordedAt, null), (recordedAt.AddDays(0.5), null), (recordedAt.AddDays(1.5), recordedAt.AddDays(1.2)) })
            {
                var (whole, young) = (new AsOfFold(at, known), new AsOfFold(at, known, from));
                Assert.All(all, commit => whole.Add(commit));
                Assert.All(await CommitsAsync(seq), commit => young.Add(commit));
                Assert.Equal((Json(whole.State), whole.Undecided.Length, recordedAt), (Json(young.State), young.Undecided.Length, young.Begins));
            }

            Assert.Equal(0, await Ledger.RebuildAsync(Cancellation));
            Assert.Equal(before, Json(await Ledger.LoadAsync(Cancellation)));
            Assert.Equal(from.State.Head.Seq >= 5 ? 0 : 1, (await Ledger.HistoryAsync(null, Cancellation)).Count);
            Assert.DoesNotContain("a.console", (await Ledger.OutboxAsync(Cancellation)).Select(row => row.Item.Id));
            Assert.Contains("a.hook", (await Ledger.OutboxAsync(Cancellation)).Select(row => row.Item.Id));
        }
    }

    [Fact]
    public async Task Rebuild_GivesTheSameProjections_AndRepairsWhatIsNotAsTheCommitsSay()
    {
        await FillAsync();
        var before = await DumpAsync();
        Assert.Equal(0, await Ledger.RebuildAsync(Cancellation));
        Assert.Equal(before, await DumpAsync());

        await SpoilAsync();
        Assert.NotEqual(before, await DumpAsync());
        Assert.InRange(await Ledger.RebuildAsync(Cancellation), 3, 6);
        Assert.Equal(before, await DumpAsync());
        Assert.Equal(0, await Ledger.RebuildAsync(Cancellation));
    }

    [Fact]
    public async Task Export_AfterAnImport_GivesTheSameLines_WhicheverTheStore()
    {
        await FillAsync();
        var lines = await ExportAsync(Ledger);
        var loaded = JsonSerializer.Serialize(await Ledger.LoadAsync(Cancellation), LedgerJson.Options);
        var folder = Directory.CreateTempSubdirectory("auditor-export-");
        try
        {
            await using var sqlite = await SqliteLedger.OpenAsync(Path.Combine(folder.FullName, "a.db"), Cancellation);
            foreach (var other in new[] { sqlite, await OpenOtherAsync() })
            {
                await using var _ = other;
                await other.ImportAsync(LedgerNdjson.Read(lines), Cancellation);
                Assert.Equal(lines, await ExportAsync(other));
                Assert.Equal(loaded, JsonSerializer.Serialize(await other.LoadAsync(Cancellation), LedgerJson.Options));
                Assert.Equal(await Ledger.OwedAsync(Noon.AddDays(1), 100, Cancellation), await other.OwedAsync(Noon.AddDays(1), 100, Cancellation));
                Assert.Equal(await Ledger.PendingAsync(Noon.AddDays(1), 100, Cancellation), await other.PendingAsync(Noon.AddDays(1), 100, Cancellation));
                Assert.False(await other.EnqueueAsync(Entry("k", Noon), Cancellation));
                Assert.Equal((await Ledger.HeadAsync(Cancellation)).Epoch + 2, (await other.TryLeaseAsync("next", Noon, s_minute, Cancellation))?.Epoch);
                await Assert.ThrowsAsync<LedgerConflictException>(() => other.ImportAsync(LedgerNdjson.Read(lines), Cancellation));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Outbox_OwesWhatWasNeitherSentNorParked_OldestCommitFirst()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("b"), Owed("b", "hook")] });
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("a"), Owed("b")] });
        Assert.Equal(["b.console", "b.hook", "a.console"], (await OwedAsync(Noon)).Select(item => item.Id));
        Assert.Equal(["b.console", "b.hook"], (await Ledger.OwedAsync(Noon, 2, Cancellation)).Select(item => item.Id));
        Assert.Equal(Owed("b"), (await OwedAsync(Noon))[0]);

        await Ledger.MarkSentAsync(Owed("b"), Noon, Cancellation);
        await Ledger.MarkFailedAsync(Owed("b", "hook"), "it answered 500", Noon.AddMinutes(1), Cancellation);
        await Ledger.MarkFailedAsync(Owed("a"), "no such channel", null, Cancellation);
        Assert.Empty(await OwedAsync(Noon.AddSeconds(59.5)));

        var again = Assert.Single(await OwedAsync(Noon.AddMinutes(1)));
        Assert.Equal(("b.hook", 1), (again.Id, again.Tries));
        await Ledger.MarkFailedAsync(again, "it answered 500", Noon.AddMinutes(2), Cancellation);
        Assert.Equal(2, Assert.Single(await OwedAsync(Noon.AddMinutes(2))).Tries);
    }

    [Fact]
    public async Task Claim_GivesAnItemToOne_UntilItExpires()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("a"), Owed("b"), Owed("c")] });
        var first = Assert.Single(await Ledger.ClaimAsync(Noon, 1, s_minute, Cancellation));
        Assert.Equal(Owed("a") with { ClaimedUntil = Noon + s_minute }, first);
        Assert.Equal(["b.console", "c.console"], (await OwedAsync(Noon)).Select(item => item.Id));
        Assert.Equal(["b.console", "c.console"], (await Ledger.ClaimAsync(Noon, 9, s_minute, Cancellation)).Select(item => item.Id));
        Assert.Empty(await Ledger.ClaimAsync(Noon.AddSeconds(59), 9, s_minute, Cancellation));

        // The second dispatcher has it now; what the first one says late takes nothing away from it.
        var second = Assert.Single(await Ledger.ClaimAsync(Noon + s_minute, 1, s_minute, Cancellation));
        Assert.Equal("a.console", second.Id);
        await Ledger.MarkFailedAsync(first, "it did not answer", Noon.AddSeconds(61), Cancellation);
        Assert.Equal(["b.console", "c.console"], (await Ledger.ClaimAsync(Noon.AddSeconds(70), 9, s_minute, Cancellation)).Select(item => item.Id));

        await Ledger.MarkFailedAsync(second, "it answered 500", Noon.AddSeconds(80), Cancellation);
        var third = Assert.Single(await Ledger.ClaimAsync(Noon.AddSeconds(80), 9, s_minute, Cancellation));
        Assert.Equal(("a.console", 1), (third.Id, third.Tries));
        await Ledger.MarkSentAsync(first, Noon.AddSeconds(81), Cancellation);
        Assert.DoesNotContain("a.console", (await OwedAsync(Noon.AddDays(1))).Select(item => item.Id));
    }

    [Fact]
    public async Task Claim_OfSeveralAtOnce_GivesNoItemTwice()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [.. Enumerable.Range(0, 12).Select(i => Owed($"a{i:D2}"))] });
        await using var other = await OpenAsync();
        var claimed = new List<string>();
        for (var round = 0; claimed.Count < 12 && round < 20; round++)
        {
            var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? Ledger : other).ClaimAsync(Noon, 3, s_minute, Cancellation)));
            claimed.AddRange(claims.SelectMany(items => items).Select(item => item.Id));
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"a{i:D2}.console"), claimed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Outbox_ShowsEverything_AndWhatIsParkedIsDueWhenTold()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("sent"), Owed("parked"), Owed("late"), Owed("other")] });
        await Ledger.MarkSentAsync(Owed("sent"), Noon, Cancellation);
        await Ledger.MarkFailedAsync(Owed("parked"), "it answered 404", null, Cancellation);
        await Ledger.MarkFailedAsync(Owed("other"), "it answered 410", null, Cancellation);
        await Ledger.MarkFailedAsync(Owed("late"), "it answered 500", Noon.AddMinutes(5), Cancellation);
        Assert.Equal(
            [
                new OutboxRow(Owed("sent"), 1, 0, null, Noon, false, null),
                new OutboxRow(Owed("parked") with { Tries = 1 }, 1, 1, null, null, true, "it answered 404"),
                new OutboxRow(Owed("late") with { Tries = 1 }, 1, 2, Noon.AddMinutes(5), null, false, "it answered 500"),
                new OutboxRow(Owed("other") with { Tries = 1 }, 1, 3, null, null, true, "it answered 410"),
            ],
            await Ledger.OutboxAsync(Cancellation));

        Assert.Equal(0, await Ledger.RetryAsync("late.console", Cancellation));
        Assert.Equal(0, await Ledger.RetryAsync("sent.console", Cancellation));
        Assert.Equal(0, await Ledger.RetryAsync("nobody", Cancellation));
        Assert.Equal(1, await Ledger.RetryAsync("parked.console", Cancellation));
        Assert.Equal(Owed("parked"), Assert.Single(await OwedAsync(Noon)));
        Assert.Equal(1, await Ledger.RetryAsync(null, Cancellation));
        Assert.Equal(["parked.console", "other.console"], (await OwedAsync(Noon)).Select(item => item.Id));
    }

    [Fact]
    public async Task Outbox_AnAlertThatWasSent_IsNeverOwedAgain()
    {
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("a")] });
        await Ledger.MarkSentAsync(Owed("a"), Noon, Cancellation);
        await Ledger.MarkFailedAsync(Owed("a"), "too late", Noon, Cancellation);
        await AppendAsync((head, lease) => After(head, lease) with { Outbox = [Owed("a")] });
        Assert.Empty(await OwedAsync(Noon.AddDays(1)));
    }

    [Fact]
    public async Task Commits_ComeBackByteForByte_InAChainOfHashes()
    {
        var appended = new List<Commit>();
        for (var i = 0; i < 205; i++)
        {
            await AppendAsync((head, lease) =>
            {
                appended.Add(i % 100 == 0 && i > 0 ? Full(head, lease) with { Transitions = [] } : After(head, lease));
                return appended[^1];
            });
        }

        await ReopenAsync();
        var read = await CommitsAsync(0);
        Assert.Equal(appended.Select(commit => Convert.ToHexString(commit.ToBytes())), read.Select(commit => Convert.ToHexString(commit.ToBytes())));
        Assert.Equal(read.Select(commit => commit.Hash), read.Skip(1).Select(commit => commit.PreviousHash).Append((await Ledger.HeadAsync(Cancellation)).Hash));
        Assert.Equal("", read[0].PreviousHash);
        Assert.Equal([204, 205], (await CommitsAsync(203)).Select(commit => commit.Seq));
    }

    [Fact]
    public async Task Verify_FindsAnAlteredByte_AndAMissingCommit()
    {
        await AppendAsync(Full);
        for (var i = 0; i < 4; i++)
        {
            await AppendAsync(After);
        }

        var head = await Ledger.HeadAsync(Cancellation);
        Assert.Equal(new ChainReport(head, null), await VerifyAsync());
        Assert.Equal((await CommitsAsync(0))[0].ToBytes(), (await Ledger.StoredAsync(0, Cancellation).FirstAsync(Cancellation)).Bytes.ToArray());

        await TouchAsync(3, bytes =>
        {
            bytes[bytes.Length / 2] ^= 1;
            return bytes;
        });
        var broken = (await VerifyAsync()).Broken!;
        Assert.Equal(3, broken.Seq);
        Assert.StartsWith("has content of hash ", broken.What, StringComparison.Ordinal);
        await TouchAsync(2, _ => null);
        Assert.Equal(new BrokenLink(2, "is missing"), (await VerifyAsync()).Broken);
    }

    [Fact]
    public async Task EverythingIsStillThere_WhenItIsOpenedAgain()
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        await Ledger.EnqueueAsync(Entry("l", Noon), Cancellation);
        await AppendAsync(Full);
        await Ledger.TryLeaseAsync("a", Noon.AddHours(1), s_minute, Cancellation);
        await ReopenAsync();
        Assert.Equal(["l"], (await PendingAsync(Noon)).Select(entry => entry.Key));
        Assert.False(await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation));
        Assert.Equal(2, (await OwedAsync(Noon)).Count);
        Assert.Null(await Ledger.TryLeaseAsync("b", Noon.AddHours(1), s_minute, Cancellation));
        Assert.Single((await Ledger.LoadAsync(Cancellation)).Findings);
    }

    /// <summary>Appends a commit under a lease of its own; gives the head.</summary>
    protected async Task<Head> AppendAsync(Func<Head, Lease, Commit> commit)
    {
        var lease = (await Ledger.TryLeaseAsync("test", Noon, s_minute, Cancellation))!;
        await Ledger.AppendAsync(lease, commit(await Ledger.HeadAsync(Cancellation), lease), Cancellation);
        await Ledger.ReleaseAsync(lease, Cancellation);
        return await Ledger.HeadAsync(Cancellation);
    }

    protected async Task ReopenAsync()
    {
        await Ledger.DisposeAsync();
        Ledger = await OpenAsync();
    }

    /// <summary>Opens another ledger of the same kind, which is empty.</summary>
    protected abstract Task<ILedger> OpenOtherAsync();

    /// <summary>All rows or documents of the ledger, as they are stored, but for snapshots.</summary>
    protected abstract Task<string> DumpAsync();

    /// <summary>Behind the ledger's back, removes the coverage, changes a finding and makes a transition that no commit knows.</summary>
    protected abstract Task SpoilAsync();

    // Something of everything: entries that wait and that were settled, runs in parts and cut off ones, alerts that were sent, failed and parked.
    private async Task FillAsync()
    {
        await Ledger.EnqueueAsync(Entry("k", Noon), Cancellation);
        await Ledger.EnqueueAsync(Entry("näh/\"", Noon.AddTicks(1)), Cancellation);
        await Ledger.EnqueueAsync(First("first", Noon, "op-1"), Cancellation);
        await AppendAsync((head, lease) => CommitParts.Split(Full(head, lease), new CommitBounds(1, 100_000))[0]);
        await AppendAsync(Full);
        await AppendAsync((head, lease) => After(head, lease) with { Transitions = [Resolved], Outbox = [Owed("b"), Owed("c"), Owed("d")] });
        var lease = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        foreach (var part in CommitParts.Split(After(await Ledger.HeadAsync(Cancellation), lease) with { Transitions = [Reopened], Resources = [Version(ConnectorName, null)] }, new CommitBounds(2, 100_000)))
        {
            await Ledger.AppendAsync(lease, part, Cancellation);
        }

        await Ledger.ReleaseAsync(lease, Cancellation);
        await Ledger.MarkSentAsync(Owed("a"), Noon.AddTicks(5), Cancellation);
        await Ledger.MarkFailedAsync(Owed("b"), "it answered 500", Noon.AddMinutes(1), Cancellation);
        await Ledger.MarkSentAsync(Owed("b"), Noon.AddTicks(7), Cancellation);
        await Ledger.MarkFailedAsync(Owed("c"), "it answered 500", Noon.AddTicks(123), Cancellation);
        await Ledger.MarkFailedAsync(Owed("d"), "no such channel", null, Cancellation);
        var late = (await Ledger.TryLeaseAsync("a", Noon, s_minute, Cancellation))!;
        await Ledger.ReleaseAsync(late, Cancellation);
    }

    /// <summary>Changes the first chunk of the snapshot behind the ledger's back; null removes it.</summary>
    protected abstract Task TouchSnapshotAsync(Func<byte[], byte[]?> change);

    private async Task AssertLoadsFromAsync(long snapshotSeq, string? problem = null)
    {
        await ReopenAsync();
        var fold = new StateFold(LedgerState.Empty);
        (await CommitsAsync(0)).ForEach(fold.Add);
        var state = await Ledger.LoadAsync(Cancellation);
        Assert.Equal((snapshotSeq, problem), (state.SnapshotSeq, state.SnapshotProblem));
        Assert.Equal(Json(fold.State), Json(state));
    }

    private static string Json(LedgerState state) => JsonSerializer.Serialize(
        new { state.Head, state.Resources, state.Coverage, Findings = state.Findings.OrderBy(pair => pair.Key, StringComparer.Ordinal) }, LedgerJson.Options);

    private static async Task<List<string>> ExportAsync(ILedger ledger) => await LedgerNdjson.WriteAsync(ledger.ExportAsync(Cancellation)).ToListAsync(Cancellation);

    /// <summary>Changes the bytes of a commit behind the ledger's back; null removes it.</summary>
    protected abstract Task TouchAsync(long seq, Func<byte[], byte[]?> change);

    private async Task<ChainReport> VerifyAsync(long forgotten = 0) =>
        await Chain.VerifyAsync(Ledger.StoredAsync(0, Cancellation), await Ledger.HeadAsync(Cancellation), [], Cancellation, forgotten);

    private Task<IReadOnlyList<InboxEntry>> PendingAsync(DateTimeOffset now) => Ledger.PendingAsync(now, 100, Cancellation);

    private Task<IReadOnlyList<OutboxItem>> OwedAsync(DateTimeOffset now) => Ledger.OwedAsync(now, 100, Cancellation);

    private async Task<List<Commit>> CommitsAsync(long after)
    {
        var commits = new List<Commit>();
        await foreach (var commit in Ledger.CommitsAsync(after, Cancellation))
        {
            commits.Add(commit);
        }

        return commits;
    }

    private async Task<(Head, Coverage, int, int)> LoadCountsAsync()
    {
        var state = await Ledger.LoadAsync(Cancellation);
        return (state.Head, state.Coverage, state.Resources.Length, state.Findings.Count);
    }

    private async Task AssertOnlyInboxAsync()
    {
        Assert.Equal(["k"], (await PendingAsync(Noon)).Select(entry => entry.Key));
        Assert.Empty(await OwedAsync(Noon));
        Assert.Empty(await Ledger.HistoryAsync(null, Cancellation));
        var (_, coverage, resources, findings) = await LoadCountsAsync();
        Assert.Equal((Coverage.None, 0, 0), (coverage, resources, findings));
    }
}
