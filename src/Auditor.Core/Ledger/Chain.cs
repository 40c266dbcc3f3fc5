namespace Auditor.Ledger;

/// <summary>Walks the chain of commits from the first to the head, and holds it against heads that were published.</summary>
public static class Chain
{
    /// <summary>Finds the first broken link.</summary>
    /// <param name="commits">All that is stored, by number.</param>
    /// <param name="head">The head, read before the commits.</param>
    /// <param name="published">Heads that were published, read before the head; in any order.</param>
    /// <param name="forgotten">The number of the last commit that may have lost its content: of it and those before, links count.</param>
    public static async Task<ChainReport> VerifyAsync(
        IAsyncEnumerable<StoredCommit> commits, Head head, IEnumerable<PublishedHead> published, CancellationToken cancellationToken, long forgotten = 0)
    {
        var told = published.ToLookup(one => one.Seq);
        var last = Head.None;
        await foreach (var commit in commits.WithCancellation(cancellationToken))
        {
            if (commit.Seq != last.Seq + 1)
            {
                return Broken(last.Seq + 1, "is missing");
            }

            if ((commit.IsForgotten && commit.Seq <= forgotten ? commit.LinkProblem(last.Hash) : commit.Problem(last.Hash)) is { } problem)
            {
                return Broken(commit.Seq, problem);
            }

            last = new Head(commit.Seq, commit.Epoch, commit.Hash);
            if (last.Seq == head.Seq && last != head)
            {
                return Broken(last.Seq, $"has epoch {last.Epoch} and hash {last.Hash}, and the head says epoch {head.Epoch} and hash {head.Hash}");
            }

            if (told[last.Seq].FirstOrDefault(one => one.Hash != last.Hash || one.Epoch != last.Epoch) is { } other)
            {
                return Broken(last.Seq, $"has epoch {last.Epoch} and hash {last.Hash}, and epoch {other.Epoch} and hash {other.Hash} was published at {Timestamps.Format(other.PublishedAt)}");
            }
        }

        return last.Seq < head.Seq ? Broken(last.Seq + 1, "is missing")
            : told.Where(heads => heads.Key > last.Seq).MinBy(heads => heads.Key) is { } later ? Broken(last.Seq + 1, $"is missing, and the head {later.Key} was published at {Timestamps.Format(later.First().PublishedAt)}")
            : new ChainReport(last, null);

        ChainReport Broken(long seq, string what) => new(last, new BrokenLink(seq, what));
    }
}

/// <summary>How far the chain holds.</summary>
/// <param name="Sound">The last commit up to which everything agrees.</param>
/// <param name="Broken">The first broken link; null when there is none.</param>
public sealed record ChainReport(Head Sound, BrokenLink? Broken);

/// <summary>A commit that is not what it should be.</summary>
/// <param name="What">Completes "commit N …".</param>
public sealed record BrokenLink(long Seq, string What);
