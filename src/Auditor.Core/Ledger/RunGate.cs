namespace Auditor.Ledger;

/// <summary>
/// Lets commits through once they count: one that is all of its run at once, parts when the last one comes. Parts of a run that another run follows
/// never count. Commits go in by number, from the first of a run.
/// </summary>
public sealed class RunGate
{
    private readonly List<Commit> _waiting = [];

    /// <summary>The commits that count from this one on, in order; none while its run has not ended.</summary>
    public IReadOnlyList<Commit> Add(Commit commit)
    {
        if (commit.Part is not { } part)
        {
            _waiting.Clear();
            return [commit];
        }

        if (_waiting.Count > 0 && _waiting[0].Seq != part.First)
        {
            _waiting.Clear();
        }

        _waiting.Add(commit);
        if (!part.IsLast)
        {
            return [];
        }

        // Without its beginning it is no run.
        IReadOnlyList<Commit> run = _waiting[0].Seq == part.First ? [.. _waiting] : [];
        _waiting.Clear();
        return run;
    }
}
