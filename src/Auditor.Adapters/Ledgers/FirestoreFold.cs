using System.Globalization;
using Auditor.Findings;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Adapters.Ledgers.FirestoreFields;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// What follows from a commit: projections, outbox, settled inbox entries. Usually written with it in one call. What one call cannot hold is
/// written after the head has moved, by the writer or, should it die, by whoever reads next; no projection is shown before that is done.
/// </summary>
internal sealed class FirestoreFold(FirestoreStore store, FirestoreCommits commits)
{
    public const string State = "state";
    public const string Resources = "resources";
    public const string Findings = "findings";
    public const string Transitions = "transitions";

    public const string CoverageId = "coverage";

    private volatile FirestoreHead? _last;

    /// <summary>The head as this process read or wrote it last, if the projections showed it then. Whoever relies on it writes under its version.</summary>
    public FirestoreHead? Last
    {
        get => _last;
        set => _last = value;
    }

    /// <summary>The head, once the projections show it.</summary>
    public async Task<FirestoreHead> SettledAsync(CancellationToken cancellationToken) => _last = await SettleAsync(cancellationToken);

    private Task<FirestoreHead> SettleAsync(CancellationToken cancellationToken) => store.RepeatAsync(
        async () =>
        {
            while (true)
            {
                var head = await FirestoreHead.ReadAsync(store, cancellationToken);
                if (!head.IsBehind)
                {
                    return (null, head);
                }

                var (run, upTo) = await NextAsync(head, cancellationToken);
                var outcome = await WriteAsync(head.Folded, upTo, await PlanAsync(run, isFirst: false, cancellationToken), head.UpdatedAt, cancellationToken);
                if (outcome is not FirestoreOutcome.Done)
                {
                    return (outcome, head);
                }
            }
        },
        cancellationToken);

    /// <summary>The commits of the run that ends with a commit which is not stored yet; itself when it is all of its run, none when it ends none.</summary>
    public async Task<IReadOnlyList<Commit>> RunAsync(Commit commit, CancellationToken cancellationToken)
    {
        var gate = new RunGate();
        for (var seq = commit.Part is { IsLast: true } part ? part.First : commit.Seq; seq < commit.Seq; seq++)
        {
            gate.Add(await commits.ReadAsync(seq, cancellationToken));
        }

        return gate.Add(commit);
    }

    /// <summary>The writes that follow from commits that count. Made again after some of them were done, they come to the same.</summary>
    /// <param name="isFirst">Whether none of it can have been done: then inbox and outbox are as they should be, or the call that writes the plan is refused.</param>
    /// <exception cref="InvalidOperationException">The commits' transitions do not fit the findings.</exception>
    public async Task<IReadOnlyList<Write>> PlanAsync(IReadOnlyList<Commit> run, bool isFirst, CancellationToken cancellationToken)
    {
        if (isFirst)
        {
            var before = await store.GetAsync(run.SelectMany(commit => commit.Transitions).Select(transition => store.NameOf(Findings, transition.FindingId)), cancellationToken);
            return Plan(run, run.SelectMany(commit => commit.Consumed).Select(key => store.NameOf(FirestoreInbox.Collection, IdOf(key))), before, []);
        }

        var there = await Task.WhenAll(
            store.GetAsync(run.SelectMany(commit => commit.Transitions).Select(transition => store.NameOf(Findings, transition.FindingId)), cancellationToken),
            store.GetAsync(run.SelectMany(commit => commit.Consumed).Select(key => store.NameOf(FirestoreInbox.Collection, IdOf(key))), cancellationToken, "pending"),
            store.GetAsync(run.SelectMany(commit => commit.Outbox).Select(item => store.NameOf(FirestoreOutbox.Collection, IdOf(item.Id))), cancellationToken, "seq"));
        return Plan(run, there[1].Values.Where(entry => entry.Fields.ContainsKey("pending")).Select(entry => entry.Name), there[0], there[2]);
    }

    private IReadOnlyList<Write> Plan(IReadOnlyList<Commit> run, IEnumerable<string> entries, Dictionary<string, Document> findings, Dictionary<string, Document> items) =>
    [
        .. entries.Select(entry => FirestoreInbox.Settle(entry, run[^1])),
        .. run.SelectMany(commit => ProjectionsOf(commit, findings)).GroupBy(write => write.Update.Name, StringComparer.Ordinal).Select(writes => writes.Last()),
        .. run.SelectMany(commit => commit.Outbox.Select((item, number) => (commit.Seq, number, item))).DistinctBy(owed => owed.item.Id, StringComparer.Ordinal)
            .Where(owed => !items.ContainsKey(store.NameOf(FirestoreOutbox.Collection, IdOf(owed.item.Id))))
            .Select(owed => FirestoreOutbox.Owe(store, owed.Seq, owed.number, owed.item)),
    ];

    /// <summary>The writes to projections that follow from a commit.</summary>
    /// <param name="findings">The documents of its findings before it; brought up to date.</param>
    public IEnumerable<Write> ProjectionsOf(Commit commit, Dictionary<string, Document> findings) =>
    [
        .. ResourcesOf(commit),
        .. FindingsOf(commit, findings),
        .. commit.Transitions.Select((transition, number) => TransitionOf(commit.Seq, number, transition)),
        .. commit.Coverage is { } coverage ? [CoverageOf(commit.Seq, coverage)] : Array.Empty<Write>(),
    ];

    /// <summary>Writes a plan call by call, the last one with the word that it is done. Each holds only as long as nobody else touched the head.</summary>
    public async Task<FirestoreOutcome> WriteAsync(long from, long to, IReadOnlyList<Write> plan, Timestamp? headUpdatedAt, CancellationToken cancellationToken)
    {
        List<List<Write>> calls = [.. store.Limits.Deal(plan, reserved: 1)];
        for (var i = 0; ; i++)
        {
            var isLast = i >= calls.Count - 1;
            var outcome = await store.TryCommitAsync([.. calls.ElementAtOrDefault(i) ?? [], FirestoreHead.FoldedTo(store, isLast ? to : from, headUpdatedAt)], cancellationToken);
            if (isLast || outcome is not FirestoreOutcome.Done done)
            {
                return outcome;
            }

            headUpdatedAt = done.UpdateTimes[^1];
        }
    }

    /// <summary>Ids sort as history does.</summary>
    public static string TransitionId(long seq, int number) => string.Create(CultureInfo.InvariantCulture, $"{FirestoreCommits.IdOf(seq)}-{number:D6}");

    /// <summary>The projections of a state, as documents of its commit.</summary>
    public IEnumerable<Write> ProjectionsOf(LedgerState state) =>
    [
        .. state.Resources.Select(version => ResourceOf(state.Head.Seq, version)),
        .. state.Findings.Values.Select(finding => Set(FindingOf(state.Head.Seq, finding))),
        .. state.Coverage != Coverage.None ? [CoverageOf(state.Head.Seq, state.Coverage)] : Array.Empty<Write>(),
    ];

    /// <summary>The coverage at a time.</summary>
    public async Task<Coverage> CoverageAsync(Timestamp readAt, CancellationToken cancellationToken) =>
        (await store.GetAsync(State, CoverageId, readAt, cancellationToken)).Document is { } document ? FirestoreBody.Read<Coverage>(document) : Coverage.None;

    // The commits of the next run that counts, and how far that brings the projections; cut off runs on the way count for nothing.
    private async Task<(IReadOnlyList<Commit> Run, long UpTo)> NextAsync(FirestoreHead head, CancellationToken cancellationToken)
    {
        var gate = new RunGate();
        for (var seq = head.Folded + 1; seq <= head.Complete; seq++)
        {
            if (gate.Add(await commits.ReadAsync(seq, cancellationToken)) is { Count: > 0 } run)
            {
                return (run, seq);
            }
        }

        return ([], head.Complete);
    }

    // The latest version of a resource wins.
    private IEnumerable<Write> ResourcesOf(Commit commit) => commit.Resources.GroupBy(version => version.Name).Select(versions => ResourceOf(commit.Seq, versions.Last()));

    private Write ResourceOf(long seq, ResourceVersion version)
    {
        var document = store.Document(Resources, IdOf(version.Name.Value));
        document.Fields.Add("name", Of(version.Name.Value));
        document.Fields.Add("seq", Of(seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(version)));
        return Set(store.Limits.Check($"The resource {version.Name.Value}", document));
    }

    private IEnumerable<Write> FindingsOf(Commit commit, Dictionary<string, Document> before)
    {
        foreach (var transitions in commit.Transitions.GroupBy(transition => transition.FindingId, StringComparer.Ordinal))
        {
            var old = before.GetValueOrDefault(store.NameOf(Findings, transitions.Key));
            if (old is not null && old.Fields.Number("seq") >= commit.Seq)
            {
                continue;
            }

            var finding = transitions.Aggregate(old is null ? null : FirestoreBody.Read<Finding>(old), Finding.Apply)!;
            var document = FindingOf(commit.Seq, finding);
            before[document.Name] = document;
            yield return Set(document);
        }
    }

    private Document FindingOf(long seq, Finding finding)
    {
        var document = store.Document(Findings, finding.Id);
        document.Fields.Add("seq", Of(seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(finding)));
        return store.Limits.Check($"The finding {finding.Id}", document);
    }

    private Write TransitionOf(long seq, int number, Transition transition)
    {
        var document = store.Document(Transitions, TransitionId(seq, number));
        document.Fields.Add("finding", Of(transition.FindingId));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(transition)));
        return Set(store.Limits.Check($"The transition {transition.Id}", document));
    }

    private Write CoverageOf(long seq, Coverage coverage)
    {
        var document = store.Document(State, CoverageId);
        document.Fields.Add("seq", Of(seq));
        document.Fields.Add(FirestoreBody.Field, Of(FirestoreBody.Of(coverage)));
        return Set(store.Limits.Check("The coverage", document));
    }
}
