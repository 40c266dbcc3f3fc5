using System.Text.Json;

namespace Auditor.Ledger;

/// <summary>Which part of its run a commit is. The parts of a run follow each other without gap, and count when the last one is there.</summary>
/// <param name="First">The number of the run's first commit.</param>
public sealed record CommitPart(long First, bool IsLast);

/// <summary>How much one commit holds.</summary>
/// <param name="Documents">Records that follow from it: a resource is one, a transition two, as it changes a finding.</param>
/// <param name="Bytes">Bytes of its JSON; a record that is longer stands alone.</param>
public sealed record CommitBounds(int Documents, int Bytes)
{
    /// <summary>Every commit fits into one call to Firestore, and into one document when compressed.</summary>
    public static CommitBounds Default { get; } = new(400, 2_000_000);
}

/// <summary>
/// Cuts the outcome of a run into commits of bounded size: resources first, then transitions, then alerts; coverage, changes and what was consumed
/// come with the last. A run that was cut off counts for nothing: whoever reads sees all of it or none.
/// </summary>
public static class CommitParts
{
    // Numbers, hashes, times and names of fields.
    private const int Envelope = 512;

    /// <summary>The commits of an outcome, chained; the outcome itself when it is small enough.</summary>
    public static IReadOnlyList<Commit> Split(Commit whole, CommitBounds bounds)
    {
        // What only the last one has.
        var last = whole with { Resources = [], Transitions = [], Outbox = [] };
        (int Documents, int Bytes) end = (whole.Consumed.Count + (whole.Coverage is null ? 0 : 1), SizeOf(last));
        var ends = Cut([.. whole.Resources.Select(version => (1, SizeOf(version))), .. whole.Transitions.Select(transition => (2, SizeOf(transition))), .. whole.Outbox.Select(item => (1, SizeOf(item)))], end, bounds);
        if (ends.Count == 1)
        {
            return [whole];
        }

        var parts = new List<Commit>();
        for (var (i, from, hash) = (0, 0, whole.PreviousHash); i < ends.Count; from = ends[i++], hash = parts[^1].Hash)
        {
            var envelope = i == ends.Count - 1 ? last : last with { Coverage = null, Changes = [], Consumed = [] };
            parts.Add(envelope with
            {
                Seq = whole.Seq + i,
                PreviousHash = hash,
                Part = new CommitPart(whole.Seq, i == ends.Count - 1),
                Resources = Slice(whole.Resources, from, ends[i], 0),
                Transitions = Slice(whole.Transitions, from, ends[i], whole.Resources.Count),
                Outbox = Slice(whole.Outbox, from, ends[i], whole.Resources.Count + whole.Transitions.Count),
            });
        }

        return parts;
    }

    // Where each part ends; the last one has room for the end.
    private static List<int> Cut(List<(int Documents, int Bytes)> sizes, (int Documents, int Bytes) end, CommitBounds bounds)
    {
        var ends = new List<int>();
        var (documents, bytes) = (0, Envelope);
        for (var i = 0; i < sizes.Count; i++)
        {
            if (documents > 0 && !Holds(sizes[i]))
            {
                ends.Add(i);
                (documents, bytes) = (0, Envelope);
            }

            (documents, bytes) = (documents + sizes[i].Documents, bytes + sizes[i].Bytes);
        }

        if (documents > 0 && !Holds(end))
        {
            ends.Add(sizes.Count);
        }

        ends.Add(sizes.Count);
        return ends;

        bool Holds((int Documents, int Bytes) more) => documents + more.Documents <= bounds.Documents && bytes + more.Bytes <= bounds.Bytes;
    }

    private static ValueList<T> Slice<T>(ValueList<T> all, int from, int to, int offset) =>
        all.AsSpan()[Math.Clamp(from - offset, 0, all.Count)..Math.Clamp(to - offset, 0, all.Count)].ToArray().ToValueList();

    private static int SizeOf<T>(T record) => JsonSerializer.SerializeToUtf8Bytes(record, LedgerJson.Options).Length + 1;
}
