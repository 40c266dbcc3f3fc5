using Auditor.Adapters.Ledgers;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Auditor.Tests.Adapters.Ledgers;
using Microsoft.Extensions.Time.Testing;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests;

/// <summary>The line from event to alert, on the real ledger and a cloud in memory.</summary>
public sealed class AuditRunTests : IAsyncLifetime
{
    private const string ConnectorJson = """{"name":"projects/p1/locations/europe-west1/connectors/conn","network":"vpc","ipCidrRange":"10.8.0.0/28","state":"READY","minInstances":2,"maxInstances":4}""";
    private const string ServiceJson = """{"name":"projects/p1/locations/europe-west1/services/shop","template":{"vpcAccess":{"connector":"projects/p1/locations/europe-west1/connectors/conn"}}}""";

    private const string Principal = "ops@example.com";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-run-").FullName;
    private readonly RecordingChannel _channel = new();
    private FakeCloud _cloud = null!;
    private SqliteLedger _ledger = null!;
    private AuditRun _run = null!;
    private int _serial;

    public async ValueTask InitializeAsync()
    {
        _cloud = new FakeCloud(_time) { [ConnectorName] = ConnectorJson, [ServiceName] = ServiceJson };
        _ledger = await SqliteLedger.OpenAsync(Path.Combine(_folder, "auditor.db"), TestContext.Current.CancellationToken);
        _run = Run();
        await _run.SweepAsync(TestContext.Current.CancellationToken);
        await _run.DispatchAsync(TestContext.Current.CancellationToken);
        _channel.Sent.Clear();
        Later();
    }

    public async ValueTask DisposeAsync()
    {
        _run.Dispose();
        await _ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ADeletedConnector_OpensAFindingOnItsUser_WithTheExactCause_AndOneAlert()
    {
        _cloud.Delete(ConnectorName);
        var commits = await DeliverAsync(Entry("DeleteConnector", ConnectorName, "first"), Entry("DeleteConnector", ConnectorName, "last"));

        var transition = Assert.Single(commits.SelectMany(commit => commit.Transitions));
        Assert.Equal(("CON012", ServiceName, TransitionKind.Opened), (transition.RuleId, transition.Resource, transition.Kind));
        Assert.True(transition.Cause.Exact, "The two entries of one operation are one change.");
        Assert.Equal("ops@example.com", transition.Cause.Changes[0].Principal);
        Assert.True(transition.Occurred.IsInstant);
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
        Assert.Equal("CON012 Cloud Run service shop: it names connector conn of project p1 in europe-west1, which does not exist", Assert.Single(_channel.Sent).Alert.Title);
    }

    /// <summary>Design promise 1: the same event twice changes nothing the second time.</summary>
    [Fact]
    public async Task TheSameEventTwice_ChangesNothingTheSecondTime()
    {
        _cloud.Delete(ConnectorName);
        var entry = Entry("DeleteConnector", ConnectorName, "last");
        await DeliverAsync(entry);
        var head = await _ledger.HeadAsync(TestContext.Current.CancellationToken);
        Assert.IsType<Intake.Repeated>(await _run.TakeAsync(entry, TestContext.Current.CancellationToken));
        Assert.Empty(await _run.DrainAsync(TestContext.Current.CancellationToken));
        Assert.Equal(head, await _ledger.HeadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AFirstEntry_WaitsForItsLast_AndIsReadAfterTheSettleTimeIfNoneComes()
    {
        _cloud[ConnectorName] = ConnectorJson.Replace("READY", "ERROR", StringComparison.Ordinal);
        Assert.Empty(await DeliverAsync(Entry("UpdateConnector", ConnectorName, "first")));
        Assert.Empty(_cloud.Reads);
        _time.Advance(TimeSpan.FromMinutes(16));
        var commit = Assert.Single(await _run.DrainAsync(TestContext.Current.CancellationToken));
        Assert.Contains(commit.Transitions, transition => transition.RuleId == "CON001");
    }

    [Fact]
    public async Task ADeploymentOntoAConnectorWhoseOwnEventIsLate_RaisesNoFalseAlarm()
    {
        var late = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "fresh");
        _cloud[late] = ConnectorJson.Replace("connectors/conn", "connectors/fresh", StringComparison.Ordinal).Replace("10.8.0.0", "10.8.1.0", StringComparison.Ordinal);
        _cloud[ServiceName] = ServiceJson.Replace("connectors/conn", "connectors/fresh", StringComparison.Ordinal);
        var commit = Assert.Single(await DeliverAsync(Entry("UpdateService", ServiceName)));
        Assert.Empty(commit.Transitions);
        Assert.Contains(late, commit.Resources.Select(version => version.Name));
    }

    [Fact]
    public async Task ADeniedCall_IsRecordedAndReadsNothing()
    {
        var commit = Assert.Single(await DeliverAsync(Entry("DeleteConnector", ConnectorName, status: """{"code":7,"message":"denied"}""")));
        Assert.IsType<Trigger.RecordOnly>(Assert.Single(commit.Changes).Trigger);
        Assert.Empty(commit.Transitions);
        Assert.Empty(_cloud.Reads);
    }

    /// <summary>Design promise 4: unknown never resolves a finding.</summary>
    [Fact]
    public async Task AReadThatIsRefused_ResolvesNothing_AndTheNextGoodOneDoes()
    {
        _cloud[ConnectorName] = ConnectorJson.Replace("READY", "ERROR", StringComparison.Ordinal);
        await DeliverAsync(Entry("UpdateConnector", ConnectorName, "last"));
        _cloud[ConnectorName] = ConnectorJson;
        _cloud.Refused[ConnectorName] = "permission vpcaccess.connectors.get is missing";
        Assert.Empty((await DeliverAsync(Entry("UpdateConnector", ConnectorName, "last"))).SelectMany(commit => commit.Transitions));
        _cloud.Refused.Clear();
        var resolved = Assert.Single((await DeliverAsync(Entry("UpdateConnector", ConnectorName, "last"))).SelectMany(commit => commit.Transitions));
        Assert.Equal((TransitionKind.Resolved, ResolveReason.Fixed), (resolved.Kind, resolved.Reason));
    }

    [Fact]
    public async Task ASecondSweep_OfTheSameCloud_WritesNothing() => Assert.Empty(await _run.SweepAsync(TestContext.Current.CancellationToken));

    [Fact]
    public async Task ASweep_FindsWhatNoEventAnnounced()
    {
        _cloud.Delete(ConnectorName);
        var transition = Assert.Single(Assert.Single(await _run.SweepAsync(TestContext.Current.CancellationToken)).Transitions);
        Assert.Equal(("CON012", CauseKind.Sweep, false), (transition.RuleId, transition.Cause.Kind, transition.Occurred.IsInstant));
    }

    /// <summary>An older picture never overwrites a newer one, and events do not wait for a sweep.</summary>
    [Fact]
    public async Task AnEventDuringASweep_IsHandledAtOnce_AndTheOlderPictureDoesNotUndoIt()
    {
        _cloud.WhileSweeping = async () =>
        {
            _cloud.WhileSweeping = () => Task.CompletedTask;
            Later();
            _cloud.Delete(ConnectorName);
            var commits = await DeliverAsync(Entry("DeleteConnector", ConnectorName, "last"));
            Assert.Equal("CON012", Assert.Single(commits.SelectMany(commit => commit.Transitions)).RuleId);
        };
        Assert.Empty((await _run.SweepAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.True(Assert.Single((await _ledger.LoadAsync(TestContext.Current.CancellationToken)).Findings.Values).IsOpen);
    }

    [Fact]
    public async Task AResourceThatWasRefusedOnce_IsReadAgain_WhenANeighbourChanges()
    {
        _cloud.Refused[ConnectorName] = "the API answered 503";
        await DeliverAsync(Entry("UpdateConnector", ConnectorName));
        _cloud.Refused.Clear();
        _cloud[ConnectorName] = ConnectorJson.Replace("READY", "ERROR", StringComparison.Ordinal);
        _cloud[ServiceName] = ServiceJson.Replace("\"template\"", "\"labels\":{\"a\":\"b\"},\"template\"", StringComparison.Ordinal);
        var commits = await DeliverAsync(Entry("UpdateService", ServiceName));
        Assert.Equal("CON001", Assert.Single(commits.SelectMany(commit => commit.Transitions)).RuleId);
    }

    [Fact]
    public async Task AResourceThatIsDeletedWhileItsListIsRefused_IsResolvedForSure()
    {
        _cloud[ConnectorName] = ConnectorJson.Replace("READY", "ERROR", StringComparison.Ordinal);
        await DeliverAsync(Entry("UpdateConnector", ConnectorName));
        _cloud.HiddenKinds.Add(ResourceKind.Connector);
        await _run.SweepAsync(TestContext.Current.CancellationToken);
        _cloud.Delete(ConnectorName);
        await DeliverAsync(Entry("DeleteConnector", ConnectorName));
        _cloud.HiddenKinds.Clear();
        await _run.SweepAsync(TestContext.Current.CancellationToken);
        var finding = (await _ledger.LoadAsync(TestContext.Current.CancellationToken)).Findings[Finding.IdOf("CON001", ConnectorName, "")];
        Assert.Equal(ResolveReason.ResourceDeleted, finding.Resolved);
    }

    /// <summary>A connector that only a service names is in no listed project: a sweep reads it by name.</summary>
    [Fact]
    public async Task ASweep_ReadsWhatItDoesNotList()
    {
        var far = ResourceName.Of(ResourceKind.Connector, "host", "europe-west1", "far");
        _cloud[far] = ConnectorJson.Replace("projects/p1/", "projects/host/", StringComparison.Ordinal).Replace("connectors/conn", "connectors/far", StringComparison.Ordinal);
        _cloud[ServiceName] = ServiceJson.Replace("projects/p1/locations/europe-west1/connectors/conn", far.Path, StringComparison.Ordinal);
        Assert.Empty((await DeliverAsync(Entry("UpdateService", ServiceName))).SelectMany(commit => commit.Transitions));
        _cloud.Delete(far);
        Later();
        var transition = Assert.Single((await _run.SweepAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.Equal(("CON012", TransitionKind.Opened), (transition.RuleId, transition.Kind));
    }

    [Fact]
    public async Task ManyAtOnce_LeaveAnEmptyInbox_AndEachChangeInOneCommit()
    {
        var entries = Enumerable.Range(0, 40).Select(_ => Entry("UpdateConnector", ConnectorName)).ToList();
        var commits = await Task.WhenAll(entries.Select(entry => Task.Run(async () =>
        {
            await _run.TakeAsync(entry, TestContext.Current.CancellationToken);
            return await _run.DrainAsync(TestContext.Current.CancellationToken);
        })));
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
        Assert.Equal(entries.Select(entry => entry.Key).Order(StringComparer.Ordinal), commits.SelectMany(list => list).SelectMany(commit => commit.Consumed).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ANewProcess_GoesOnWhereTheLastOneStopped()
    {
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        using var next = Run();
        var commit = Assert.Single(await next.DrainAsync(TestContext.Current.CancellationToken));
        Assert.Equal("CON012", Assert.Single(commit.Transitions).RuleId);
        Assert.Equal(Finding.IdOf("CON012", ServiceName, ""), Assert.Single((await _ledger.LoadAsync(TestContext.Current.CancellationToken)).Findings.Values).Id);
    }

    /// <summary>Other rules than those the findings were stored by: said once, with its own reason, never as a change of configuration.</summary>
    [Fact]
    public async Task OtherRules_OpenAndResolve_WithTheirOwnCause()
    {
        _cloud.Delete(ConnectorName);
        await DeliverAsync(Entry("DeleteConnector", ConnectorName, "last"));

        using (var without = Run(RuleCatalog.Of(s_rules.StateRules.Where(rule => rule.Info.Id != "CON012"))))
        {
            var resolved = Assert.Single((await without.DrainAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
            Assert.Equal((TransitionKind.Resolved, ResolveReason.RuleChanged, CauseKind.RuleChange), (resolved.Kind, resolved.Reason, resolved.Cause.Kind));
            Assert.Empty(await without.DrainAsync(TestContext.Current.CancellationToken));
        }

        using var with = Run();
        var reopened = Assert.Single((await with.DrainAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.Equal((TransitionKind.Reopened, CauseKind.RuleChange), (reopened.Kind, reopened.Cause.Kind));
    }

    /// <summary>A rule that the configuration takes away, everywhere or in a project, has fixed nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARuleThatIsSwitchedOff_ResolvesItsFindingsAsRuleChanged(bool isEverywhere)
    {
        _cloud.Delete(ConnectorName);
        await DeliverAsync(Entry("DeleteConnector", ConnectorName, "last"));
        var off = isEverywhere
            ? new RuleOptions { Judged = s_rules.Infos.Select(rule => rule.Id).Where(id => id != "CON012").ToValueList() }
            : new RuleOptions { Settings = [new RuleSetting("CON012", ServiceName.Project, null, new IntentOrigin("auditor.yaml", 3)) { IsOn = false }] };
        using var without = new AuditRun(_ledger, _cloud, [_channel], s_rules, new AuditRunOptions { Holder = "test", Rules = off }, _time);
        var resolved = Assert.Single((await without.DrainAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.Equal(("CON012", TransitionKind.Resolved, ResolveReason.RuleChanged, CauseKind.RuleChange), (resolved.RuleId, resolved.Kind, resolved.Reason!.Value, resolved.Cause.Kind));
    }

    [Fact]
    public async Task ATransitionThatLastsTooLong_IsFoundByANewProcess_WithTimeAsItsCause()
    {
        _cloud[ConnectorName] = ConnectorJson.Replace("READY", "UPDATING", StringComparison.Ordinal);
        Assert.Empty((await DeliverAsync(Entry("UpdateConnector", ConnectorName))).SelectMany(commit => commit.Transitions));
        _time.Advance(TimeSpan.FromMinutes(20));
        using var next = Run();
        var opened = Assert.Single((await next.DrainAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.Equal(("CON001", CauseKind.Time), (opened.RuleId, opened.Cause.Kind));
    }

    [Fact]
    public async Task AFailingChannel_GetsTheSameAlertAgainLater()
    {
        _channel.Fail = true;
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        await _run.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Single(_channel.Tried);
        _channel.Fail = false;
        Assert.Equal(0, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Equal(_channel.Tried[0], Assert.Single(_channel.Sent).Id);
    }

    /// <summary>While one sends an alert, the other finds nothing to send.</summary>
    [Fact]
    public async Task TwoDispatchers_NeverSendOneAlertTwice()
    {
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        await _run.DrainAsync(TestContext.Current.CancellationToken);
        using var other = Run();
        _channel.WhileSending = async () => Assert.Equal(0, await other.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Single(_channel.Tried);
    }

    /// <summary>A dispatcher that was killed while it sent: the alert goes out again when its claim has expired, under the same id.</summary>
    [Fact]
    public async Task AnAlertWhoseSenderDied_IsSentAgainUnderTheSameId()
    {
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        await _run.DrainAsync(TestContext.Current.CancellationToken);
        _channel.WhileSending = () => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => _run.DispatchAsync(TestContext.Current.CancellationToken));
        _channel.WhileSending = () => Task.CompletedTask;
        Assert.Equal(0, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        _time.Advance(new AuditRunOptions { Holder = "" }.OutboxLease);
        Assert.Equal(1, await _run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Single(_channel.Tried.Distinct());
    }

    [Fact]
    public async Task AnAlertThatFailsTooOften_IsParkedWithTheReason_UntilItIsToldToGoOn()
    {
        _channel.Fail = true;
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        await _run.DrainAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 12; i++)
        {
            await _run.DispatchAsync(TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(10, _channel.Tried.Count);
        var parked = Assert.Single(await _ledger.OutboxAsync(TestContext.Current.CancellationToken), row => row.State == OutboxState.Parked);
        Assert.Equal("the receiver is down", parked.Reason);
        _channel.Fail = false;
        Assert.Equal(1, await _ledger.RetryAsync(parked.Item.Id, TestContext.Current.CancellationToken));
        Assert.Equal(1, await _run.DispatchAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Doubling from five seconds to an hour, and up to half more by chance, which is what keeps dispatchers apart.</summary>
    [Fact]
    public void NextTry_GrowsAndVaries_AndEnds()
    {
        var options = new AuditRunOptions { Holder = "test", Random = new Random(7), MaxTries = 15 };
        for (var tries = 0; tries < 14; tries++)
        {
            var least = Math.Min(3600, 5 * Math.Pow(2, tries));
            var waits = Enumerable.Range(0, 50).Select(_ => (options.NextTry(tries, Commits.Noon)!.Value - Commits.Noon).TotalSeconds).ToList();
            Assert.All(waits, wait => Assert.InRange(wait, least, least * 1.5));
            Assert.Equal(50, waits.Distinct().Count());
        }

        Assert.Null(options.NextTry(14, Commits.Noon));
    }

    [Fact]
    public async Task SeveralChangesAtOnce_AreAllNamed_AndTheTimeIsAnInterval()
    {
        _cloud[ConnectorName] = ConnectorJson.Replace("\"minInstances\":2", "\"minInstances\":4", StringComparison.Ordinal);
        var first = Entry("UpdateConnector", ConnectorName);
        Later();
        var second = Entry("UpdateConnector", ConnectorName);
        var transition = Assert.Single((await DeliverAsync(first, second)).SelectMany(commit => commit.Transitions));
        Assert.Equal((2, false), (transition.Cause.Changes.Count, transition.Cause.Exact));
        Assert.Equal((first.Timestamp, second.Timestamp), (transition.Occurred.After, transition.Occurred.NoLaterThan));
    }

    /// <summary>A run of several commits that is killed between any two of them, and done again, ends as if nothing had happened: causes too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARunThatIsKilledBetweenTwoCommits_EndsInTheSameFindings(bool isSweep)
    {
        var undisturbed = await TransitionsAsync(int.MaxValue);
        Assert.Equal(isSweep ? 3 : 5, undisturbed!.Count);
        for (var appends = 0; ; appends++)
        {
            if (await TransitionsAsync(appends) is not { } transitions)
            {
                Assert.InRange(appends, 5, 50);
                break;
            }

            Assert.Equal(undisturbed, transitions);
        }

        // What is told of a run; null when it was not killed although it might have been.
        async Task<List<string>?> TransitionsAsync(int appends)
        {
            await using var ledger = await SqliteLedger.OpenAsync(Path.Combine(_folder, $"killed-{appends}.db"), TestContext.Current.CancellationToken);
            var cloud = new FakeCloud(_time) { [ConnectorName] = ConnectorJson };
            for (var i = 0; i < 5; i++)
            {
                cloud[Service(i)] = ServiceJson.Replace("services/shop", $"services/shop{i}", StringComparison.Ordinal).Replace("connectors/conn", i % 2 == 0 && isSweep ? "connectors/gone" : "connectors/conn", StringComparison.Ordinal);
            }

            var small = new AuditRunOptions { Holder = "test", CommitBounds = new CommitBounds(3, 2000) };
            var entry = Entry("DeleteConnector", ConnectorName, "last");
            if (!isSweep)
            {
                using var first = new AuditRun(ledger, cloud, [_channel], s_rules, small, _time);
                await first.SweepAsync(TestContext.Current.CancellationToken);
                Later();
                cloud.Delete(ConnectorName);
                Assert.IsType<Intake.Taken>(await first.TakeAsync(entry, TestContext.Current.CancellationToken));
            }

            using (var dying = new AuditRun(DyingLedger.Of(ledger, appends), cloud, [_channel], s_rules, small, _time))
            {
                var killed = await Record.ExceptionAsync(() => isSweep ? dying.SweepAsync(TestContext.Current.CancellationToken) : dying.DrainAsync(TestContext.Current.CancellationToken));
                if (killed is null && appends < int.MaxValue)
                {
                    return null;
                }
            }

            Later();
            using var next = new AuditRun(ledger, cloud, [_channel], s_rules, small, _time);
            await (isSweep ? next.SweepAsync(TestContext.Current.CancellationToken) : next.DrainAsync(TestContext.Current.CancellationToken));
            Assert.Equal(0, await ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
            Assert.Null((await Chain.VerifyAsync(
                ledger.StoredAsync(0, TestContext.Current.CancellationToken), await ledger.HeadAsync(TestContext.Current.CancellationToken), [], TestContext.Current.CancellationToken)).Broken);
            return [.. (await ledger.HistoryAsync(null, TestContext.Current.CancellationToken)).Select(one => $"{one.Id} {one.Kind} {one.RuleId} {one.Resource} {one.Because} {one.Cause.Kind} {one.Cause.Exact}")];
        }

        static ResourceName Service(int i) => ResourceName.Of(ServiceName.Kind, "p1", "europe-west1", $"shop{i}");
    }

    [Fact]
    public async Task WhatACallAnnounced_AndAReadContradicts_IsReadAgain_AndThenIsSo_WithTheCallAsItsCause()
    {
        _cloud.Delete(ConnectorName);
        await DeliverAsync(Entry("DeleteConnector", ConnectorName, "last"));
        Later();

        // Made again; Google does not show it yet.
        var created = Entry("CreateConnector", ConnectorName, "last");
        await _run.TakeAsync(created, TestContext.Current.CancellationToken);
        Assert.Empty((await _run.DrainAsync(TestContext.Current.CancellationToken)).SelectMany(commit => commit.Transitions));
        Assert.Equal(1, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await _run.DrainAsync(TestContext.Current.CancellationToken));
        _cloud[ConnectorName] = ConnectorJson;
        _time.Advance(TimeSpan.FromSeconds(15));
        _cloud.Reads.Clear();
        var commit = Assert.Single(await _run.DrainAsync(TestContext.Current.CancellationToken));
        Assert.Equal([ConnectorName], _cloud.Reads);
        var transition = Assert.Single(commit.Transitions);
        Assert.Equal((TransitionKind.Resolved, true, created.Timestamp), (transition.Kind, transition.Cause.Exact, transition.Occurred.NoLaterThan));
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("CreateConnector", false, 3)]
    [InlineData("DeleteConnector", true, 3)]
    [InlineData("CreateConnector", true, 1)]
    [InlineData("DeleteConnector", false, 1)]
    [InlineData("UpdateConnector", false, 1)]
    public async Task ARead_ThatStaysInContradiction_IsAccepted(string method, bool isThere, int reads)
    {
        if (!isThere)
        {
            _cloud.Delete(ConnectorName);
        }

        _cloud.Reads.Clear();
        await DeliverAsync(Entry(method, ConnectorName, "last"));
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(3));
            await _run.DrainAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(reads, _cloud.Reads.Count(name => name == ConnectorName));
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACreation_ThatWasUndone_OrFailed_IsNotWaitedFor()
    {
        _cloud.Delete(ConnectorName);
        await DeliverAsync(Entry("CreateConnector", ConnectorName, "last"), Entry("DeleteConnector", ConnectorName, "last"));
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
        Later();
        await DeliverAsync(Entry("CreateConnector", ConnectorName, "last", """{"code":13,"message":"internal"}"""));
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ASnapshot_IsTakenEveryFewCommits_AndABrokenOneIsTold_PassedOver_AndReplaced()
    {
        var told = new List<string>();
        using (var run = Run())
        {
            foreach (var (state, expected) in new[] { ("ERROR", 2L), ("READY", 2L), ("ERROR", 4L), ("READY", 4L) })
            {
                await ChangeAsync(run, state);
                Assert.Equal(expected, (await _ledger.LoadAsync(TestContext.Current.CancellationToken)).SnapshotSeq);
            }
        }

        Assert.Empty(told);
        await BreakAsync();
        using (var next = Run())
        {
            await ChangeAsync(next, "ERROR");
        }

        Assert.Equal(["The snapshot of commit 4 lacks chunk 1 of 1; everything was read instead, and a new one is taken."], told);
        Assert.Equal(6, (await _ledger.LoadAsync(TestContext.Current.CancellationToken)).SnapshotSeq);

        AuditRun Run() => new(_ledger, _cloud, [_channel], s_rules, new AuditRunOptions { Holder = "test", SnapshotEvery = 2 }, _time, tell: told.Add);

        async Task ChangeAsync(AuditRun run, string state)
        {
            Later();
            _cloud[ConnectorName] = ConnectorJson.Replace("READY", state, StringComparison.Ordinal);
            await run.TakeAsync(Entry("UpdateConnector", ConnectorName), TestContext.Current.CancellationToken);
            Assert.Single(await run.DrainAsync(TestContext.Current.CancellationToken));
        }

        async Task BreakAsync()
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "auditor.db")};Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM snapshot_chunks";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task EveryNewHead_IsPublished_AndWhatCouldNotBe_IsMadeUpFor()
    {
        var heads = new FakePublisher();
        using var run = new AuditRun(_ledger, _cloud, [_channel], s_rules, new AuditRunOptions { Holder = "test" }, _time, heads);
        await run.DrainAsync(TestContext.Current.CancellationToken);
        var head = await _ledger.HeadAsync(TestContext.Current.CancellationToken);
        Assert.Equal([head.Hash], heads.Published.Select(published => published.Hash));

        heads.Fail = true;
        _cloud.Delete(ConnectorName);
        await _run.TakeAsync(Entry("DeleteConnector", ConnectorName, "last"), TestContext.Current.CancellationToken);
        Assert.Single(await run.DrainAsync(TestContext.Current.CancellationToken));
        var e = await Assert.ThrowsAsync<HeadNotPublishedException>(() => run.DispatchAsync(TestContext.Current.CancellationToken));
        Assert.Equal("the head, commit 2, was not published: the disk is full", e.Message);
        Assert.Single(_channel.Sent);
        Assert.Equal(0, await _ledger.InboxDepthAsync(TestContext.Current.CancellationToken));
        heads.Fail = false;
        Assert.Empty(await run.DrainAsync(TestContext.Current.CancellationToken));
        Assert.Equal([1L, 2L], heads.Published.Select(published => published.Seq));
        Assert.Equal(0, await run.DispatchAsync(TestContext.Current.CancellationToken));
    }

    // A connector that stands alone is bounded by nothing: FWL003 would speak in every test.
    private static readonly RuleCatalog s_rules = RuleCatalog.Of(RuleCatalog.All.StateRules.Where(rule => rule.Info.Id != "FWL003"));

    private AuditRun Run(RuleCatalog? rules = null) => new(_ledger, _cloud, [_channel], rules ?? s_rules, new AuditRunOptions { Holder = "test" }, _time);

    private void Later() => _time.Advance(TimeSpan.FromMinutes(2));

    private async Task<IReadOnlyList<Commit>> DeliverAsync(params AuditEvent[] entries)
    {
        foreach (var entry in entries)
        {
            Assert.IsType<Intake.Taken>(await _run.TakeAsync(entry, TestContext.Current.CancellationToken));
        }

        Later();
        _cloud.Reads.Clear();
        var commits = await _run.DrainAsync(TestContext.Current.CancellationToken);
        await _run.DispatchAsync(TestContext.Current.CancellationToken);
        Later();
        return commits;
    }

    private AuditEvent Entry(string method, ResourceName resource, string? part = null, string status = "{}")
    {
        var (service, type) = resource.Kind == ResourceKind.Connector
            ? ("vpcaccess.googleapis.com", "google.cloud.vpcaccess.v1.VpcAccessService")
            : ("run.googleapis.com", "google.cloud.run.v2.Services");
        var operation = part is null ? "" : $$$""","operation":{"id":"op-{{{method}}}","producer":"{{{service}}}","{{{part}}}":true }""";
        var json = $$$"""
            {"logName":"projects/p1/logs/cloudaudit.googleapis.com%2Factivity","insertId":"i{{{++_serial}}}","timestamp":"{{{Timestamps.Format(_time.GetUtcNow())}}}",
             "resource":{"type":"audited_resource","labels":{"project_id":"p1"} }{{{operation}}},
             "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"{{{service}}}","methodName":"{{{type}}}.{{{method}}}","resourceName":"{{{resource.Path}}}",
              "authenticationInfo":{"principalEmail":"{{{Principal}}}"},"status":{{{status}}}}}
            """;
        return Assert.IsType<AuditReading.Understood>(Assert.Single(AuditEventReader.Read(json))).Event;
    }

    private sealed class FakePublisher : IHeadPublisher
    {
        public bool Fail { get; set; }

        public List<PublishedHead> Published { get; } = [];

        public Task PublishAsync(PublishedHead head, CancellationToken cancellationToken)
        {
            if (Fail)
            {
                throw new IOException("the disk is full");
            }

            Published.Add(head);
            return Task.CompletedTask;
        }
    }

    private sealed class RecordingChannel : IAlertChannel
    {
        public string Name => "test";

        public bool Fail { get; set; }

        public List<string> Tried { get; } = [];

        public List<OutboxItem> Sent { get; } = [];

        public Func<Task> WhileSending { get; set; } = () => Task.CompletedTask;

        public async Task SendAsync(OutboxItem item, CancellationToken cancellationToken)
        {
            Tried.Add(item.Id);
            await WhileSending();
            if (Fail)
            {
                throw new AlertNotSentException("the receiver is down");
            }

            Sent.Add(item);
        }
    }
}
