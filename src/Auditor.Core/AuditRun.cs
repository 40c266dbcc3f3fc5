using System.Collections.Immutable;
using System.Globalization;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor;

/// <summary>
/// The line that everything enters: event, change, inbox; then, one batch at a time under a lease, read again, estate, verdicts, diff,
/// commit; then dispatch. The sweep and the demo take the same way.
/// </summary>
public sealed class AuditRun(
    ILedger ledger,
    IResourceReader reader,
    IReadOnlyList<IAlertChannel> channels,
    RuleCatalog catalog,
    AuditRunOptions options,
    TimeProvider time,
    IHeadPublisher? heads = null,
    Action<string>? tell = null) : IDisposable
{
    private const int MaxLeaseTries = 60;

    private readonly Evaluator _evaluator = new(catalog, options.Rules);
    private readonly AlertComposer _composer = new(catalog);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Knowledge? _known;
    private bool _isReviewed;
    private long _snapshotSeq;
    private int _depth;
    private long _depthAskedAt;
    private DateTimeOffset _heldUntil;
    private Head? _published;
    private HeadNotPublishedException? _unpublished;

    /// <summary>Event, change, inbox. When this returns the event is durable, or there is a reason why it need not be.</summary>
    public async Task<Intake> TakeAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        var decoding = ChangeDecoder.Decode(auditEvent);
        if (decoding is not ChangeDecoding.Decoded { Change: var change })
        {
            return new Intake.Irrelevant(((ChangeDecoding.NotCovered)decoding).Reason);
        }

        var now = time.GetUtcNow();
        if (await DepthAsync(now, cancellationToken) is var depth && depth >= options.MaxInboxDepth)
        {
            throw new InboxFullException(string.Create(CultureInfo.InvariantCulture, $"the inbox holds {depth} entries, which is all it may"));
        }

        var dueAt = change.Trigger is Trigger.AwaitLast wait ? change.OccurredAt + wait.SettleTime : now;
        return await ledger.EnqueueAsync(new InboxEntry(change.DedupKey, change, dueAt, now), cancellationToken) ? new Intake.Taken(change) : new Intake.Repeated(change);
    }

    // Asked anew after a second, and before anybody is refused; what this process takes in between is counted.
    private async Task<int> DepthAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now.UtcTicks - Volatile.Read(ref _depthAskedAt) >= TimeSpan.TicksPerSecond || Volatile.Read(ref _depth) >= options.MaxInboxDepth)
        {
            Volatile.Write(ref _depth, await ledger.InboxDepthAsync(cancellationToken));
            Volatile.Write(ref _depthAskedAt, now.UtcTicks);
        }

        return Interlocked.Increment(ref _depth) - 1;
    }

    /// <summary>
    /// Handles everything that is due, until nothing is. Answers at once when another holds the lease: that one goes on until the inbox is empty,
    /// and looks again after it let go.
    /// </summary>
    /// <returns>The commits this call appended, in order.</returns>
    public async Task<IReadOnlyList<Commit>> DrainAsync(CancellationToken cancellationToken)
    {
        var commits = new List<Commit>();
        do
        {
            if (!_one.Wait(0, CancellationToken.None))
            {
                return commits;
            }

            try
            {
                if (await UnderLeaseAsync(lease => DrainAsync(lease, commits, cancellationToken), cancellationToken) is false)
                {
                    return commits;
                }
            }
            finally
            {
                _one.Release();
            }
        }
        while ((await ledger.PendingAsync(time.GetUtcNow(), 1, cancellationToken)).Count > 0);

        return commits;
    }

    /// <summary>
    /// Lists everything, and runs what differs from the ledger down the same line. The first sweep of a ledger is its baseline. Listing holds no
    /// lease: events go on meanwhile, and what they read later than the sweep began stays.
    /// </summary>
    /// <returns>The commits this call appended; none when nothing differs.</returns>
    /// <exception cref="LedgerConflictException">Another process held the lease all the time.</exception>
    public async Task<IReadOnlyList<Commit>> SweepAsync(CancellationToken cancellationToken)
    {
        // What events announced keeps its cause.
        List<Commit> commits = [.. await DrainAsync(cancellationToken)];
        var begunAt = time.GetUtcNow();
        var picture = await reader.SweepAsync(cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 1; !await UnderLeaseAsync(lease => SweepAsync(lease, picture, begunAt, commits, cancellationToken), cancellationToken); tries++)
            {
                if (tries == MaxLeaseTries)
                {
                    throw new LedgerConflictException("another process holds the lease; the sweep is to be run again");
                }

                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }

        // Events that came while this held the lease found it taken.
        commits.AddRange(await DrainAsync(cancellationToken));
        return commits;
    }

    /// <summary>
    /// Sends what the outbox owes, one claim at a time, so that no other process sends the same. A failing channel holds up no other; what fails is
    /// tried again later.
    /// </summary>
    /// <returns>The number of alerts that were accepted.</returns>
    /// <exception cref="HeadNotPublishedException">All that is owed was tried, but this process could not publish its last head.</exception>
    public async Task<int> DispatchAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        while (_sending.Wait(0, CancellationToken.None))
        {
            IReadOnlyList<OutboxItem> owed;
            try
            {
                owed = await ledger.ClaimAsync(time.GetUtcNow(), 1, options.OutboxLease, cancellationToken);
                sent += await SendAsync(owed, cancellationToken);
            }
            finally
            {
                _sending.Release();
            }

            if (owed.Count == 0)
            {
                break;
            }
        }

        return _unpublished is null ? sent : throw _unpublished;
    }

    private async Task<int> SendAsync(IReadOnlyList<OutboxItem> owed, CancellationToken cancellationToken)
    {
        var sent = 0;
        foreach (var item in owed)
        {
            if (channels.FirstOrDefault(channel => channel.Name == item.Channel) is not { } channel)
            {
                await ledger.MarkFailedAsync(item, $"no channel is called {item.Channel} any more", null, cancellationToken);
                continue;
            }

            try
            {
                await channel.SendAsync(item, cancellationToken);
                await ledger.MarkSentAsync(item, time.GetUtcNow(), cancellationToken);
                sent++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // What a channel did not foresee may hold a secret in its words: only the type is kept.
                var reason = e is AlertNotSentException ? e.Message : $"the channel failed: {e.GetType().Name}";
                await ledger.MarkFailedAsync(item, reason, options.NextTry(item.Tries, time.GetUtcNow()), cancellationToken);
            }
        }

        return sent;
    }

    public void Dispose()
    {
        _one.Dispose();
        _sending.Dispose();
    }

    private async Task DrainAsync(Lease lease, List<Commit> commits, CancellationToken cancellationToken)
    {
        commits.AddRange(await ReviewAsync(lease, cancellationToken));
        while (true)
        {
            var now = time.GetUtcNow();
            var pending = await ledger.PendingAsync(now, options.BatchSize, cancellationToken);
            var known = _known!;
            if (pending.Count == 0 && !(known.Evaluations.NextRevisit <= now))
            {
                return;
            }

            // A read that began after the change shows it: no need to read again.
            ImmutableArray<Change> changes = [.. pending.Select(entry => entry.Change with
            {
                Resources = entry.Change.Resources.Select(name => name.WithProjectId(known.Estate.ProjectIdsByNumber)).ToValueList(),
            })];
            var names = changes.Where(change => change.Trigger is not Trigger.RecordOnly)
                .SelectMany(change => change.Resources.Where(name => change.Recheck is not null || !(known.Estate.Find(name)?.ReadAt > change.OccurredAt + options.ClockSkew)))
                .Where(IsReadable).ToImmutableSortedSet();
            var judged = await JudgeAsync(known, names, changes, cancellationToken);
            if (!await HoldAsync(lease, cancellationToken))
            {
                throw new LedgerConflictException("the lease was lost while the batch was read and judged");
            }

            // Before the commit that settles what they repeat: lost with it, they come again.
            foreach (var recheck in RechecksOf(changes, names, judged.Estate, now))
            {
                await ledger.EnqueueAsync(recheck, cancellationToken);
            }

            commits.AddRange(await CommitAsync(lease, judged, pending.Count == 0 ? CauseKind.Time : CauseKind.Change, changes, pending.Select(entry => entry.Key), cancellationToken));

            // What came meanwhile is looked for once the lease is let go.
            if (pending.Count < options.BatchSize)
            {
                return;
            }
        }
    }

    // Renewed when a third of it is over; what is appended under a lease that was lost is refused in any case.
    private async Task<bool> HoldAsync(Lease lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_heldUntil - now > options.LeaseDuration * 2 / 3)
        {
            return true;
        }

        if (!await ledger.RenewAsync(lease, now, options.LeaseDuration, cancellationToken))
        {
            return false;
        }

        _heldUntil = now + options.LeaseDuration;
        return true;
    }

    // Google may show for seconds what was; and what a call announced may be undone by the next one, whose entry is still on its way.
    private IEnumerable<InboxEntry> RechecksOf(ImmutableArray<Change> changes, ImmutableSortedSet<ResourceName> read, Estate estate, DateTimeOffset now) =>
        from latest in Causes.Operations(changes.Where(change => change is { Trigger: not Trigger.RecordOnly, Status: null }))
            .SelectMany(change => change.Resources.Where(read.Contains), (change, name) => (change, name))
            .GroupBy(pair => pair.name, (name, pairs) => (Name: name, Change: pairs.OrderBy(pair => pair.change.OccurredAt).Last().change))
        let tries = latest.Change.Recheck ?? 0
        where tries < options.Rechecks.Count && IsContradicted(latest.Change.Verb, estate.Find(latest.Name), estate.WhyHidden(latest.Name))
        let key = string.Create(CultureInfo.InvariantCulture, $"{latest.Change.EventKey} {latest.Name} again {tries + 1}")
        select new InboxEntry(key, latest.Change with { DedupKey = key, Resources = [latest.Name], Recheck = tries + 1 }, now + options.Rechecks[tries], now);

    private static bool IsContradicted(ChangeVerb verb, EstateEntry? entry, string? whyHidden) =>
        whyHidden is null && entry is not null && (verb == ChangeVerb.Created ? entry.Resource is null : verb == ChangeVerb.Deleted && entry.Resource is not null);

    private async Task SweepAsync(Lease lease, Picture picture, DateTimeOffset begunAt, List<Commit> commits, CancellationToken cancellationToken)
    {
        commits.AddRange(await ReviewAsync(lease, cancellationToken));
        var known = _known!;
        var kind = known.IsBlank ? CauseKind.Baseline : CauseKind.Sweep;
        var swept = Reconciler.Apply(known.Estate, picture, begunAt, options.ReadVariables);

        // What no listing shows, since it was only named by others, is read one by one.
        var strays = swept.Next.Entries.Select(entry => entry.Name).Concat(swept.Next.Gaps.Select(gap => gap.Scope.Resource).OfType<ResourceName>())
            .Where(name => IsReadable(name) && !swept.Next.CoveredProjects.Contains(name.Project ?? "") && !(swept.Next.Find(name)?.ReadAt > begunAt))
            .ToImmutableSortedSet();
        var read = Reconciler.Apply(swept.Next, await reader.ReadAsync([.. strays], cancellationToken), [], options.ReadVariables);
        swept = new Reconciled(read.Next, [.. swept.Versions, .. read.Versions], [.. swept.Changed, .. read.Changed]) { CoverageChanged = swept.CoverageChanged };
        var judged = await JudgeAsync(known, swept, [], cancellationToken);
        if (!judged.Versions.IsEmpty || judged.CoverageChanged || known.Head.Seq == 0)
        {
            commits.AddRange(await CommitAsync(lease, judged, kind, [], [], cancellationToken));
        }

        await ledger.ForgetAsync(Forgetting.At(time.GetUtcNow(), options.Retention), cancellationToken);
    }

    // What was stored is judged by other rules, options or at another time than when it was stored: said once, after loading.
    private async Task<IReadOnlyList<Commit>> ReviewAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (_isReviewed)
        {
            return [];
        }

        var known = _known!;
        var touched = known.Evaluations.All.Select(evaluation => evaluation.Judgement)
            .Concat(known.Findings.Values.Where(finding => finding.IsOpen).Select(finding => new Judgement(finding.RuleId, finding.Resource)))
            .ToImmutableSortedSet();
        var judged = new Judged(known, known.Estate, known.Evaluations, touched, [], [], CoverageChanged: false);
        var commit = Compose(lease, judged, CauseKind.RuleChange, [], []);
        _isReviewed = true;
        return commit.Transitions.IsEmpty ? [] : await AppendAsync(lease, judged, commit, cancellationToken);
    }

    // Read again, estate.
    private async Task<Judged> JudgeAsync(Knowledge known, IReadOnlyCollection<ResourceName> names, ImmutableArray<Change> changes, CancellationToken cancellationToken)
    {
        var states = await reader.ReadAsync([.. names], cancellationToken);
        return await JudgeAsync(known, Reconciler.Apply(known.Estate, states, changes, options.ReadVariables), changes, cancellationToken);
    }

    // Verdicts. What a rule missed is read and the rule asked again, so that a late event of a neighbour raises no false alarm.
    private async Task<Judged> JudgeAsync(Knowledge known, Reconciled reconciled, ImmutableArray<Change> changes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tried = new HashSet<ResourceName>();
        var judged = new Judged(known, reconciled.Next, known.Evaluations, [], [], [], reconciled.CoverageChanged);
        for (var round = 0; ; round++)
        {
            var (evaluations, touched) = _evaluator.Incremental(judged.Evaluations, round == 0 ? known.Estate : judged.Estate, reconciled.Next, reconciled.Changed, now);
            judged = judged with
            {
                Estate = reconciled.Next,
                Evaluations = evaluations,
                Touched = judged.Touched.Union(touched),
                Versions = judged.Versions.AddRange(reconciled.Versions),
                Changed = judged.Changed.Union(reconciled.Changed),
                CoverageChanged = judged.CoverageChanged || !reconciled.Next.Gaps.SequenceEqual(known.Estate.Gaps),
            };
            tried.UnionWith(reconciled.Changed);
            var missing = touched.SelectMany(judgement => evaluations.Find(judgement)?.Unread ?? []).Where(name => IsReadable(name) && tried.Add(name)).ToImmutableSortedSet();
            if (missing.IsEmpty || round == options.MaxReadRounds)
            {
                return judged;
            }

            reconciled = Reconciler.Apply(judged.Estate, await reader.ReadAsync([.. missing], cancellationToken), changes, options.ReadVariables);
        }
    }

    // Diff, commit.
    private Task<IReadOnlyList<Commit>> CommitAsync(
        Lease lease, Judged judged, CauseKind kind, ImmutableArray<Change> changes, IEnumerable<string> consumed, CancellationToken cancellationToken) =>
        AppendAsync(lease, judged, Compose(lease, judged, kind, changes, consumed), cancellationToken);

    private Commit Compose(Lease lease, Judged judged, CauseKind kind, ImmutableArray<Change> changes, IEnumerable<string> consumed)
    {
        var now = time.GetUtcNow();
        var causes = new Causes(judged.Before, judged.Estate, judged.Evaluations, judged.Changed, changes, kind, now);

        // A gap that is over may show that the subject of an open finding is gone: nothing evaluates it any more.
        var touched = judged.CoverageChanged
            ? judged.Touched.Union(judged.Before.Findings.Values.Where(finding => finding.IsOpen).Select(finding => new Judgement(finding.RuleId, finding.Resource)))
            : judged.Touched;
        var transitions = FindingDiff.Between(judged.Before.Findings, judged.Evaluations, touched, judged.Estate, causes.Of, now);
        var head = judged.Before.Head;
        return new Commit
        {
            Seq = head.Seq + 1,
            Epoch = lease.Epoch,
            PreviousHash = head.Hash,
            RecordedAt = now,
            Kind = kind,
            Consumed = consumed.ToValueList(),
            Changes = changes.ToValueList(),
            Resources = judged.Versions.ToValueList(),
            Coverage = judged.CoverageChanged ? Coverage.Of(judged.Estate) : null,
            Transitions = transitions.ToValueList(),
            Outbox = _composer.Compose(transitions, now).SelectMany(alert => channels.Select(channel => new OutboxItem(alert, channel.Name))).ToValueList(),
        };
    }

    // Part by part; only the last one counts, with all before it. Killed on the way, the next one to come starts over from what was known before.
    private async Task<IReadOnlyList<Commit>> AppendAsync(Lease lease, Judged judged, Commit commit, CancellationToken cancellationToken)
    {
        var parts = CommitParts.Split(commit, options.CommitBounds);
        foreach (var part in parts)
        {
            if (part != parts[0] && !await HoldAsync(lease, cancellationToken))
            {
                throw new LedgerConflictException("the lease was lost between two commits of a run");
            }

            await ledger.AppendAsync(lease, part, cancellationToken);
        }

        _known = judged.Before.After(new Head(parts[^1].Seq, parts[^1].Epoch, parts[^1].Hash), judged.Estate, judged.Evaluations, commit.Transitions);
        await PublishAsync(cancellationToken);
        return parts;
    }

    // Once per head. What a killed process, or a full disk, left unpublished is made up for under the next lease.
    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (heads is not null && _known!.Head is { Seq: > 0 } head && head != _published)
        {
            try
            {
                await heads.PublishAsync(new PublishedHead(head.Seq, head.Epoch, head.Hash, time.GetUtcNow()), cancellationToken);
                (_published, _unpublished) = (head, null);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Said by the dispatch, once the alerts are out: they do not wait for it.
                _unpublished = new HeadNotPublishedException(string.Create(CultureInfo.InvariantCulture, $"the head, commit {head.Seq}, was not published: {e.Message.TrimEnd('.')}"), e);
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var state = await ledger.LoadAsync(cancellationToken);
        _known = Knowledge.From(state, _evaluator, time.GetUtcNow());
        _isReviewed = false;
        _snapshotSeq = state.SnapshotSeq;
        if (state.SnapshotProblem is { } problem)
        {
            // What is broken is replaced as soon as the work is done.
            tell?.Invoke($"The snapshot {problem}; everything was read instead, and a new one is taken.");
            _snapshotSeq = -options.SnapshotEvery;
        }
    }

    // So that a cold instance reads a few chunks and the commits since.
    private async Task SnapshotAsync(CancellationToken cancellationToken)
    {
        if (_known!.Head.Seq > 0 && _known.Head.Seq - _snapshotSeq >= options.SnapshotEvery)
        {
            await ledger.SnapshotAsync(cancellationToken);
            _snapshotSeq = _known.Head.Seq;
        }
    }

    // False when another holds the lease. The caller holds _one.
    private async Task<bool> UnderLeaseAsync(Func<Lease, Task> work, CancellationToken cancellationToken)
    {
        if (await ledger.TryLeaseAsync(options.Holder, time.GetUtcNow(), options.LeaseDuration, cancellationToken) is not { } lease)
        {
            return false;
        }

        _heldUntil = lease.ExpiresAt;
        try
        {
            if (_known is null || _known.Head != await ledger.HeadAsync(cancellationToken))
            {
                await LoadAsync(cancellationToken);
            }

            await work(lease);
            await PublishAsync(cancellationToken);
            await SnapshotAsync(cancellationToken);
            return true;
        }
        catch (LedgerConflictException)
        {
            // Whoever was faster goes on with the inbox; what this process knows is old.
            _known = null;
            throw;
        }
        finally
        {
            await ledger.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private static bool IsReadable(ResourceName name) => name.Kind != ResourceKind.Other && !name.HasProjectNumber;

    private sealed record Judged(
        Knowledge Before,
        Estate Estate,
        Evaluations Evaluations,
        ImmutableSortedSet<Judgement> Touched,
        ImmutableArray<ResourceVersion> Versions,
        ImmutableSortedSet<ResourceName> Changed,
        bool CoverageChanged);
}
