using System.Globalization;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// Appends a commit by compare-and-set on the head, which also holds the epoch of the newest lease. The call that moves the head makes the commit
/// count; it carries all that follows as well, if that fits. Chunks written before it are invisible, and what is left over is folded after it.
/// </summary>
internal sealed class FirestoreAppend(FirestoreStore store, FirestoreCommits commits, FirestoreFold fold)
{
    public async Task AppendAsync(Lease lease, Commit commit, CancellationToken cancellationToken)
    {
        if (commit.Epoch != lease.Epoch)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The commit has epoch {commit.Epoch}; the lease's, {lease.Epoch}, was expected."), nameof(commit));
        }

        var bytes = commit.ToBytes();
        var hash = Commit.HashOf(bytes);
        var (document, chunks) = commits.WritesOf(commit, bytes, hash);
        var isStaged = false;
        var isDoubtful = false;
        var isFirst = true;
        var rest = await store.RepeatAsync<Func<Task<FirestoreOutcome>>?>(
            async () =>
            {
                // What this process knows of the head is checked by the call that moves it.
                var head = isFirst && fold.Last is { } last && last.Head.Seq == commit.Seq - 1 && last.Fence == lease.Epoch ? last : await fold.SettledAsync(cancellationToken);
                if (isDoubtful && head.Head == new Head(commit.Seq, commit.Epoch, hash))
                {
                    return (null, null);
                }

                Check(lease, commit, head);
                var plan = await fold.PlanAsync(await fold.RunAsync(commit, cancellationToken), isFirst, cancellationToken);
                if (!isStaged)
                {
                    await StageAsync(chunks, cancellationToken);
                    isStaged = true;
                }

                List<Write> all = [document, head.MoveTo(store, commit, hash, isFolded: commit.Part is not { IsLast: false }), .. plan];
                var fits = store.Limits.Fit(all);
                if (!fits && isFirst)
                {
                    // Written call by call after the head has moved, a plan must not be refused.
                    plan = await fold.PlanAsync(await fold.RunAsync(commit, cancellationToken), isFirst: false, cancellationToken);
                }

                isFirst = false;
                fold.Last = null;
                var outcome = await store.TryCommitAsync(fits ? all : [document, head.MoveTo(store, commit, hash, isFolded: false)], cancellationToken);
                isDoubtful |= outcome is FirestoreOutcome.Disturbed;
                if (outcome is FirestoreOutcome.Done moved && fits && commit.Part is null)
                {
                    fold.Last = head with { Head = new Head(commit.Seq, commit.Epoch, hash), Folded = commit.Seq, Complete = commit.Seq, UpdatedAt = moved.UpdateTimes[1] };
                }

                return (outcome, outcome is FirestoreOutcome.Done done && !fits ? () => fold.WriteAsync(head.Folded, commit.Seq, plan, done.UpdateTimes[1], cancellationToken) : null);
            },
            cancellationToken);
        if (rest is not null && await rest() is not FirestoreOutcome.Done)
        {
            await fold.SettledAsync(cancellationToken);
        }
    }

    private static void Check(Lease lease, Commit commit, FirestoreHead head)
    {
        if (head.Fence != lease.Epoch)
        {
            throw new LedgerConflictException(string.Create(CultureInfo.InvariantCulture, $"The lease has epoch {lease.Epoch}; a newer one, {head.Fence}, was given out."));
        }

        if (commit.Seq != head.Head.Seq + 1 || commit.PreviousHash != head.Head.Hash)
        {
            throw new LedgerConflictException(string.Create(CultureInfo.InvariantCulture, $"Commit {commit.Seq} does not follow the head, commit {head.Head.Seq}."));
        }
    }

    // Named by number and hash: the same commit again writes the same, another commit other ones.
    private async Task StageAsync(IReadOnlyList<Write> chunks, CancellationToken cancellationToken)
    {
        foreach (var call in store.Limits.Deal(chunks, reserved: 0))
        {
            await store.CommitAsync(call, cancellationToken);
        }
    }
}
